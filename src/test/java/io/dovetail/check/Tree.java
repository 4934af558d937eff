package io.dovetail.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;

/** A copy of this repository's connectors, routes and schemas, to be spoilt. */
public record Tree(Path root) {

    /** Makes the copy in an empty directory. */
    public static Tree copiedTo(Path root) {
        var checkout = Path.of(System.getProperty("hub.root", ""));
        try {
            for (var folder : List.of("connectors", "routes", "schemas")) {
                FileSystemUtils.copyRecursively(checkout.resolve(folder), root.resolve(folder));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Tree(root);
    }

    /**
     * Leaves out every connector but these and the hub's own, with its schemas and routes, so that a hub of this tree
     * starts sooner.
     */
    public Tree only(String... connectors) {
        var kept = Set.of(connectors);
        for (var folder : list("connectors")) {
            var name = folder.getFileName().toString();
            if (Files.exists(folder.resolve("connector.yaml")) && !kept.contains(name)) {
                delete(folder);
                delete(root.resolve("schemas").resolve(name));
                for (var kind : List.of("intake", "translate")) {
                    list("routes/" + kind).stream()
                            .filter(route -> route.getFileName().toString().startsWith(name + "."))
                            .forEach(Tree::delete);
                }
            }
        }
        return this;
    }

    private List<Path> list(String folder) {
        try (var files = Files.list(root.resolve(folder))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        try {
            FileSystemUtils.deleteRecursively(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
