package io.dovetail.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;

/** A real Keycloak with the realm of {@code keycloak-realm.json} and nobody in it, as Maven's profile has unpacked it. */
public final class KeycloakServer implements AutoCloseable {

    public static final String REALM = "partners";
    private static final Duration START = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final int port;
    // it does not end with this process by itself
    private final Thread stopper = new Thread(this::destroy, "stop Keycloak");

    private KeycloakServer(Process process, int port) {
        this.process = process;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(stopper);
    }

    /** Returns when it is up. */
    public static KeycloakServer start() {
        var server = begin();
        server.awaitUp();
        return server;
    }

    /** Returns while it starts. */
    public static KeycloakServer begin() {
        var target = Path.of(System.getProperty("hub.root", "")).resolve("target");
        try (var free = new ServerSocket(0);
                var unpacked = Files.list(target.resolve("keycloak"))) {
            var home = unpacked.findFirst().orElseThrow();
            FileSystemUtils.deleteRecursively(home.resolve("data"));
            var realm = Files.createDirectories(home.resolve("data/import")).resolve("partners-realm.json");
            try (var json = KeycloakServer.class.getResourceAsStream("keycloak-realm.json")) {
                Files.copy(json, realm);
            }
            var port = free.getLocalPort();
            free.close();
            var builder = new ProcessBuilder(
                            home.resolve("bin/kc.sh").toAbsolutePath().toString(),
                            "start-dev",
                            "--http-host=127.0.0.1",
                            "--http-port=" + port,
                            "--import-realm")
                    .redirectErrorStream(true)
                    .redirectOutput(target.resolve("keycloak.log").toFile());
            builder.environment()
                    .putAll(Map.of(
                            "JAVA_HOME",
                            System.getProperty("java.home"),
                            "JAVA_OPTS_KC_HEAP",
                            "-Xms64m -Xmx512m",
                            "KC_BOOTSTRAP_ADMIN_USERNAME",
                            "admin",
                            "KC_BOOTSTRAP_ADMIN_PASSWORD",
                            "admin"));
            return new KeycloakServer(builder.start(), port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void awaitUp() {
        await("Keycloak (target/keycloak.log)")
                .atMost(START)
                .pollInterval(Duration.ofSeconds(1))
                .until(this::isUp);
    }

    private boolean isUp() throws InterruptedException {
        assertThat(process.isAlive())
                .as("Keycloak has ended, see target/keycloak.log")
                .isTrue();
        try {
            return send(request("/realms/" + REALM).build()).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** What the connector keycloak needs to know of it. */
    public Map<String, String> secrets() {
        return Map.of(
                "keycloak.realm", REALM,
                "keycloak.client", "dovetail",
                "keycloak.client-secret", "s3cret+with/=&:signs");
    }

    /** Lets the connector keycloak below {@code root} ask this one, without TLS and every second. */
    public KeycloakServer isAskedBelow(Path root) {
        for (var kamelet : List.of("keycloak-events", "keycloak-set-enabled")) {
            change(
                    root.resolve("connectors/keycloak/" + kamelet + ".kamelet.yaml"),
                    "https://{{keycloak.host}}",
                    url());
        }
        for (var route : List.of("admin-events", "user-events")) {
            change(root.resolve("routes/intake/keycloak." + route + ".camel.yaml"), "every: PT1M", "every: PT1S");
        }
        return this;
    }

    private static void change(Path file, String piece, String by) {
        try {
            var text = Files.readString(file);
            assertThat(text).contains(piece);
            Files.writeString(file, text.replace(piece, by));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes somebody with a password, a group and two roles. Gives the id. */
    public String makes(String user, String firstName, String lastName, String password) {
        var id = admin("POST", "/users", """
                        {"username": "%s", "enabled": true, "firstName": "%s", "lastName": "%s",
                         "email": "%s@acme.example",
                         "credentials": [{"type": "password", "value": "%s", "temporary": false}]}""".formatted(user, firstName, lastName, user, password))
                .headers()
                .firstValue("Location")
                .orElseThrow()
                .replaceFirst(".*/", "");
        var group = tree(admin("GET", "/groups?search=partner-sales", ""))
                .path(0)
                .path("id")
                .asText();
        admin("PUT", "/users/" + id + "/groups/" + group, "");
        admin(
                "POST",
                "/users/" + id + "/role-mappings/realm",
                "[" + admin("GET", "/roles/approver", "").body() + ","
                        + admin("GET", "/roles/buyer", "").body() + "]");
        return id;
    }

    /** As an administrator sees somebody. */
    public JsonNode user(String id) {
        return tree(admin("GET", "/users/" + id, ""));
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** As an administrator; a new token each time, since they end after a minute. */
    public HttpResponse<String> admin(String method, String path, String json) {
        var token = form(
                "/realms/master/protocol/openid-connect/token",
                Map.of("grant_type", "password", "client_id", "admin-cli", "username", "admin", "password", "admin"));
        var answer = send(request("/admin/realms/" + REALM + path)
                .header(
                        "Authorization",
                        "Bearer " + tree(token).path("access_token").asText())
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json))
                .build());
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(200, 299);
        return answer;
    }

    /** Somebody signs in. */
    public int signIn(String user, String password) {
        return form(
                        "/realms/" + REALM + "/protocol/openid-connect/token",
                        Map.of("grant_type", "password", "client_id", "portal", "username", user, "password", password))
                .statusCode();
    }

    private HttpResponse<String> form(String path, Map<String, String> fields) {
        var body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode tree(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void destroy() {
        var all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        client.close();
        destroy();
        Runtime.getRuntime().removeShutdownHook(stopper);
    }
}
