package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.dovetail.counterpart.GraphDouble;
import io.dovetail.counterpart.OktaDouble;
import io.dovetail.counterpart.SetTransmitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Identity providers that both send and are asked, in one running hub: what comes in two ways is told once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentitiesTest {

    private static final String SIGNALS = "connectors/shared-signals/shared-signals-poll.kamelet.yaml";

    private final OktaDouble okta = new OktaDouble();
    private final GraphDouble graph = new GraphDouble();
    private final SetTransmitter transmitter = new SetTransmitter();
    private Hub hub;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        var root = Files.createDirectories(directory.resolve("root"));
        var roots = Roots.copy(root, "entra", "okta", "shared-signals")
                .change("connectors/okta/okta-log.kamelet.yaml", "https://{{okta.host}}", "http://" + okta.host())
                .change("routes/intake/okta.log.camel.yaml", "every: PT1M", "every: PT1S")
                .change(SIGNALS, "https://{{shared-signals.stream}}", "http://" + transmitter.stream())
                .change("routes/intake/shared-signals.stream.camel.yaml", "every: PT10S", "every: PT1S")
                // only a notice lets them ask
                .change("routes/intake/entra.users.camel.yaml", "every: PT1M", "every: PT1H")
                .change("routes/intake/entra.subscriptions.camel.yaml", "hurry: PT10M", "hurry: PT1S");
        graph.addresses().forEach((address, instead) -> {
            for (var kamelet : List.of("entra-delta", "entra-subscribe")) {
                roots.change("connectors/entra/" + kamelet + ".kamelet.yaml", address, instead);
            }
        });
        hub = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()));
    }

    @AfterAll
    void stop() {
        hub.close();
        okta.close();
        graph.close();
        transmitter.close();
    }

    private void secrets(Map<String, String> secrets) throws IOException {
        for (var secret : secrets.entrySet()) {
            Files.writeString(hub.secrets().resolve(secret.getKey()), secret.getValue() + "\n");
        }
    }

    private String polls() {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/polls/details")
                .toString();
    }

    private List<String> told(String key) {
        return hub.get("/api/timeline?key=" + key)
                .json()
                .path("events")
                .valueStream()
                .map(event -> event.path("state").asText() + " "
                        + event.path("type").asText().replaceFirst("identity\\.(.*)\\.v1", "$1"))
                .toList();
    }

    private void awaitTold(String key, String... events) {
        await(key)
                .atMost(Hub.PATIENCE)
                .untilAsserted(() -> assertThat(told(key)).containsExactlyInAnyOrder(events));
    }

    private JsonNode book(String connector) {
        return hub.get("/api/books")
                .json()
                .valueStream()
                .filter(book -> book.path("connector").asText().equals(connector))
                .findFirst()
                .orElseThrow();
    }

    private void hook(String event) {
        hub.send(Request.post("/in/okta")
                        .header("Content-Type", "application/json")
                        .header("Authorization", hub.secret("okta.webhook"))
                        .body("{\"eventType\": \"com.okta.event_hook\", \"eventId\": \"" + Bodies.number()
                                + "\", \"data\": {\"events\": [" + event + "]}}"))
                .hasStatus(200);
    }

    @Test
    void tellsOnceWhatOktaSendsByItsHookAndHasInItsLog() throws IOException {
        assertThat(polls()).contains("okta.log", "off until the secrets directory has okta.token");
        secrets(Map.of("okta.token", OktaDouble.TOKEN));
        await("the log is asked").atMost(Hub.PATIENCE).until(() -> !polls().contains("okta.log"));

        var later = "2099-01-01T00:00:00.000Z";
        var first = OktaDouble.event("first-" + Bodies.number(), "user.lifecycle.create", "okta1", later);
        hook(first);
        awaitTold("okta1", "published joined");
        // in the log it says more than by the hook, and beside it is what the hook has missed
        okta.has(later, first.replace("\"version\"", "\"insertionTimestamp\":1,\"version\""));
        var missed = OktaDouble.event("missed-" + Bodies.number(), "user.lifecycle.suspend", "okta1", later);
        okta.has(later, missed);
        awaitTold("okta1", "published joined", "duplicate joined", "published left");

        // a hook that was only slow
        hook(missed.replace("\"version\"", "\"device\":null,\"version\""));
        awaitTold("okta1", "published joined", "duplicate joined", "published left", "duplicate left");
        assertThat(book("okta").path("difference").asInt()).isZero();
        assertThat(book("okta").at("/events/parked").asInt()).isZero();
    }

    private Answer graphSends(String more) {
        return hub.send(Request.post("/in/entra")
                .header("Content-Type", "application/json")
                .body("{\"value\": [{\"subscriptionId\": \"sub-1\", \"clientState\": \"hint-state\", " + more + "}]}"));
    }

    private void graphNotifies(String more) {
        graphSends(more).hasStatus(202);
    }

    private void userIsUpdated() {
        graphNotifies("\"changeType\": \"updated\", \"resourceData\": {\"@odata.type\": \"#Microsoft.Graph.User\","
                + " \"id\": \"entra1\"}");
    }

    @Test
    void asksMicrosoftForWhatItsNoticesMeanAndKeepsItsSubscriptions() throws IOException {
        secrets(GraphDouble.secrets());
        secrets(Map.of("entra.url", "http://127.0.0.1:" + hub.port() + "/in/entra", "entra.hints.state", "hint-state"));
        // Graph asks the hub itself whether it may
        await("subscriptions")
                .atMost(Hub.PATIENCE)
                .until(() -> graph.subscriptions().size() == 2 && !polls().contains("entra."));
        assertThat(graph.subscriptions())
                .allSatisfy(one -> assertThat(one.path("clientState").asText()).isEqualTo("hint-state"));

        // secrets are looked at every two seconds
        await("the sender is known")
                .atMost(Hub.PATIENCE)
                .until(() -> graphSends("\"lifecycleEvent\": \"missed\"").status() == 202);

        graph.has("users", "{\"id\":\"entra1\",\"createdDateTime\":\"2099-01-01T00:00:00Z\",\"displayName\":\"Mia\"}");
        userIsUpdated();
        awaitTold("entra1", "ignored changed", "published joined");
        graph.has("users", "{\"id\":\"entra1\",\"@removed\":{\"reason\":\"changed\"}}");
        userIsUpdated();
        awaitTold("entra1", "ignored changed", "published joined", "ignored changed", "published left");

        var until = graph.subscriptions().getFirst().path("expirationDateTime").asText();
        graph.dropsSubscriptions();
        graphNotifies("\"lifecycleEvent\": \"subscriptionRemoved\"");
        await("subscriptions")
                .atMost(Hub.PATIENCE)
                .until(() -> graph.subscriptions().size() == 2);
        graphNotifies("\"lifecycleEvent\": \"reauthorizationRequired\"");
        await("renewed")
                .atMost(Hub.PATIENCE)
                .until(() -> graph.subscriptions().stream()
                        .allMatch(one -> one.path("expirationDateTime").asText().compareTo(until) > 0));

        graph.forgetsItsTokens();
        userIsUpdated();
        await("gap").atMost(Hub.PATIENCE).until(() -> told("entra.users").contains("published source.gap.v1"));
        assertThat(book("entra").path("difference").asInt()).isZero();
        assertThat(book("entra").at("/events/parked").asInt()).isZero();
    }

    private static String token(RSAKey key, String jti, String issuer) throws JOSEException {
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience("https://hub.example.com/in/shared-signals")
                .issueTime(Date.from(Instant.now()))
                .jwtID(jti)
                .claim("sub_id", Map.of("format", "opaque", "id", "signals1"))
                .claim(
                        "events",
                        Map.of(
                                "https://schemas.openid.net/secevent/caep/event-type/session-revoked",
                                Map.of("event_timestamp", 1_773_216_000)));
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(new JOSEObjectType("secevent+jwt"))
                .build();
        var token = new SignedJWT(header, claims.build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private Answer pushes(String token) {
        return hub.send(Request.post("/in/shared-signals")
                .header("Content-Type", "application/secevent+jwt")
                .body(token));
    }

    @Test
    void fetchesSignalsAndTakesThoseAloneThatProveWhoseTheyAre() throws Exception {
        var key = new RSAKeyGenerator(2048).keyID("k1").generate();
        var forger = new RSAKeyGenerator(2048).keyID("k1").generate();
        var issuer = "https://idp.example.com";
        var one = token(key, "one", issuer);
        secrets(Map.of("shared-signals.keys", new JWKSet(key.toPublicJWK()).toString()));
        // pushed first, as soon as the keys are known; fetched as well, it is the same token
        await("the keys are known").atMost(Hub.PATIENCE).until(() -> pushes(one).status() == 202);
        transmitter.has("one", one);
        transmitter.has("forged", token(forger, "forged", issuer));
        transmitter.has("other", token(key, "other", "https://elsewhere.example.com"));
        transmitter.has("nonsense", "not.a.token");
        secrets(Map.of(
                "shared-signals.keys",
                new JWKSet(key.toPublicJWK()).toString(),
                "shared-signals.token",
                SetTransmitter.TOKEN));
        await("acknowledged")
                .atMost(Hub.PATIENCE)
                .until(() -> transmitter.acknowledged().contains("one"));
        awaitTold("signals1", "published access-risk");
        await("refused").atMost(Hub.PATIENCE).until(() -> transmitter.refused().size() == 3);
        assertThat(transmitter.refused().values()).containsOnly("authentication_failed");

        transmitter.has("two", token(key, "two", issuer));
        await("acknowledged")
                .atMost(Hub.PATIENCE)
                .until(() -> transmitter.acknowledged().contains("two"));
        awaitTold("signals1", "published access-risk", "published access-risk");
        assertThat(book("shared-signals").at("/deliveries/duplicate").asInt()).isOne();
        assertThat(book("shared-signals").path("difference").asInt()).isZero();
    }
}
