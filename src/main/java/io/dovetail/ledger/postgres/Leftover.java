package io.dovetail.ledger.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a killed hub leaves running. To be called by the holder of the data directory's lock alone, so whatever server
 * works on this directory is nobody's any more: it is stopped, never taken over.
 */
final class Leftover {

    private static final Logger LOG = LoggerFactory.getLogger(Leftover.class);
    private static final Duration FAST = Duration.ofSeconds(15);
    private static final Duration IMMEDIATE = Duration.ofSeconds(5);

    private Leftover() {}

    /**
     * Stops the server named in {@code postmaster.pid} if that process runs the program {@code postgres} in this very
     * directory, and whatever backends outlived their server. A process that merely got the same number is left alone.
     */
    static void stop(Path data) throws IOException {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        var named = firstLine(pidFile);
        for (var process : workingOn(data)) {
            if (Long.toString(process.pid()).equals(named)) {
                LOG.info("Stopping PostgreSQL (pid {}), left running in {} by a hub that was killed", named, data);
                stop(process);
            }
        }
        for (var backend : workingOn(data)) {
            stop(backend, "QUIT", IMMEDIATE);
        }
        // Its number may belong to another process by now, and PostgreSQL would wait for that one for ever.
        Files.deleteIfExists(pidFile);
    }

    /** Fast first, which leaves nothing to recover; then immediate, which loses nothing that anybody was told. */
    static void stop(ProcessHandle server) throws IOException {
        if (!ended(server, "INT", FAST)) {
            LOG.warn(
                    "PostgreSQL (pid {}) did not stop within {}, it is stopped without a checkpoint",
                    server.pid(),
                    FAST);
            stop(server, "QUIT", IMMEDIATE);
        }
    }

    private static void stop(ProcessHandle process, String signal, Duration patience) throws IOException {
        if (!ended(process, signal, patience) && !ended(process, "KILL", IMMEDIATE)) {
            throw new CannotStartException(
                    "PostgreSQL (pid %d) cannot be stopped, not even by kill -9. Is its disk stuck?"
                            .formatted(process.pid()));
        }
    }

    private static boolean ended(ProcessHandle process, String signal, Duration patience) throws IOException {
        ChildProcess.signal(process.pid(), signal);
        var deadline = System.nanoTime() + patience.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Ready.pause();
        }
        return true;
    }

    private static List<ProcessHandle> workingOn(Path data) {
        return ProcessHandle.allProcesses()
                .filter(process -> worksOn(process, data))
                .toList();
    }

    /** PostgreSQL's processes all make the data directory their own; other users' processes cannot be asked, and are none of ours. */
    private static boolean worksOn(ProcessHandle process, Path data) {
        var proc = Path.of("/proc", Long.toString(process.pid()));
        try {
            var program =
                    Files.readSymbolicLink(proc.resolve("exe")).getFileName().toString();
            return program.replace(" (deleted)", "").equals("postgres")
                    && Files.readSymbolicLink(proc.resolve("cwd")).equals(data);
        } catch (IOException e) {
            return false;
        }
    }

    private static String firstLine(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("").strip();
        }
    }
}
