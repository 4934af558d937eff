package io.dovetail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import io.dovetail.check.Tree;
import io.dovetail.cli.Listener.Answer;
import io.dovetail.connector.Webhook;
import io.dovetail.connector.verify.Verify;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendCommandTest {

    private static final String EVENTS = """
            {"events": [
              {"state": "published", "type": "ticket.opened.v1", "triggers": [{"workflow": "ticket-escalation"}]},
              {"state": "parked", "failure":
                {"kind": "CONTRACT", "place": "line 3, /issue", "rule": "required", "message": "no | is <there>"}},
              {"state": "ignored", "reason": "no | news"},
              {"state": "ignored", "reason": "no | news"}]}
            """;

    private static final Path CHECKOUT = Path.of("").toAbsolutePath();

    @TempDir
    private Path secrets;

    private Listener hub;
    private Terminal terminal;

    @BeforeEach
    void startAHub() throws Exception {
        hub = new Listener(Map.of(
                "POST /in/jira", new Answer(202, "{\"id\": \"d\", \"status\": \"accepted\"}"),
                "POST /in/sap-idoc", new Answer(401, "{\"title\": \"Unauthorized\"}"),
                "POST /in/partner-api", new Answer(200, "{\"id\": \"d\", \"status\": \"duplicate\"}"),
                "GET /api/deliveries/d", new Answer(200, EVENTS)));
        Files.writeString(secrets.resolve("jira.webhook"), "It's a Secret to Everybody\n");
        Files.writeString(secrets.resolve("sap-idoc.basic"), "sap:Start1234\n");
        Files.writeString(secrets.resolve("partner-api.acme.webhook"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
        terminal = new Terminal(CHECKOUT, Path.of("nowhere"), Map.of("HUB_SECRETS", secrets.toString()));
    }

    @AfterEach
    void stopTheHub() {
        hub.close();
    }

    @Test
    void sendsASampleByteForByte() throws Exception {
        var sample = CHECKOUT.resolve("connectors/jira/samples/issue-deleted/delivery.json");

        assertThat(terminal.type("send", "jira", "issue-deleted", "--url", hub.url(), "--id", "i-1"))
                .isZero();

        var request = hub.requests().getFirst();
        assertThat(request.body()).isEqualTo(Files.readAllBytes(sample));
        assertThat(request.headers().getFirst("X-Atlassian-Webhook-Identifier")).isEqualTo("i-1");
        assertThat(request.headers().getFirst("X-Hub-Signature")).matches("sha256=[0-9a-f]{64}");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(terminal.out()).contains("202", "accepted");
    }

    @Test
    void failsWhenTheHubRefuses() {
        assertThat(terminal.type("send", "sap-idoc", "order-placed", "--url", hub.url()))
                .isEqualTo(1);
        assertThat(hub.requests().getFirst().headers().getFirst("Authorization"))
                .isEqualTo("Basic c2FwOlN0YXJ0MTIzNA==");
        assertThat(terminal.out()).contains("401");
    }

    @Test
    void followsAllFilesOfAFolderToTheirEnd(@TempDir Path folder) throws Exception {
        Files.writeString(Files.createDirectory(folder.resolve("old")).resolve("b.json"), "{}");
        Files.writeString(folder.resolve("a.json"), "{}");
        Files.writeString(secrets.resolve("hub.admin"), "whoever\n");

        assertThat(terminal.type("send", "jira", folder.toString(), "--url", hub.url(), "--header", "X-Try: 1"))
                .isZero();
        var ends = "published ticket.opened.v1, triggers ticket-escalation"
                + "<br>parked CONTRACT at line 3, /issue, required: no \\| is &lt;there>"
                + "<br>2 × ignored: no \\| news";
        assertThat(terminal.out().lines().skip(2))
                .containsExactly(
                        "| " + folder.resolve("a.json") + " | 202 | " + ends + " |",
                        "| " + folder.resolve("old/b.json") + " | 202 | known already: " + ends + " |");
        assertThat(hub.requests().getFirst().headers().getFirst("X-Try")).isEqualTo("1");

        assertThat(terminal.type("send", "sap-idoc", "order-placed", "order-changed", "--url", hub.url()))
                .isZero();
        assertThat(terminal.out()).contains("| sample order-changed | 401 | refused: Unauthorized |");
    }

    @Test
    void givesNoTwoDeliveriesTheSameId(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a.json"), "{}");
        Files.writeString(folder.resolve("b.json"), "{}");
        assertThat(terminal.type("send", "jira", folder.toString(), "--id", "4711", "--url", hub.url()))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("--id is the id of one delivery; there are 2");
    }

    @Test
    void takesTheOnlySenderUnlessAnotherIsNamed() {
        assertThat(terminal.type("send", "partner-api", "claim-small", "--url", hub.url()))
                .isZero();
        assertThat(terminal.out()).contains("from acme");
        assertThat(terminal.type("send", "partner-api", "claim-small", "--url", hub.url(), "--sender", "globex"))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("partner-api.globex.webhook", "those of acme");
    }

    @Test
    void signsWithThePrivateKeyBesideAPublicOne() throws Exception {
        Files.writeString(
                secrets.resolve("partner-api.acme.webhook"), "whpk_UPlWAUsQhK5vjEXFw5mh2/UzlYbUCyM6vyBvPlGntd0=\n");
        assertThat(terminal.type("send", "partner-api", "claim-small", "--url", hub.url()))
                .isEqualTo(1);
        assertThat(terminal.err()).contains("public key", ".private");
        assertThat(hub.requests()).isEmpty();

        Files.writeString(
                secrets.resolve("partner-api.acme.webhook.private"),
                "whsk_Zn5ZQz6oUreYEFaTYTtV4c3TnYgmocm/fWYEaZd8tXw=\n");
        assertThat(terminal.type("send", "partner-api", "claim-small", "--url", hub.url()))
                .isZero();
        assertThat(terminal.out()).contains("from acme");
        assertThat(hub.requests().getFirst().headers().getFirst("webhook-signature"))
                .startsWith("v1a,");
    }

    private Terminal at(Path root, String verify) throws Exception {
        Tree.copiedTo(root);
        var yaml = root.resolve("connectors/jira/connector.yaml");
        Files.writeString(yaml, Files.readString(yaml).replaceFirst("verify: \\{[^}]*}", "verify: " + verify));
        return new Terminal(root, Path.of("nowhere"), Map.of("HUB_SECRETS", secrets.toString()));
    }

    @Test
    void putsATokenIntoTheAddressAndIntoTheBody(@TempDir Path root) throws Exception {
        var at = at(
                root,
                "{ scheme: all, of: [{ scheme: path, secret: path }, { scheme: body-field, path: token, secret: token }] }");
        Files.writeString(secrets.resolve("jira.acme.path"), "4f1b\n");
        assertThat(at.type("send", "jira", "issue-deleted", "--url", hub.url())).isEqualTo(1);
        assertThat(at.err()).contains("jira.acme.token");
        Files.writeString(secrets.resolve("jira.acme.token"), "t0k3n\n");
        at.type("send", "jira", "issue-deleted", "--url", hub.url());
        var request = hub.requests().getFirst();
        assertThat(request.uri()).isEqualTo("/in/jira/4f1b");
        assertThat(request.text()).contains("\"token\":\"t0k3n\"");
    }

    @Test
    void signsForAnIssuerWithAKeyOfItsOwn(@TempDir Path root) throws Exception {
        var at = at(
                root,
                "{ scheme: jwt, algorithms: [ES256], issuer: i, audience: a, jwks: \"https://idp.example/keys\" }");
        assertThat(at.type("send", "jira", "issue-deleted", "--url", hub.url())).isEqualTo(1);
        assertThat(at.err()).contains("jira.jwks.private");
        var key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        Files.writeString(secrets.resolve("jira.jwks.private"), key.toJSONString());
        assertThat(at.type("send", "jira", "issue-deleted", "--url", hub.url())).isZero();
        var header = hub.requests().getFirst().headers().getFirst("Authorization");
        assertThat(SignedJWT.parse(header.substring("Bearer ".length())).verify(new ECDSAVerifier(key.toPublicJWK())))
                .isTrue();
    }

    /** From GitHub's documentation of its webhooks: the key is the secret's text. */
    @Test
    void signsWithAnHmacOfTheBody() throws Exception {
        var webhook =
                webhook("{\"scheme\": \"hmac\", \"header\": \"X-Hub-Signature-256\", \"prefix\": \"sha256=\"}", null);

        assertThat(headers(webhook, "It's a Secret to Everybody", "", "Hello, World!"))
                .containsEntry(
                        "X-Hub-Signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    /** The vector that the libraries of Standard Webhooks test with. */
    @Test
    void signsAsStandardWebhooksSays() throws Exception {
        var webhook = webhook("{\"scheme\": \"standard-webhooks\"}", "webhook-id");

        assertThat(headers(
                        webhook,
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        "{\"test\": 2432232314}"))
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    private static Webhook webhook(String verify, @Nullable String deliveryId) throws Exception {
        return new Webhook(
                Verify.read(new ObjectMapper().readTree(verify)),
                deliveryId,
                deliveryId != null,
                Set.of("application/json"),
                1000);
    }

    private static Map<String, String> headers(Webhook webhook, String secret, String id, String body) {
        return Signature.of(
                        webhook,
                        List.of(secret),
                        id,
                        Instant.ofEpochSecond(1614265330),
                        body.getBytes(StandardCharsets.UTF_8))
                .headers();
    }
}
