package io.dovetail.operate;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which passwords were right a moment ago, so that a slow hash is not made for each request. Kept are keyed hashes, with
 * a key that ends with this process; one counts for the stored hash it was tried against, and no longer than that stands
 * in the file.
 */
final class ProvenPasswords {

    static final Duration MAX_AGE = Duration.ofMinutes(5);

    private static final int MOST = 1_000;
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final LongSupplier nanos;
    private final Map<String, Long> provenAt = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST;
        }
    };

    /** @param nanos as {@link System#nanoTime} */
    ProvenPasswords(LongSupplier nanos) {
        this.nanos = nanos;
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, HMAC);
    }

    boolean isProven(Account account, String password) {
        var hash = hash(account, password);
        synchronized (this) {
            var at = provenAt.get(hash);
            return at != null && nanos.getAsLong() - at < MAX_AGE.toNanos();
        }
    }

    void remember(Account account, String password) {
        var hash = hash(account, password);
        synchronized (this) {
            provenAt.remove(hash);
            provenAt.put(hash, nanos.getAsLong());
        }
    }

    private String hash(Account account, String password) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(key);
            // neither a name nor a hash nor a line of a file holds a NUL
            mac.update((account.operator().name() + '\0' + String.join("\0", account.stored()) + '\0')
                    .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
