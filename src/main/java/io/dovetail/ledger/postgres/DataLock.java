package io.dovetail.ledger.postgres;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds {@code DATA/hub.lock}, so that one hub at a time uses a data directory. The operating system releases it when
 * the process ends, however it ends.
 */
public final class DataLock implements AutoCloseable {

    // Closing any channel on the file would drop this process' lock (POSIX), so a second attempt must not open one.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DataLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock, creating the directory if need be, or fails at once and names the process that has it. */
    public static DataLock acquire(Path data) {
        try {
            Files.createDirectories(data);
            var file = data.toRealPath().resolve("hub.lock");
            if (!HELD.add(file)) {
                throw taken(file, Long.toString(ProcessHandle.current().pid()));
            }
            try {
                return new DataLock(file, lock(file));
            } catch (IOException | RuntimeException e) {
                HELD.remove(file);
                throw e;
            }
        } catch (IOException e) {
            throw new CannotStartException(
                    "Cannot write to the data directory %s (%s). Choose another with --data or HUB_DATA."
                            .formatted(data, e),
                    e);
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        var channel = FileChannel.open(file, CREATE, READ, WRITE);
        var locked = false;
        try {
            if (channel.tryLock() == null) {
                var holder = ByteBuffer.allocate(32);
                channel.read(holder, 0);
                throw taken(file, new String(holder.array(), 0, holder.position(), StandardCharsets.US_ASCII).trim());
            }
            locked = true;
            channel.truncate(0);
            var pid = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static CannotStartException taken(Path file, String pid) {
        return new CannotStartException(
                "Another hub%s uses the data directory %s. Stop it first, or choose another directory with --data or HUB_DATA."
                        .formatted(pid.isEmpty() ? "" : " (pid " + pid + ")", file.getParent()));
    }

    @Override
    public void close() {
        if (HELD.remove(file)) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
