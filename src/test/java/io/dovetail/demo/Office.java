package io.dovetail.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** An office that says in which system something is to be done, and whose route does it by that system's Kamelets. */
final class Office {

    static final String CONNECTOR = "office";

    private Office() {}

    /** Adds its connector to the files below {@code root}. */
    static void into(Path root, List<Neighbour> neighbours) {
        write(root.resolve("connectors/office/connector.yaml"), """
                connector: office
                title: The office
                kind: partner
                intake:
                  webhook:
                    verify: { scheme: token, header: X-Api-Key, secret: key }
                    media: [application/json]
                events:
                  - when: true
                    contract: office/request.v1
                    mapping: mappings/request.jslt
                    emits: ticket.resolved.v1
                    id: .system
                    orderBy: .system
                calls: {}
                otherwise: park
                """);
        write(root.resolve("connectors/office/mappings/request.jslt"), """
                {"time": .at, "data": {"ticketId": .system, "statusCategory": "done"}}
                """);
        write(root.resolve("schemas/office/request.v1.schema.json"), """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["system", "at"]}
                """);
        write(root.resolve("routes/translate/office.camel.yaml"), """
                - route:
                    id: office
                    description: What the office wants is done where it wants it.
                    from:
                      uri: direct:translate-office
                      steps:
                        - to: kamelet:hub-contract
                        - choice:
                            when:
                %s        - to: kamelet:hub-mapping
                        - to: kamelet:hub-canonical
                """.formatted(neighbours.stream()
                .filter(neighbour -> !neighbour.steps().isEmpty())
                .map(Office::branch)
                .collect(Collectors.joining())));
    }

    private static String branch(Neighbour neighbour) {
        return """
                - expression:
                    language: { language: jslt, expression: '.system == "%s"' }
                  steps:
                %s""".formatted(neighbour.connector(), neighbour.steps().indent(4)).indent(14);
    }

    /** What it sends. */
    static byte[] wants(String system) {
        return "{\"system\": \"%s\", \"at\": \"2026-05-18T09:15:00Z\"}"
                .formatted(system)
                .getBytes(UTF_8);
    }

    /** A step that sets a variable. */
    static String set(String variable, String jslt) {
        return """
                - setVariable:
                    name: %s
                    expression:
                      language:
                        language: jslt
                        expression: |
                %s""".formatted(variable, jslt.indent(10));
    }

    /** A step that calls a Kamelet. */
    static String call(String kamelet) {
        return "- to: kamelet:" + kamelet + "\n";
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
