package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A digest of the raw body in a header, keyed with the secret (RFC 2104): Jira, Zendesk, Keycloak's plug-ins, GitHub and
 * whoever else made up a scheme of their own.
 *
 * @param field where the digest stands
 * @param encoding how it is written there
 * @param key how the secret's text becomes the key
 * @param signed what it covers
 * @param id the header behind {@code {id}}; null where that is not in the template
 * @param timestamp the header behind {@code {timestamp}}; null where that is not in the template
 */
record Hmac(
        HmacAlgorithm algorithm,
        HeaderField field,
        Coding encoding,
        Coding key,
        Template signed,
        @Nullable String id,
        @Nullable String timestamp,
        Timestamps format,
        Duration tolerance,
        String secret)
        implements Scheme {

    Hmac {
        requireBoth("id", signed.has("id"), id);
        requireBoth("timestamp", signed.has("timestamp"), timestamp);
    }

    private static void requireBoth(String name, boolean isSigned, @Nullable String header) {
        if (isSigned && header == null) {
            throw new UnsoundException(name, "signed holds {" + name + "}: say in which header it is, with " + name);
        }
        if (!isSigned && header != null) {
            throw new UnsoundException(
                    name,
                    "signed does not hold {" + name + "}, so anybody could change the header " + header
                            + ": put it into signed or leave " + name + " out");
        }
    }

    static Hmac read(JsonNode verify) {
        if (!verify.has("timestamp") && (verify.has("tolerance") || verify.has("timestampFormat"))) {
            throw new UnsoundException(
                    "timestamp", "there is no time stamp: say in which header it is, with timestamp");
        }
        return new Hmac(
                HmacAlgorithm.of(verify.path("algorithm").asText("sha256")),
                HeaderField.read(verify),
                Coding.of(verify.path("encoding").asText("hex")),
                Coding.of(verify.path("key").asText("text")),
                new Template(verify.path("signed").asText("{body}")),
                verify.path("id").textValue(),
                verify.path("timestamp").textValue(),
                Timestamps.of(verify.path("timestampFormat").asText("seconds")),
                duration(verify.path("tolerance").asText("5m")),
                verify.path("secret").asText());
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no duration: " + text, e);
        }
    }

    @Override
    public String scheme() {
        return "hmac";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        var headers = envelope.headers();
        var digest = field.value(headers);
        var idValue = id == null ? "" : headers.only(id);
        var sentAt = timestamp == null ? "" : headers.only(timestamp);
        if (digest == null
                || idValue == null
                || sentAt == null
                || !signed.canHold(idValue)
                || timestamp != null && !format.isNow(sentAt, tolerance, clock)) {
            return Optional.empty();
        }
        return encoding.decode(digest).map(given -> (Proof.OverBody) (text, body) -> key.decode(text)
                .map(bytes -> MessageDigest.isEqual(digest(bytes, idValue, sentAt, body), given))
                .orElse(false));
    }

    private byte[] digest(byte[] bytes, String idValue, String sentAt, byte[] body) {
        return algorithm.digest(bytes, signed.head(idValue, sentAt), body, signed.tail(idValue, sentAt));
    }

    @Override
    public boolean covers(String header) {
        return header.equalsIgnoreCase(id);
    }

    @Override
    public Map<String, String> sign(Outgoing delivery, String text) {
        var bytes = key.decode(text)
                .orElseThrow(() -> new CannotSignException("the secret is not written in "
                        + key.toString().toLowerCase(Locale.ROOT) + ", as the connector's key says"));
        var headers = new TreeMap<String, String>();
        if (id != null) {
            headers.put(id, delivery.id());
        }
        var sentAt = format.write(delivery.at());
        if (timestamp != null) {
            headers.put(timestamp, sentAt);
        }
        var digest = digest(bytes, delivery.id(), sentAt, delivery.body());
        headers.put(field.name(), field.prefix() + encoding.encode(digest));
        return headers;
    }

    @Override
    public Invented invent(String user) {
        return Invented.secret(key == Coding.BASE64 ? key.encode(Invented.random(32)) : Invented.password());
    }

    @Override
    public String words() {
        var what = signed.text().equals("{body}") ? "the body" : signed.text();
        return algorithm + " of " + what + " in " + field.name();
    }
}
