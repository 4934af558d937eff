package io.dovetail.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;

/** A copy of this repository's connectors, routes and schemas, to be spoilt. */
public record Tree(Path root) {

    /** Makes the copy in a directory, over what is there. */
    public static Tree copiedTo(Path root) {
        return copied(root, Set.of());
    }

    /**
     * A copy without any connector but these and the hub's own, with their schemas and routes: a hub of this tree starts
     * sooner.
     */
    public static Tree of(Path root, String... connectors) {
        var others = new TreeSet<String>();
        for (var folder : list(checkout().resolve("connectors"))) {
            if (Files.exists(folder.resolve("connector.yaml"))) {
                others.add(folder.getFileName().toString());
            }
        }
        List.of(connectors).forEach(others::remove);
        return copied(root, others);
    }

    private static Tree copied(Path root, Set<String> without) {
        for (var folder : List.of("connectors", "schemas", "routes/intake", "routes/translate", "routes/triggers")) {
            for (var file : list(checkout().resolve(folder))) {
                var name = file.getFileName().toString();
                if (!without.contains(name.replaceFirst("\\..*", ""))) {
                    copy(file, root.resolve(folder).resolve(name));
                }
            }
        }
        return new Tree(root);
    }

    private static Path checkout() {
        return Path.of(System.getProperty("hub.root", ""));
    }

    private static List<Path> list(Path folder) {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            if (Files.isDirectory(from)) {
                FileSystemUtils.copyRecursively(from, to);
            } else {
                Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces a text that must be in the file. */
    public Tree change(String file, String from, String to) {
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

    String text(String file) {
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
