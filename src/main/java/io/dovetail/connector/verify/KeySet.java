package io.dovetail.connector.verify;

import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;

/** A JWKS (RFC 7517) that somebody publishes. */
public final class KeySet {

    private static final int MOST = 100;

    private KeySet() {}

    /** Whether it is one, and holds a key but not more than anybody needs. */
    public static boolean isSound(String text) {
        try {
            var keys = JWKSet.parse(text).getKeys();
            return !keys.isEmpty() && keys.size() <= MOST;
        } catch (ParseException | RuntimeException e) { // on odd JSON the library also throws what it does not declare
            return false;
        }
    }
}
