package io.dovetail.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What was tried and how it ended, a line each, in the file that {@code ./hub test} shows when all tests have ended. */
final class Report {

    private static final Path FILE = Path.of("target", "hostile.txt");

    static {
        try {
            Files.deleteIfExists(FILE); // what an earlier run found is not what this one did
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report() {}

    static synchronized void line(String line) {
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
