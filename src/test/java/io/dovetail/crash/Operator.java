package io.dovetail.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Who looks at the books and at dead letters, over the hub's API. */
final class Operator implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HubProcess hub;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    Operator(HubProcess hub) {
        this.hub = hub;
    }

    /**
     * A parked event.
     *
     * @param n what its sender numbered it, when its content is what is wrong; otherwise -1
     * @param waiting how many later events of its key are held behind it
     */
    record Letter(String id, String sender, String key, int n, String kind, String rule, int waiting) {

        static Letter of(JsonNode letter) {
            return new Letter(
                    letter.path("id").asText(),
                    letter.path("sender").asText(),
                    letter.path("key").asText().replaceFirst("^certification:", ""),
                    number(letter.at("/failure/value").asText("")),
                    letter.at("/failure/kind").asText(),
                    letter.at("/failure/rule").asText(),
                    letter.path("waiting").asInt());
        }

        private static int number(String value) {
            var digits = value.replaceAll("[^0-9]", "");
            return digits.isEmpty() ? -1 : Integer.parseInt(digits);
        }
    }

    /** The page of {@code partner-api}. */
    JsonNode book() throws IOException, InterruptedException {
        for (var page : get("/api/books")) {
            if (page.path("connector").asText().equals("partner-api")) {
                return page;
            }
        }
        return MAPPER.createObjectNode();
    }

    /** What a walk along the audit finds. */
    JsonNode audit() throws IOException, InterruptedException {
        return get("/api/audit/verify");
    }

    /** The books recomputed from the rows. */
    JsonNode verified() throws IOException, InterruptedException {
        return get("/api/books/verify");
    }

    List<Letter> deadLetters() throws IOException, InterruptedException {
        var letters = new ArrayList<Letter>();
        var after = 0L;
        while (true) {
            var page = get("/api/dead-letters?after=" + after);
            page.path("deadLetters").forEach(letter -> letters.add(Letter.of(letter)));
            if (!page.hasNonNull("next")) {
                return letters;
            }
            after = page.path("next").asLong();
        }
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        var response = client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answers " + response.statusCode());
        }
        return MAPPER.readTree(response.body());
    }

    /** Does with a dead letter what its offer has in store for it; the status, 404 when somebody was quicker. */
    int decide(Letter letter, Offer offer) throws IOException, InterruptedException {
        return switch (offer.kind()) {
            case DISCARDED -> discard(letter);
            case REPAIRED -> replay(letter, "{\"reason\":\"mended\",\"patch\":" + offer.patch() + "}");
            default -> replay(letter, "{\"reason\":\"the hub was mended\"}");
        };
    }

    private int replay(Letter letter, String order) throws IOException, InterruptedException {
        return post("/api/dead-letters/" + letter.id() + "/replay", order);
    }

    /** Mends a dead letter, and wants it said by the version that parked it. */
    int replayAsThen(Letter letter, Offer offer) throws IOException, InterruptedException {
        return replay(letter, "{\"reason\":\"mended\",\"as\":\"then\",\"patch\":" + offer.patch() + "}");
    }

    /** Has the hub take over what engineers changed. */
    int reload() throws IOException, InterruptedException {
        return post("/api/reload", "");
    }

    /** Keeps back the triggers of a workflow. */
    int pause(String workflow) throws IOException, InterruptedException {
        return post("/api/pauses", trigger(workflow));
    }

    int resume(String workflow) throws IOException, InterruptedException {
        return post("/api/pauses/resume", trigger(workflow));
    }

    private static String trigger(String workflow) {
        return "{\"what\":\"trigger\",\"name\":\"" + workflow + "\",\"reason\":\"a test\"}";
    }

    /** Ends a dead letter. */
    int discard(Letter letter) throws IOException, InterruptedException {
        return post("/api/dead-letters/" + letter.id() + "/discard", "{\"reason\":\"not wanted\"}");
    }

    private int post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                        request(path)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest.Builder request(String path) throws IOException, InterruptedException {
        var address = hub.awaitAddress(Duration.ofSeconds(60));
        if (address == null) {
            throw new IOException("the hub is away");
        }
        var password = Base64.getEncoder()
                .encodeToString(("admin:" + hub.secret("hub.admin")).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(address.url() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Basic " + password);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
