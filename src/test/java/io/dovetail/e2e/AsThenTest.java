package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.check.Tree;
import io.dovetail.flow.Flow;
import io.dovetail.relay.Addresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * Issues are updated while the mapping of tickets changes, from version A to version B: what was parked in between is
 * said as either of them says it.
 */
class AsThenTest {

    private static final String MAPPING = "connectors/jira/mappings/issue.jslt";
    private static final String SUMMARY = "\"summary\": text($fields.summary)";
    private static final String SUMMARY_OF_B = "\"summary\": \"B: \" + text($fields.summary)";
    private static final String PATCH = """
            [{"op": "replace", "path": "/changelog/items/0", "value": {"field": "summary", "toString": "mended"}}]
            """;

    @TempDir
    Path directory;

    private Path root;
    private final String number = Bodies.number();

    @BeforeEach
    void copy() throws IOException {
        root = directory.resolve("root");
        Tree.of(root, "jira");
        FileSystemUtils.deleteRecursively(root.resolve("connectors/jira/samples"));
    }

    private Hub start() {
        return Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()));
    }

    /** Changes the mapping and makes it live; the hash of that version. */
    private String change(Hub hub, String piece, String by) {
        try {
            var text = Files.readString(root.resolve(MAPPING));
            assertThat(text).contains(piece);
            Files.writeString(root.resolve(MAPPING), text.replace(piece, by));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return hub.post("/api/reload", "{}")
                .hasStatus(200)
                .json()
                .path("version")
                .asText();
    }

    private String update(Hub hub, int n) {
        return hub.send(hub.signed().jira(Bodies.issueUpdated(number, n)))
                .hasStatus(202)
                .id();
    }

    private String updateBadly(Hub hub, int n) {
        return hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, n)))
                .hasStatus(202)
                .id();
    }

    private static JsonNode event(Hub hub, String delivery, String state) {
        return hub.delivery(delivery, state).at("/events/0");
    }

    private static String version(JsonNode event) {
        return event.path("mappingVersion").asText();
    }

    private static Answer replay(Hub hub, JsonNode event, String order) {
        return hub.post("/api/dead-letters/" + event.path("id").asText() + "/replay", order);
    }

    /** The summaries of the issue's events in the order in which a consumer gets them. */
    private String[] said(Subscriber subscriber, int count) {
        return subscriber
                .await(
                        Addresses.EVENTS,
                        count,
                        r -> r.data().path("ticketId").asText().equals(number))
                .stream()
                .map(r -> r.data().path("summary").asText())
                .toArray(String[]::new);
    }

    @Test
    void saysAParkedEventAsThenOrAsNow() {
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var first = updateBadly(hub, 1);
            var parked = event(hub, first, "parked");
            var a = version(parked);
            var second = update(hub, 2);
            var third = updateBadly(hub, 3);
            var fourth = update(hub, 4);
            event(hub, fourth, "held");
            var b = change(hub, SUMMARY, SUMMARY_OF_B);
            assertThat(b).isNotEqualTo(a);
            var letter =
                    hub.get("/api/dead-letters/" + parked.path("id").asText()).json();
            assertThat(letter.path("mappingVersion").asText()).isEqualTo(a);
            assertThat(letter.path("liveVersion").asText()).isEqualTo(b);

            replay(hub, parked, "{\"reason\": \"agreed with the partner\", \"as\": \"then\", \"patch\": " + PATCH + "}")
                    .hasStatus(200);
            var then = event(hub, first, "published");
            assertThat(version(then)).isEqualTo(a);
            assertThat(then.at("/steps/1/detail/as").asText()).isEqualTo(a);
            assertThat(version(event(hub, second, "published"))).isEqualTo(b);
            var again = event(hub, third, "parked");
            assertThat(version(again)).isEqualTo(b);
            event(hub, fourth, "held");

            replay(hub, again, "{\"reason\": \"it is today's\", \"as\": \"now\", \"patch\": " + PATCH + "}")
                    .hasStatus(200);
            assertThat(version(event(hub, third, "published"))).isEqualTo(b);
            assertThat(version(event(hub, fourth, "published"))).isEqualTo(b);
            assertThat(said(subscriber, 4))
                    .containsExactly("after change 1", "B: after change 2", "B: after change 3", "B: after change 4");
            var telemetry = subscriber.awaitOne(
                    Addresses.TELEMETRY,
                    r -> r.data().path("event").equals(then.path("id"))
                            && r.data().path("outcome").asText().equals("published"));
            assertThat(telemetry.data().path("version").asText()).isEqualTo(a);
            assertThat(hub.get("/api/books").json().findValuesAsText("difference"))
                    .containsOnly("0");
        }
    }

    /** The new mapping does not know what is still on its way from before: the old one says it. */
    @Test
    void saysByAnOlderVersionWhatTheNewOneCannot() {
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            var a = hub.get("/api/versions").json().at("/0/hash").asText();
            var b = change(hub, "\"ticketId\":", "\"id\":");
            var delivery = update(hub, 1);
            var parked = event(hub, delivery, "parked");
            assertThat(version(parked)).isEqualTo(b);
            for (var wrong : new String[] {"yesterday", "", "0000000000000000", "%"}) {
                replay(hub, parked, "{\"reason\": \"x\", \"as\": \"" + wrong + "\"}")
                        .isProblem(422);
            }
            assertThat(event(hub, delivery, "parked")).isEqualTo(parked);
            // what parked it parks it again
            replay(hub, parked, "{\"reason\": \"x\", \"as\": \"then\"}").hasStatus(200);
            hub.delivery(
                    delivery,
                    d -> d.path("state").asText().equals("parked")
                            && d.at("/events/0/steps").size() == 3);
            replay(hub, parked, "{\"reason\": \"x\", \"as\": \"" + a.substring(0, 10) + "\"}")
                    .hasStatus(200);
            assertThat(version(event(hub, delivery, "published"))).isEqualTo(a);
            assertThat(said(subscriber, 1)).containsExactly("after change 1");

            var versions = hub.get("/api/versions").hasStatus(200).json();
            assertThat(versions).extracting(v -> v.path("hash").asText()).containsExactly(b, a);
            assertThat(versions.get(0).path("by").asText()).isEqualTo("admin");
            assertThat(versions.get(0).has("liveUntil")).isFalse();
            assertThat(versions.get(1).path("by").asText()).isEqualTo("start");
            assertThat(versions.get(1).path("liveUntil"))
                    .isEqualTo(versions.get(0).path("liveSince"));
            var described = hub.get("/api/openapi.json").json().at("/components/schemas/Version/properties");
            assertThat(described.properties())
                    .extracting(Map.Entry::getKey)
                    .containsAll(StreamSupport.stream(versions.spliterator(), false)
                            .flatMap(v -> v.properties().stream().map(Map.Entry::getKey))
                            .toList());
        }
    }

    /** The hub ends after the replay and before the event's turn: what was wanted stands in the event's row. */
    @Test
    void saysAsThenAfterARestart() {
        String first;
        String second;
        String a;
        String b;
        try (var hub = start()) {
            first = updateBadly(hub, 1);
            var parked = event(hub, first, "parked");
            a = version(parked);
            second = update(hub, 2);
            event(hub, second, "held");
            b = change(hub, SUMMARY, SUMMARY_OF_B);
            hub.bean(Flow.class).close();
            replay(hub, parked, "{\"reason\": \"x\", \"as\": \"then\", \"patch\": " + PATCH + "}")
                    .hasStatus(200);
            event(hub, first, "accepted");
        }
        try (var hub = start();
                var subscriber = Subscriber.of(hub, "workflow")) {
            assertThat(hub.get("/api/versions").json().at("/0/hash").asText()).isEqualTo(b);
            assertThat(version(event(hub, first, "published"))).isEqualTo(a);
            assertThat(version(event(hub, second, "published"))).isEqualTo(b);
            assertThat(said(subscriber, 2)).containsExactly("after change 1", "B: after change 2");
        }
    }
}
