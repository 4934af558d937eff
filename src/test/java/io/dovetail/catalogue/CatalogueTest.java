package io.dovetail.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.dovetail.check.Tree;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Expectation;
import io.dovetail.connector.Expected;
import io.dovetail.connector.Problems;
import io.dovetail.connector.Samples;
import io.dovetail.connector.answer.Answer;
import io.dovetail.event.CloudEvents;
import io.dovetail.event.Event;
import io.dovetail.event.Lineage;
import io.dovetail.relay.Addresses;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalogue of this repository's own files. */
class CatalogueTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Configuration CONFIGURATION = Configuration.read(ROOT, new Problems());
    private static final Map<String, String> FILES =
            Catalogue.of(CONFIGURATION, ROOT).files();

    @Test
    void isTheSameFromTheSameFiles() {
        assertThat(Catalogue.of(Configuration.read(ROOT, new Problems()), ROOT).files())
                .isEqualTo(FILES);
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        for (var name : List.of("asyncapi.json", "openapi.json")) {
            var document = json(name);
            assertThat(document.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> {
                assertThat(reference).startsWith("#/");
                assertThat(document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue();
            });
        }
    }

    @Test
    void saysWhatIsPublishedAndWhere() throws IOException {
        var document = json("asyncapi.json");

        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(document.path("info").path("version").asText()).isEqualTo(CONFIGURATION.hash());
        assertThat(document.path("channels").findValuesAsText("address"))
                .containsExactlyInAnyOrderElementsOf(Addresses.ALL);
        assertThat(names(document.at("/channels/events/messages")))
                .contains("order.placed.v1", "shipment.dispatched.v1")
                .hasSameSizeAs(CONFIGURATION.schemas().names().stream()
                        .filter(schema -> schema.startsWith("events/"))
                        .toList());
        assertThat(names(document.at("/channels/triggers/messages")))
                .contains("trigger.order-review.v1", "trigger.ticket-escalation.v1");
        assertThat(names(document.at("/channels/dead-letters/messages"))).containsExactly("dovetail.event.parked.v1");
        assertThat(document.at("/components/messages/order.placed.v1/x-connectors"))
                .extracting(JsonNode::asText)
                .contains("partner-api", "sap-idoc");
        for (var type : names(document.at("/channels/events/messages"))) {
            assertThat(document.at("/components/messages/" + type + "/x-connectors"))
                    .as("who says %s", type)
                    .isNotEmpty();
        }
        for (var operation : document.path("operations")) {
            assertThat(operation.path("action").asText()).isEqualTo("send");
        }
    }

    /** By a reader of JSON Schema 7, as AsyncAPI's own dialect is. */
    @Test
    void whatTheHubSaysIsWhatItsMessagesAreSaidToBe() throws IOException {
        var document = json("asyncapi.json");
        var schemas = new HashMap<String, JsonSchema>();
        var events = said();
        assertThat(events).hasSizeGreaterThan(30);
        for (var event : events) {
            var schema = schemas.computeIfAbsent(event.type(), type -> payload(document, type));
            assertThat(schema.validate(JSON.readTree(CloudEvents.of(event))))
                    .as(event.type())
                    .isEmpty();
        }
        for (var message : document.at("/components/messages")) {
            for (var example : message.path("examples")) {
                assertThat(payload(document, message.path("name").asText()).validate(example.path("payload")))
                        .as(message.path("name").asText())
                        .isEmpty();
            }
        }
    }

    @Test
    void readersOfTheOldDialectSeeThatSchemasAreClosed() throws IOException {
        var document = json("asyncapi.json");
        var example = document.at("/components/messages/shipment.dispatched.v1/examples/0/payload");
        ((ObjectNode) example.at("/data/lines/0")).put("weather", "fair");

        assertThat(payload(document, "shipment.dispatched.v1").validate(example))
                .anySatisfy(message -> assertThat(message.toString()).contains("weather"));
    }

    /** Some have their secret in the address, behind the name. */
    private static JsonNode door(JsonNode document, String connector) {
        return document.path("paths").properties().stream()
                .filter(path -> (path.getKey() + "/").startsWith("/in/" + connector + "/"))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** A vendor may want another one. */
    private static String status(@Nullable Answer said, int otherwise) {
        return Integer.toString(said == null ? otherwise : said.status());
    }

    @Test
    void saysWhatIsAcceptedAndHowItIsProved() throws IOException {
        var document = json("openapi.json");

        for (var connector : CONFIGURATION.connectors().values()) {
            var post = door(document, connector.name()).path("post");
            assertThat(names(post.at("/requestBody/content")))
                    .as(connector.name())
                    .containsExactlyInAnyOrderElementsOf(connector.webhook().media());
            var answers = connector.webhook().answers();
            assertThat(names(post.path("responses")))
                    .as(connector.name())
                    .contains("400", "409", "413", "415", "503")
                    .contains(status(answers.accepted(), 202), status(answers.duplicate(), 200))
                    .contains(status(answers.refused("unauthenticated").orElse(null), 401))
                    .contains(status(answers.refused("too-often").orElse(null), 429));
        }
        assertThat(document.at("/paths/~1in~1partner-api/post/security/0"))
                .as("all three headers together")
                .hasSize(3);
        assertThat(document.at("/components/securitySchemes/sap-idoc.basic/scheme")
                        .asText())
                .isEqualTo("basic");
        assertThat(document.at("/components/securitySchemes/jira.hmac.X-Hub-Signature/name")
                        .asText())
                .isEqualTo("X-Hub-Signature");
    }

    @Test
    void otherPeoplesToolsReadTheOpenApi() {
        var read = new OpenAPIV3Parser().readContents(FILES.get("openapi.json"));

        assertThat(read.getMessages()).isEmpty();
        assertThat(read.getOpenAPI().getPaths()).containsKeys("/in/jira", "/in/partner-api", "/in/sap-idoc");
    }

    @Test
    void tellsFromWhichFieldOfTheSourceEachFieldIs() {
        var page = row("order.placed.v1", "lines[].quantity");
        assertThat(page).contains(".data.lines[].quantity", ".E1EDP01[].MENGE");
        assertThat(row("order.placed.v1", "requestedDeliveryDate"))
                .contains(".E1EDK03[].DATUM", "chosen by <code>.E1EDK03[].IDDAT");
        assertThat(row("order.placed.v1", "buyer.id")).contains(".data.buyer.id", ".E1EDKA1[].PARTN");
        assertThat(row("ticket.opened.v1", "statusCategory"))
                .contains("chosen by <code>.issue.fields.status.statusCategory.key");
    }

    @Test
    void tellsWhatNobodySaysYet(@TempDir Path root) {
        Tree.of(root, "jira");
        var files = Catalogue.of(Configuration.read(root, new Problems()), root).files();
        assertThat(files.get("events/evidence.reviewed.v1.html")).contains("No connector says it yet");
        assertThat(files.get("index.html")).contains("events/evidence.reviewed.v1.html", "nobody yet", "claim-triage");
    }

    @Test
    void pagesNeedNothingFromElsewhere() {
        FILES.forEach((name, content) -> {
            if (name.endsWith(".html")) {
                assertThat(content).as(name).doesNotContain("<script", "<link", "<img", "src=\"", "href=\"http");
            }
        });
    }

    @Test
    void takesAwayThePagesOfTypesThatAreGoneAndNothingElse(@TempDir Path folder) throws IOException {
        var events = Files.createDirectories(folder.resolve("events"));
        Files.writeString(events.resolve("order.forgotten.v1.html"), "");
        Files.writeString(events.resolve("notes.html"), "");

        Catalogue.of(CONFIGURATION, ROOT).write(folder);

        assertThat(events.resolve("order.forgotten.v1.html")).doesNotExist();
        assertThat(events.resolve("notes.html")).exists();
        assertThat(folder.resolve("index.html")).content().isEqualTo(FILES.get("index.html"));
    }

    private static String row(String type, String field) {
        return String.valueOf(FILES.get("events/" + type + ".html"))
                .lines()
                .filter(line -> line.startsWith("<tr><td><code>" + field + "</code>"))
                .findFirst()
                .orElseThrow();
    }

    /** What the samples of all connectors must become. */
    private static List<Event> said() {
        var events = new ArrayList<Event>();
        for (var connector : CONFIGURATION.connectors().keySet()) {
            for (var sample : Samples.of(ROOT.resolve("connectors").resolve(connector), new Problems())) {
                if (sample.expectation() instanceof Expectation.Events(var entries)) {
                    for (var entry : entries) {
                        if (entry instanceof Expected.Said said) {
                            events.add(new Event(
                                    UUID.nameUUIDFromBytes(sample.delivery()),
                                    connector,
                                    "default",
                                    said.type(),
                                    said.subject(),
                                    said.time(),
                                    said.key(),
                                    null,
                                    0,
                                    null,
                                    Lineage.NONE,
                                    said.data()));
                        }
                    }
                }
            }
        }
        return events;
    }

    private static JsonSchema payload(JsonNode document, String type) {
        ObjectNode schema =
                document.at("/components/messages/" + type + "/payload").deepCopy();
        schema.set("components", document.path("components"));
        return JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema);
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode json(String name) throws IOException {
        return JSON.readTree(FILES.get(name));
    }
}
