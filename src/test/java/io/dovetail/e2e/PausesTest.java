package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.relay.Addresses;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody stops a part of the hub for a time, and everything is there, in order, when it goes on. */
class PausesTest {

    @TempDir
    private Path data;

    private Hub hub;

    private void pause(String what, String name) {
        hub.post("/api/pauses", order(what, name, "a test")).hasStatus(200);
    }

    private void resume(String what, String name) {
        hub.post("/api/pauses/resume", order(what, name, "over")).hasStatus(200);
    }

    private static String order(String what, String name, String reason) {
        return "{\"what\": \"%s\", \"name\": \"%s\", \"reason\": \"%s\"}".formatted(what, name, reason);
    }

    private String send(String issue) {
        return hub.send(hub.signed().jira(Bodies.issueCreated(issue))).id();
    }

    private String metrics() {
        return hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                .to(hub.managementPort())
                .text();
    }

    private static Predicate<Subscriber.Received> of(String issue) {
        return message -> message.json().toString().contains("E2E-" + issue);
    }

    @Test
    void keepBackTheTriggersOfAWorkflowUntilItGoesOn() {
        var first = Bodies.number();
        var second = Bodies.number();
        try (var running = Hub.start(data, Map.of());
                var subscriber = Subscriber.of(running, "workflow")) {
            hub = running;
            pause("trigger", "ticket-escalation");
            hub.delivery(send(first), "published");
            subscriber.awaitOne(Addresses.EVENTS, of(first));
            await("the gauge")
                    .atMost(Hub.PATIENCE)
                    .until(() -> metrics().contains("hub_triggers_kept_back{workflow=\"ticket-escalation\"} 1.0"));
            assertThat(metrics()).contains("hub_paused_seconds{name=\"ticket-escalation\",what=\"trigger\"}");
            assertThat(subscriber.all(Addresses.TRIGGERS, of(first))).isEmpty();
        }
        try (var running = Hub.start(data, Map.of());
                var subscriber = Subscriber.of(running, "workflow")) {
            hub = running;
            hub.delivery(send(second), "published");
            subscriber.awaitOne(Addresses.EVENTS, of(second));
            assertThat(hub.asAdmin(Request.of("GET", "/actuator/health"))
                            .to(hub.managementPort())
                            .text())
                    .contains("trigger ticket-escalation", "paused by admin", "a test");
            assertThat(subscriber.all(Addresses.TRIGGERS, r -> true)).isEmpty();
            resume("trigger", "ticket-escalation");
            var told = subscriber.await(Addresses.TRIGGERS, 2, r -> true);
            assertThat(told.get(0)).matches(of(first));
            assertThat(told.get(1)).matches(of(second));
            var third = Bodies.number();
            hub.delivery(send(third), "published");
            subscriber.awaitOne(Addresses.TRIGGERS, of(third));
            assertThat(subscriber.all(Addresses.TRIGGERS, r -> true)).hasSize(3);
            assertThat(hub.get("/api/books/verify").json().path("agrees").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void letAConnectorsEventsWaitAndNobodyElses() {
        try (var running = Hub.start(data, Map.of());
                var subscriber = Subscriber.of(running, "workflow")) {
            hub = running;
            pause("connector", "jira");
            var issue = Bodies.number();
            var delivery = send(issue);
            hub.send(hub.signed().jira(Bodies.issueUpdated(issue, 1))).hasStatus(202);
            var order = Bodies.number();
            hub.delivery(hub.send(hub.signed().sap(Bodies.order(order, order))).id(), "published");
            assertThat(hub.get("/api/deliveries/" + delivery)
                            .json()
                            .path("state")
                            .asText())
                    .isEqualTo("accepted");
            assertThat(subscriber.all(Addresses.EVENTS, of(issue))).isEmpty();
            assertThat(hub.get("/api/books").json().findValuesAsText("difference"))
                    .containsOnly("0");
            resume("connector", "jira");
            assertThat(subscriber.await(Addresses.EVENTS, 2, of(issue)))
                    .extracting(Subscriber.Received::type)
                    .containsExactly("ticket.opened.v1", "ticket.updated.v1");
        }
    }

    @Test
    void silenceTheRelay() {
        try (var running = Hub.start(data, Map.of());
                var subscriber = Subscriber.of(running, "workflow")) {
            hub = running;
            pause("relay", "");
            var issue = Bodies.number();
            var delivery = send(issue);
            hub.delivery(delivery, d -> d.at("/events/0").hasNonNull("translatedAt"));
            assertThat(subscriber.all(Addresses.EVENTS, of(issue))).isEmpty();
            resume("relay", "");
            hub.delivery(delivery, "published");
            subscriber.awaitOne(Addresses.EVENTS, of(issue));
        }
    }

    @Test
    void letNobodyInUntilTheHubIsDrainedAndOpenAgain() {
        var issue = Bodies.number();
        try (var running = Hub.start(data, Map.of())) {
            hub = running;
            pause("relay", "");
            var before = send(issue);
            pause("intake", "");
            assertThat(hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                            .isProblem(503)
                            .headers())
                    .containsKey("retry-after");
            hub.send(Request.of("POST", "/in/jira")).isProblem(401);
            assertThat(inFlight()).isEqualTo(1);
            resume("relay", "");
            hub.delivery(before, "published");
            assertThat(inFlight()).isZero();
        }
        try (var running = Hub.start(data, Map.of())) {
            hub = running;
            hub.send(hub.signed().jira(Bodies.issueUpdated(issue, 1))).isProblem(503);
            resume("intake", "");
            hub.delivery(send(Bodies.number()), "published");
        }
    }

    private int inFlight() {
        return hub.get("/api/books").json().findValues("inFlight").stream()
                .mapToInt(JsonNode::asInt)
                .sum();
    }

    @Test
    void areRefusedWithAReasonWhenTheyMakeNoSense() {
        try (var running = Hub.start(data, Map.of())) {
            hub = running;
            hub.post("/api/pauses", order("connector", "jria", "a test")).isProblem(404);
            assertThat(hub.post("/api/pauses", order("trigger", "coffee", "a test"))
                            .isProblem(404)
                            .text())
                    .contains("order-review");
            hub.post("/api/pauses", order("relay", "east", "a test")).isProblem(400);
            hub.post("/api/pauses", order("hub", "", "a test")).isProblem(400);
            hub.post("/api/pauses", order("connector", "jira", " ")).isProblem(400);
            hub.post("/api/pauses/resume", order("connector", "jira", "a test")).isProblem(409);
            pause("connector", "jira");
            hub.post("/api/pauses", order("connector", "jira", "again")).isProblem(409);
            assertThat(hub.get("/api/pauses").json().at("/pauses/0/by").asText())
                    .isEqualTo("admin");
            assertThat(hub.get("/api/audit?since=2026-01-01T00:00:00Z").text())
                    .contains("\"action\":\"pause\"", "connector jira");
        }
    }
}
