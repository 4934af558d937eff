package io.dovetail.cli;

import io.dovetail.connector.Webhook;
import io.dovetail.connector.verify.CannotSignException;
import io.dovetail.connector.verify.Outgoing;
import io.dovetail.connector.verify.Signed;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** The other side of a connector's {@code verify}: that by which a sender proves itself. */
final class Signature {

    private Signature() {}

    static Signed of(Webhook webhook, List<String> keys, String deliveryId, Instant at, byte[] body) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        if (webhook.deliveryIdHeader() != null) {
            headers.put(webhook.deliveryIdHeader(), deliveryId);
        }
        try {
            var signed = Signed.of(webhook.verify(), keys, new Outgoing(deliveryId, at, body));
            headers.putAll(signed.headers());
            return new Signed(headers, signed.tail(), signed.body());
        } catch (CannotSignException e) {
            throw new NotDoneException(e.getMessage());
        }
    }

    /** The plainest of the media types that a connector takes. */
    static String media(Webhook webhook) {
        return List.of("application/json", "application/xml", "text/xml").stream()
                .filter(webhook.media()::contains)
                .findFirst()
                .orElseGet(() -> webhook.media().stream().sorted().findFirst().orElse("application/octet-stream"));
    }
}
