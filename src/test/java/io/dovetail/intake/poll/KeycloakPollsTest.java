package io.dovetail.intake.poll;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.call.Callers;
import io.dovetail.call.HttpNetwork;
import io.dovetail.camel.Shop;
import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.event.FailedException;
import io.dovetail.intake.Letter;
import io.dovetail.intake.poll.camel.CamelPolls;
import io.dovetail.ledger.Cursors.Cursor;
import io.dovetail.translate.camel.CamelTranslator;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shipped connector keycloak asks, and does, over the wire. */
class KeycloakPollsTest {

    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
    private static final String USER = "0d4c8a4e-6d5b-4c7e-9a36-8f6b1f1a2c11";

    private final KeycloakDouble keycloak = new KeycloakDouble();
    private final HttpNetwork network = new HttpNetwork();
    private final Map<String, String> secrets = new HashMap<>(Map.of(
            "keycloak.host",
            keycloak.host(),
            "keycloak.realm",
            KeycloakDouble.REALM,
            "keycloak.client",
            KeycloakDouble.CLIENT,
            "keycloak.client-secret",
            KeycloakDouble.SECRET));
    private final Callers callers = new Callers(network, secrets::get, Clock.systemUTC(), new SimpleMeterRegistry());
    private final List<JsonNode> stored = new ArrayList<>();
    private Cursor cursor = new Cursor("{\"time\":\"2026-05-01T11:50:00.000Z\"}", NOON);

    @AfterEach
    void close() {
        network.close();
        keycloak.close();
    }

    /** The shipped files, but that no TLS is spoken, and pages are short. */
    private static Map<String, byte[]> files() {
        var files = new HashMap<String, byte[]>();
        Configuration.filesBelow(Path.of(".")).forEach((path, content) -> {
            if (path.matches(
                    "schemas/.*|connectors/(hub|keycloak)/.*|routes/intake/keycloak\\..*|routes/translate/.*")) {
                var text = new String(content, UTF_8);
                if (path.startsWith("connectors/keycloak/")) {
                    text = text.replace("https://{{keycloak.host}}", "http://{{keycloak.host}}");
                }
                if (path.endsWith("/keycloak.user-events.camel.yaml")) {
                    text = text.replace("most: 100", "most: 2");
                }
                files.put(path, text.getBytes(UTF_8));
            }
        });
        return files;
    }

    private void read(String route) {
        var problems = new Problems();
        var configuration = Configuration.of(files(), problems);
        assertThat(problems.list()).isEmpty();
        var keeper = new Keeper() {
            @Override
            public void store(List<Letter> letters) {
                letters.forEach(letter -> stored.add(Shop.tree(new String(letter.body(), UTF_8))));
            }

            @Override
            public void keep(Cursor next) {
                cursor = next;
            }
        };
        try (var polls = new CamelPolls(configuration)) {
            var poll = polls.routes().stream()
                    .filter(one -> one.poll().id().equals(route))
                    .findFirst()
                    .orElseThrow();
            assertThat(poll.secrets()).isEqualTo(secrets.keySet());
            new Round(poll, callers, keeper, cursor, NOON).run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String userEvent(int number, String type, String time) {
        return """
                {"id":"%d","time":%d,"type":"%s","realmId":"c0ffee","clientId":"portal","userId":"%s",\
                "ipAddress":"127.0.0.1","error":"invalid_user_credentials","details":{"username":"mia"}}""".formatted(number, Instant.parse(time).toEpochMilli(), type, USER);
    }

    private List<String> numbers() {
        return stored.stream().map(event -> event.path("id").asText()).toList();
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
        read("keycloak.user-events");
        // five minutes behind where it was, though known: hence one that is told again, and none that is passed over
        assertThat(numbers().stream().distinct()).containsExactly("1", "2", "3", "4", "6");
        assertThat(keycloak.asked().getFirst())
                .isEqualTo("GET /admin/realms/partners/events?dateFrom=1777635900000&direction=asc&first=0&max=2"
                        + "&resourcePath=%2A");
        assertThat(cursor.position()).isEqualTo("{\"time\":\"2026-05-01T11:59:00.007Z\"}");
        assertThat(keycloak.tokensGiven()).isOne();

        // the same bytes for the same event, by which it is known when it is read again
        var first = List.copyOf(stored);
        read("keycloak.user-events");
        assertThat(first).containsAll(stored.subList(first.size(), stored.size()));
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
        read("keycloak.admin-events");
        assertThat(stored.toString()).doesNotContain("hunter2");
        assertThat(stored.getFirst().at("/representation/username").asText()).isEqualTo("mia");
        assertThat(stored)
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
        read("keycloak.user-events");
        keycloak.forgetsItsTokens();
        assertThatThrownBy(() -> read("keycloak.user-events"))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("is answered with 401");
        read("keycloak.user-events");
        assertThat(keycloak.tokensGiven()).isEqualTo(2);
    }

    @Test
    void enablesAndDisablesExactlyWhoIsMeant() {
        keycloak.hasUser("{\"id\":\"u2\",\"username\":\"mia.lund\",\"enabled\":true}");
        keycloak.hasUser("{\"id\":\"" + USER + "\",\"username\":\"mia\",\"enabled\":true}");
        setEnabled("Mia", false);
        setEnabled("Mia", true);
        setEnabled("nobody", false);
        assertThat(keycloak.asked())
                .filteredOn(line -> line.startsWith("PUT"))
                .containsExactly(
                        "PUT /admin/realms/partners/users/" + USER + " {\"enabled\":false}",
                        "PUT /admin/realms/partners/users/" + USER + " {\"enabled\":true}");
        assertThatThrownBy(() -> setEnabled("nobody", true))
                .isInstanceOf(FailedException.class)
                .hasMessageContaining("there is no value for {userId}");
    }

    /** As an engineer's route uses the Kamelet. */
    private void setEnabled(String userName, boolean enabled) {
        var shop = new Shop();
        var kamelet = "keycloak-set-enabled.kamelet.yaml";
        shop.files().put("connectors/shop/" + kamelet, files().get("connectors/keycloak/" + kamelet));
        shop.change("connectors/shop/connector.yaml", "otherwise: park", "calls: {}\notherwise: park");
        shop.put("routes/translate/shop.camel.yaml", """
                - route:
                    id: shop
                    description: Whoever orders may sign in, or not.
                    from:
                      uri: direct:translate-shop
                      steps:
                        - to: kamelet:hub-contract
                        - setVariable:
                            name: userName
                            expression:
                              language: { language: jslt, expression: .order.number }
                        - to: kamelet:keycloak-set-enabled?enabled=%s
                        - to: kamelet:hub-mapping
                        - to: kamelet:hub-canonical
                """.formatted(enabled));
        var configuration = shop.configuration();
        try (var translator = new CamelTranslator(configuration)) {
            translator.translate(
                    Shop.source(configuration, "acme", userName, Shop.order(userName, "1")),
                    callers.of("shop", Duration.ofSeconds(10)));
        }
    }
}
