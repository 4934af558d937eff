package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody unknown gets in, and learns nothing by trying. */
@ExtendWith(SharedHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProofEdgeTest {

    private final Hub hub;
    private final Signed signed;

    ProofEdgeTest(Hub hub) {
        this.hub = hub;
        this.signed = hub.signed();
    }

    private void isRefused(Request request, String number) {
        hub.send(request.header("X-Canary", "canary-" + number)).isProblem(401).doesNotEcho("canary-" + number);
        assertThat(hub.stored(number)).as("stored").isZero();
    }

    private Request jira(String number) {
        return Request.post("/in/jira")
                .header("Content-Type", "application/json")
                .header("X-Atlassian-Webhook-Identifier", UUID.randomUUID().toString())
                .body(Bodies.issueCreated(number));
    }

    private String jiraHex(String number) {
        return HexFormat.of().formatHex(signed.jiraDigest(Signed.utf8(Bodies.issueCreated(number))));
    }

    @Test
    void refusesAJiraDeliveryWithoutSignature() {
        var number = Bodies.number();
        isRefused(jira(number), number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "sha256=",
                "%s",
                "sha1=%s",
                "SHA256=%s",
                "sha256:%s",
                "sha256=%s0",
                "sha256=%sg",
                "sha256=0x%s",
                "sha256=%s,sha256=%s",
                "sha256=\"%s\"",
                "sha256= %s",
                "sha512=%s",
                "Bearer %s",
                "sha256=${header.x}"
            })
    void refusesAMisshapenJiraSignature(String shape) {
        var number = Bodies.number();
        isRefused(jira(number).header("X-Hub-Signature", shape.replace("%s", jiraHex(number))), number);
    }

    @Test
    void refusesTheJiraSignatureOfAnotherBodyInAnotherEncodingOrTwice() {
        var number = Bodies.number();
        var hex = jiraHex(number);
        var base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
        isRefused(jira(number).header("X-Hub-Signature", "sha256=" + base64), number);
        isRefused(jira(number).header("X-Hub-Signature", "sha256=" + hex.substring(0, 62)), number);
        isRefused(jira(number).header("X-Hub-Signature", "sha256=" + jiraHex(number + "0")), number);
        isRefused(
                jira(number).header("X-Hub-Signature", "sha256=" + hex).header("X-Hub-Signature", "sha256=" + hex),
                number);
        isRefused(
                jira(number).header("X-Hub-Signature", "sha256=" + hex).body(Bodies.issueCreated(number) + " "),
                number);
    }

    @Test
    void takesAJiraSignatureInCapitals() {
        var number = Bodies.number();
        var hex = jiraHex(number).toUpperCase(java.util.Locale.ROOT);
        hub.send(jira(number).header("X-Hub-Signature", "sha256=" + hex)).hasStatus(202);
    }

    @Test
    void refusesAnAbsentOrWrongPassword() {
        var number = Bodies.number();
        var body = Bodies.order(number, number);
        var right = hub.secret("sap-idoc.basic");
        var user = right.substring(0, right.indexOf(':'));
        for (var authorization : List.of(
                "Basic",
                "Basic ",
                "Basic !!!",
                "Basic " + right,
                Signed.basic(right + " "),
                Signed.basic(user),
                Signed.basic(user + ":"),
                Signed.basic(":" + right),
                Signed.basic(right.toUpperCase(java.util.Locale.ROOT)),
                Signed.basic("admin:" + hub.secret("hub.admin")),
                Signed.basic(hub.secret("jira.webhook")),
                "Bearer " + right,
                "Digest username=\"x\"",
                Signed.basic(right).replace("Basic ", "Basic\t"))) {
            isRefused(
                    Request.post("/in/sap-idoc")
                            .header("Content-Type", "text/xml")
                            .header("Authorization", authorization)
                            .body(body),
                    number);
        }
        isRefused(
                Request.post("/in/sap-idoc").header("Content-Type", "text/xml").body(body), number);
        isRefused(signed.sap(body).header("Authorization", Signed.basic(right)), number);
        isRefused(
                Request.post("/in/sap-idoc?user=" + user + "&password=x")
                        .header("Content-Type", "text/xml")
                        .body(body),
                number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jira", "sap-idoc", "partner-api"})
    void doesNotTellAMissingProofFromAWrongOne(String connector) {
        var missing = hub.send(Request.post("/in/" + connector).body("{}")).isProblem(401);
        var wrong = hub.send(Request.post("/in/" + connector)
                        .header("Authorization", Signed.basic("a:b"))
                        .header("X-Hub-Signature", "sha256=" + "0".repeat(64))
                        .header("webhook-id", "msg_1")
                        .header("webhook-timestamp", "" + Instant.now().getEpochSecond())
                        .header("webhook-signature", "v1,AAAA")
                        .body("{}"))
                .isProblem(401);
        assertThat(wrong.text()).isEqualTo(missing.text());
    }

    Stream<String> timestamps() {
        var now = Instant.now().getEpochSecond();
        return Stream.of(
                "",
                "0",
                "-1",
                "NaN",
                "Infinity",
                "1e9",
                "0x10",
                "+" + now,
                now + ".0",
                " ",
                now + "000",
                "" + (now - 310),
                "" + (now + 310),
                "99999999999999999999",
                "٠١٢",
                "" + Long.MIN_VALUE,
                Instant.now().toString());
    }

    @ParameterizedTest
    @MethodSource("timestamps")
    void refusesATimestampThatIsNotNow(String timestamp) {
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var signature = Signed.partnerSignature(hub.secret("partner-api.webhook"), "msg_1", timestamp, body);
        isRefused(signed.partner(body, "msg_1", timestamp, signature), number);
    }

    @Test
    void takesATimestampALittleOffEitherWay() {
        for (var off : List.of(-290, 290)) {
            var number = Bodies.number();
            var id = "msg_" + number;
            var body = Signed.utf8(Bodies.claim(number, "10"));
            var then = Long.toString(Instant.now().getEpochSecond() + off);
            var signature = Signed.partnerSignature(hub.secret("partner-api.webhook"), id, then, body);
            hub.send(signed.partner(body, id, then, signature)).hasStatus(202);
        }
    }

    Stream<String> signatures() {
        return Stream.of(
                "",
                "v1",
                "v1,",
                "%s",
                "v1,%s=",
                "v1,=%s",
                "v1,!%s",
                "v1a,%s",
                "v2,%s",
                "V1,%s",
                "v1:%s",
                "v1, %s",
                "v1a,%s v2,%s",
                "v1,AAAA v1a,%s",
                "v1,%s,v1,%s",
                "v1;%s",
                " v1a,%s",
                "v1,%s.");
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void refusesAMisshapenStandardWebhooksSignature(String shape) {
        var number = Bodies.number();
        var now = Long.toString(Instant.now().getEpochSecond());
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var right = Signed.partnerSignature(hub.secret("partner-api.webhook"), "msg_1", now, body)
                .substring(3);
        isRefused(signed.partner(body, "msg_1", now, shape.replace("%s", right)), number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1,AAAA %s", "%s v1,AAAA", "v1a,AAAA v2,x %s", "v1,!! v1, %s", "%s %s"})
    void takesOneRightSignatureAmongSeveral(String shape) {
        var number = Bodies.number();
        var id = "msg_" + number;
        var now = Long.toString(Instant.now().getEpochSecond());
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var right = Signed.partnerSignature(hub.secret("partner-api.webhook"), id, now, body);
        hub.send(signed.partner(body, id, now, shape.replace("%s", right))).hasStatus(202);
    }

    @Test
    void looksAtSixteenSignaturesAndNoMore() {
        var number = Bodies.number();
        var now = Long.toString(Instant.now().getEpochSecond());
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var right = Signed.partnerSignature(hub.secret("partner-api.webhook"), "msg_1", now, body);
        isRefused(signed.partner(body, "msg_1", now, "v1,AAAA ".repeat(50) + right), number);
    }

    @Test
    void refusesAnIdThatWouldMoveIntoTheTimestamp() {
        var number = Bodies.number();
        var now = Long.toString(Instant.now().getEpochSecond());
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var secret = hub.secret("partner-api.webhook");
        isRefused(signed.partner(body, "a.b", now, Signed.partnerSignature(secret, "a.b", now, body)), number);
        var twice = signed.partner(body, "msg_1", now, Signed.partnerSignature(secret, "msg_1", now, body))
                .header("webhook-id", "msg_1");
        isRefused(twice, number);
        isRefused(signed.partner(body, "", now, Signed.partnerSignature(secret, "", now, body)), number);
        isRefused(signed.partner(body, "msg_1", now, Signed.partnerSignature(secret, "msg_2", now, body)), number);
        var other = Signed.utf8(Bodies.claim(number, "10 "));
        isRefused(signed.partner(body, "msg_1", now, Signed.partnerSignature(secret, "msg_1", now, other)), number);
        var anothers = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
        isRefused(signed.partner(body, "msg_1", now, Signed.partnerSignature(anothers, "msg_1", now, body)), number);
    }

    @Test
    void answersAReplayAsADuplicateAndAnotherBodyUnderItsIdAsAConflict() {
        var number = Bodies.number();
        var id = "msg_" + number;
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var first = hub.send(signed.partner(body, id)).hasStatus(202);
        for (var i = 0; i < 2; i++) {
            var again = hub.send(signed.partner(body, id)).hasStatus(200);
            assertThat(again.json().path("status").asText()).isEqualTo("duplicate");
            assertThat(again.id()).isEqualTo(first.id());
        }
        hub.send(signed.partner(Signed.utf8(Bodies.claim(number, "11")), id)).isProblem(409);
        assertThat(hub.stored(number)).isOne();
        hub.delivery(first.id(), delivery -> delivery.path("duplicates").size() == 2);
    }

    @Test
    void takesAThousandCopiesAtTheSameTimeAsOne() throws Exception {
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.claim(number, "10"));
        var answers = new ArrayList<Future<Answer>>();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var n = 0; n < 1_000; n++) {
                answers.add(senders.submit(() -> hub.send(signed.partner(body, "msg_" + number))));
            }
        }
        var ids = new HashSet<String>();
        var accepted = 0;
        for (var future : answers) {
            var answer = future.get();
            accepted += answer.status() == 202 ? 1 : 0;
            ids.add(answer.id());
        }
        assertThat(accepted).isOne();
        assertThat(ids).hasSize(1);
        assertThat(hub.stored(number)).isOne();
        var delivery = hub.delivery(ids.iterator().next(), "published");
        assertThat(delivery.path("events")).hasSize(1);
        assertThat(hub.get("/api/timeline?key=" + number).json().path("events")).hasSize(1);
    }

    @Test
    void tellsAResendByIdAndBodyWhereTheIdIsNotSigned() {
        var number = Bodies.number();
        var body = Signed.utf8(Bodies.issueCreated(number));
        var first = hub.send(signed.jira(body, number)).hasStatus(202);
        assertThat(hub.send(signed.jira(body, number)).hasStatus(200).id()).isEqualTo(first.id());
        var other = hub.send(signed.jira(Signed.utf8(Bodies.issueUpdated(number, 1)), number))
                .hasStatus(202);
        assertThat(other.id()).isNotEqualTo(first.id());
        assertThat(hub.stored(number)).isEqualTo(2);
    }

    @Test
    void tellsAResendByTheBodyWhereThereIsNoId() {
        var number = Bodies.number();
        var body = Bodies.order(number, number);
        var first = hub.send(signed.sap(body)).hasStatus(202);
        assertThat(hub.send(signed.sap(body)).hasStatus(200).id()).isEqualTo(first.id());
        assertThat(hub.stored(number)).isOne();
    }
}
