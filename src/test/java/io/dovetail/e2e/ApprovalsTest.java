package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.relay.Addresses;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Of some connectors nobody edits an event alone, and whoever reads it sees who did. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApprovalsTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String PATCH =
            "[{\"op\": \"replace\", \"path\": \"/data/claimed/amount\", \"value\": \"%s\"}]";

    private final Hub hub;
    private final Subscriber subscriber;

    ApprovalsTest(Hub hub, Subscriber subscriber) {
        this.hub = hub;
        this.subscriber = subscriber;
    }

    @BeforeAll
    void nameOperators() throws IOException {
        var hash = BCrypt.hashpw(PASSWORD, BCrypt.gensalt(10));
        Files.write(
                hub.secrets().resolve("operators"),
                List.of("alice " + hash + " repairer", "bob " + hash + " approver", "carol " + hash + " approver"));
        await().atMost(Hub.PATIENCE)
                .until(() -> as("bob", Request.of("GET", "/api/books")).status() == 200);
    }

    private Answer as(String operator, Request request) {
        return request.header("Authorization", Signed.basic(operator + ":" + PASSWORD))
                .to(hub.port());
    }

    private Answer as(String operator, String step, String event, String body) {
        return as(
                operator,
                Request.post("/api/dead-letters/" + event + "/" + step)
                        .header("Content-Type", "application/json")
                        .body(body));
    }

    /** A claim that is parked, for its amount is written with a comma. */
    private JsonNode park(String number) {
        var claim = Bodies.claim(number, "7500,00").replace("\"low\"", "\"critical\"");
        var answer = hub.send(hub.signed().partner(claim)).hasStatus(202);
        return hub.delivery(answer.id(), "parked");
    }

    private static String event(JsonNode delivery) {
        return delivery.at("/events/0/id").asText();
    }

    private String propose(String operator, String event, String amount) {
        var answer = as(
                        operator,
                        "replay",
                        event,
                        "{\"reason\": \"by telephone\", \"patch\": " + PATCH.formatted(amount) + "}")
                .hasStatus(202)
                .json();
        assertThat(answer.path("status").asText()).isEqualTo("proposed");
        return answer.path("proposal").asText();
    }

    private Answer approve(String operator, String event, String proposal) {
        return as(operator, "approve", event, "{\"proposal\": \"" + proposal + "\"}");
    }

    private List<String> history(String event) {
        return hub.get("/api/timeline?key=" + event)
                .json()
                .at("/events/0/history")
                .valueStream()
                .map(moment -> moment.path("step").asText()
                        + moment.path("actor").asText("").replaceFirst("^(?=.)", " by ")
                        + moment.path("proposedBy").asText("").replaceFirst("^(?=.)", ", of "))
                .toList();
    }

    private List<String> audited(String event) {
        return hub.audit().stream()
                .filter(row -> row.path("subject").asText().equals(event))
                .map(row -> row.path("action").asText() + " by "
                        + row.path("actor").asText() + ", "
                        + row.path("role").asText())
                .toList();
    }

    @Test
    void takesTwoToEditAnEvent() {
        var number = Bodies.number();
        var delivery = park(number);
        var event = event(delivery);

        var first = propose("alice", event, "75000.00");
        var seen = hub.get("/api/dead-letters/" + event).hasStatus(200).json();
        assertThat(seen.path("needsApproval").asBoolean()).isTrue();
        assertThat(seen.at("/proposal/id").asText()).isEqualTo(first);
        assertThat(seen.at("/proposal/by").asText()).isEqualTo("alice");
        assertThat(seen.at("/proposal/changes/places/0/was").asText()).isEqualTo("\"7500,00\"");
        assertThat(seen.at("/proposal/changes/places/0/now").asText()).isEqualTo("\"75000.00\"");
        assertThat(seen.path("body").asText()).contains("7500,00");
        describesItsFields(seen.path("proposal"), "Proposal");

        // a nought too many: bob sees it, and says so
        approve("alice", event, first).isProblem(403);
        as("bob", "refuse", event, "{\"reason\": \"they said 7,500\"}").hasStatus(200);
        approve("bob", event, first).isProblem(409);
        var second = propose("alice", event, "7500.00");
        approve("bob", event, first).isProblem(409);
        var listed = hub.get("/api/dead-letters/proposals?connector=partner-api")
                .hasStatus(200)
                .json();
        assertThat(listed.path("proposals"))
                .anyMatch(proposal -> proposal.path("id").asText().equals(event)
                        && proposal.path("proposal").asText().equals(second)
                        && proposal.path("by").asText().equals("alice"));
        describesItsFields(listed.at("/proposals/0"), "ListedProposal");
        hub.delivery(delivery.path("id").asText(), "parked");

        assertThat(approve("bob", event, second)
                        .hasStatus(200)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("approved");
        hub.delivery(delivery.path("id").asText(), "published");
        approve("carol", event, second).isProblem(404);

        var said = subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("claimNumber").asText().equals(number));
        assertThat(said.data().at("/claimed/amount").asText()).isEqualTo("7500.00");
        assertThat(said.json().path("editedby").asText()).isEqualTo("alice");
        assertThat(said.json().path("approvedby").asText()).isEqualTo("bob");
        var trigger = subscriber.awaitOne(
                Addresses.TRIGGERS,
                r -> r.data().at("/event/data/claimNumber").asText().equals(number));
        assertThat(trigger.data().at("/event/approvedby").asText()).isEqualTo("bob");
        assertThat(PublishedSchemas.get("triggers/trigger.v1").validate(trigger.data()))
                .isEmpty();

        assertThat(history(event))
                .containsExactly(
                        "accepted by default",
                        "parked by hub",
                        "proposed by alice",
                        "refused by bob, of alice",
                        "proposed by alice",
                        "approved by bob, of alice",
                        "translated",
                        "published");
        var approved = hub.get("/api/timeline?key=" + event).json().at("/events/0/history/5");
        describesItsFields(approved, "Moment");
        assertThat(audited(event))
                .containsExactly(
                        "propose by alice, repairer",
                        "refuse by bob, approver",
                        "propose by alice, repairer",
                        "approve by bob, approver");
        assertThat(hub.get("/api/books/verify").json().path("agrees").asBoolean())
                .isTrue();
    }

    /** An approver edits no more than others do, and nor does the administrator. */
    @Test
    void letsNobodyApproveHisOwnWhoeverHeIs() {
        var number = Bodies.number();
        var delivery = park(number);
        var event = event(delivery);
        var bobs = propose("bob", event, "1.00");
        assertThat(approve("bob", event, bobs)
                        .isProblem(409)
                        .json()
                        .path("detail")
                        .asText())
                .contains("your own");
        var target = "/api/dead-letters/" + event;
        var admins = hub.post(target + "/replay", "{\"reason\": \"x\", \"patch\": " + PATCH.formatted("7500.00") + "}")
                .hasStatus(202)
                .json()
                .path("proposal")
                .asText();
        hub.post(target + "/approve", "{\"proposal\": \"" + admins + "\"}").isProblem(409);
        hub.post(target + "/approve", "{}").isProblem(400);
        approve("carol", event, bobs).isProblem(409);
        approve("carol", event, admins).hasStatus(200);
        hub.delivery(delivery.path("id").asText(), "published");
        assertThat(subscriber
                        .awaitOne(
                                Addresses.EVENTS,
                                r -> r.data().path("claimNumber").asText().equals(number))
                        .json()
                        .path("editedby")
                        .asText())
                .isEqualTo("admin");
    }

    /** To try again changes nothing of what was sent, and an edit to another number changes nothing at all. */
    @Test
    void wantsNoApprovalOfAReplayAndMovesNothingToAnotherKey() {
        var delivery = park(Bodies.number());
        var event = event(delivery);
        as(
                        "alice",
                        "replay",
                        event,
                        "{\"reason\": \"x\", \"patch\": [{\"op\": \"replace\", \"path\": \"/data/claimNumber\", \"value\": \"1\"}]}")
                .isProblem(422);
        var proposal = propose("alice", event, "7500.00");
        as("alice", "replay", event, "{\"reason\": \"once more\"}").hasStatus(200);
        await().atMost(Hub.PATIENCE)
                .until(() -> history(event)
                        .equals(List.of(
                                "accepted by default",
                                "parked by hub",
                                "proposed by alice",
                                "replayed by alice",
                                "parked by hub")));
        approve("bob", event, proposal).isProblem(409);
        as("alice", "discard", event, "{\"reason\": \"seen\"}").hasStatus(200);
        hub.delivery(delivery.path("id").asText(), "discarded");
    }

    private void describesItsFields(JsonNode answer, String schema) {
        var described = hub.get("/api/openapi.json").json().at("/components/schemas/" + schema + "/properties");
        assertThat(Stream.of(described).flatMap(JsonNode::propertyStream).map(java.util.Map.Entry::getKey))
                .containsAll(
                        answer.propertyStream().map(java.util.Map.Entry::getKey).toList());
    }
}
