package io.dovetail.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Senders of xAPI statements are answered as a record store would answer them. */
@ExtendWith(VendorsHub.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class XapiStatementsTest {

    private static final String STATEMENTS = "/in/xapi/statements";

    private final Hub hub;

    XapiStatementsTest(VendorsHub.Running running) {
        this.hub = running.hub();
    }

    private Answer send(String method, String address, String body) {
        return hub.send(request(method, address, "application/json")
                .header("X-Experience-API-Version", "1.0.3")
                .body(body));
    }

    private Request request(String method, String address, String media) {
        return Request.of(method, address)
                .header("Authorization", Signed.basic(hub.secret("xapi.basic")))
                .header("Content-Type", media);
    }

    private static String statement(String id, String learner) {
        return "{%s\"actor\":{\"mbox\":\"mailto:%s@acme.example\"},\"verb\":{\"id\":"
                        .formatted(id.isEmpty() ? "" : "\"id\":\"" + id + "\",", learner)
                + "\"http://adlnet.gov/expapi/verbs/completed\"},\"object\":{\"id\":\"https://a.example/c\"}}";
    }

    private static String uuid() {
        return UUID.randomUUID().toString();
    }

    @Test
    void answersWithTheNamesOfOneAndOfMany() {
        var one = uuid();
        var two = uuid();
        assertThat(send("POST", "/in/xapi", statement(one, "mia"))
                        .hasStatus(200)
                        .text())
                .isEqualTo("[\"" + one + "\"]");
        // the first one is known, and all of them are there
        var both = "[" + statement(one, "mia") + "," + statement(two, "ida") + "]";
        for (var attempt = 0; attempt < 2; attempt++) {
            assertThat(send("POST", STATEMENTS, both).hasStatus(200).text())
                    .isEqualTo("[\"" + one + "\",\"" + two + "\"]");
        }
        assertThat(hub.stored(two)).isOne();
    }

    @Test
    void givesAStatementANameThatIsTheSameWhenItComesAgain() {
        var learner = "l" + uuid();
        var first =
                send("POST", STATEMENTS, statement("", learner)).hasStatus(200).text();
        assertThat(first).matches("\\[\"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\"]");
        assertThat(send("POST", STATEMENTS, statement("", learner))
                        .hasStatus(200)
                        .text())
                .isEqualTo(first);
        assertThat(hub.stored(learner)).isOne();
    }

    @Test
    void putsAStatementOnce() {
        var id = uuid();
        var learner = "l" + id;
        var address = STATEMENTS + "?statementId=" + id;
        for (var attempt = 0; attempt < 2; attempt++) {
            var answer = send("PUT", address, statement("", learner)).hasStatus(204);
            assertThat(answer.body()).isEmpty();
        }
        send("PUT", address, statement(id, learner)).hasStatus(204);
        send("PUT", address, statement("", "somebody-else")).isProblem(409);
        send("POST", STATEMENTS, statement(id, "somebody-else")).isProblem(409);
        assertThat(send("POST", STATEMENTS, statement(id, learner))
                        .hasStatus(200)
                        .text())
                .isEqualTo("[\"" + id + "\"]");
    }

    @Test
    void storesAllOfAListOrNothing() {
        var known = uuid();
        var other = uuid();
        send("POST", STATEMENTS, statement(known, "mia")).hasStatus(200);
        var mixed = "[" + statement(other, "ida") + "," + statement(known, "ida") + "]";
        assertThat(send("POST", STATEMENTS, mixed).isProblem(409).text()).contains("another content");
        assertThat(hub.stored(other)).isZero();
        // nor is its name taken
        send("POST", STATEMENTS, statement(other, "tom")).hasStatus(200);
        send("POST", STATEMENTS, mixed).isProblem(409);
    }

    @Test
    void refusesWhatARecordStoreRefuses() {
        var id = uuid();
        var twice = "[" + statement(id, "mia") + "," + statement(id.toUpperCase(Locale.ROOT), "mia") + "]";
        assertThat(send("POST", STATEMENTS, twice).isProblem(400).text()).contains("Two events");
        send("POST", STATEMENTS, statement("4711", "mia")).isProblem(400);
        send("PUT", STATEMENTS, statement(id, "mia")).isProblem(400);
        send("PUT", STATEMENTS + "?statementId=4711", statement("", "mia")).isProblem(400);
        send("PUT", STATEMENTS + "?statementId=" + id + "&statementId=" + id, statement("", "mia"))
                .isProblem(400);
        send("PUT", STATEMENTS + "?statementId=" + uuid(), statement(id, "mia")).isProblem(400);
        send("PUT", STATEMENTS + "?statementId=" + id, "[" + statement("", "mia") + "]")
                .isProblem(400);
        assertThat(hub.send(request("POST", STATEMENTS, "application/json").body(statement(id, "mia")))
                        .isProblem(400)
                        .text())
                .contains("X-Experience-API-Version");
        hub.send(request("POST", STATEMENTS, "application/json")
                        .header("X-Experience-API-Version", "0.95")
                        .body(statement(id, "mia")))
                .isProblem(400);
        send("POST", "/in/xapi/activities", statement(id, "mia")).isProblem(404);
        send("DELETE", STATEMENTS, "").isProblem(405);
        assertThat(send("GET", STATEMENTS, "").isProblem(405).headers().get("allow"))
                .contains("POST")
                .contains("PUT");
        assertThat(hub.stored(id)).isZero();
        // where nobody has said so, nothing is put anywhere
        hub.send(Request.of("PUT", "/in/jira?statementId=" + id).body("{}")).isProblem(405);
        // and strangers are told nothing of all this
        hub.send(Request.of("PUT", STATEMENTS).body("{}")).isProblem(401);
    }

    private Answer multipart(String statement, String digest, String content) {
        return hub.send(request("POST", STATEMENTS, "multipart/mixed; boundary=b")
                .header("X-Experience-API-Version", "1.0.3")
                .body("--b\r\nContent-Type: application/json\r\n\r\n" + statement
                        + "\r\n--b\r\nContent-Type: text/plain\r\nX-Experience-API-Hash: " + digest + "\r\n\r\n"
                        + content
                        + "\r\n--b--\r\n"));
    }

    @Test
    void takesAttachmentsThatAreWhatTheySay() throws NoSuchAlgorithmException {
        var id = uuid();
        var digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest("a certificate".getBytes(UTF_8)));
        multipart(statement(id, "mia"), digest, "another certificate").isProblem(400);
        assertThat(hub.stored(id)).isZero();
        assertThat(multipart(statement(id, "mia"), digest, "a certificate")
                        .hasStatus(200)
                        .text())
                .isEqualTo("[\"" + id + "\"]");
        var given = multipart(statement("", "l" + id), digest, "a certificate")
                .hasStatus(200)
                .text();
        assertThat(hub.stored(given.substring(2, 38))).isOne();
    }
}
