package io.dovetail.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened at a partner, said in the canonical language.
 *
 * @param id the same whenever the same source event is sent again, see {@link Ids#event}
 * @param type the canonical type with its version, e.g. {@code order.placed.v1}; names the schema of {@code data}
 * @param subject the business object in a person's words, e.g. an order number
 * @param time when it happened, as the source says
 * @param key the ordering key ({@code orderBy}); events of one connector, sender and key keep their order
 * @param data valid against {@code schemas/events/<type>.schema.json}
 * @param revision 0, or how often an operator has changed published content on purpose
 * @param revises the first id, when {@code revision} is not 0
 * @param lineage which operators changed what its sender said, before it was published
 */
public record Event(
        UUID id,
        String connector,
        String sender,
        String type,
        @Nullable String subject,
        Instant time,
        @Nullable String key,
        @Nullable String traceparent,
        int revision,
        @Nullable UUID revises,
        Lineage lineage,
        JsonNode data) {}
