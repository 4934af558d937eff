package io.dovetail.intake.poll;

import static io.dovetail.camel.ShopRoute.failure;
import static io.dovetail.camel.ShopRoute.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.camel.ShopRoute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector keycloak asks, and does, over the wire. */
class KeycloakPollsTest {

    private static final String USER = "0d4c8a4e-6d5b-4c7e-9a36-8f6b1f1a2c11";

    private final KeycloakDouble keycloak = new KeycloakDouble();
    private final Map<String, String> secrets = Map.of(
            "keycloak.host",
            keycloak.host(),
            "keycloak.realm",
            KeycloakDouble.REALM,
            "keycloak.client",
            KeycloakDouble.CLIENT,
            "keycloak.client-secret",
            KeycloakDouble.SECRET);
    private final PolledConnector connector = new PolledConnector(
            "keycloak",
            secrets,
            text -> text.contains("id: keycloak.user-events") ? text.replace("most: 100", "most: 2") : text);
    private final ShopRoute route = new ShopRoute("keycloak", secrets, ".order.number");

    @AfterEach
    void close() {
        connector.close();
        route.close();
        keycloak.close();
    }

    private static String userEvent(int number, String type, String time) {
        return """
                {"id":"%d","time":%d,"type":"%s","realmId":"c0ffee","clientId":"portal","userId":"%s",\
                "ipAddress":"127.0.0.1","error":"invalid_user_credentials","details":{"username":"mia"}}""".formatted(number, Instant.parse(time).toEpochMilli(), type, USER);
    }

    @Test
    void readsEventsOldestFirstPageByPageThoughManyAreOfOneMoment() {
        keycloak.has(
                "events",
                userEvent(6, "LOGIN_ERROR", "2026-05-01T11:59:00.007Z"),
                userEvent(5, "LOGIN", "2026-05-01T11:58:00.006Z"),
                userEvent(2, "LOGIN_ERROR", "2026-05-01T11:51:00.001Z"),
                userEvent(3, "LOGIN_ERROR", "2026-05-01T11:51:00.001Z"),
                userEvent(4, "UPDATE_PASSWORD", "2026-05-01T11:51:00.001Z"),
                userEvent(7, "LOGIN_ERROR", "2026-05-01T11:52:00.000Z").replace("userId", "nobody"),
                userEvent(1, "LOGIN_ERROR", "2026-05-01T11:45:00.000Z"),
                userEvent(0, "LOGIN_ERROR", "2026-05-01T11:44:59.999Z"));
        connector.read("keycloak.user-events");
        // five minutes behind where it was, though known: hence one that is told again, and none that is passed over
        assertThat(connector.stored("/id").stream().distinct()).containsExactly("1", "2", "3", "4", "6");
        assertThat(keycloak.asked().getFirst())
                .isEqualTo("GET /admin/realms/partners/events?dateFrom=1777635900000&direction=asc&first=0&max=2"
                        + "&resourcePath=%2A");
        assertThat(connector.position()).isEqualTo("{\"time\":\"2026-05-01T11:59:00.007Z\"}");
        assertThat(keycloak.tokensGiven()).isOne();

        // the same bytes for the same event, by which it is known when it is read again
        var first = List.copyOf(connector.bodies());
        connector.read("keycloak.user-events");
        assertThat(first)
                .containsAll(connector
                        .bodies()
                        .subList(first.size(), connector.bodies().size()));
    }

    @Test
    void handsOverWhatIsSaidOfUsersAndNoPasswords() {
        keycloak.has(
                "admin-events",
                adminEvent(1, "CREATE", "USER", "users/" + USER, """
                        {"username":"mia","enabled":true,"credentials":[{"type":"password","value":"hunter2"}]}"""),
                adminEvent(2, "CREATE", "REALM_ROLE_MAPPING", "users/" + USER + "/role-mappings/realm", """
                        [{"id":"r1","name":"approver"},{"id":"r2","name":"buyer"}]"""),
                adminEvent(3, "UPDATE", "USER", "users/" + USER, "{\"username\":\"cut o"),
                """
                {"id":"4","time":1777636204000,"realmId":"c0ffee","operationType":"DELETE","resourceType":"USER",\
                "resourcePath":"users/%s"}""".formatted(USER));
        connector.read("keycloak.admin-events");
        assertThat(connector.bodies().toString()).doesNotContain("hunter2");
        assertThat(connector.stored("/representation/username")).startsWith("mia");
        assertThat(connector.stored())
                .extracting(event ->
                        event.path("id").asText() + " " + event.path("role").asText() + " "
                                + event.at("/representation/name").asText())
                .containsExactly("1  ", "2 r1 approver", "2 r2 buyer", "3  ", "4  ");
        assertThat(keycloak.asked()).singleElement().asString().endsWith("&resourcePath=users/%2A");
    }

    private static String adminEvent(int number, String operation, String type, String path, String representation) {
        return """
                {"id":"%d","time":%d,"realmId":"c0ffee","authDetails":{"realmId":"c0ffee","clientId":"c1","userId":"a1",\
                "ipAddress":"127.0.0.1"},"operationType":"%s","resourceType":"%s","resourcePath":"%s",\
                "representation":"%s"}""".formatted(
                        number,
                        1_777_636_200_000L + number * 1000L,
                        operation,
                        type,
                        path,
                        representation.replace("\"", "\\\""));
    }

    @Test
    void comesAgainWithAnotherTokenWhenItsOwnCountsNoMore() {
        connector.read("keycloak.user-events");
        keycloak.forgetsItsTokens();
        assertThat(connector.failsToRead("keycloak.user-events")).hasMessageContaining("is answered with 401");
        connector.read("keycloak.user-events");
        assertThat(keycloak.tokensGiven()).isEqualTo(2);
    }

    @Test
    void enablesAndDisablesExactlyWhoIsMeant() {
        keycloak.hasUser("{\"id\":\"u2\",\"username\":\"mia.lund\",\"enabled\":true}");
        keycloak.hasUser("{\"id\":\"" + USER + "\",\"username\":\"mia\",\"enabled\":true}");
        route.run(setEnabled(false), "Mia");
        route.run(setEnabled(true), "Mia");
        route.run(setEnabled(false), "nobody");
        assertThat(keycloak.asked())
                .filteredOn(line -> line.startsWith("PUT"))
                .containsExactly(
                        "PUT /admin/realms/partners/users/" + USER + " {\"enabled\":false}",
                        "PUT /admin/realms/partners/users/" + USER + " {\"enabled\":true}");
        assertThat(failure(() -> route.run(setEnabled(true), "nobody")))
                .hasMessageContaining("there is no value for {userId}");
    }

    private static String setEnabled(boolean enabled) {
        return set("userName", ".order.number") + "- to: kamelet:keycloak-set-enabled?enabled=%s\n".formatted(enabled);
    }
}
