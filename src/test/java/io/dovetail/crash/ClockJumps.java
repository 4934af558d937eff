package io.dovetail.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The clock of the hub and of its database jumps forth and back, by libfaketime; what measures spans goes on evenly. */
final class ClockJumps implements Fault {

    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
            Path.of("/usr/lib64/faketime/libfaketime.so.1"),
            Path.of("/usr/lib/faketime/libfaketime.so.1"),
            Path.of("/usr/local/lib/faketime/libfaketime.so.1"));
    private static final List<Duration> JUMPS = List.of(
            Duration.ofSeconds(10),
            Duration.ofSeconds(-10),
            Duration.ofMinutes(6),
            Duration.ofMinutes(-6),
            Duration.ofHours(1),
            Duration.ofHours(-1),
            Duration.ofDays(1),
            Duration.ofDays(-1),
            Duration.ZERO);

    private @Nullable Path file;
    private int next;

    static @Nullable String whyNot() {
        return LIBRARIES.stream().anyMatch(Files::exists)
                ? null
                : "libfaketime is not installed (Debian: apt install libfaketime)";
    }

    @Override
    public void prepare(Trial trial) throws IOException {
        file = trial.hub.data().resolveSibling("clock");
        Files.writeString(file, offset(Duration.ZERO));
        var library = LIBRARIES.stream().filter(Files::exists).findFirst().orElseThrow();
        trial.hub
                .setting("LD_PRELOAD", library.toString())
                .setting("FAKETIME_TIMESTAMP_FILE", file.toString())
                .setting("FAKETIME_CACHE_DURATION", "1")
                .setting("DONT_FAKE_MONOTONIC", "1")
                .setting("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                // its repair for other programs would have every timed wait of Java end at once
                .setting("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    @Override
    public int strike(Trial trial, Random random) throws InterruptedException {
        var jump = JUMPS.get(next++ % JUMPS.size());
        trial.hub.turnClock(jump, () -> turn(jump));
        trial.awaitAnswers(20);
        return 1;
    }

    private void turn(Duration jump) {
        try {
            // as a whole, or a reader may find half of it
            var written = file.resolveSibling("clock.new");
            Files.writeString(written, offset(jump));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            // the library looks once a second
            Thread.sleep(2_500);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String offset(Duration jump) {
        return String.format(Locale.ROOT, "%+d\n", jump.toSeconds());
    }
}
