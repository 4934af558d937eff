package io.dovetail.connector.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One way to prove who sends, with a secret of its own. */
public sealed interface Scheme extends Verify
        permits Basic, BodyField, ByToken, ClientCertificate, Hmac, None, Path, StandardWebhooks, Token {

    /** As {@link Verify#read}, without those that are made of others. */
    static Scheme read(JsonNode verify) {
        var scheme = verify.path("scheme").asText();
        return switch (scheme) {
            case "basic" -> Basic.read(verify);
            case "body-field" -> BodyField.read(verify);
            case "client-certificate" -> ClientCertificate.read(verify);
            case "hmac", "hmac-sha256" -> Hmac.read(verify);
            case "jwt" -> Jwt.read(verify);
            case "none" -> None.read(verify);
            case "path" -> Path.read(verify);
            case "security-event-token" -> SecurityEventToken.read(verify);
            case "standard-webhooks" -> StandardWebhooks.read(verify);
            case "token" -> Token.read(verify);
            case "verifiable-credential" -> VerifiableCredential.read(verify);
            default -> throw new IllegalArgumentException("there is no scheme " + scheme);
        };
    }

    @Override
    default List<Scheme> parts() {
        return List.of(this);
    }

    /** The last part of the secrets' names; null where there is no secret. */
    @Nullable
    String secret();

    /** The password in a secret, where a person may have thought it up; null where it is a key. */
    default @Nullable String password(String secret) {
        return null;
    }

    /** Where in the body the secret itself stands, by names with dots between; null where it does not. */
    default @Nullable String bodyField() {
        return null;
    }

    /** Where the keys are fetched from that prove the only sender, {@code default}; null where they are in files. */
    default @Nullable URI keysAt() {
        return null;
    }

    /** What the envelope brings forward; empty where that is nothing or misshapen, and then the body need not be read. */
    Optional<Proof> proof(Envelope envelope, Clock clock);

    /**
     * The body as its sender sends it, where the proof stands in that.
     *
     * @param key as for {@link #sign}
     */
    default byte[] fill(byte[] body, String key) {
        return body;
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
}
