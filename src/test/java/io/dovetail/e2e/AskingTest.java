package io.dovetail.e2e;

import static io.dovetail.call.AskedSystem.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.AskedSystem;
import io.dovetail.check.DealdeskExample;
import io.dovetail.check.Tree;
import io.dovetail.relay.Addresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented connector that asks a CRM, in a running hub, through good days and bad ones of the CRM. */
class AskingTest {

    @TempDir
    Path directory;

    private Hub hub;

    private Answer register(String deal, String partner) {
        return hub.send(Request.post("/in/dealdesk")
                        .header("Content-Type", "application/json")
                        .header("X-Api-Key", hub.secret("dealdesk.key"))
                        .body("""
                                {"event": "deal.registered", "at": "2026-05-18T09:15:00Z",
                                 "deal": {"id": "%s", "partner": "%s", "worth": 84000.00}}
                                """.formatted(deal, partner)))
                .hasStatus(202);
    }

    private JsonNode event(String delivery) {
        return hub.get("/api/deliveries/" + delivery).hasStatus(200).json().at("/events/0");
    }

    private void verifyBooks() {
        assertThat(hub.get("/api/books/verify").json().path("agrees").asBoolean())
                .isTrue();
    }

    private String metrics() {
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text();
    }

    @Test
    void waitsForTheCrmAndForNothingElse() throws IOException {
        try (var crm = AskedSystem.start()) {
            crm.does(json(200, "{\"name\": \"ACME\", \"tier\": \"Gold\"}"));
            var root = directory.resolve("root");
            DealdeskExample.addTo(Tree.copiedTo(root), crm.url());
            var data = directory.resolve("data");
            var secrets = Files.createDirectories(data.resolve("secrets"));
            Files.writeString(secrets.resolve("dealdesk.crm"), "s3cret\nnext\n");
            try (var running = Hub.start(data, Map.of("hub.root", root.toString()));
                    var subscriber = Subscriber.of(running, "workflow")) {
                hub = running;
                var deal = "D-" + Bodies.number();
                hub.delivery(register(deal, "P-77").id(), "published");
                var published = subscriber.awaitOne(
                        Addresses.EVENTS, r -> r.data().path("dealId").asText().equals(deal));
                assertThat(published.data().path("partnerTier").asText()).isEqualTo("gold");
                var seen = crm.seen().getFirst();
                assertThat(seen.target()).isEqualTo("/api/partners/P-77?fields=name,tier");
                assertThat(seen.header("Authorization")).isEqualTo(Signed.basic("hub:s3cret"));

                crm.does(json(503, "{}", "Location", "https://evil.example.com/"));
                var first = register(deal + "-a", "P-77").id();
                var waiting = await("an attempt in vain")
                        .atMost(Hub.PATIENCE)
                        .until(() -> event(first), e -> e.has("waiting"));
                assertThat(waiting.path("state").asText()).isEqualTo("accepted");
                assertThat(waiting.at("/waiting/attempts").asInt()).isPositive();
                assertThat(waiting.at("/waiting/nextAttemptAt").asText()).isNotEmpty();
                assertThat(waiting.at("/waiting/failure/kind").asText()).isEqualTo("EXTERNAL");
                assertThat(waiting.has("failure")).isFalse();
                // everybody else goes on
                hub.delivery(
                        hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                                .id(),
                        "published");
                await("the gauge")
                        .atMost(Hub.PATIENCE)
                        .until(() -> metrics().contains("hub_waiting{connector=\"dealdesk\"} 1.0"));
                assertThat(metrics())
                        .contains("hub_calls_total{connector=\"dealdesk\",outcome=\"answered\"}")
                        .contains("hub_calls_total{connector=\"dealdesk\",outcome=\"external\"}")
                        .contains("hub_call_seconds_bucket{connector=\"dealdesk\"")
                        .contains("hub_calls_circuit_open{connector=\"dealdesk\"}");
                var book = hub.get("/api/books").json();
                assertThat(book.findValuesAsText("difference")).containsOnly("0");
                verifyBooks();

                crm.does(json(200, "{\"tier\": \"Platinum\"}"));
                hub.delivery(first, "published");
                assertThat(event(first).has("waiting")).isFalse();
                assertThat(event(first).at("/steps/0/step").asText()).isEqualTo("asked");

                crm.does(json(422, "{\"why\": \"this partner was merged into another\"}"));
                var parked = hub.delivery(register(deal + "-b", "P-78").id(), "parked")
                        .at("/events/0");
                assertThat(parked.at("/failure/kind").asText()).isEqualTo("REJECTED");
                assertThat(parked.at("/failure/value").asText()).contains("merged into another");
                assertThat(parked.at("/failure/place").asText())
                        .isEqualTo("GET " + crm.url() + "/api/partners/{partner}?fields=name,tier");
                crm.does(json(200, "{\"tier\": \"Gold\"}"));
                hub.post(
                                "/api/dead-letters/" + parked.path("id").asText() + "/replay",
                                "{\"reason\": \"the CRM knows it again\"}")
                        .hasStatus(200);
                subscriber.awaitOne(
                        Addresses.EVENTS, r -> r.data().path("dealId").asText().equals(deal + "-b"));
                verifyBooks();
                // nothing of the secret is anywhere but in its file
                assertThat(hub.get("/api/deliveries/" + first).text()).doesNotContain("s3cret");
            }
        }
    }
}
