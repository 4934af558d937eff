package io.dovetail.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of the checkout that the tests run in, and what its sources mention. */
record Checkout(Path root) {

    static Checkout here() {
        return new Checkout(Path.of("").toAbsolutePath());
    }

    String text(String path) {
        try {
            return Files.readString(root.resolve(path));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + path, e);
        }
    }

    JsonNode yaml(String path) {
        try {
            return new YAMLMapper().readTree(text(path));
        } catch (IOException e) {
            throw new IllegalStateException(path + " is no YAML", e);
        }
    }

    boolean has(String path) {
        return Files.exists(root.resolve(path));
    }

    /** All that people read. */
    List<String> pages() {
        return Stream.of("*.md", "docs/*.md", "connectors/*.md", "connectors/*/*.md", "schemas/*/*.md")
                .flatMap(pattern -> matching(pattern).stream())
                .toList();
    }

    private List<String> matching(String pattern) {
        var matcher = root.getFileSystem().getPathMatcher("glob:" + pattern);
        try (var files =
                Files.walk(root.resolve(pattern.contains("/") ? pattern.substring(0, pattern.indexOf('/')) : ""), 2)) {
            return files.map(root::relativize)
                    .filter(matcher::matches)
                    .map(Path::toString)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + pattern, e);
        }
    }

    /** Everything in the engine's sources and settings that looks like {@code pattern}. */
    Set<String> mentionedInSources(Pattern pattern) {
        try (var files = Files.walk(root.resolve("src/main"))) {
            return files.filter(file -> file.toString().matches(".*\\.(java|yaml|yml|properties)"))
                    .flatMap(file -> pattern.matcher(text(root.relativize(file).toString()))
                            .results())
                    .map(match -> match.group())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read src/main", e);
        }
    }

    /** A Dockerfile's instructions, comments left out and continued lines joined. */
    List<String> instructions(String path) {
        var lines = text(path).lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
        return lines.replace("\\\n", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
