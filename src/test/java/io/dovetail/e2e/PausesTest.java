package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.relay.Addresses;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Somebody stops a part of the hub for a time, and everything is there, in order, when it goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PausesTest {

    @TempDir
    static Path data;

    private Hub hub;
    private Subscriber subscriber;

    @BeforeAll
    void start() {
        hub = Hub.start(data, Map.of());
        subscriber = Subscriber.of(hub, "workflow");
    }

    @AfterAll
    void stop() {
        subscriber.close();
        hub.close();
    }

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

    /** Over a restart, too; before anything else sets off a workflow. */
    @Test
    @Order(1)
    void keepBackTheTriggersOfAWorkflowAndLetNobodyInUntilBothGoOn() {
        var first = Bodies.number();
        var second = Bodies.number();
        pause("trigger", "ticket-escalation");
        hub.delivery(send(first), "published");
        subscriber.awaitOne(Addresses.EVENTS, of(first));
        await("the gauge")
                .atMost(Hub.PATIENCE)
                .until(() -> metrics().contains("hub_triggers_kept_back{workflow=\"ticket-escalation\"} 1.0"));
        assertThat(metrics()).contains("hub_paused_seconds{name=\"ticket-escalation\",what=\"trigger\"}");
        assertThat(subscriber.all(Addresses.TRIGGERS, of(first))).isEmpty();

        // drained, as for an update
        pause("relay", "");
        var before = send(second);
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
        subscriber.awaitOne(Addresses.EVENTS, of(second));

        stop();
        start();
        hub.send(hub.signed().jira(Bodies.issueUpdated(second, 1))).isProblem(503);
        resume("intake", "");
        var third = Bodies.number();
        hub.delivery(send(third), "published");
        subscriber.awaitOne(Addresses.EVENTS, of(third));
        assertThat(hub.asAdmin(Request.of("GET", "/actuator/health"))
                        .to(hub.managementPort())
                        .text())
                .contains("trigger ticket-escalation", "paused by admin", "a test");
        assertThat(subscriber.all(Addresses.TRIGGERS, r -> true)).isEmpty();
        resume("trigger", "ticket-escalation");
        var told = subscriber.await(Addresses.TRIGGERS, 3, r -> true);
        assertThat(told.get(0)).matches(of(first));
        assertThat(told.get(1)).matches(of(second));
        assertThat(told.get(2)).matches(of(third));
        var fourth = Bodies.number();
        hub.delivery(send(fourth), "published");
        subscriber.awaitOne(Addresses.TRIGGERS, of(fourth));
        assertThat(subscriber.all(Addresses.TRIGGERS, r -> true)).hasSize(4);
        assertThat(hub.get("/api/books/verify").json().path("agrees").asBoolean())
                .isTrue();
        for (var what : List.of("trigger ticket-escalation", "relay", "intake")) {
            assertThat(hub.audited(what)).as(what).containsExactly("pause by admin: a test", "resume by admin: over");
        }
    }

    private int inFlight() {
        return hub.get("/api/books").json().findValues("inFlight").stream()
                .mapToInt(JsonNode::asInt)
                .sum();
    }

    @Test
    void letAConnectorsEventsWaitAndNobodyElses() {
        pause("connector", "jira");
        var issue = Bodies.number();
        var delivery = send(issue);
        hub.send(hub.signed().jira(Bodies.issueUpdated(issue, 1))).hasStatus(202);
        var order = Bodies.number();
        hub.delivery(hub.send(hub.signed().sap(Bodies.order(order, order))).id(), "published");
        assertThat(hub.get("/api/deliveries/" + delivery).json().path("state").asText())
                .isEqualTo("accepted");
        assertThat(subscriber.all(Addresses.EVENTS, of(issue))).isEmpty();
        assertThat(hub.get("/api/books").json().findValuesAsText("difference")).containsOnly("0");
        resume("connector", "jira");
        assertThat(subscriber.await(Addresses.EVENTS, 2, of(issue)))
                .extracting(Subscriber.Received::type)
                .containsExactly("ticket.opened.v1", "ticket.updated.v1");
    }

    @Test
    void silenceTheRelay() {
        pause("relay", "");
        var issue = Bodies.number();
        var delivery = send(issue);
        hub.delivery(delivery, d -> d.at("/events/0").hasNonNull("translatedAt"));
        assertThat(subscriber.all(Addresses.EVENTS, of(issue))).isEmpty();
        resume("relay", "");
        hub.delivery(delivery, "published");
        subscriber.awaitOne(Addresses.EVENTS, of(issue));
    }

    @Test
    void areRefusedWithAReasonWhenTheyMakeNoSense() {
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
        assertThat(hub.get("/api/pauses").json().at("/pauses/0/by").asText()).isEqualTo("admin");
        resume("connector", "jira");
        // another test may have paused it before, but what was refused is not there
        assertThat(hub.audited("connector jira"))
                .endsWith("pause by admin: a test", "resume by admin: over")
                .doesNotContain("resume by admin: a test", "pause by admin: again");
        for (var nothing : List.of("connector jria", "trigger coffee", "relay east", "hub")) {
            assertThat(hub.audited(nothing)).as(nothing).isEmpty();
        }
    }
}
