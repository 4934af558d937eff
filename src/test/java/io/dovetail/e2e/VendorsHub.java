package io.dovetail.e2e;

import io.dovetail.check.Tree;
import io.dovetail.connector.VendorExamples;
import io.dovetail.counterpart.S4;
import io.dovetail.counterpart.WindchillDouble;
import io.dovetail.protocol.pubsub.PubSubServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/** One hub for all test classes that ask for it by a parameter, with connectors as docs/connectors.md shows them. */
final class VendorsHub implements ParameterResolver {

    private static final String STREAM = "connectors/salesforce-events/salesforce-events-read.kamelet.yaml";
    private static final String WINDCHILL = "connectors/windchill/windchill-changes.kamelet.yaml";
    private static final String KEY = """
            webhook:
              verify: { scheme: token, header: X-Api-Key, secret: key }
              media: [application/json]
            """;

    /** The hub, and its clock, which goes as ours does but can be put forward. */
    static final class Running implements ExtensionContext.Store.CloseableResource {

        private volatile Duration ahead = Duration.ZERO;
        private final Path directory;
        private final Hub hub;
        private final S4 s4 = S4.start();
        private final PubSubServer salesforce = new PubSubServer();
        private final WindchillDouble windchill = new WindchillDouble();

        private Running() throws IOException {
            directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "vendors-");
            var root = Files.createDirectories(directory.resolve("root"));
            Tree.of(root, "entra", "jira", "salesforce-events", "sap-s4", "windchill", "xapi");
            connectors(root);
            s4.isAskedBelow(root);
            new Roots(root)
                    .change("connectors/sap-s4/connector.yaml", "  # remoteQueue: ", "  remoteQueue: ")
                    .change(WINDCHILL, "https://{{windchill.host}}", "http://" + windchill.host())
                    // only a notice lets it ask
                    .change("routes/intake/windchill.change-notices.camel.yaml", "every: PT2M", "every: PT1H")
                    .change(STREAM, "https://api.pubsub.salesforce.com:7443", salesforce.url())
                    .change(STREAM, "https://{{salesforce-events.host}}", salesforce.instance());
            Clock clock = ((InstantSource) () -> Instant.now().plus(ahead)).withZone(ZoneOffset.UTC);
            hub = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()), Map.of("clock", clock));
        }

        Hub hub() {
            return hub;
        }

        /** What the connector sap-s4 asks. */
        S4 s4() {
            return s4;
        }

        /** What the connector salesforce-events subscribes to. */
        PubSubServer salesforce() {
            return salesforce;
        }

        /** What the connector windchill asks. */
        WindchillDouble windchill() {
            return windchill;
        }

        void putForward(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public void close() throws IOException {
            hub.close();
            s4.close();
            salesforce.close();
            windchill.close();
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    private static void connectors(Path root) throws IOException {
        var okta = VendorExamples.of("Okta");
        connector(root, "okta", okta, "split: data.events[]", ".uuid", ".target[0].id", "published");
        connector(root, "limited", okta + "  limits: { perSecond: 1, burst: 2 }\n", "", ".uuid", ".uuid", "uuid");
        connector(
                root,
                "graph",
                VendorExamples.of("Microsoft Graph"),
                "split: value[]",
                ".resourceData.id + \" \" + .resourceData.\"@odata.etag\"",
                ".resourceData.id",
                "changeType");
        connector(root, "docebo", KEY, "split: payloads[]", ".message_id", ".user_id", "course_id");
        connector(root, "rotating", KEY, "", ".id", ".id", "id");
        connector(
                root,
                "mesh",
                VendorExamples.of("CloudEvents"),
                "split: \"[]\"",
                ".source + \" \" + .id",
                ".subject",
                "data");
        salesforce(
                root,
                // over plain HTTP nobody has a certificate; the example names the other way
                VendorExamples.of("Salesforce")
                        .replaceFirst(
                                "\\{ scheme: client-certificate, secret: subject }.*",
                                "{ scheme: path, secret: path }"));
        connector(
                root,
                "signals",
                VendorExamples.of("Shared signals").replace("https://idp.example.com", "https://idp.example"),
                "",
                ".jti",
                ".jti",
                "events");
        connector(root, "soap", VendorExamples.of("A SOAP 1.1 sender"), "", ".note.id", ".note.id", "note");
        connector(root, "edi", VendorExamples.of("An EDI gateway"), "", ".note.id", ".note.id", "note");
    }

    /** A connector of outbound messages, each notification an event. */
    static void salesforce(Path root, String webhook) throws IOException {
        connector(
                root,
                "salesforce",
                webhook,
                "xml: { repeated: [Notification] }\nsplit: //Notification",
                ".Id",
                ".sObject.Id",
                "sObject");
    }

    /** A connector that takes every event for the same, and misses nothing but one field. */
    private static void connector(
            Path root, String name, String webhook, String further, String id, String orderBy, String required)
            throws IOException {
        write(root, "connectors/" + name + "/connector.yaml", """
                connector: %s
                title: A vendor
                kind: partner
                intake:
                %s%s
                events:
                  - when: true
                    contract: vendors/%s.v1
                    mapping: mappings/any.jslt
                    emits: ticket.deleted.v1
                    id: '%s'
                    orderBy: '%s'
                otherwise: park
                """.formatted(
                        name, webhook.indent(2), further, name, id, orderBy));
        write(root, "connectors/" + name + "/mappings/any.jslt", """
                {"time": "2026-03-09T10:00:00Z", "data": {"ticketId": string(%s), "ticketKey": string(%s)}}
                """.formatted(id, orderBy));
        write(root, "schemas/vendors/" + name + ".v1.schema.json", """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["%s"]}
                """.formatted(required));
    }

    private static void write(Path root, String path, String text) throws IOException {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(VendorsHub.class))
                .getOrComputeIfAbsent(
                        Running.class,
                        key -> {
                            try {
                                return new Running();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        Running.class);
    }
}
