package io.dovetail.e2e;

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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;

/** A real Keycloak with the realm of {@code keycloak-realm.json} and nobody in it, as Maven's profile has unpacked it. */
final class KeycloakServer implements AutoCloseable {

    static final String REALM = "partners";
    private static final Duration START = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final int port;

    private KeycloakServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static KeycloakServer start() {
        try (var free = new ServerSocket(0);
                var unpacked = Files.list(Path.of("target/keycloak"))) {
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
                    .redirectOutput(Path.of("target/keycloak.log").toFile());
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
            var server = new KeycloakServer(builder.start(), port);
            await("Keycloak (target/keycloak.log)")
                    .atMost(START)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(server::isUp);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** As an administrator; a new token each time, since they end after a minute. */
    HttpResponse<String> admin(String method, String path, String json) {
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
    int signIn(String user, String password) {
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

    static JsonNode tree(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        var all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
