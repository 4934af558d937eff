package io.dovetail.e2e;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Deliveries as the real senders make them, with a proof of their own reckoning. */
record Signed(Hub hub) {

    /** Jira: HMAC over the raw bytes. */
    Request jira(byte[] body, String deliveryId) {
        return Request.post("/in/jira")
                .header("Content-Type", "application/json; charset=utf-8")
                .header("X-Atlassian-Webhook-Identifier", deliveryId)
                .header("X-Hub-Signature", "sha256=" + HexFormat.of().formatHex(jiraDigest(body)))
                .body(body);
    }

    Request jira(String body) {
        return jira(utf8(body), UUID.randomUUID().toString());
    }

    byte[] jiraDigest(byte[] body) {
        return hmac(utf8(hub.secret("jira.webhook")), body);
    }

    /** SAP: basic authentication. */
    Request sap(byte[] body) {
        return Request.post("/in/sap-idoc")
                .header("Content-Type", "text/xml")
                .header("Authorization", basic(hub.secret("sap-idoc.basic")))
                .body(body);
    }

    Request sap(String body) {
        return sap(utf8(body));
    }

    /** Partners: Standard Webhooks, now. */
    Request partner(String body) {
        return partner(utf8(body), "msg_" + UUID.randomUUID());
    }

    Request partner(byte[] body, String id) {
        var now = Long.toString(Instant.now().getEpochSecond());
        return partner(body, id, now, partnerSignature(hub.secret("partner-api.webhook"), id, now, body));
    }

    Request partner(byte[] body, String id, String timestamp, String signature) {
        return Request.post("/in/partner-api")
                .header("Content-Type", "application/json")
                .header("webhook-id", id)
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", signature)
                .body(body);
    }

    static String partnerSignature(String secret, String id, String timestamp, byte[] body) {
        var key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        return "v1," + Base64.getEncoder().encodeToString(hmac(key, utf8(id + "." + timestamp + "."), body));
    }

    static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(utf8(userAndPassword));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
