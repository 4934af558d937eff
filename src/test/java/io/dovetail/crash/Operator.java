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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** Who looks at the books and at dead letters, over the hub's API. */
final class Operator implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String ADMIN = "admin";
    private static final String APPROVER = "bob";
    private static final Pattern UNFORESEEN = Pattern.compile("unforeseen ([0-9]+)");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    // they read all there is
    private static final Duration LONG_DEADLINE = Duration.ofMinutes(5);

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
                    number(letter),
                    letter.at("/failure/kind").asText(),
                    letter.at("/failure/rule").asText(),
                    letter.path("waiting").asInt());
        }

        private static int number(JsonNode letter) {
            var unforeseen = UNFORESEEN.matcher(letter.at("/failure/message").asText(""));
            var digits = unforeseen.find()
                    ? unforeseen.group(1)
                    : letter.at("/failure/value").asText("").replaceAll("[^0-9]", "");
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

    /** Lets what waits behind a dead letter go on without it. */
    int skip(Letter letter) throws IOException, InterruptedException {
        return post("/api/dead-letters/" + letter.id() + "/skip", "{\"reason\":\"it takes too long\"}");
    }

    /** Approves what {@code admin} has proposed for a dead letter, as {@value #APPROVER}. */
    int approve(Letter letter) throws IOException, InterruptedException {
        var path = "/api/dead-letters/" + letter.id();
        var proposal = get(path).at("/proposal/id").asText();
        return post(APPROVER, path + "/approve", "{\"proposal\":\"" + proposal + "\"}");
    }

    /** The line of the file {@code operators} for {@value #APPROVER}, who has the password of {@code admin}. */
    String approver() {
        return APPROVER + " " + BCrypt.hashpw(hub.secret("hub.admin"), BCrypt.gensalt(10)) + " approver\n";
    }

    /** Publishes again what was published of a key in the last hour. */
    int republish(String key) throws IOException, InterruptedException {
        var from = Instant.now().minus(Duration.ofHours(1));
        return post(
                "/api/republications",
                "{\"reason\":\"a lost disk\",\"from\":\"%s\",\"key\":\"certification:%s\"}".formatted(from, key));
    }

    /** Has the hub take over what engineers changed. */
    int reload() throws IOException, InterruptedException {
        return post("/api/reload", "");
    }

    /** Sends all that is parked on its way again; the id of that replay. */
    String replayAll(int rate) throws IOException, InterruptedException {
        var order = "{\"reason\":\"the mapping was mended\",\"connector\":\"partner-api\",\"rate\":" + rate + "}";
        var response = client.send(
                request("/api/replays")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(order))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("a replay is answered with " + response.statusCode() + ": " + response.body());
        }
        return MAPPER.readTree(response.body()).path("id").asText();
    }

    /** Whether a replay of many has come to its end. */
    boolean hasEnded(String replay) throws IOException, InterruptedException {
        return get("/api/replays/" + replay).hasNonNull("endedAt");
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
        return post(ADMIN, path, body);
    }

    private int post(String operator, String path, String body) throws IOException, InterruptedException {
        return client.send(
                        request(operator, path)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private HttpRequest.Builder request(String path) throws IOException, InterruptedException {
        return request(ADMIN, path);
    }

    private HttpRequest.Builder request(String operator, String path) throws IOException, InterruptedException {
        var address = hub.awaitAddress(Duration.ofSeconds(60));
        if (address == null) {
            throw new IOException("the hub is away");
        }
        var password = Base64.getEncoder()
                .encodeToString((operator + ":" + hub.secret("hub.admin")).getBytes(StandardCharsets.UTF_8));
        return HttpRequest.newBuilder(URI.create(address.url() + path))
                .timeout(path.endsWith("/verify") || path.endsWith("/reload") ? LONG_DEADLINE : DEADLINE)
                .header("Authorization", "Basic " + password);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
