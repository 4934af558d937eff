package io.dovetail.connector.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** The secret itself in a header, as Okta's event hooks send it. It says nothing about the body. */
record Token(HeaderField field, String secret) implements Scheme {

    static Token read(JsonNode verify) {
        return new Token(HeaderField.read(verify), verify.path("secret").asText());
    }

    @Override
    public String scheme() {
        return "token";
    }

    @Override
    public Optional<Proof> proof(Envelope envelope, Clock clock) {
        return Optional.ofNullable(field.value(envelope.headers())).map(value ->
                (Proof.OnEnvelope) text -> MessageDigest.isEqual(text.getBytes(UTF_8), value.getBytes(UTF_8)));
    }

    @Override
    public boolean isOnEnvelope() {
        return true;
    }

    @Override
    public Map<String, String> sign(Outgoing delivery, String key) {
        return Map.of(field.name(), field.prefix() + key);
    }

    @Override
    public Invented invent(String user) {
        return Invented.secret(Invented.password());
    }

    @Override
    public String words() {
        return "a token in " + field.name();
    }
}
