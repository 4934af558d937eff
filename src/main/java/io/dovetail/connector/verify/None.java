package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whoever reaches the hub may send, as the sender {@code default}; somebody has written down why that is right. */
record None(String reason) implements Scheme {

    static None read(JsonNode verify) {
        return new None(verify.path("reason").asText());
    }

    @Override
    public String scheme() {
        return "none";
    }

    @Override
    public @Nullable String secret() {
        return null;
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.of(new Proof.NotAsked());
    }

    @Override
    public boolean isOnEnvelope() {
        return true;
    }

    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of();
    }

    @Override
    public Invented invent(String user) {
        throw new IllegalStateException("without a proof there is no secret");
    }

    @Override
    public String words() {
        return "no proof: " + reason;
    }
}
