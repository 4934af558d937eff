package io.dovetail.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A copy of this repository's connectors, routes and schemas, to be spoilt. */
public record Tree(Path root) {

    /** Makes the copy in an empty directory. */
    public static Tree copiedTo(Path root) {
        for (var folder : List.of("connectors", "routes", "schemas")) {
            try (var files = Files.walk(Path.of(folder))) {
                for (var file : files.toList()) {
                    var copy = root.resolve(file.toString());
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(copy);
                    } else {
                        Files.copy(file, copy);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Tree(root);
    }

    /** Replaces a text that must be in the file. */
    Tree change(String file, String from, String to) {
        var text = text(file);
        if (!text.contains(from)) {
            throw new IllegalArgumentException(file + " does not hold: " + from);
        }
        return write(
                file,
                text.replaceFirst(java.util.regex.Pattern.quote(from), java.util.regex.Matcher.quoteReplacement(to)));
    }

    Tree write(String file, String text) {
        try {
            Files.createDirectories(root.resolve(file).getParent());
            Files.writeString(root.resolve(file), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Tree delete(String file) {
        try {
            Files.delete(root.resolve(file));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All problems, a line each. */
    String problems(String... connectors) {
        return Check.check(root, Set.of(connectors)).stream()
                .map(problem -> problem + "\n")
                .collect(Collectors.joining());
    }
}
