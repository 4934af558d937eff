package io.dovetail.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A root with one sound connector, to be spoilt by tests. */
record Folder(Path root) {

    private static final String DESK = "connectors/desk/connector.yaml";

    static final String YAML = """
            connector: desk
            title: Service desk
            kind: ticketing
            intake:
              webhook:
                verify: { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", encoding: hex, secret: webhook }
                deliveryId: { header: X-Delivery, signed: false }
                media: [application/json]
                maxBytes: 64KiB
            split: none
            sender: .from
            events:
              - when: .kind == "opened"
                contract: desk/ticket.v1
                mapping: mappings/opened.jslt
                emits: ticket.opened.v1
                id: .ticket.id + ":opened"
                orderBy: .ticket.id
                keys: { ticket: .ticket.key, queue: .ticket.queue }
              - when: .kind == "noted"
                contract: desk/ticket.v1
                mapping: mappings/opened.jslt
                emits: ticket.opened.v1
                id: .note
            otherwise: park
            """;

    static final String SCHEMA_HEAD = "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"";

    static Folder sound(Path root) {
        var folder = new Folder(root);
        folder.write("connectors/desk/connector.yaml", YAML);
        folder.write("connectors/desk/mappings/opened.jslt", """
                {
                  "subject": .ticket.key,
                  "time": .at,
                  "data": {"ticket": .ticket.key, "from": $sender}
                }
                """);
        folder.write("connectors/hub/hub-event.kamelet.yaml", "kind: Kamelet\n");
        folder.write("routes/translate/default.camel.yaml", "- route: {}\n");
        folder.write("schemas/desk/ticket.v1.schema.json", """
                {%s, "type": "object", "required": ["ticket"],
                 "properties": {"ticket": {"$ref": "common.v1.schema.json#/$defs/ticket"}}}
                """.formatted(SCHEMA_HEAD));
        folder.write("schemas/desk/common.v1.schema.json", """
                {%s, "$defs": {"ticket": {"type": "object", "required": ["key"],
                 "properties": {"key": {"type": "string", "pattern": "^[A-Z]+-[0-9]+$"}}}}}
                """.formatted(SCHEMA_HEAD));
        folder.write("schemas/events/ticket.opened.v1.schema.json", """
                {%s, "type": "object", "additionalProperties": false, "required": ["ticket"],
                 "properties": {"ticket": {"type": "string"}, "from": {"type": "string"}, "at": {"format": "date-time"}}}
                """.formatted(SCHEMA_HEAD));
        folder.copy("schemas/hub/connector.v1.schema.json");
        return folder;
    }

    Folder write(String path, String text) {
        try {
            var file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(String path) {
        try {
            write(path, Files.readString(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String path) {
        try {
            return Files.readString(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sound connector.yaml with one piece replaced. */
    Folder yaml(String piece, String by) {
        return replace(YAML, piece, by);
    }

    /** The connector.yaml as it is now, with one more piece replaced. */
    Folder andYaml(String piece, String by) {
        return replace(text(DESK), piece, by);
    }

    private Folder replace(String text, String piece, String by) {
        if (!text.contains(piece)) {
            throw new IllegalArgumentException("not in the file: " + piece);
        }
        return write(DESK, text.replace(piece, by));
    }

    Configuration read() {
        var problems = new Problems();
        var configuration = Configuration.read(root, problems);
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.list().toString());
        }
        return configuration;
    }

    List<String> problems() {
        var problems = new Problems();
        Configuration.read(root, problems);
        return problems.list().stream().map(Problems.Problem::toString).toList();
    }
}
