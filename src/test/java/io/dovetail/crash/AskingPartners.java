package io.dovetail.crash;

import io.dovetail.check.Tree;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.util.FileSystemUtils;

/** Lets {@code partner-api} ask another system for each of its events, and make nothing of what it answers. */
final class AskingPartners {

    private static final String CONNECTOR = "connectors/partner-api/connector.yaml";

    private static final String ROUTE = "routes/translate/partner-api.camel.yaml";

    private AskingPartners() {}

    static void addTo(Tree tree, String url) throws IOException {
        var connector = tree.root().resolve(CONNECTOR);
        Files.writeString(
                connector,
                Files.readString(connector)
                        .replaceFirst("(?m)^otherwise:", "calls: { deadline: 2s, atOnce: 4 }\notherwise:"));
        // which say nothing of what is asked
        FileSystemUtils.deleteRecursively(tree.root().resolve("connectors/partner-api/samples"));
        Files.writeString(tree.root().resolve(ROUTE), """
                - route:
                    id: partner-api
                    description: Every event is looked up before it is mapped.
                    from:
                      uri: direct:translate-partner-api
                      steps:
                        - to: kamelet:hub-contract
                        - setVariable:
                            name: type
                            expression:
                              language: { language: jslt, expression: .type }
                        - to:
                            uri: %s/types/{type}
                            variableReceive: answer
                        - to: kamelet:hub-mapping
                        - to: kamelet:hub-canonical
                """.formatted(url));
    }

    /** As it was before. */
    static void takeOut(Tree tree) throws IOException {
        Files.delete(tree.root().resolve(ROUTE));
        Tree.of(tree.root(), "partner-api");
    }
}
