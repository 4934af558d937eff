package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/**
 * The secret itself as the last part of the address, {@code /in/<connector>/<secret>}, for senders who can be told an
 * address and nothing else. Whoever keeps a log of addresses keeps it too.
 */
record Path(String secret) implements Scheme {

    static Path read(JsonNode verify) {
        return new Path(verify.path("secret").asText());
    }

    @Override
    public String scheme() {
        return "path";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.ofNullable(envelope.tail()).map(tail ->
                (Proof.OnEnvelope) text -> MessageDigest.isEqual(text.getBytes(UTF_8), tail.getBytes(UTF_8)));
    }

    @Override
    public boolean isOnEnvelope() {
        return true;
    }

    @Override
    public boolean isInAddress() {
        return true;
    }

    /** Nothing: whoever sends knows the address. */
    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of();
    }

    @Override
    public Invented invent(String user) {
        return Invented.secret(Invented.password());
    }

    @Override
    public String words() {
        return "a token in the address";
    }
}
