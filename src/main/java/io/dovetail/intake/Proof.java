package io.dovetail.intake;

import io.dovetail.connector.Verify;
import io.dovetail.intake.Secrets.Credential;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a delivery's headers bring forward as proof of who sent it. Malformed proofs are "no", never an exception; all
 * comparisons take the same time wherever they differ.
 */
sealed interface Proof {

    /** The sender whose credential the proof fits, now that the raw body is there. */
    Optional<String> sender(byte[] body, List<Credential> credentials);

    /** Whether it fits nobody, whatever the body is: then that need not be read either. */
    default boolean isHopeless(List<Credential> credentials) {
        return credentials.isEmpty();
    }

    /** The proof that the headers hold; empty when there is none, and then the body need not be read. */
    static Optional<Proof> in(Headers headers, Verify verify, Clock clock) {
        return switch (verify) {
            case Verify.HmacSha256 v -> HmacSha256.in(headers, v);
            case Verify.Basic v -> Basic.in(headers);
            case Verify.StandardWebhooks v -> StandardWebhooks.in(headers, clock);
        };
    }

    /** HMAC-SHA256 over the raw body, keyed with the secret's text. */
    record HmacSha256(byte[] digest) implements Proof {

        static Optional<Proof> in(Headers headers, Verify.HmacSha256 verify) {
            var value = headers.only(verify.header());
            if (value == null || !value.startsWith(verify.prefix())) {
                return Optional.empty();
            }
            var digest = value.substring(verify.prefix().length());
            return (verify.encoding().equals("hex") ? hex(digest) : base64(digest)).map(HmacSha256::new);
        }

        @Override
        public Optional<String> sender(byte[] body, List<Credential> credentials) {
            return firstMatch(credentials, c -> {
                var key = c.secret().getBytes(StandardCharsets.UTF_8);
                return MessageDigest.isEqual(hmac(key, body), digest);
            });
        }
    }

    /** RFC 7617; the whole {@code user:password} is the credential. */
    record Basic(byte[] userAndPassword) implements Proof {

        static Optional<Proof> in(Headers headers) {
            var value = headers.only("Authorization");
            if (value == null || !value.regionMatches(true, 0, "Basic ", 0, 6)) {
                return Optional.empty();
            }
            return base64(value.substring(6).strip()).map(Basic::new);
        }

        @Override
        public boolean isHopeless(List<Credential> credentials) {
            return sender(new byte[0], credentials).isEmpty();
        }

        @Override
        public Optional<String> sender(byte[] body, List<Credential> credentials) {
            return firstMatch(
                    credentials,
                    c -> MessageDigest.isEqual(c.secret().getBytes(StandardCharsets.UTF_8), userAndPassword));
        }
    }

    /** Standard Webhooks v1: any {@code v1} entry of the list may match; five minutes to both sides. */
    record StandardWebhooks(String id, String timestamp, List<byte[]> signatures) implements Proof {

        private static final Duration TOLERANCE = Duration.ofMinutes(5);
        private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,11}");
        private static final String SECRET_PREFIX = "whsec_";
        // two lists of a rotation are four; more is somebody's attempt to make us count
        private static final int MAX_SIGNATURES = 16;

        static Optional<Proof> in(Headers headers, Clock clock) {
            var id = headers.only("webhook-id");
            var timestamp = headers.only("webhook-timestamp");
            var signature = headers.only("webhook-signature");
            if (id == null || timestamp == null || signature == null || id.contains(".") || !isNow(timestamp, clock)) {
                return Optional.empty();
            }
            var signatures = java.util.Arrays.stream(signature.split(" ", MAX_SIGNATURES + 1))
                    .limit(MAX_SIGNATURES)
                    .filter(entry -> entry.startsWith("v1,"))
                    .flatMap(entry -> base64(entry.substring(3)).stream())
                    .toList();
            return signatures.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new StandardWebhooks(id, timestamp, signatures));
        }

        private static boolean isNow(String timestamp, Clock clock) {
            if (!SECONDS.matcher(timestamp).matches()) {
                return false;
            }
            var sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
            return Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
        }

        @Override
        public Optional<String> sender(byte[] body, List<Credential> credentials) {
            var head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
            return firstMatch(
                    credentials,
                    c -> key(c.secret())
                            .map(key -> hmac(key, head, body))
                            .filter(expected -> signatures.stream().anyMatch(s -> MessageDigest.isEqual(expected, s)))
                            .isPresent());
        }

        private static Optional<byte[]> key(String secret) {
            return secret.startsWith(SECRET_PREFIX)
                    ? base64(secret.substring(SECRET_PREFIX.length()))
                            .filter(key -> key.length >= 24 && key.length <= 64)
                    : Optional.empty();
        }
    }

    private static Optional<String> firstMatch(
            List<Credential> credentials, java.util.function.Predicate<Credential> matches) {
        return credentials.stream().filter(matches).map(Credential::sender).findFirst();
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HmacSHA256, and secrets are never empty", e);
        }
    }

    private static Optional<byte[]> hex(String text) {
        try {
            return Optional.of(HexFormat.of().parseHex(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
