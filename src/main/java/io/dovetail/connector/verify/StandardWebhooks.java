package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * <a href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">Standard
 * Webhooks</a>: {@code id.timestamp.body} signed with HMAC-SHA256 ({@code v1}, the secret is {@code whsec_<base64>}) or
 * Ed25519 ({@code v1a}, the secret file holds the public key, {@code whpk_<base64>}). Any entry of the list may match.
 */
record StandardWebhooks(String secret) implements Scheme {

    private static final String ID = "webhook-id";
    private static final String TIMESTAMP = "webhook-timestamp";
    private static final String SIGNATURE = "webhook-signature";
    private static final String SHARED = "whsec_";
    private static final String PUBLIC = "whpk_";
    private static final String PRIVATE = "whsk_";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    // two lists of a rotation are four; more is somebody's attempt to make us count
    private static final int MAX_SIGNATURES = 16;

    private record Entry(String version, byte[] signature) {}

    static StandardWebhooks read(JsonNode verify) {
        return new StandardWebhooks(verify.path("secret").asText());
    }

    @Override
    public String scheme() {
        return "standard-webhooks";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        var headers = envelope.headers();
        var id = headers.only(ID);
        var timestamp = headers.only(TIMESTAMP);
        var signature = headers.only(SIGNATURE);
        if (id == null
                || timestamp == null
                || signature == null
                // it could be passed off as the beginning of the time stamp
                || id.contains(".")
                || !Timestamps.SECONDS.isNow(timestamp, TOLERANCE, clock)) {
            return Optional.empty();
        }
        var entries = Arrays.stream(signature.split(" ", MAX_SIGNATURES + 1))
                .limit(MAX_SIGNATURES)
                .flatMap(entry -> entry(entry).stream())
                .toList();
        var head = head(id, timestamp);
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of((Proof.OverBody) (text, body) -> fits(entries, text, head, body));
    }

    private static Optional<Entry> entry(String text) {
        var version = text.startsWith("v1,") ? "v1" : text.startsWith("v1a,") ? "v1a" : "";
        return version.isEmpty()
                ? Optional.empty()
                : Coding.BASE64.decode(text.substring(version.length() + 1)).map(s -> new Entry(version, s));
    }

    /** The form of the secret decides which entries count: one kind of key never proves the other kind of signature. */
    private static boolean fits(List<Entry> entries, String secret, byte[] head, byte[] body) {
        if (secret.startsWith(PUBLIC)) {
            var key = Coding.BASE64.decode(secret.substring(PUBLIC.length())).flatMap(Ed25519::publicKey);
            return key.isPresent() && any(entries, "v1a", given -> Ed25519.verify(key.get(), given, head, body));
        }
        return sharedKey(secret)
                .map(key -> HmacAlgorithm.SHA256.digest(key, head, body))
                .filter(expected -> any(entries, "v1", given -> MessageDigest.isEqual(expected, given)))
                .isPresent();
    }

    private static boolean any(List<Entry> entries, String version, Predicate<byte[]> matches) {
        return entries.stream().anyMatch(entry -> entry.version.equals(version) && matches.test(entry.signature));
    }

    private static Optional<byte[]> sharedKey(String secret) {
        return secret.startsWith(SHARED)
                ? Coding.BASE64
                        .decode(secret.substring(SHARED.length()))
                        .filter(key -> key.length >= 24 && key.length <= 64)
                : Optional.empty();
    }

    private static byte[] head(String id, String timestamp) {
        return (id + "." + timestamp + ".").getBytes(UTF_8);
    }

    @Override
    public boolean covers(String header) {
        return header.equalsIgnoreCase(ID);
    }

    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        var timestamp = Timestamps.SECONDS.write(delivery.at());
        var head = head(delivery.id(), timestamp);
        return Map.of(ID, delivery.id(), TIMESTAMP, timestamp, SIGNATURE, signature(key, head, delivery.body()));
    }

    private static String signature(String key, byte[] head, byte[] body) {
        if (key.startsWith(PUBLIC)) {
            throw new CannotSignException(
                    "the secret is a public key, which proves but cannot sign: put the private one (whsk_) into a"
                            + " file of the same name with .private behind it");
        }
        if (key.startsWith(PRIVATE)) {
            var privateKey = Coding.BASE64
                    .decode(key.substring(PRIVATE.length()))
                    .flatMap(Ed25519::privateKey)
                    .orElseThrow(() -> new CannotSignException(
                            "the private key of Standard Webhooks is written whsk_ and 32 or 64 bytes in base64"));
            return "v1a," + Coding.BASE64.encode(Ed25519.sign(privateKey, head, body));
        }
        return sharedKey(key)
                .map(shared -> "v1," + Coding.BASE64.encode(HmacAlgorithm.SHA256.digest(shared, head, body)))
                .orElseThrow(() -> new CannotSignException(
                        "the secret of Standard Webhooks is written whsec_ and 24 to 64 bytes in base64"));
    }

    @Override
    public Invented invent(String user) {
        return Invented.secret(SHARED + Coding.BASE64.encode(Invented.random(32)));
    }

    @Override
    public String words() {
        return "Standard Webhooks headers";
    }
}
