package io.dovetail.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An HR system that says who stays and who goes, and whose route lets him sign in to Keycloak, or no more. */
public final class HrSystem {

    public static final String CONNECTOR = "hr";

    private HrSystem() {}

    /** Adds its connector to the files below {@code root}. */
    public static void into(Path root) {
        write(root.resolve("connectors/hr/connector.yaml"), """
                connector: hr
                title: HR
                kind: identity
                intake:
                  webhook:
                    verify: { scheme: token, header: X-Api-Key, secret: key }
                    media: [application/json]
                events:
                  - when: true
                    contract: hr/notice.v1
                    mapping: mappings/notice.jslt
                    emits: identity.changed.v1
                    id: .id
                    orderBy: .login
                calls: {}
                otherwise: park
                """);
        write(root.resolve("connectors/hr/mappings/notice.jslt"), """
                {"time": "2026-05-18T09:15:00Z", "data": {"userId": .login, "active": .stays}}
                """);
        write(root.resolve("schemas/hr/notice.v1.schema.json"), """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["login", "stays"]}
                """);
        write(root.resolve("routes/translate/hr.camel.yaml"), """
                - route:
                    id: hr
                    description: Who stays may sign in, and who goes may not.
                    from:
                      uri: direct:translate-hr
                      steps:
                        - to: kamelet:hub-contract
                        - setVariable:
                            name: userName
                            expression:
                              language: { language: jslt, expression: .login }
                        - choice:
                            when:
                              - expression:
                                  language: { language: jslt, expression: .stays }
                                steps:
                                  - to: kamelet:keycloak-set-enabled?enabled=true
                            otherwise:
                              steps:
                                - to: kamelet:keycloak-set-enabled?enabled=false
                        - to: kamelet:hub-mapping
                        - to: kamelet:hub-canonical
                """);
    }

    /** What it sends. */
    public static byte[] notice(String id, String login, boolean stays) {
        return "{\"id\": \"%s\", \"login\": \"%s\", \"stays\": %b}"
                .formatted(id, login, stays)
                .getBytes(StandardCharsets.UTF_8);
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
