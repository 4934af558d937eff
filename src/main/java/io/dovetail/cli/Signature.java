package io.dovetail.cli;

import io.dovetail.connector.Webhook;
import io.dovetail.connector.verify.CannotSignException;
import io.dovetail.connector.verify.Outgoing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The other side of a connector's {@code verify}: the headers by which a sender proves itself. */
final class Signature {

    private Signature() {}

    static Map<String, String> headers(Webhook webhook, String key, String deliveryId, Instant at, byte[] body) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        if (webhook.deliveryIdHeader() != null) {
            headers.put(webhook.deliveryIdHeader(), deliveryId);
        }
        try {
            headers.putAll(webhook.verify().sign(new Outgoing(deliveryId, at, body), key));
        } catch (CannotSignException e) {
            throw new NotDoneException(e.getMessage());
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
}
