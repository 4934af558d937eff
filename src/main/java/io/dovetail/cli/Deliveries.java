package io.dovetail.cli;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what a person means by a connector's name, a sample's name or a file. */
final class Deliveries {

    /**
     * A delivery that a person named.
     *
     * @param what it was found as, for people
     * @param sender as the sample says, {@code default} for a file
     * @param headers as the sample has them, none for a file
     * @param answers the sample's {@code answers.json}; null where there is none
     */
    record Delivery(
            String what,
            byte[] body,
            String sender,
            Map<String, String> headers,
            @Nullable Path answers) {}

    private Deliveries() {}

    static Connector connector(Configuration configuration, Problems problems, String name, Workplace workplace) {
        var connector = configuration.connector(name);
        if (connector != null) {
            return connector;
        }
        var wrong = problems.list().stream()
                .filter(problem -> problem.place().startsWith("connectors/" + name + "/"))
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining());
        if (!wrong.isEmpty()) {
            throw new NotDoneException("the connector " + name + " has problems:" + wrong);
        }
        var names = CheckCommand.names(workplace);
        throw new NotDoneException(
                names.contains(name)
                        ? "the connector " + name + " cannot be used as it is; \"hub check\" says why"
                        : "there is no connector " + name + "; there are " + String.join(", ", names));
    }

    /** A sample of the connector, or else a file. */
    static Delivery find(Workplace workplace, String connector, String caseOrFile) {
        var samples = workplace.root().resolve("connectors").resolve(connector).resolve("samples");
        try {
            var folder = samples.resolve(caseOrFile);
            if (folders(samples).contains(caseOrFile)) {
                return sample(folder);
            }
            var file = Path.of(caseOrFile);
            if (Files.isDirectory(file)) {
                return sample(file);
            }
            if (Files.isRegularFile(file)) {
                return new Delivery(caseOrFile, Files.readAllBytes(file), "default", Map.of(), null);
            }
        } catch (IOException e) {
            throw new NotDoneException(caseOrFile + " cannot be read: " + e.getMessage());
        }
        throw new NotDoneException("there is neither a file nor a sample " + caseOrFile + "; the samples of "
                + connector + " are " + String.join(", ", folders(samples)));
    }

    /** What is named, with all files of a folder instead of the folder, in the order of their names. */
    static List<String> all(Workplace workplace, String connector, List<String> named) {
        return named.stream()
                .flatMap(name -> isFolder(workplace, connector, name)
                        ? files(Path.of(name)).map(Path::toString)
                        : Stream.of(name))
                .toList();
    }

    /** Whether this is a folder with files in it, rather than a sample. */
    static boolean isFolder(Workplace workplace, String connector, String name) {
        var samples = workplace.root().resolve("connectors").resolve(connector).resolve("samples");
        var folder = Path.of(name);
        return !folders(samples).contains(name)
                && Files.isDirectory(folder)
                && files(folder)
                        .noneMatch(file -> file.equals(folder.resolve(file.getFileName()))
                                && file.getFileName().toString().startsWith("delivery."));
    }

    private static Stream<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException | UncheckedIOException e) {
            throw new NotDoneException(folder + " cannot be read: " + e.getMessage());
        }
    }

    /** @param header as a person writes it, {@code Name: value} */
    static void addHeader(Map<String, String> headers, String header) {
        var colon = header.indexOf(':');
        if (colon < 1) {
            throw new NotDoneException("\"" + header + "\" is no header; write 'Name: value'");
        }
        headers.put(
                header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }

    private static Delivery sample(Path folder) throws IOException {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        if (Files.exists(folder.resolve("headers"))) {
            for (var line : Files.readAllLines(folder.resolve("headers"))) {
                var header = line.split(":", 2);
                if (header.length == 2) {
                    headers.put(header[0].strip(), header[1].strip());
                }
            }
        }
        var sender = headers.remove("x-sample-sender");
        var answers = folder.resolve("answers.json");
        try (var files = Files.list(folder)) {
            var file = files.filter(f -> f.getFileName().toString().startsWith("delivery."))
                    .findFirst()
                    .orElseThrow(() -> new NotDoneException(
                            folder + " has no delivery.json, delivery.jwt, delivery.xml or delivery.edi"));
            return new Delivery(
                    "sample " + folder.getFileName(),
                    Files.readAllBytes(file),
                    sender == null ? "default" : sender,
                    headers,
                    Files.exists(answers) ? answers : null);
        }
    }

    /** The names of the folders in a folder; none when there is no such folder. */
    static List<String> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (var files = Files.list(parent)) {
            return files.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new NotDoneException(parent + " cannot be read: " + e.getMessage());
        }
    }
}
