package io.dovetail.demo;

import io.dovetail.harness.HrSystem;
import io.dovetail.harness.KeycloakServer;
import io.dovetail.harness.Partner;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the demo shows with a real Keycloak, which the hub asks for its events, and changes. */
final class KeycloakChapter {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LOGIN = "mia.lund";
    private static final String PASSWORD = "Correct-1";

    private final Page page;
    private final Bus bus;
    private final Checks checks;
    private final KeycloakServer keycloak;
    private final Partner hr;

    KeycloakChapter(Page page, Bus bus, Checks checks, KeycloakServer keycloak, Partner hr) {
        this.page = page;
        this.bus = bus;
        this.checks = checks;
        this.keycloak = keycloak;
        this.hr = hr;
    }

    void tell() {
        page.step("In a real Keycloak Mia gets an account, a group and two roles, and mistypes her password");
        page.say("%s, once it has started (target/keycloak.log). The hub asks it every second.", keycloak.url());
        keycloak.awaitUp();
        var id = keycloak.makes(LOGIN, "Mia", "Lund", PASSWORD);
        var signsIn = keycloak.signIn(LOGIN, PASSWORD);
        keycloak.signIn(LOGIN, "wrong");
        var told = awaits(id, "identity.joined.v1", 1)
                & awaits(id, "identity.changed.v1", 3)
                & awaits(id, "identity.access-risk.v1", 1);
        checks.add(
                "What happens in a real Keycloak is told",
                "one joined, three changed (a group, two roles), one access-risk",
                "%d joined, %d changed, %d access-risk"
                        .formatted(
                                count(id, "identity.joined.v1"),
                                count(id, "identity.changed.v1"),
                                count(id, "identity.access-risk.v1")),
                told && count(id, "identity.joined.v1") == 1 && count(id, "identity.changed.v1") == 3);

        page.step("HR says that Mia goes: its route disables her in Keycloak");
        hr.deliver("hr-1", HrSystem.notice("hr-1", LOGIN, false), Map.of());
        var left = awaits(id, "identity.left.v1", 1);
        var disabled = keycloak.user(id);
        var refused = keycloak.signIn(LOGIN, PASSWORD);
        var revoked = Desk.await(() -> triggers(id).contains("access-revocation"), PATIENCE);
        page.say("She signed in before (%d), and cannot any more (%d).", signsIn, refused);
        checks.add(
                "A user is disabled in it by a Kamelet",
                "she cannot sign in; identity.left, and the workflow access-revocation",
                "signing in: %d, then %d; enabled: %s; triggers: %s"
                        .formatted(signsIn, refused, disabled.path("enabled"), triggers(id)),
                left
                        && revoked
                        && signsIn == 200
                        && refused != 200
                        && !disabled.path("enabled").asBoolean(true));

        page.step("HR says that she stays: she is enabled again");
        hr.deliver("hr-2", HrSystem.notice("hr-2", LOGIN, true), Map.of());
        var back = awaits(id, "identity.joined.v1", 2);
        var again = keycloak.signIn(LOGIN, PASSWORD);
        var name = keycloak.user(id).path("lastName").asText();
        // that she was refused is news, too, and the books are to be read when all is told
        awaits(id, "identity.access-risk.v1", 2);
        Desk.await(() -> bus.events().stream()
                        .filter(event ->
                                event.path("source").asText().startsWith("/connectors/" + HrSystem.CONNECTOR + "/"))
                        .count()
                == 2);
        checks.add(
                "And enabled again, with nothing else changed",
                "she signs in; identity.joined a second time; her name is what it was",
                "signing in: %d; %d joined; %s".formatted(again, count(id, "identity.joined.v1"), name),
                back && again == 200 && name.equals("Lund"));
    }

    private boolean awaits(String user, String type, int times) {
        return Desk.await(() -> count(user, type) >= times, PATIENCE);
    }

    private long count(String user, String type) {
        return bus.events().stream()
                .filter(event -> event.path("type").asText().equals(type)
                        && event.at("/data/userId").asText().equals(user))
                .count();
    }

    private List<String> triggers(String user) {
        return bus.triggers().stream()
                .filter(trigger -> trigger.path("subject").asText().equals(user))
                .map(trigger -> trigger.at("/data/workflow").asText())
                .distinct()
                .toList();
    }
}
