package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.ledger.Refused;
import io.dovetail.ledger.Verified;
import io.dovetail.relay.Addresses;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What operators ask of a running hub, and what they do with a dead letter. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {

    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private final Hub hub;
    private final Subscriber subscriber;

    ApiTest(Hub hub, Subscriber subscriber) {
        this.hub = hub;
        this.subscriber = subscriber;
    }

    static Stream<Request> everything() {
        return Stream.concat(
                Stream.of(
                                "/api/deliveries/" + NOBODY,
                                "/api/deliveries/" + NOBODY + "/payload",
                                "/api/events/1/published",
                                "/api/timeline?key=x",
                                "/api/dead-letters",
                                "/api/dead-letters/" + NOBODY,
                                "/api/dead-letters/proposals",
                                "/api/polls",
                                "/api/books",
                                "/api/books/verify",
                                "/api/connectors",
                                "/api/versions",
                                "/api/versions/live/diff",
                                "/api/openapi.json",
                                "/api/audit",
                                "/api/audit/verify",
                                "/api",
                                "/api/",
                                "/api/nothing")
                        .map(target -> Request.of("GET", target)),
                Stream.of(
                                "/api/dead-letters/" + NOBODY + "/replay",
                                "/api/dead-letters/" + NOBODY + "/discard",
                                "/api/dead-letters/" + NOBODY + "/approve",
                                "/api/dead-letters/" + NOBODY + "/refuse",
                                "/api/audit/verify",
                                "/api/polls/read-anew",
                                "/api/republications",
                                "/api/versions/live/rollback",
                                "/api/reload")
                        .map(target -> Request.post(target)
                                .header("Content-Type", "application/json")
                                .body("{\"reason\": \"x\"}")));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void isShutWithoutThePassword(Request request) {
        hub.send(request).isProblem(401);
    }

    @ParameterizedTest
    @MethodSource("everything")
    void isShutToAWrongPassword(Request request) {
        hub.send(request.header("Authorization", Signed.basic("admin:" + hub.secret("bus.workflow"))))
                .isProblem(401);
    }

    @Test
    void knowsOneUserWithOnePassword() {
        var password = hub.secret("hub.admin");
        for (var credential : List.of("admin:", ":" + password, "admin:" + password + "x", "admin")) {
            hub.send(Request.of("GET", "/api/books").header("Authorization", Signed.basic(credential)))
                    .isProblem(401);
        }
        hub.send(Request.of("GET", "/api/books").header("Authorization", "Basic !"))
                .isProblem(401);
        hub.send(Request.of("GET", "/api/books?user=admin&password=" + password))
                .isProblem(401);
        assertThat(hub.get("/api/books").hasStatus(200).headers()).doesNotContainKey("set-cookie");
    }

    @Test
    void tellsADeliveryWithItsEventsAndTriggers() {
        var number = Bodies.number();
        var answer =
                hub.send(hub.signed().partner(Bodies.claim(number, "7500.00"))).hasStatus(202);
        assertThat(answer.json().path("status").asText()).isEqualTo("accepted");
        var delivery = hub.delivery(answer.id(), "published");
        assertThat(names(delivery)).contains("id", "connector", "sender", "state", "acceptedAt", "events");
        assertThat(delivery.path("connector").asText()).isEqualTo("partner-api");
        assertThat(delivery.path("sender").asText()).isEqualTo("default");
        var event = delivery.at("/events/0");
        assertThat(names(event))
                .contains(
                        "id", "state", "type", "key", "seq", "mappingVersion", "acceptedAt", "publishedAt", "triggers");
        assertThat(event.path("type").asText()).isEqualTo("claim.submitted.v1");
        assertThat(event.path("key").asText()).isEqualTo("claim:" + number);
        assertThat(event.at("/triggers/0/workflow").asText()).isEqualTo("claim-triage");
        var trigger = subscriber.awaitOne(
                Addresses.TRIGGERS,
                r -> r.json()
                        .path("id")
                        .asText()
                        .equals(event.at("/triggers/0/id").asText()));
        assertThat(trigger.data().at("/approval/required").asBoolean()).isTrue();
        assertThat(trigger.data().at("/event/id").asText())
                .isEqualTo(event.path("id").asText());
    }

    @Test
    void leadsFromWhateverIsKnownToTheBytesThatCameAndWent() {
        var number = Bodies.number();
        var body = Bodies.claim(number, "7500.00");
        var id = hub.send(hub.signed().partner(body)).hasStatus(202).id();
        var event = hub.delivery(id, "published").at("/events/0");
        var trace = event.path("traceparent").asText();
        assertThat(trace).contains(id.replace("-", ""));
        for (var word : List.of(id, event.path("id").asText(), trace, trace.substring(3, 35))) {
            assertThat(hub.get("/api/timeline?key=" + word).json().path("events"))
                    .as(word)
                    .containsExactly(event);
        }
        assertThat(hub.get("/api/timeline?limit=1&key=partner-api").json().path("events"))
                .hasSize(1);
        var history = event.path("history");
        assertThat(history)
                .extracting(moment -> moment.path("step").asText())
                .containsExactly("accepted", "translated", "published");
        assertThat(history.get(1).path("version")).isEqualTo(event.path("mappingVersion"));
        var received = hub.get(history.get(0).path("payload").asText()).hasStatus(200);
        assertThat(received.text()).isEqualTo(body);
        assertThat(received.headers().get("content-disposition").toString()).contains("attachment");
        assertThat(received.headers().get("x-content-type-options").toString()).contains("nosniff");
        var published =
                hub.get(history.get(2).path("payload").asText()).hasStatus(200).json();
        assertThat(published.at("/event/id")).isEqualTo(event.path("id"));
        assertThat(published.at("/triggers/0/id")).isEqualTo(event.at("/triggers/0/id"));
    }

    @Test
    void findsByBusinessKey() {
        var number = Bodies.number();
        hub.delivery(hub.send(hub.signed().jira(Bodies.issueCreated(number))).id(), "published");
        hub.delivery(hub.send(hub.signed().jira(Bodies.issueUpdated(number, 1))).id(), "published");
        var timeline = hub.get("/api/timeline?key=E2E-" + number).hasStatus(200).json();
        assertThat(timeline.path("key").asText()).isEqualTo("E2E-" + number);
        assertThat(timeline.path("events")).hasSize(2);
        assertThat(timeline.at("/events/0/type").asText()).isEqualTo("ticket.opened.v1");
        assertThat(timeline.at("/events/1/type").asText()).isEqualTo("ticket.updated.v1");
        assertThat(hub.get("/api/timeline?key=nothing-of-that-name").json().path("events"))
                .isEmpty();
    }

    @Test
    void answersEveryWrongQuestionWithAProblem() {
        hub.get("/api/deliveries/" + NOBODY).isProblem(404);
        hub.get("/api/deliveries/x").isProblem(400);
        hub.get("/api/deliveries/1-1-1-1-1").isProblem(404);
        hub.get("/api/deliveries/" + NOBODY + "/payload").isProblem(404);
        hub.get("/api/deliveries/x/payload").isProblem(400);
        hub.get("/api/events/0/published").isProblem(404);
        hub.get("/api/events/x/published").isProblem(400);
        hub.get("/api/timeline").isProblem(400);
        for (var wrong : List.of("before=x", "limit=x", "limit=0", "limit=101")) {
            hub.get("/api/timeline?key=x&" + wrong).isProblem(400);
        }
        hub.get("/api/dead-letters?after=x").isProblem(400);
        hub.get("/api/dead-letters/" + NOBODY).isProblem(404);
        hub.get("/api/dead-letters/x").isProblem(400);
        hub.get("/api/nothing").isProblem(404);
        hub.get("/api").isProblem(404);
        hub.get("/api/reload").isProblem(405);
        hub.asAdmin(Request.post("/api/books")).to(hub.port()).isProblem(405);
        for (var what : List.of("replay", "skip", "discard")) {
            var target = "/api/dead-letters/" + NOBODY + "/" + what;
            hub.post(target, "{\"reason\": \"x\"}").isProblem(404);
            for (var broken : List.of("", "{", "[]", "null", "1", "{\"reason\": {}}", "{} x")) {
                var answer = hub.post(target, broken);
                assertThat(answer.status()).as(broken).isIn(400, 404);
                answer.isProblem(answer.status());
            }
            hub.asAdmin(Request.post(target))
                    .header("Content-Type", "text/plain")
                    .body("x")
                    .to(hub.port())
                    .isProblem(415);
        }
        hub.get("/api/timeline?key=%00").isProblem(400);
        hub.get("/api/timeline?key=" + "x".repeat(5_000)).hasStatus(200);
        hub.get("/api/dead-letters?connector=%00").isProblem(400);
        hub.get("/api/dead-letters?group=%00").isProblem(400);
    }

    /** One key is stopped and goes on; then one of its events breaks, and the rest goes on without it. */
    @Test
    void stopsAKeyAndLetsItGoOnWithoutADeadLetter() {
        var number = Bodies.number();
        hub.delivery(hub.send(hub.signed().jira(Bodies.issueCreated(number))).id(), "published");
        var key = hub.get("/api/timeline?key=E2E-" + number)
                .json()
                .at("/events/0/key")
                .asText();
        var pause = "{\"what\": \"key\", \"name\": \"jira/%s\", \"reason\": \"a test\"}".formatted(key);
        for (var wrong : List.of("jira", "jira/", "nobody/" + key, "", "jira/\\u0000", "jira/" + "x".repeat(5_000))) {
            var answer = hub.post("/api/pauses", pause.replace("jira/" + key, wrong));
            answer.isProblem(wrong.startsWith("nobody") ? 404 : 400);
        }
        hub.post("/api/pauses", pause).hasStatus(200);
        var bad =
                hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, 1))).id();
        var last = hub.send(hub.signed().jira(Bodies.issueUpdated(number, 2))).id();
        hub.delivery(last, "held");
        hub.delivery(bad, "accepted");
        hub.delivery(
                hub.send(hub.signed().jira(Bodies.issueCreated(Bodies.number())))
                        .id(),
                "published");
        hub.post("/api/pauses/resume", pause).hasStatus(200);

        hub.delivery(bad, "parked");
        hub.delivery(last, "held");
        var order = "{\"connector\": \"jira\", \"key\": \"%s\", \"reason\": \"a test\"}".formatted(key);
        assertThat(hub.post("/api/dead-letters/skip", order)
                        .hasStatus(200)
                        .json()
                        .path("skipped")
                        .asInt())
                .isOne();
        hub.delivery(last, "published");
        var parked = hub.delivery(bad, "parked");
        hub.post("/api/dead-letters/" + parked.at("/events/0/id").asText() + "/skip", order)
                .isProblem(404);
        assertThat(hub.post("/api/dead-letters/discard", order)
                        .hasStatus(200)
                        .json()
                        .path("discarded")
                        .asInt())
                .isOne();
        hub.delivery(bad, "discarded");
        hub.post("/api/dead-letters/discard", order).isProblem(404);
        for (var verb : List.of("skip", "discard")) {
            hub.post("/api/dead-letters/" + verb, order.replace("key", "kay")).isProblem(400);
            hub.post("/api/dead-letters/" + verb, order.replace(key, "\\u0000")).isProblem(400);
            hub.post("/api/dead-letters/" + verb, order.replace(key, "x".repeat(5_000)))
                    .isProblem(404);
        }
        assertThat(hub.audited("key jira/" + key)).containsExactly("pause by admin: a test", "resume by admin: a test");
        assertThat(hub.audited(parked.at("/events/0/id").asText()))
                .containsExactly("skip by admin: a test", "discard by admin: a test");
    }

    /** A parked event holds its key; repaired by a patch, it and those behind it go out in the order accepted. */
    @Test
    void releasesAHeldKeyInOrderAfterARepair() {
        var number = Bodies.number();
        hub.delivery(hub.send(hub.signed().jira(Bodies.issueCreated(number))).id(), "published");
        var bad =
                hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, 1))).hasStatus(202);
        var event = hub.delivery(bad.id(), "parked").at("/events/0");
        var second = hub.send(hub.signed().jira(Bodies.issueUpdated(number, 2))).hasStatus(202);
        var third = hub.send(hub.signed().jira(Bodies.issueUpdated(number, 3))).hasStatus(202);
        hub.delivery(second.id(), "held");
        hub.delivery(third.id(), "held");

        var id = event.path("id").asText();
        var letter = hub.get("/api/dead-letters/" + id).hasStatus(200).json();
        assertThat(letter.path("waiting").asInt()).isEqualTo(2);
        assertThat(letter.path("original").asText()).isEqualTo(Bodies.issueUpdatedBadly(number, 1));
        assertThat(names(letter.path("failure"))).contains("kind", "fingerprint", "place", "rule", "message", "value");
        assertThat(hub.get("/api/dead-letters?connector=jira&group="
                                + letter.path("fingerprint").asText())
                        .json()
                        .path("deadLetters"))
                .anyMatch(l -> l.path("id").asText().equals(id));
        var notice = subscriber.awaitOne(
                Addresses.DEAD_LETTERS, r -> r.data().path("event").asText().equals(id));
        assertThat(notice.json().toString()).doesNotContain("after change");

        hub.post("/api/dead-letters/" + id + "/replay", "{}").isProblem(400);
        hub.post("/api/dead-letters/" + id + "/replay", """
                {"reason": "x", "patch": [{"op": "replace", "path": "/issue/id", "value": "another"}]}
                """).isProblem(422);
        hub.post("/api/dead-letters/" + id + "/replay", """
                {"reason": "x", "patch": [{"op": "remove", "path": "/nothing/here"}]}
                """).isProblem(422);
        hub.post("/api/dead-letters/" + id + "/replay", "{\"reason\": \"x\", \"patch\": {\"a\": 1}}")
                .isProblem(422);
        hub.post("/api/dead-letters/" + id + "/replay", "{\"reason\": \"x\", \"text\": \"{\"}")
                .isProblem(422);
        hub.delivery(bad.id(), "parked");

        hub.post("/api/dead-letters/" + id + "/replay", """
                {"reason": "the list holds names", "patch":
                  [{"op": "replace", "path": "/changelog/items/0", "value": {"field": "summary", "toString": "mended"}}]}
                """).hasStatus(200);
        var mended = hub.delivery(bad.id(), "published").at("/events/0");
        assertThat(mended.path("steps"))
                .anyMatch(step -> step.path("step").asText().equals("edited")
                        && step.path("actor").asText().equals("admin")
                        && step.path("reason").asText().equals("the list holds names"));
        hub.delivery(second.id(), "published");
        hub.delivery(third.id(), "published");
        var events = subscriber.await(
                Addresses.EVENTS, 4, r -> r.data().path("ticketId").asText().equals(number));
        assertThat(events)
                .extracting(r -> r.data().path("summary").asText())
                .containsExactly("Pump 3 loses pressure", "after change 1", "after change 2", "after change 3");
        assertThat(events.get(1).data().at("/changes/0/to").asText()).isEqualTo("mended");
        assertThat(events.get(1).json().path("id").asText()).isEqualTo(id);
        hub.get("/api/dead-letters/" + id).isProblem(404);
        hub.post("/api/dead-letters/" + id + "/replay", "{\"reason\": \"x\"}").isProblem(404);
    }

    @Test
    void releasesAHeldKeyAfterADiscard() {
        var number = Bodies.number();
        var bad =
                hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, 1))).hasStatus(202);
        var event = hub.delivery(bad.id(), "parked").at("/events/0");
        var later = hub.send(hub.signed().jira(Bodies.issueUpdated(number, 2))).hasStatus(202);
        hub.delivery(later.id(), "held");
        var target = "/api/dead-letters/" + event.path("id").asText() + "/discard";
        hub.post(target, "{\"reason\": \" \"}").isProblem(400);
        assertThat(hub.post(target, "{\"reason\": \"sent again \\u0000 by hand\"}")
                        .hasStatus(200)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("discarded");
        hub.delivery(bad.id(), "discarded");
        hub.delivery(later.id(), "published");
        var telemetry = subscriber.awaitOne(
                Addresses.TELEMETRY,
                r -> r.data().path("event").asText().equals(event.path("id").asText())
                        && r.data().path("outcome").asText().equals("discarded"));
        assertThat(telemetry.data().path("failure").isMissingNode()).isFalse();
    }

    /** Repaired by the whole text, as an XML delivery must be. */
    @Test
    void takesAWholeTextInstead() {
        var number = Bodies.number();
        var good = Bodies.order(number, number);
        var bad = hub.send(hub.signed().sap(good.replace("<MENGE>2.000</MENGE>", "<MENGE>two</MENGE>")))
                .hasStatus(202);
        var event = hub.delivery(bad.id(), "parked").at("/events/0");
        assertThat(event.at("/failure/place").asText()).matches("line \\d+, /ORDERS05/IDOC/0/E1EDP01/0/MENGE");
        assertThat(event.at("/failure/value").asText()).contains("two");
        var body = new com.fasterxml.jackson.databind.node.ObjectNode(
                        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance)
                .put("reason", "the partner says two are 2")
                .put("text", good);
        hub.post("/api/dead-letters/" + event.path("id").asText() + "/replay", body.toString())
                .hasStatus(200);
        hub.delivery(bad.id(), "published");
        assertThat(subscriber
                        .awaitOne(
                                Addresses.EVENTS,
                                r -> r.json().path("subject").asText().equals(number))
                        .data()
                        .path("lines"))
                .hasSize(1);
    }

    /** Jira tells of a change, and the poller reads it: its id alone makes it the same. */
    @Test
    void knowsAnEventThatIsToldInTwoForms() {
        var told = """
                {"webhookEvent": "jira:issue_updated", "timestamp": 1779095670913, "issue": {"id": "%s"},
                 "changelog": {"id": "7", "items": []}}""".formatted(Bodies.number());
        hub.delivery(hub.send(hub.signed().jira(told)).hasStatus(202).id(), "published");
        var read = told.replace("1779095670913", "1779095670900, \"read\": true");
        hub.delivery(hub.send(hub.signed().jira(read)).hasStatus(202).id(), "duplicate");
    }

    /** The same event in another delivery is a duplicate; with other content it is not, and is parked. */
    @Test
    void judgesTheSameEventOfAnotherDelivery() {
        var number = Bodies.number();
        var first = hub.send(hub.signed().partner(Bodies.claim(number, "10"))).hasStatus(202);
        var published = hub.delivery(first.id(), "published").at("/events/0");
        var again = hub.send(hub.signed().partner(Bodies.claim(number, "10"))).hasStatus(202);
        assertThat(again.id()).isNotEqualTo(first.id());
        hub.delivery(again.id(), "duplicate");
        var other = hub.send(hub.signed().partner(Bodies.claim(number, "11"))).hasStatus(202);
        var parked = hub.delivery(other.id(), "parked").at("/events/0");
        assertThat(parked.at("/failure/rule").asText()).isEqualTo("id not unique");
        assertThat(parked.path("id")).isEqualTo(published.path("id"));
        hub.delivery(first.id(), "published");
        assertThat(subscriber.all(
                        Addresses.EVENTS,
                        r -> r.data().path("claimNumber").asText().equals(number)))
                .hasSize(1);
        hub.post(
                        "/api/dead-letters/" + parked.path("id").asText() + "/discard",
                        "{\"reason\": \"the partner's mistake\"}")
                .hasStatus(200);
        hub.delivery(other.id(), "discarded");
    }

    @Test
    void keepsBooksThatBalance() {
        var books = hub.get("/api/books").hasStatus(200).json();
        for (var page : books) {
            assertThat(names(page)).containsExactlyInAnyOrder("connector", "deliveries", "events", "difference");
            assertThat(names(page.path("deliveries"))).containsExactlyInAnyOrder("answered", "accepted", "duplicate");
            assertThat(names(page.path("events")))
                    .containsExactlyInAnyOrder(
                            "read", "published", "ignored", "duplicate", "parked", "discarded", "inFlight", "held");
            assertThat(page.path("difference").asLong()).as(page.toString()).isZero();
        }
    }

    /** Whatever the tests beside this one are just about to do. */
    @Test
    void findsThatTheBooksAgreeWithTheRows() {
        for (var i = 0; i < 3; i++) {
            var verified = hub.get("/api/books/verify").hasStatus(200).json();
            assertThat(verified.path("agrees").asBoolean())
                    .as(verified.toString())
                    .isTrue();
        }
    }

    @Test
    void listsItsConnectors() {
        var connectors = hub.get("/api/connectors").hasStatus(200).json();
        assertThat(connectors).extracting(c -> c.path("name").asText()).contains("jira", "partner-api", "sap-idoc");
        assertThat(connectors.get(0).path("emits")).isNotEmpty();
    }

    @Test
    void reloadsWhatHasNotChanged() {
        var answer = hub.post("/api/reload", "{}").hasStatus(200).json();
        assertThat(answer.path("status").asText()).isEqualTo("live");
        assertThat(answer.path("version").asText()).matches("[0-9a-f]{16}");
    }

    @Test
    void describesExactlyWhatItAnswers() {
        var described = new TreeSet<String>();
        hub.get("/api/openapi.json")
                .hasStatus(200)
                .json()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method ->
                                described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        var mapped = new TreeSet<String>();
        hub.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPatternValues().stream()
                        .filter(pattern -> pattern.startsWith("/api"))
                        .forEach(pattern -> mapping.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> mapped.add(method + " " + pattern))));
        assertThat(described).isNotEmpty().isEqualTo(mapped);
    }

    /** Every name that an answer has is one that is described. */
    @Test
    void describesTheFieldsOfItsAnswers() {
        var schemas = hub.get("/api/openapi.json").json().at("/components/schemas");
        var number = Bodies.number();
        var bad =
                hub.send(hub.signed().jira(Bodies.issueUpdatedBadly(number, 1))).hasStatus(202);
        var delivery = hub.delivery(bad.id(), "parked");
        assertThat(names(schemas.at("/Delivery/properties"))).containsAll(names(delivery));
        var event = delivery.at("/events/0");
        assertThat(names(schemas.at("/Event/properties"))).containsAll(names(event));
        assertThat(names(schemas.at("/Failure/properties"))).containsAll(names(event.path("failure")));
        assertThat(names(schemas.at("/Step/properties"))).containsAll(names(event.at("/steps/0")));
        event.path("history")
                .forEach(moment ->
                        assertThat(names(schemas.at("/Moment/properties"))).containsAll(names(moment)));
        assertThat(names(schemas.at("/Timeline/properties")))
                .containsAll(names(hub.get("/api/timeline?limit=1&key=jira").json()));
        var letters = hub.get("/api/dead-letters?connector=jira").json();
        assertThat(names(schemas.at("/DeadLetterPage/properties"))).containsAll(names(letters));
        assertThat(names(schemas.at("/DeadLetter/properties"))).containsAll(names(letters.at("/deadLetters/0")));
        var detail = hub.get("/api/dead-letters/" + event.path("id").asText()).json();
        var described = new TreeSet<>(names(schemas.at("/DeadLetter/properties")));
        described.addAll(names(schemas.at("/DeadLetterDetail/allOf/1/properties")));
        assertThat(described).containsAll(names(detail));
        var rows = hub.get("/api/audit").json();
        assertThat(names(schemas.at("/AuditPage/properties"))).containsAll(names(rows));
        rows.path("rows")
                .forEach(row ->
                        assertThat(names(schemas.at("/AuditRow/properties"))).containsAll(names(row)));
        var verdict = hub.get("/api/audit/verify").json();
        assertThat(names(schemas.at("/AuditVerdict/properties"))).containsAll(names(verdict));
        assertThat(names(schemas.at("/Connector/properties")))
                .containsExactlyInAnyOrderElementsOf(
                        names(hub.get("/api/connectors").json().get(0)));
        assertThat(names(schemas.at("/Book/properties")))
                .containsExactlyInAnyOrderElementsOf(
                        names(hub.get("/api/books").json().get(0)));
        hub.post("/api/dead-letters/" + event.path("id").asText() + "/discard", "{\"reason\": \"seen\"}")
                .hasStatus(200);
    }

    @Test
    void describesTheFieldsOfAVerification() {
        var schemas = hub.get("/api/openapi.json").json().at("/components/schemas");
        var records = Map.of(
                "Verified", Verified.class,
                "Refused", Refused.class,
                "Finding", Verified.Finding.class,
                "Ids", Verified.Ids.class,
                "Miscount", Verified.Miscount.class,
                "Minute", Verified.Minute.class);
        records.forEach((name, record) -> assertThat(names(schemas.path(name).path("properties")))
                .containsExactlyElementsOf(Stream.of(record.getRecordComponents())
                        .map(component -> component.getName())
                        .toList()));
    }

    @Test
    void givesEachSenderItsOwnName() throws Exception {
        var name = "p" + UUID.randomUUID().toString().substring(0, 8);
        var secret = "whsec_"
                + java.util.Base64.getEncoder().encodeToString(name.repeat(4).getBytes());
        java.nio.file.Files.writeString(hub.secrets().resolve("partner-api." + name + ".webhook"), secret + "\n");
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var now = Long.toString(java.time.Instant.now().getEpochSecond());
        var answer = org.awaitility.Awaitility.await()
                .atMost(Hub.PATIENCE)
                .until(
                        () -> hub.send(hub.signed()
                                .partner(
                                        body,
                                        "m" + number,
                                        now,
                                        Signed.partnerSignature(secret, "m" + number, now, body))),
                        a -> a.status() != 401)
                .hasStatus(202);
        assertThat(hub.delivery(answer.id(), "published").path("sender").asText())
                .isEqualTo(name);
        var event = subscriber.awaitOne(
                Addresses.EVENTS, r -> r.data().path("claimNumber").asText().equals(number));
        assertThat(event.json().path("source").asText()).isEqualTo("/connectors/partner-api/" + name);
        // the same claim of another sender is another event
        var mine = hub.send(hub.signed().partner(body, "m" + number)).hasStatus(202);
        assertThat(hub.delivery(mine.id(), "published").at("/events/0/id").asText())
                .isNotEqualTo(event.json().path("id").asText());
        // and whoever claims to be another is parked
        var other = Signed.utf8(
                Bodies.claim(Bodies.number(), "10").replaceFirst("\\{", "{\"partner\": \"somebody-else\","));
        var forged = hub.send(hub.signed()
                        .partner(other, "f" + number, now, Signed.partnerSignature(secret, "f" + number, now, other)))
                .hasStatus(202);
        assertThat(hub.delivery(forged.id(), "parked")
                        .at("/events/0/failure/rule")
                        .asText())
                .isEqualTo("sender");
    }

    private static List<String> names(JsonNode node) {
        return StreamSupport.stream(((Iterable<String>) node::fieldNames).spliterator(), false)
                .toList();
    }
}
