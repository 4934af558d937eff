package io.dovetail.ledger;

import io.dovetail.event.Lineage;
import io.dovetail.ledger.NewDelivery.NewEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * T1: stores deliveries with their events, many in one transaction. One instance serves one writer, and a
 * connector is in one writer's hand at a time, so that its events get rising sequence numbers in the order accepted.
 */
public final class Deliveries {

    private final Transactions transactions;
    private final Partitions partitions;
    private final History history;
    private final Memory memory;

    public Deliveries(Transactions transactions, Partitions partitions, History history, Memory memory) {
        this.transactions = transactions;
        this.partitions = partitions;
        this.history = history;
        this.memory = memory;
    }

    /** What a batch did: an outcome for each delivery, in order, and the partitions that have new work. */
    public record Batch(List<Acceptance> outcomes, BitSet partitions) {}

    /**
     * Stores what is new, durably, before it returns. A delivery's place in the list is its place in the order.
     *
     * @throws UnavailableException when it is not known to be stored
     */
    public Batch accept(List<NewDelivery> offered) {
        // taken before the transaction, since a day's first opens a new range in one of its own
        var numbered = offered.stream()
                .map(delivery -> new Numbered(
                        delivery,
                        history.take(delivery.connector(), delivery.events().size())))
                .toList();
        var stored = transactions.writePipelined(pipeline -> {
            var done = store(pipeline, numbered);
            return () -> done;
        });
        var byPartition = new HashMap<Integer, Map<Long, Claimed>>();
        for (var row : stored.rows) {
            byPartition.computeIfAbsent(row.partition, p -> new HashMap<>()).put(row.seq, row.claimed(stored.at));
        }
        byPartition.forEach((partition, claimed) -> memory.accepted(partition).add(claimed));
        var woken = new BitSet();
        byPartition.keySet().forEach(woken::set);
        return new Batch(stored.outcomes, woken);
    }

    private record Stored(List<Acceptance> outcomes, List<Row> rows, Instant at) {}

    /** @param firstEvent the number of its first event; the others follow */
    private record Numbered(NewDelivery delivery, long firstEvent) {}

    private record Row(
            long seq, int partition, @Nullable UUID keyHash, long firstEvent, NewDelivery delivery, NewEvent event) {

        /** As it would be read. */
        Claimed claimed(Instant acceptedAt) {
            var part = event.body();
            return new Claimed(
                    seq,
                    Claimed.Was.ACCEPTED,
                    0,
                    0,
                    0,
                    0,
                    event.id(),
                    delivery.id(),
                    delivery.connector(),
                    delivery.sender(),
                    event.pointer(),
                    part == null ? delivery.body() : part,
                    part != null,
                    delivery.media(),
                    event.emits(),
                    event.sourceId(),
                    event.key(),
                    keyHash,
                    event.contentHash(),
                    acceptedAt,
                    delivery.traceparent(),
                    null,
                    Lineage.NONE);
        }

        int bytes() {
            var part = event.body();
            return part == null ? delivery.body().length : part.length;
        }
    }

    private Stored store(Pipeline pipeline, List<Numbered> offered) throws SQLException {
        var now = transactions.now();
        var dedupe = offered.stream().map(n -> n.delivery.dedupe()).toList();
        var seen = see(pipeline, offered, dedupe, now);
        var refused = ExclusiveNames.take(
                pipeline.connection(),
                offered.stream()
                        .filter(n -> n.delivery.exclusive() && isNew(seen.get(n.delivery.dedupe()), n.delivery))
                        .map(n -> new ExclusiveNames.Offered(n.delivery, n.firstEvent))
                        .toList(),
                now);

        var outcomes = new ArrayList<Acceptance>(offered.size());
        var accepted = new ArrayList<Numbered>(offered.size());
        var rows = new ArrayList<Row>(offered.size());
        var books = new Books.Deltas();
        var duplicates = new ArrayList<Long>();
        for (var i = 0; i < offered.size(); i++) {
            var delivery = offered.get(i).delivery;
            var first = seen.get(dedupe.get(i));
            // of the same twice in one batch, the second is no repetition of what was refused
            var conflict = refused.get(first == null ? delivery.id() : first.delivery);
            if (conflict != null) {
                outcomes.add(new Acceptance.Conflict(conflict));
            } else if (first == null || isNew(first, delivery)) {
                accepted.add(offered.get(i));
                rows.addAll(rows(offered.get(i)));
                books.of(delivery.connector()).accepted++;
                books.of(delivery.connector()).read += delivery.events().size();
                outcomes.add(new Acceptance.Accepted(delivery.id()));
            } else if (java.util.Arrays.equals(first.bodyHash, delivery.bodyHash())) {
                duplicates.add(first.firstEvent);
                books.of(delivery.connector()).duplicate++;
                outcomes.add(new Acceptance.Duplicate(first.delivery));
            } else {
                outcomes.add(new Acceptance.Conflict(first.delivery));
            }
        }
        // what is about to be answered with 2xx, counted from the answers and not from the rows
        for (var i = 0; i < offered.size(); i++) {
            if (!(outcomes.get(i) instanceof Acceptance.Conflict)) {
                books.of(offered.get(i).delivery.connector()).answered++;
            }
        }
        insertDeliveries(pipeline, accepted, now);
        insertEvents(pipeline, rows, now);
        insertKeys(pipeline, rows);
        insertDuplicates(pipeline, duplicates, now);
        books.write(pipeline, now);

        return new Stored(List.copyOf(outcomes), rows, now.toInstant());
    }

    private static boolean isNew(@Nullable Seen first, NewDelivery delivery) {
        return first == null || first.delivery.equals(delivery.id());
    }

    private List<Row> rows(Numbered numbered) {
        var delivery = numbered.delivery;
        var rows = new ArrayList<Row>(delivery.events().size());
        for (var event : delivery.events()) {
            var seq = numbered.firstEvent + rows.size();
            var keyHash = event.keyHash(delivery.connector(), delivery.sender());
            var partition = keyHash == null ? partitions.of(seq) : partitions.of(keyHash);
            rows.add(new Row(seq, partition, keyHash, numbered.firstEvent, delivery, event));
        }
        return rows;
    }

    private record Seen(UUID delivery, byte[] bodyHash, long firstEvent) {}

    /** The first delivery under each identity, this batch's own included. */
    private static Map<UUID, Seen> see(Pipeline pipeline, List<Numbered> offered, List<UUID> dedupe, OffsetDateTime now)
            throws SQLException {
        var seen = new LinkedHashMap<UUID, Seen>();
        for (var i = 0; i < offered.size(); i++) {
            var delivery = offered.get(i).delivery;
            seen.putIfAbsent(dedupe.get(i), new Seen(delivery.id(), delivery.bodyHash(), offered.get(i).firstEvent));
        }
        var inserted = pipeline.update(
                """
                insert into seen_delivery (day, dedupe, body_hash, delivery, first_event)
                select ?::date, * from unnest(?::uuid[], ?::bytea[], ?::uuid[], ?::bigint[])
                on conflict do nothing
                """,
                now.toLocalDate(),
                pipeline.column("uuid", seen.keySet(), k -> k),
                pipeline.column("bytea", seen.values(), Seen::bodyHash),
                pipeline.column("uuid", seen.values(), Seen::delivery),
                pipeline.column("int8", seen.values(), Seen::firstEvent));
        pipeline.sync();
        if (inserted.get() == seen.size()) {
            return seen;
        }
        var before = pipeline.query(
                "select dedupe, delivery, body_hash, first_event from seen_delivery where dedupe = any(?)",
                row -> {
                    var known = new HashMap<UUID, Seen>();
                    while (row.next()) {
                        known.put(
                                row.getObject(1, UUID.class),
                                new Seen(row.getObject(2, UUID.class), row.getBytes(3), row.getLong(4)));
                    }
                    return known;
                },
                pipeline.column("uuid", seen.keySet(), k -> k));
        pipeline.sync();
        seen.putAll(before.get());
        return seen;
    }

    private static void insertDeliveries(Pipeline pipeline, List<Numbered> accepted, OffsetDateTime now)
            throws SQLException {
        if (accepted.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                insert into delivery (accepted_at, id, connector, sender, source_id, media, body, body_hash,
                                      traceparent, first_event, events)
                select ?, * from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[],
                                        ?::bytea[], ?::text[], ?::bigint[], ?::int[])
                """,
                now,
                pipeline.column("uuid", accepted, n -> n.delivery.id()),
                pipeline.column("text", accepted, n -> n.delivery.connector()),
                pipeline.column("text", accepted, n -> n.delivery.sender()),
                pipeline.column("text", accepted, n -> n.delivery.sourceId()),
                pipeline.column("text", accepted, n -> n.delivery.media()),
                pipeline.column("bytea", accepted, n -> n.delivery.body()),
                pipeline.column("bytea", accepted, n -> n.delivery.bodyHash()),
                pipeline.column("text", accepted, n -> n.delivery.traceparent()),
                pipeline.column("int8", accepted, Numbered::firstEvent),
                pipeline.column("int4", accepted, n -> n.delivery.events().size()));
    }

    private static void insertEvents(Pipeline pipeline, List<Row> rows, OffsetDateTime now) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                insert into event (state, accepted_at, seq, partition, id, delivery, connector, sender, bytes, pointer, body,
                                   emits, source_id, key, key_hash, content_hash, first_event)
                select 'accepted', ?, * from unnest(?::bigint[], ?::smallint[], ?::uuid[], ?::uuid[], ?::text[],
                    ?::text[], ?::int[], ?::text[], ?::bytea[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::bytea[],
                    ?::bigint[])
                """,
                now,
                pipeline.column("int8", rows, Row::seq),
                pipeline.column("int2", rows, row -> (short) row.partition),
                pipeline.column("uuid", rows, row -> row.event.id()),
                pipeline.column("uuid", rows, row -> row.delivery.id()),
                pipeline.column("text", rows, row -> row.delivery.connector()),
                pipeline.column("text", rows, row -> row.delivery.sender()),
                pipeline.column("int4", rows, Row::bytes),
                pipeline.column("text", rows, row -> row.event.pointer()),
                pipeline.column("bytea", rows, row -> row.event.body()),
                pipeline.column("text", rows, row -> row.event.emits()),
                pipeline.column("text", rows, row -> row.event.sourceId()),
                pipeline.column("text", rows, row -> row.event.key()),
                pipeline.column("uuid", rows, Row::keyHash),
                pipeline.column("bytea", rows, row -> row.event.contentHash()),
                pipeline.column("int8", rows, Row::firstEvent));
    }

    private record Key(String value, String name, long event) {}

    private static void insertKeys(Pipeline pipeline, List<Row> rows) throws SQLException {
        var keys = rows.stream()
                .flatMap(row ->
                        row.event.keys().entrySet().stream().map(key -> new Key(key.getValue(), key.getKey(), row.seq)))
                .toList();
        if (keys.isEmpty()) {
            return;
        }
        pipeline.update(
                "insert into business_key (value, name, event) select * from unnest(?::text[], ?::text[], ?::bigint[])",
                pipeline.column("text", keys, Key::value),
                pipeline.column("text", keys, Key::name),
                pipeline.column("int8", keys, Key::event));
    }

    /** @param duplicates the numbers of the first events of what came again */
    private static void insertDuplicates(Pipeline pipeline, List<Long> duplicates, OffsetDateTime now)
            throws SQLException {
        if (duplicates.isEmpty()) {
            return;
        }
        pipeline.update(
                "insert into delivery_duplicate (at, first_event) select ?, * from unnest(?::bigint[])",
                now,
                pipeline.longs(duplicates));
    }
}
