package io.dovetail.cli;

import io.dovetail.connector.Verify;
import io.dovetail.connector.Webhook;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The other side of a connector's {@code verify}: the headers by which a sender proves itself. */
final class Signature {

    private static final String WEBHOOK_SECRET = "whsec_";

    private Signature() {}

    static Map<String, String> headers(Webhook webhook, String secret, String deliveryId, Instant at, byte[] body) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        if (webhook.deliveryIdHeader() != null) {
            headers.put(webhook.deliveryIdHeader(), deliveryId);
        }
        switch (webhook.verify()) {
            case Verify.HmacSha256 v -> {
                var digest = hmac(secret.getBytes(StandardCharsets.UTF_8), body);
                headers.put(v.header(), v.prefix() + (v.encoding().equals("hex") ? hex(digest) : base64(digest)));
            }
            case Verify.Basic v ->
                headers.put("Authorization", "Basic " + base64(secret.getBytes(StandardCharsets.UTF_8)));
            case Verify.StandardWebhooks v -> {
                var timestamp = Long.toString(at.getEpochSecond());
                var head = (deliveryId + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
                headers.put("webhook-id", deliveryId);
                headers.put("webhook-timestamp", timestamp);
                headers.put("webhook-signature", "v1," + base64(hmac(key(secret), head, body)));
            }
        }
        return headers;
    }

    /** The plainest of the media types that a connector takes. */
    static String media(Webhook webhook) {
        return List.of("application/json", "application/xml", "text/xml").stream()
                .filter(webhook.media()::contains)
                .findFirst()
                .orElseGet(() -> webhook.media().stream().sorted().findFirst().orElse("application/octet-stream"));
    }

    private static byte[] key(String secret) {
        try {
            if (secret.startsWith(WEBHOOK_SECRET)) {
                return Base64.getDecoder().decode(secret.substring(WEBHOOK_SECRET.length()));
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new NotDoneException("the secret of Standard Webhooks is written whsec_ and a key in base64");
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

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
