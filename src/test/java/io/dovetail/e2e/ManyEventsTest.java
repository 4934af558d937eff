package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** One delivery, many events: taken as a unit, and then each with its own id, key, order and fate. */
@ExtendWith(VendorsHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManyEventsTest {

    private final Hub hub;

    ManyEventsTest(VendorsHub.Running running) {
        this.hub = running.hub();
    }

    private Answer okta(String body) {
        return hub.send(Request.post("/in/okta")
                .header("Content-Type", "application/json")
                .header("Authorization", hub.secret("okta.webhook"))
                .body(body));
    }

    private Answer graph(String body) {
        return hub.send(Request.post("/in/graph")
                .header("Content-Type", "application/json; charset=utf-8")
                .body(body));
    }

    private Answer docebo(String body) {
        return hub.send(Request.post("/in/docebo")
                .header("Content-Type", "application/json")
                .header("X-Api-Key", hub.secret("docebo.key"))
                .body(body));
    }

    private Answer mesh(String media, String body) {
        return hub.send(Request.post("/in/mesh")
                .header("Content-Type", media)
                .header("WebHook-Request-Origin", "eventmesh.example.com")
                .header("Authorization", Signed.basic(hub.secret("mesh.basic")))
                .body(body));
    }

    /** The events of a delivery in their order, as soon as their states are these. */
    private List<JsonNode> events(Answer answer, String... states) {
        var delivery = hub.delivery(
                answer.hasStatus(202).id(),
                d -> states(d.path("events").valueStream()).equals(List.of(states)));
        return delivery.path("events").valueStream().toList();
    }

    private static List<String> states(Stream<JsonNode> events) {
        return events.map(event -> event.path("state").asText()).toList();
    }

    private static List<String> keys(List<JsonNode> events) {
        return events.stream().map(event -> event.path("key").asText()).toList();
    }

    // --- Okta

    private static String logEvent(String uuid, String target, String published) {
        return """
                {"uuid": "%s", "eventType": "user.account.lock", %s "target": [{"id": "%s", "type": "User"}]}
                """.formatted(uuid, published, target);
    }

    private static String hook(String... events) {
        return """
                {"eventType": "com.okta.event_hook", "eventTypeVersion": "1.0", "cloudEventsVersion": "0.1",
                 "source": "https://example.okta.com/api/v1/eventHooks/who1", "eventId": "%s",
                 "data": {"events": [%s]}}
                """.formatted(java.util.UUID.randomUUID(), String.join(",", events));
    }

    private static final String AT = "\"published\": \"2026-03-09T10:00:00.000Z\",";

    @Test
    void parksTheBadEventOfAnOktaHookAloneAndHoldsWhatIsBehindIt() {
        var n = Bodies.number();
        var body = hook(
                logEvent("u1-" + n, "one" + n, AT),
                logEvent("u2-" + n, "two" + n, ""),
                logEvent("u3-" + n, "three" + n, AT),
                logEvent("u4-" + n, "two" + n, AT));
        var events = events(okta(body), "published", "parked", "published", "held");
        assertThat(keys(events)).containsExactly("one" + n, "two" + n, "three" + n, "two" + n);
        assertThat(events).extracting(event -> event.path("id").asText()).doesNotHaveDuplicates();
        var failure = events.get(1).path("failure");
        assertThat(failure.path("kind").asText()).isEqualTo("CONTRACT");
        assertThat(failure.path("place").asText()).isEqualTo("/data/events/1/published");

        // once it is mended, what waited follows
        var parked = events.get(1).path("id").asText();
        hub.post("/api/dead-letters/" + parked + "/replay", """
                {"reason": "as the system log has it",
                 "patch": [{"op": "add", "path": "/published", "value": "2026-03-09T10:00:00.000Z"}]}
                """).hasStatus(200);
        hub.delivery(okta(body).hasStatus(200).id(), "published");
    }

    @Test
    void knowsAnEventAgainInAnotherDelivery() {
        var n = Bodies.number();
        var first = logEvent("u1-" + n, "one" + n, AT);
        events(okta(hook(first)), "published");
        var events = events(
                okta(hook(first, logEvent("u2-" + n, "one" + n, AT), logEvent("u2-" + n, "one" + n, AT))),
                "duplicate",
                "published",
                "duplicate");
        assertThat(events.get(1).path("id").asText())
                .isEqualTo(events.get(2).path("id").asText());
    }

    @Test
    void parksAnEventWithoutAnIdAndHoldsNobody() {
        var n = Bodies.number();
        var events = events(
                okta(hook("{\"published\": \"x\"}", "7", logEvent("u-" + n, "t" + n, AT))),
                "parked",
                "parked",
                "published");
        assertThat(events.getFirst().at("/failure/rule").asText()).isEqualTo("id");
    }

    // --- Microsoft Graph

    @Test
    void takesTheSameHintTwiceForTwo() {
        var n = Bodies.number();
        var body = "{\"value\": [%s]}"
                .formatted(notification(hub.secret("entra.state"), "user" + n, "e", "\"changeType\": \"updated\","));
        var first = hub.send(Request.post("/in/entra")
                .header("Content-Type", "application/json")
                .body(body));
        var second = hub.send(Request.post("/in/entra")
                .header("Content-Type", "application/json")
                .body(body));

        assertThat(second.hasStatus(202).id()).isNotEqualTo(first.hasStatus(202).id());
        var events = Stream.of(first, second)
                .map(answer -> events(answer, "published").getFirst())
                .toList();
        assertThat(keys(events)).containsExactly("user" + n, "user" + n);
        assertThat(events).extracting(event -> event.path("id").asText()).doesNotHaveDuplicates();
    }

    private String notification(String state, String user, String etag, String changeType) {
        return """
                {"subscriptionId": "7f105c7d", "clientState": "%s", "resource": "Users/%s", "tenantId": "t", %s
                 "resourceData": {"@odata.type": "#Microsoft.Graph.User", "id": "%s", "@odata.etag": "%s"}}
                """.formatted(state, user, changeType, user, etag);
    }

    @Test
    void splitsNotificationsOfGraphAndParksTheBadOne() {
        var n = Bodies.number();
        var state = hub.secret("graph.state");
        var updated = "\"changeType\": \"updated\",";
        var events = events(
                graph("{\"value\": [%s, %s, %s]}"
                        .formatted(
                                notification(state, "a" + n, "1", updated),
                                notification(state, "b" + n, "1", ""),
                                notification(state, "a" + n, "2", updated))),
                "published",
                "parked",
                "published");
        assertThat(keys(events)).containsExactly("a" + n, "b" + n, "a" + n);
        assertThat(events.get(1).at("/failure/place").asText()).isEqualTo("/value/1/changeType");
    }

    @Test
    void refusesNotificationsAsAUnitWhenOneOfThemIsNotProved() {
        var n = Bodies.number();
        var updated = "\"changeType\": \"updated\",";
        graph("{\"value\": [%s, %s]}"
                        .formatted(
                                notification(hub.secret("graph.state"), "a" + n, "1", updated),
                                notification("guessed", "b" + n, "1", updated)))
                .isProblem(401);
        assertThat(hub.stored(n)).isZero();
    }

    // --- Docebo

    @Test
    void splitsPayloadsOfDocebo() {
        var n = Bodies.number();
        var payloads = Stream.of("1", "2", "3")
                .map(i -> """
                        {"message_id": "m%s-%s", "user_id": %s%s, "status": "completed"%s}
                        """.formatted(i, n, i, 13085, i.equals("3") ? "" : ", \"course_id\": 42"))
                .collect(Collectors.joining(","));
        var events = events(docebo("""
                        {"event": "course.enrollment.completed", "fired_by_batch_action": true, "webhook_id": 12,
                         "payloads": [%s]}
                        """.formatted(payloads)), "published", "published", "parked");
        assertThat(keys(events)).containsExactly("113085", "213085", "313085");
    }

    // --- CloudEvents

    private static String cloudEvent(String id, String subject, String data) {
        return """
                {"specversion": "1.0", "id": "%s", "source": "/default/sap.s4.beh/S4HCLNT100",
                 "type": "sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1", "time": "2026-03-09T10:00:00Z",
                 "subject": "%s", "datacontenttype": "application/json"%s}
                """.formatted(id, subject, data);
    }

    private static final String DATA = ", \"data\": {\"SalesOrder\": \"1\"}";

    @Test
    void takesABatchOfCloudEventsAndASingleOneByTheSameConnector() {
        var n = Bodies.number();
        var batch = "[%s, %s, %s, %s]"
                .formatted(
                        cloudEvent("1-" + n, "A" + n, DATA),
                        cloudEvent("2-" + n, "B" + n, ""),
                        cloudEvent("3-" + n, "A" + n, DATA),
                        cloudEvent("4-" + n, "B" + n, DATA));
        var events = events(
                mesh("application/cloudevents-batch+json; charset=utf-8", batch),
                "published",
                "parked",
                "published",
                "held");
        assertThat(keys(events)).containsExactly("A" + n, "B" + n, "A" + n, "B" + n);
        assertThat(events.get(1).at("/failure/place").asText()).isEqualTo("/1/data");

        var single = events(mesh("application/cloudevents+json", cloudEvent("5-" + n, "A" + n, DATA)), "published");
        assertThat(keys(single)).containsExactly("A" + n);
        // sent again alone, an event of the batch is known
        var again = events(mesh("application/cloudevents+json", cloudEvent("1-" + n, "A" + n, DATA)), "duplicate");
        assertThat(again.getFirst().path("id").asText())
                .isEqualTo(events.getFirst().path("id").asText());
    }

    @Test
    void keepsABatchOfOneAndRefusesWhatIsNoBatch() {
        var n = Bodies.number();
        var one = "[" + cloudEvent("1-" + n, "A" + n, DATA) + "]";
        assertThat(keys(events(mesh("application/cloudevents-batch+json", one), "published")))
                .containsExactly("A" + n);
        mesh("application/cloudevents-batch+json", one + ",").isProblem(400);
        mesh("application/cloudevents", one).isProblem(415);
        mesh("application/json", one).isProblem(415);
    }

    @Test
    void parksABatchInWhichNothingIs() {
        var event = events(mesh("application/cloudevents-batch+json", "[" + " ".repeat(7) + "]"), "parked");
        assertThat(event.getFirst().at("/failure/rule").asText()).isEqualTo("split");
    }
}
