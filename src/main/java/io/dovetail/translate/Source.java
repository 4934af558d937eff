package io.dovetail.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.dovetail.connector.Connector;
import io.dovetail.event.Lineage;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One business event as its sender said it, ready to be translated.
 *
 * @param id what its canonical event will be called
 * @param tree the event's own part of the delivery
 * @param key its ordering key, null for one without
 * @param deliveryId the delivery it came with
 */
public record Source(
        Connector connector,
        String sender,
        UUID id,
        JsonNode tree,
        @Nullable String key,
        UUID deliveryId,
        Instant acceptedAt,
        @Nullable String traceparent,
        int revision,
        @Nullable UUID revises,
        Lineage lineage) {}
