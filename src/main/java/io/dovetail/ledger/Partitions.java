package io.dovetail.ledger;

import io.dovetail.event.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Which partition an ordering key belongs to. */
public record Partitions(int count) {

    public Partitions {
        if (count < 1 || count > 256) {
            throw new IllegalArgumentException("hub.partitions must be between 1 and 256, is " + count);
        }
    }

    /** The identity of an ordering key: 128 bits of SHA-256 over connector, sender and key. */
    public static UUID keyHash(String connector, String sender, String key) {
        return hash(connector, sender, key);
    }

    /** 128 bits of SHA-256 over the parts, each kept apart from the next. */
    public static UUID hash(String... parts) {
        var sha = Digests.of("SHA-256");
        for (var part : parts) {
            var bytes = part.getBytes(StandardCharsets.UTF_8);
            sha.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
            sha.update(bytes);
        }
        var hash = ByteBuffer.wrap(sha.digest());
        return new UUID(hash.getLong(), hash.getLong());
    }

    public int of(UUID keyHash) {
        // the last four hex digits, as spreadAnew() reads them
        return (int) (keyHash.getLeastSignificantBits() & 0xFFFF) % count;
    }

    /** Where an event without a key goes: anywhere, but always the same. */
    public int of(long seq) {
        return (int) (seq % count);
    }

    /** Moves everything that is still open to its partition among {@code count}. */
    static List<String> spreadAnew(int count) {
        var byKey = "(('x' || right(key_hash::text, 4))::bit(16)::int %% %d)".formatted(count);
        return List.of(
                "update hub_epoch set partitions = " + count,
                "update event set partition = coalesce(" + byKey + ", seq %% %d)".formatted(count)
                        + " where state in ('accepted', 'held', 'waiting', 'parked')",
                "update held_key set partition = " + byKey,
                // suspects lose their marker only together with their partition: they are tried one by one all the same
                """
                insert into partition_batch (partition, events)
                select 0, array_agg(e) from partition_batch, unnest(events) e having count(e) > 0
                on conflict (partition) do update set events = excluded.events
                """,
                "delete from partition_batch where partition >= " + count);
    }
}
