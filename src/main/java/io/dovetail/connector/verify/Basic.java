package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** HTTP basic authentication (RFC 7617); the secret is {@code user:password}, and the whole of it is compared. */
record Basic(String secret) implements Scheme {

    private static final String HEADER = "Authorization";
    private static final String PREFIX = "Basic ";

    static Basic read(JsonNode verify) {
        return new Basic(verify.path("secret").asText());
    }

    @Override
    public String scheme() {
        return "basic";
    }

    @Override
    public String password(String userAndPassword) {
        return userAndPassword.substring(userAndPassword.indexOf(':') + 1);
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        var value = envelope.headers().only(HEADER);
        // the scheme's name is case-insensitive (RFC 9110, 11.1)
        if (value == null || !value.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
            return Optional.empty();
        }
        return Coding.BASE64.decode(value.substring(PREFIX.length()).strip()).map(given ->
                (Proof.OnEnvelope) text -> MessageDigest.isEqual(text.getBytes(UTF_8), given));
    }

    @Override
    public boolean isOnEnvelope() {
        return true;
    }

    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of(HEADER, PREFIX + Coding.BASE64.encode(key.getBytes(UTF_8)));
    }

    @Override
    public Invented invent(String user) {
        return Invented.secret(user + ":" + Invented.password());
    }

    @Override
    public String words() {
        return "basic authentication";
    }
}
