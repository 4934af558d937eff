package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.check.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    }
}
