package io.dovetail.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A connector to begin with: tickets of a made-up system, JSON, signed by HMAC. Its templates are resources. */
record Skeleton(Path root, String name) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int LONGEST = 40;
    private static final String RESOURCES = "/io/dovetail/cli/connector/";

    private static final List<String> FOLDER = List.of(
            "README.md",
            "connector.yaml",
            "mappings/ticket-opened.jslt",
            "samples/opened/delivery.json",
            "samples/opened/events.json",
            "samples/unknown-kind/delivery.json",
            "samples/unknown-kind/parked.txt",
            "samples/without-id/delivery.json",
            "samples/without-id/parked.txt",
            "samples/malformed/delivery.json",
            "samples/malformed/refused.txt");

    /**
     * Writes the files and gives their paths below the root.
     *
     * @throws NotDoneException when the name is no name or taken; then nothing is written
     */
    List<String> write() {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST || name.equals("hub")) {
            throw new NotDoneException("\"" + name + "\" is no name for a connector: small letters, digits and single"
                    + " hyphens, beginning with a letter, at most " + LONGEST + ", and not \"hub\"");
        }
        for (var taken : List.of(
                root.resolve("connectors").resolve(name),
                root.resolve("schemas").resolve(name))) {
            if (Files.exists(taken)) {
                throw new NotDoneException(root.relativize(taken) + " is there already; choose another name");
            }
        }
        var schema = "schemas/" + name + "/ticket-opened.v1.schema.json";
        copy("ticket-opened.v1.schema.json", schema);
        FOLDER.forEach(file -> copy(file, "connectors/" + name + "/" + file));
        return Stream.concat(FOLDER.stream().map(file -> "connectors/" + name + "/" + file), Stream.of(schema))
                .toList();
    }

    private void copy(String resource, String path) {
        var file = root.resolve(path);
        try (var template =
                Objects.requireNonNull(Skeleton.class.getResourceAsStream(RESOURCES + resource), resource)) {
            var text = new String(template.readAllBytes(), StandardCharsets.UTF_8);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.replace("${name}", name).replace("${title}", title()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code acme-desk} becomes {@code Acme Desk}. */
    private String title() {
        var title = new StringBuilder();
        for (var word : name.split("-")) {
            title.append(title.isEmpty() ? "" : " ")
                    .append(Character.toUpperCase(word.charAt(0)))
                    .append(word.substring(1));
        }
        return title.toString();
    }
}
