package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a webhook's sender proves who it is. */
public sealed interface Verify
        permits Basic, BodyField, ClientCertificate, Hmac, Jwt, None, SecurityEventToken, StandardWebhooks, Token {

    /**
     * Reads {@code verify}.
     *
     * @throws UnsoundException for what a schema cannot say
     * @throws IllegalArgumentException for what the schema would not have let through
     */
    static Verify read(JsonNode verify) {
        var scheme = verify.path("scheme").asText();
        return switch (scheme) {
            case "basic" -> Basic.read(verify);
            case "body-field" -> BodyField.read(verify);
            case "client-certificate" -> ClientCertificate.read(verify);
            case "hmac", "hmac-sha256" -> Hmac.read(verify);
            case "jwt" -> Jwt.read(verify);
            case "none" -> None.read(verify);
            case "security-event-token" -> SecurityEventToken.read(verify);
            case "standard-webhooks" -> StandardWebhooks.read(verify);
            case "token" -> Token.read(verify);
            default -> throw new IllegalArgumentException("there is no scheme " + scheme);
        };
    }

    /** The scheme's name in {@code connector.yaml}. */
    String scheme();

    /** The last part of the secrets' names; null where there is no secret. */
    @Nullable
    String secret();

    /** Why nobody is asked for a proof; null where everybody is. */
    default @Nullable String reason() {
        return null;
    }

    /** What the envelope brings forward; empty where that is nothing or misshapen, and then the body need not be read. */
    Optional<Proof> proof(Envelope envelope, Clock clock);

    /** Whether the proof stands on the envelope alone, so that a request without a body can bring it. */
    default boolean isOnEnvelope() {
        return false;
    }

    /** Whether it is a certificate of the connection, which the front must ask for before anything is sent. */
    default boolean isCertificate() {
        return false;
    }

    /** Whether a proof covers this header, so that nobody but the sender can have written it. */
    default boolean covers(String header) {
        return false;
    }

    /**
     * The headers by which a sender proves itself.
     *
     * @param key the secret, or the private key that belongs to it
     * @throws CannotSignException when that is no key to sign with
     */
    Map<String, String> sign(Outgoing delivery, String key);

    /**
     * A new secret for a sender who has none yet.
     *
     * @param user what the sender is called, where the secret holds that
     */
    Invented invent(String user);

    /** What a sender has to bring, in a few words for people. */
    String words();
}
