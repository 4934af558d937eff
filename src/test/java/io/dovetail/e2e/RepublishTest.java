package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.relay.Addresses;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A consumer has lost what it was told, and is told it again. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepublishTest {

    private final Hub hub;
    private final Subscriber subscriber;

    RepublishTest(Hub hub, Subscriber subscriber) {
        this.hub = hub;
        this.subscriber = subscriber;
    }

    private static String order(Instant from, String key, String more) {
        return "{\"from\": \"%s\", \"connector\": \"jira\", \"key\": \"%s\"%s}".formatted(from, key, more);
    }

    private static boolean isOf(String number, Subscriber.Received message) {
        return message.json().toString().contains("E2E-" + number);
    }

    @Test
    void tellsOneConsumerItsGapAgain() {
        var number = Bodies.number();
        var from = Instant.now();
        var first = hub.send(hub.signed().jira(Bodies.issueCreated(number))).id();
        var second = hub.send(hub.signed().jira(Bodies.issueUpdated(number, 1))).id();
        var event = hub.delivery(first, "published").at("/events/0");
        hub.delivery(second, "published");
        var told = subscriber.await(Addresses.EVENTS, 2, r -> isOf(number, r));
        var key = event.path("key").asText();

        hub.post("/api/republications", order(from, key, ", \"consumer\": \"workflow\""))
                .isProblem(400);
        assertThat(hub.post("/api/republications", order(from, key, ", \"queue\": \"wrokflow\", \"reason\": \"x\""))
                        .isProblem(404)
                        .text())
                .contains("There is no queue wrokflow", "hub.events::workflow");
        hub.post("/api/republications", order(from, key, ", \"before\": \"2026-01-01T00:00:00Z\", \"count\": true"))
                .isProblem(400);
        hub.post("/api/republications", order(from, "nobody's", ", \"reason\": \"x\""))
                .isProblem(422);
        assertThat(hub.post("/api/republications", order(from, key, ", \"count\": true"))
                        .hasStatus(200)
                        .json()
                        .path("events")
                        .asInt())
                .isEqualTo(2);

        var plan = hub.post(
                        "/api/republications",
                        order(from, key, ", \"consumer\": \"workflow\", \"reason\": \"their disk\""))
                .hasStatus(200)
                .json();
        var path = "/api/replays/" + plan.path("id").asText();
        await().atMost(Hub.PATIENCE)
                .until(() -> hub.get(path).json().path("state").asText(), "done"::equals);
        var again = subscriber.await(Addresses.EVENTS, 4, r -> isOf(number, r));
        assertThat(again)
                .extracting(Subscriber.Received::json)
                .containsExactly(
                        told.get(0).json(),
                        told.get(1).json(),
                        told.get(0).json(),
                        told.get(1).json());
        var done = hub.get(path).json();
        assertThat(done.path("replayed").asInt()).isEqualTo(2);
        assertThat(hub.get("/api/openapi.json")
                        .json()
                        .at("/components/schemas/ReplayPlan/properties")
                        .properties())
                .extracting(Map.Entry::getKey)
                .containsAll(done.properties().stream().map(Map.Entry::getKey).toList());

        var after = hub.get("/api/deliveries/" + first).json().at("/events/0");
        assertThat(after.path("state").asText()).isEqualTo("published");
        assertThat(after.path("publishedAt")).isEqualTo(event.path("publishedAt"));
        assertThat(after.at("/steps/0/step").asText()).isEqualTo("republished");
        assertThat(after.at("/steps/0/reason").asText()).isEqualTo("their disk");
        assertThat(after.at("/history/3/step").asText()).isEqualTo("republished");
        assertThat(after.at("/history/3/to")).isEqualTo(done.path("to"));
        assertThat(hub.get("/api/books").json().findValuesAsText("difference")).containsOnly("0");
        assertThat(hub.get("/api/audit?since=" + from).json().path("rows"))
                .filteredOn(row -> row.path("subject").equals(plan.path("id")))
                .extracting((JsonNode row) -> row.path("action").asText())
                .containsExactly("republish plan", "republish plan done");
    }
}
