package io.dovetail.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event whose turn has come.
 *
 * @param held it waited behind a parked one of its key
 * @param turn how often its state was decided so far
 * @param attempts how often it was begun without an end
 * @param sourceId null when it could not be read; {@code id} is then a makeshift
 * @param pointer where {@code body} stands in the delivery's tree
 * @param body the bytes to translate
 * @param part whether {@code body} is JSON of the event's own part, and not the whole delivery as received
 * @param media of the delivery
 * @param asVersion the kept version that an operator wants it decided by; null: the one that is live
 */
public record Claimed(
        long seq,
        boolean held,
        int turn,
        int attempts,
        int revision,
        UUID id,
        UUID delivery,
        String connector,
        String sender,
        String pointer,
        byte[] body,
        boolean part,
        String media,
        @Nullable String emits,
        @Nullable String sourceId,
        @Nullable String key,
        @Nullable UUID keyHash,
        byte[] contentHash,
        Instant acceptedAt,
        String traceparent,
        @Nullable String asVersion) {}
