package io.dovetail.connector.verify;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A secret made up for a sender.
 *
 * @param secret what the hub proves deliveries with
 * @param privateKey what the sender signs with; null where that is the secret itself
 */
public record Invented(String secret, @Nullable String privateKey) {

    private static final SecureRandom RANDOM = new SecureRandom();

    static Invented secret(String secret) {
        return new Invented(secret, null);
    }

    /** A good password, and as text a good key: 24 random bytes in hex, 48 characters. */
    public static String password() {
        return HexFormat.of().formatHex(random(24));
    }

    static byte[] random(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }
}
