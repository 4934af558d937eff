package io.dovetail.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.StreamSupport;

/** The administrator at {@code /api}. */
public final class Operator {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HubProcess.Address hub;

    public Operator(HubProcess.Address hub) {
        this.hub = hub;
    }

    /** @param body what was answered; never null, a missing node when there was nothing */
    public record Answer(int status, JsonNode body) {}

    public Answer get(String path) {
        return exchange(request(path).GET().build());
    }

    public Answer post(String path, Object body) {
        try {
            return exchange(request(path)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body)))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The connector's page of the books; a missing node before its first delivery. */
    public JsonNode books(String connector) {
        return StreamSupport.stream(get("/api/books").body().spliterator(), false)
                .filter(page -> page.path("connector").asText().equals(connector))
                .findFirst()
                .orElse(MAPPER.missingNode());
    }

    private HttpRequest.Builder request(String path) {
        var credentials = "admin:" + hub.secret("hub.admin");
        return HttpRequest.newBuilder(URI.create(hub.url() + path))
                .timeout(Duration.ofSeconds(30))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
    }

    private Answer exchange(HttpRequest request) {
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), MAPPER.readTree(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
