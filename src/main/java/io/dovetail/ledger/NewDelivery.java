package io.dovetail.ledger;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A verified delivery on its way into the store.
 *
 * @param sourceId the sender's delivery id, or the hash of the body where it sends none
 * @param signed whether that id is covered by the proof; if not, it identifies only together with the body
 * @param bodyHash SHA-256 of the bytes as they arrived
 * @param events its business events in their order, at least one
 * @param exclusive whether its sender is told when one of its events has an id under which another content was accepted
 */
public record NewDelivery(
        UUID id,
        String connector,
        String sender,
        String sourceId,
        boolean signed,
        String media,
        byte[] body,
        byte[] bodyHash,
        String traceparent,
        List<NewEvent> events,
        boolean exclusive) {

    /** One of whose events nobody is told at once. */
    public NewDelivery(
            UUID id,
            String connector,
            String sender,
            String sourceId,
            boolean signed,
            String media,
            byte[] body,
            byte[] bodyHash,
            String traceparent,
            List<NewEvent> events) {
        this(id, connector, sender, sourceId, signed, media, body, bodyHash, traceparent, events, false);
    }

    /** The same whose sender is told. */
    public NewDelivery asExclusive() {
        return new NewDelivery(
                id, connector, sender, sourceId, signed, media, body, bodyHash, traceparent, events, true);
    }

    /**
     * @param id of the canonical event; made of delivery and pointer while the source's id cannot be read
     * @param body the event's own part, when it is not the whole delivery
     * @param key ordering key; null when there is none
     * @param ordered whether it keeps its place among the events of its key; if not, it is as one without a key
     * @param contentHash over the part's tree, or, where its rule says so, its id alone: tells a resend from another event under the same id
     */
    public record NewEvent(
            UUID id,
            String pointer,
            byte @Nullable [] body,
            @Nullable String emits,
            @Nullable String sourceId,
            @Nullable String key,
            boolean ordered,
            byte[] contentHash,
            Map<String, String> keys) {

        @Nullable
        UUID keyHash(String connector, String sender) {
            return key == null || !ordered ? null : Partitions.keyHash(connector, sender, key);
        }
    }

    /** What its events' ids are kept under, so that no other content gets them. */
    List<UUID> names() {
        return exclusive
                ? events.stream()
                        .map(event -> Partitions.hash("event", event.id().toString()))
                        .toList()
                : List.of();
    }

    UUID dedupe() {
        return signed
                ? Partitions.hash(connector, sender, sourceId)
                : Partitions.hash(
                        connector, sender, sourceId, java.util.HexFormat.of().formatHex(bodyHash));
    }
}
