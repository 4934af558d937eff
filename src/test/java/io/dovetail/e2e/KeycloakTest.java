package io.dovetail.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.check.Tree;
import io.dovetail.harness.HrSystem;
import io.dovetail.harness.KeycloakServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped connector keycloak at a real Keycloak. KeycloakPollsTest has the same for every build, at something that
 * answers in the same form.
 */
@EnabledIfSystemProperty(
        named = "keycloak",
        matches = ".*",
        disabledReason = "fetches and starts a real Keycloak: ./hub test -Dtest=KeycloakTest -Dkeycloak=true")
class KeycloakTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @Test
    void tellsWhatHappensToAPersonAndDisablesAndEnablesHer() throws Exception {
        try (var keycloak = KeycloakServer.start();
                var hub = hub(keycloak)) {
            await("keycloak is asked").atMost(PATIENCE).until(() -> !polls(hub).contains("keycloak"));

            var id = keycloak.makes("mia.lund", "Mia", "Lund", "Correct-1");
            awaitTold(hub, id, "identity.joined.v1", 1);
            awaitTold(hub, id, "identity.changed.v1", 3);

            assertThat(keycloak.signIn("mia.lund", "Correct-1")).isEqualTo(200);
            for (var attempt = 0; attempt < 4; attempt++) {
                assertThat(keycloak.signIn("mia.lund", "wrong")).isNotEqualTo(200);
            }
            // each failure, and that Keycloak locks her out for a while
            awaitTold(hub, id, "identity.access-risk.v1", 5);
            assertThat(keycloak.signIn("nobody", "wrong")).isNotEqualTo(200);

            says(hub, "1", false);
            says(hub, "2", false);
            awaitTold(hub, id, "identity.left.v1", 2);
            var user = keycloak.user(id);
            assertThat(user.path("enabled").asBoolean()).isFalse();
            assertThat(user.path("email").asText()).isEqualTo("mia.lund@acme.example");
            assertThat(user.path("lastName").asText()).isEqualTo("Lund");
            says(hub, "3", true);
            awaitTold(hub, id, "identity.joined.v1", 2);

            keycloak.admin("DELETE", "/users/" + id, "");
            awaitTold(hub, id, "identity.left.v1", 3);

            // minutes are read again and again by now, and everything is told once
            assertThat(told(hub, id))
                    .extracting(event -> event.path("type").asText())
                    .filteredOn(type -> !type.equals("identity.access-risk.v1"))
                    .containsExactlyInAnyOrder(
                            "identity.joined.v1",
                            "identity.joined.v1",
                            "identity.changed.v1",
                            "identity.changed.v1",
                            "identity.changed.v1",
                            "identity.left.v1",
                            "identity.left.v1",
                            "identity.left.v1");
            assertThat(hub.stored("Correct-1")).isZero();
            var book = hub.get("/api/books")
                    .json()
                    .valueStream()
                    .filter(one -> one.path("connector").asText().equals("keycloak"))
                    .findFirst()
                    .orElseThrow();
            assertThat(book.at("/events/parked").asInt()).isZero();
            assertThat(book.at("/deliveries/duplicate").asInt()).isPositive();
            assertThat(book.path("difference").asInt()).isZero();
        }
    }

    private static void says(Hub hub, String id, boolean stays) {
        hub.send(Request.post("/in/hr")
                        .header("Content-Type", "application/json")
                        .header("X-Api-Key", hub.secret("hr.key"))
                        .body(HrSystem.notice(id, "mia.lund", stays)))
                .hasStatus(202);
    }

    private static List<JsonNode> told(Hub hub, String user) {
        return hub.get("/api/timeline?key=" + user)
                .json()
                .path("events")
                .valueStream()
                .filter(event -> event.path("state").asText().equals("published"))
                .toList();
    }

    private static List<JsonNode> awaitTold(Hub hub, String user, String type, int times) {
        return await(type)
                .atMost(PATIENCE)
                .until(
                        () -> told(hub, user).stream()
                                .filter(event -> event.path("type").asText().equals(type))
                                .toList(),
                        events -> events.size() >= times);
    }

    private static String polls(Hub hub) {
        return hub.asAdmin(Request.of("GET", "/actuator/health"))
                .to(hub.managementPort())
                .json()
                .at("/components/polls/details")
                .toString();
    }

    /** With the shipped files, but that it speaks no TLS and asks every second; and with an HR system that says who stays. */
    private Hub hub(KeycloakServer keycloak) throws IOException {
        var root = Files.createDirectories(directory.resolve("root"));
        Tree.copiedTo(root);
        keycloak.isAskedBelow(root);
        HrSystem.into(root);
        var hub = Hub.start(directory.resolve("data"), Map.of("hub.root", root.toString()));
        for (var secret : keycloak.secrets().entrySet()) {
            Files.writeString(hub.secrets().resolve(secret.getKey()), secret.getValue() + "\n");
        }
        return hub;
    }
}
