package io.dovetail.connector;

import io.dovetail.connector.verify.Verify;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The webhook door of a connector.
 *
 * @param deliveryIdHeader the header with the sender's delivery id; null: the SHA-256 of the raw body is the id
 * @param deliveryIdSigned whether that id is covered by the proof
 * @param media accepted media types, lower case, without parameters
 * @param maxBytes largest body
 * @param limits how much senders may send
 */
public record Webhook(
        Verify verify,
        @Nullable String deliveryIdHeader,
        boolean deliveryIdSigned,
        Set<String> media,
        int maxBytes,
        Limits limits) {

    /** Without limits. */
    public Webhook(
            Verify verify,
            @Nullable String deliveryIdHeader,
            boolean deliveryIdSigned,
            Set<String> media,
            int maxBytes) {
        this(verify, deliveryIdHeader, deliveryIdSigned, media, maxBytes, Limits.NONE);
    }

    /** Whether a sender must prove who it is. */
    public boolean isProved() {
        return verify.reason() == null;
    }
}
