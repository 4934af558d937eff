package io.dovetail.ledger.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of the hub's own, on a free port of 127.0.0.1, with the database {@code hub}. It is restarted if it dies;
 * it is stopped by {@link #close()} alone, so that whoever uses it decides when.
 */
public final class EmbeddedServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
    private static final long LOG_BYTES = 8L << 20;
    private static final int ATTEMPTS = 5;

    private final Path programs;
    private final Path data;
    private final Path log;
    private final Secrets secrets;
    private int port;
    private Process process;
    private boolean closed;

    private EmbeddedServer(Path programs, Path data, Path log, Secrets secrets) throws IOException {
        this.programs = programs;
        this.data = data;
        this.log = log;
        this.secrets = secrets;
        this.process = launchOnFreePort();
    }

    /** Whether a server has ever been started on this data directory. */
    public static boolean hasData(Path directory) {
        return Files.exists(directory.resolve("postgres"));
    }

    /** As {@link #start(Path, Path)}, with the programs unpacked into the data directory. */
    public static EmbeddedServer start(Path home) {
        return start(home, home);
    }

    /**
     * Starts the server with its files in {@code home/postgres}, {@code home/postgres-secrets} and
     * {@code home/postgres.log}, and makes them if they are not there. The caller holds the {@link DataLock} of
     * {@code home}: a server that still runs there is taken for a killed hub's, and stopped.
     *
     * @param programs where the programs are unpacked, once; several hubs may share it
     * @throws CannotStartException when there is no server for this machine, or it will not start
     */
    public static EmbeddedServer start(Path home, Path programs) {
        try {
            Files.createDirectories(home);
            Files.createDirectories(programs);
            var real = home.toRealPath(); // as the processes' working directories are compared
            var data = real.resolve("postgres");
            var kept = real.resolve("postgres-secrets");
            var unpacked = Binaries.unpackedIn(programs.toRealPath());
            var secrets = Secrets.keptIn(kept);
            Leftover.stop(data);
            Cluster.prepare(unpacked, data, secrets);
            if (secrets.isNew()) {
                secrets.keepIn(kept);
            }
            return new EmbeddedServer(unpacked, data, real.resolve("postgres.log"), secrets);
        } catch (IOException e) {
            throw new CannotStartException(
                    "The embedded PostgreSQL in %s does not start: %s. Is the disk full, or not writable?"
                            .formatted(home.toAbsolutePath(), e),
                    e);
        }
    }

    /** Without user and password: {@code jdbc:postgresql://127.0.0.1:PORT/hub}. */
    public synchronized String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, Cluster.DATABASE);
    }

    /** Owns the database: for migrations. */
    public Credential owner() {
        return secrets.owner();
    }

    /** May connect, and what the owner grants it: for work. */
    public Credential app() {
        return secrets.app();
    }

    public synchronized boolean isRunning() {
        return !closed && process.isAlive();
    }

    private Process launchOnFreePort() throws IOException {
        for (var attempt = 1; ; attempt++) {
            try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                port = free.getLocalPort();
            }
            try {
                return launch();
            } catch (CannotStartException e) {
                // Somebody else was quicker to take the port that was free a moment ago.
                if (attempt == ATTEMPTS || !String.valueOf(e.getMessage()).contains("could not bind")) {
                    throw e;
                }
            }
        }
    }

    private Process launch() throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
            Files.move(log, log.resolveSibling("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        var before = Files.exists(log) ? Files.size(log) : 0;
        var command = new ArrayList<>(List.of(programs.resolve("bin/postgres").toString(), "-D", data.toString()));
        command.addAll(ServerSettings.arguments(port));
        var started = ChildProcess.start(command, log);
        var told = System.nanoTime();
        while (!Ready.is(data, started.pid())) {
            if (!started.isAlive()) {
                throw new CannotStartException(ChildProcess.failed("PostgreSQL", tail(before)) + " (" + log + ")");
            }
            if (System.nanoTime() - told > 10_000_000_000L) {
                LOG.info("PostgreSQL is still starting (after a crash it reads its log again): {}", log);
                told = System.nanoTime();
            }
            Ready.pause();
        }
        started.onExit().thenAccept(this::revive);
        return started;
    }

    private String tail(long from) throws IOException {
        try (var in = Files.newInputStream(log)) {
            in.skipNBytes(from);
            return new String(in.readNBytes(4096), StandardCharsets.UTF_8).strip();
        }
    }

    private synchronized void revive(Process dead) {
        if (closed || dead != process) {
            return;
        }
        LOG.error(
                "PostgreSQL (pid {}) ended by itself with status {}; it is started again",
                dead.pid(),
                dead.exitValue());
        try {
            Leftover.stop(data);
            process = launch();
        } catch (IOException | CannotStartException e) {
            LOG.error("PostgreSQL does not come back, the hub stays without its database: {}", e.getMessage());
        }
    }

    /** Stops the server, with a checkpoint if that takes no longer than a few seconds. Connections are cut. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Leftover.stop(process.toHandle());
        } catch (IOException e) {
            LOG.warn("PostgreSQL (pid {}) was not stopped, the next start will do it: {}", process.pid(), e.toString());
        }
    }
}
