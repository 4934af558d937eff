package io.dovetail;

import io.dovetail.connector.Verify;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** The headers of a delivery that looks as its connector wants it, and that nobody with a secret has made. */
final class WrongProof {

    private static final int DIGEST = 32;

    private WrongProof() {}

    static Map<String, String> of(Verify verify) {
        return switch (verify) {
            case Verify.HmacSha256 v ->
                Map.of(v.header(), v.prefix() + (v.encoding().equals("hex") ? "00".repeat(DIGEST) : zeros()));
            case Verify.Basic v -> Map.of("Authorization", "Basic " + base64(utf8("self-test:" + UUID.randomUUID())));
            case Verify.StandardWebhooks v ->
                Map.of(
                        "webhook-id",
                        "self-test",
                        "webhook-timestamp",
                        Long.toString(Instant.now().getEpochSecond()),
                        "webhook-signature",
                        "v1," + zeros());
        };
    }

    private static String zeros() {
        return base64(new byte[DIGEST]);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
