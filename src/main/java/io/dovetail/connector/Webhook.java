package io.dovetail.connector;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The webhook door of a connector.
 *
 * @param deliveryIdHeader the header with the sender's delivery id; null: the SHA-256 of the raw body is the id
 * @param deliveryIdSigned whether that id is covered by the proof
 * @param media accepted media types, lower case, without parameters
 * @param maxBytes largest body
 */
public record Webhook(
        Verify verify, @Nullable String deliveryIdHeader, boolean deliveryIdSigned, Set<String> media, int maxBytes) {

    /** Whether a sender must prove who it is. Every scheme there is asks for that. */
    public boolean isProved() {
        return true;
    }
}
