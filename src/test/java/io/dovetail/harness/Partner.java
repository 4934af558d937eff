package io.dovetail.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dovetail.connector.Connector;
import io.dovetail.connector.Webhook;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Scheme;
import io.dovetail.connector.verify.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A system on the other side of a connector: sends deliveries, and proves that they are its own. */
public final class Partner {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String url;
    private final Connector connector;
    private final List<String> keys;

    private Partner(String url, Connector connector, List<String> keys) {
        this.url = url;
        this.connector = connector;
        this.keys = keys;
    }

    /** @param sender whose secret it has; {@code default} for the connector's only one */
    public static Partner of(HubProcess.Address hub, Connector connector, String sender) {
        var keys = connector.webhook().verify().parts().stream()
                .map(scheme -> hub.key(secretName(connector, sender, scheme)))
                .toList();
        return new Partner(hub.url() + "/in/" + connector.name(), connector, keys);
    }

    /** What the secret is called that proves this sender. */
    public static String secretName(Connector connector, String sender) {
        return secretName(
                connector, sender, connector.webhook().verify().parts().getFirst());
    }

    /** What the secret is called by which this sender proves this part of all that it has to prove. */
    public static String secretName(Connector connector, String sender, Scheme part) {
        var owner = sender.equals("default") ? connector.name() : connector.name() + "." + sender;
        return owner + "." + part.secret();
    }

    /** The same system with a secret that the hub does not know. */
    public Partner forger() {
        var secret = keys.getFirst();
        var at = secret.length() / 2;
        var other = secret.charAt(at) == 'A' ? 'B' : 'A';
        return new Partner(url, connector, List.of(secret.substring(0, at) + other + secret.substring(at + 1)));
    }

    /**
     * @param body what was answered; where that is no JSON, the delivery's id alone, empty where nobody says it
     * @param text the same as it came
     */
    public record Answer(int status, JsonNode body, String text) {

        /** The delivery's id, as a 2xx tells it; empty where the vendor gets other words. */
        public String id() {
            return body.path("id").asText();
        }
    }

    /** What a protocol has for an answer holds no id: there it stands in a header. */
    private static JsonNode body(HttpResponse<byte[]> response) throws IOException {
        var headers = response.headers();
        if (headers.firstValue("Content-Type").orElse("").contains("json")) {
            return MAPPER.readTree(response.body());
        }
        return MAPPER.createObjectNode()
                .put("id", headers.firstValue("Delivery-Id").orElse(""));
    }

    /** Of several, the plainest. */
    private static String media(Webhook webhook) {
        return Stream.of("application/json", "application/xml", "text/xml")
                .filter(webhook.media()::contains)
                .findFirst()
                .orElseGet(() -> webhook.media().iterator().next());
    }

    /** @param id the sender's own id of the delivery; the same again for a resend */
    public Answer deliver(String id, byte[] body, Map<String, String> more) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        var webhook = connector.webhook();
        headers.put("Content-Type", media(webhook));
        if (webhook.deliveryIdHeader() != null) {
            headers.put(webhook.deliveryIdHeader(), id);
        }
        headers.putAll(more);
        var signed = Signed.of(webhook.verify(), keys, new Outgoing(id, Instant.now(), body));
        headers.putAll(signed.headers());
        var request = HttpRequest.newBuilder(URI.create(url + signed.tail()))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(signed.body()));
        headers.forEach(request::header);
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    response.statusCode(), body(response), new String(response.body(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException("The hub does not answer at " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
