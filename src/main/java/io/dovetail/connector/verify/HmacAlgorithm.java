package io.dovetail.connector.verify;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC (RFC 2104) with one of the hash functions that every JDK has. */
enum HmacAlgorithm {
    SHA1,
    SHA256,
    SHA512;

    static HmacAlgorithm of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** @param key not empty */
    byte[] digest(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("Hmac" + name());
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has it, and it takes a key of any length", e);
        }
    }

    @Override
    public String toString() {
        return "HMAC-" + name().replace("SHA", "SHA-");
    }
}
