package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.dovetail.check.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The ways of proving a sender that no shipped connector uses, at a real door. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemesTest {

    private Hub hub;

    @BeforeAll
    void startAHubWithOtherProofs(@TempDir Path directory) throws IOException {
        var root = Files.createDirectories(directory.resolve("root"));
        Tree.copiedTo(root);
        verify(root, "jira", "{ scheme: none, reason: Only its address reaches this hub }");
        verify(root, "sap-idoc", "{ scheme: token, header: X-Api-Key, secret: token }");
        verify(root, "partner-api", "{ scheme: body-field, path: data.token, secret: token }");
        var partner = root.resolve("connectors/partner-api/connector.yaml");
        Files.writeString(partner, Files.readString(partner).replace("signed: true", "signed: false"));
        signals(root);
        hub = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()));
    }

    @AfterAll
    void stop() {
        hub.close();
    }

    private static void verify(Path root, String connector, String by) throws IOException {
        var file = root.resolve("connectors/" + connector + "/connector.yaml");
        var text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("verify: \\{[^}]*}", "verify: " + by));
    }

    /** A connector whose deliveries are tokens, as those of shared signals are. */
    private static void signals(Path root) throws IOException {
        write(root, "connectors/signals/connector.yaml", """
                connector: signals
                title: Shared signals
                kind: identity
                intake:
                  webhook:
                    verify: { scheme: security-event-token, algorithms: [ES256], issuer: "https://idp.example", audience: hub, secret: keys }
                    media: [application/secevent+jwt]
                events:
                  - when: .events
                    contract: signals/set.v1
                    mapping: mappings/set.jslt
                    emits: ticket.deleted.v1
                    id: .jti
                otherwise: park
                """);
        write(root, "connectors/signals/mappings/set.jslt", """
                {"time": "2026-03-09T10:00:00Z", "data": {"ticketId": .jti, "ticketKey": .jti}}
                """);
        write(root, "schemas/signals/set.v1.schema.json", """
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["jti", "events"]}
                """);
    }

    private static void write(Path root, String path, String text) throws IOException {
        var file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Request json(String connector, String body) {
        return Request.post("/in/" + connector)
                .header("Content-Type", "application/json")
                .body(body);
    }

    private static String claim(String number, String token) {
        return Bodies.claim(number, "10").replace("\"data\": {", "\"data\": {\"token\": \"" + token + "\", ");
    }

    @Test
    void takesAnybodyWhereNobodyIsAskedAndSaysSo() {
        var number = Bodies.number();
        var delivery = hub.send(json("jira", Bodies.issueCreated(number))).hasStatus(202);
        assertThat(hub.delivery(delivery.id(), "published").path("sender").asText())
                .isEqualTo("default");
        assertThat(hub.secrets().resolve("jira.webhook")).doesNotExist();
        for (var connector : hub.get("/api/connectors").hasStatus(200).json()) {
            var open = connector.path("name").asText().equals("jira");
            assertThat(connector.path("verification").asText().equals("none")).isEqualTo(open);
            assertThat(connector.path("verificationReason").textValue())
                    .isEqualTo(open ? "Only its address reaches this hub" : null);
        }
        var unproved = await().atMost(Hub.PATIENCE)
                .until(
                        () -> hub.asAdmin(Request.of("GET", "/actuator/prometheus"))
                                .to(hub.managementPort())
                                .text()
                                .lines()
                                .filter(line -> line.startsWith("hub_connector_unproved{"))
                                .toList(),
                        lines -> !lines.isEmpty());
        assertThat(unproved).singleElement().asString().isEqualTo("hub_connector_unproved{connector=\"jira\"} 1.0");
    }

    @Test
    void takesATokenInAHeader() {
        var number = Bodies.number();
        var order =
                Request.post("/in/sap-idoc").header("Content-Type", "text/xml").body(Bodies.order(number, number));
        hub.send(order.header("X-Api-Key", hub.secret("sap-idoc.token") + "x")).isProblem(401);
        assertThat(hub.stored(number)).isZero();
        hub.send(Request.post("/in/sap-idoc")
                        .header("Content-Type", "text/xml")
                        .header("X-Api-Key", hub.secret("sap-idoc.token"))
                        .body(Bodies.order(number, number)))
                .hasStatus(202);
    }

    @Test
    void takesATokenInTheBodyAndStoresNothingWithoutIt() {
        var number = Bodies.number();
        var token = hub.secret("partner-api.token");
        var wrong = hub.send(json("partner-api", claim(number, token + "x"))).isProblem(401);
        var missing = hub.send(json("partner-api", Bodies.claim(number, "10"))).isProblem(401);
        // who has proved nothing is told nothing, not even what is wrong with the body
        var malformed = hub.send(json("partner-api", claim(number, token).replace("}}", "}")))
                .isProblem(401);
        var twice = claim(number, token).replace("\"data\"", "\"data\": {\"token\": \"" + token + "\"}, \"data\"");
        var ambiguous = hub.send(json("partner-api", twice)).isProblem(401);
        assertThat(missing.text())
                .isEqualTo(wrong.text())
                .isEqualTo(malformed.text())
                .isEqualTo(ambiguous.text());
        hub.send(json("partner-api", claim(number, token) + " ".repeat(2 << 20)))
                .isProblem(413);
        assertThat(hub.stored(number)).isZero();
        hub.send(json("partner-api", claim(number, token))).hasStatus(202);
        assertThat(hub.stored(number)).isOne();
        assertThat(hub.stored(token))
                .as("deliveries from which one could learn it")
                .isZero();
    }

    @Test
    void takesASecurityEventTokenAndTranslatesItsClaims() throws Exception {
        var id = "set-" + Bodies.number();
        var key = ECKey.parse(hub.secret("signals.keys.private"));
        var token = token(id, key);
        var delivery = hub.send(set(token)).hasStatus(202);
        var event = hub.delivery(delivery.id(), "published").at("/events/0");
        assertThat(event.path("type").asText()).isEqualTo("ticket.deleted.v1");
        assertThat(hub.send(set(token)).hasStatus(200).id()).isEqualTo(delivery.id());

        var stranger = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();
        hub.send(set(token("set-" + Bodies.number(), stranger))).isProblem(401);
        hub.send(set("{\"jti\": \"" + id + "\", \"events\": {}}")).isProblem(401);
        hub.send(json("signals", token("set-" + Bodies.number(), key))).isProblem(415);
    }

    private static Request set(String body) {
        return Request.post("/in/signals")
                .header("Content-Type", "application/secevent+jwt")
                .body(body);
    }

    private static String token(String id, ECKey key) throws Exception {
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("secevent+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer("https://idp.example")
                        .audience("hub")
                        .issueTime(new Date())
                        .jwtID(id)
                        .claim("events", Map.of("https://example.com/gone", Map.of()))
                        .build());
        jwt.sign(new ECDSASigner(key));
        return jwt.serialize();
    }
}
