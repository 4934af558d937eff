package io.dovetail.crash;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody outside the hub writes down of what happened, a line each, on a disk that is not the hub's to lose. Who
 * waits for the disk at the same time shares one wait.
 */
final class Ledger implements AutoCloseable {

    /** Of somebody who keeps nothing but what is in memory. */
    static final Ledger NONE = new Ledger(null);

    // no channel, which whoever is interrupted while he waits for the disk would close for all
    private final @Nullable FileOutputStream file;
    private final Object disk = new Object();
    private StringBuilder waiting = new StringBuilder();
    private long noted;
    private long kept;

    private Ledger(@Nullable FileOutputStream file) {
        this.file = file;
    }

    static Ledger in(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return new Ledger(new FileOutputStream(file.toFile(), true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it down, to be kept by the next {@link #keep()}. */
    void note(String what, Object of) {
        if (file == null) {
            return;
        }
        synchronized (this) {
            waiting.append(Instant.now())
                    .append('\t')
                    .append(what)
                    .append('\t')
                    .append(of)
                    .append('\n');
            noted++;
        }
    }

    /** Returns when all that was noted so far is on the disk. */
    void keep() {
        if (file == null) {
            return;
        }
        long last;
        synchronized (this) {
            last = noted;
        }
        synchronized (disk) {
            if (kept >= last) {
                return;
            }
            StringBuilder lines;
            synchronized (this) {
                lines = waiting;
                waiting = new StringBuilder();
                last = noted;
            }
            try {
                file.write(lines.toString().getBytes(StandardCharsets.UTF_8));
                file.getFD().sync();
            } catch (IOException e) {
                throw new UncheckedIOException("A ledger of the proof cannot be written", e);
            }
            kept = last;
        }
    }

    @Override
    public void close() {
        keep();
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
