package io.dovetail.call;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How the hub proves itself to the system it asks.
 *
 * @param user null: {@code secret} is a bearer token
 */
public record Credentials(@Nullable String user, String secret) {

    /** The value of {@code Authorization}. */
    String header(UnaryOperator<String> secrets) {
        var resolved = SecretReference.resolve(secret, secrets);
        if (user == null) {
            return "Bearer " + resolved;
        }
        var pair = SecretReference.resolve(user, secrets) + ":" + resolved;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return user == null ? "Bearer" : "Basic";
    }
}
