package io.dovetail.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs of this machine that a fault needs. */
final class Programs {

    /** Those of an administrator too, whether or not whoever calls is one. */
    private static final List<String> PLACES = Stream.concat(
                    Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
                    Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin"))
            .toList();

    private Programs() {}

    static @Nullable Path find(String name) {
        return PLACES.stream()
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Gives what it printed. */
    static String run(String... command) throws IOException {
        return run(Path.of("."), command);
    }

    static String run(Path directory, String... command) throws IOException {
        var found = find(command[0]);
        if (found == null) {
            throw new IOException(command[0] + " is not here");
        }
        var whole = new ArrayList<>(List.of(command));
        whole.set(0, found.toString());
        try {
            var process = new ProcessBuilder(whole)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(process.getInputStream().readAllBytes()).strip();
            if (process.waitFor() != 0) {
                throw new IOException(command[0] + ": " + said);
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
