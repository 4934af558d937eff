package io.dovetail.ledger;

import io.dovetail.event.Lineage;
import io.dovetail.ledger.Outbox.Pending;
import io.dovetail.ledger.Pipeline.Answer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * T2: one partition's work. A single transaction writes what became of a batch and takes the next one in hand, so that
 * at every moment a marker row names what is being worked on.
 */
public final class Inbox {

    // of bodies in one batch, unless a single one is larger: a batch must fit into memory, whatever is sent
    private static final int MAX_BYTES = 4 << 20;

    private final Transactions transactions;
    private final int partition;
    private final Memory memory;
    // whether the marker row may name events; it may when the hub has just started
    private boolean marked = true;

    public Inbox(Transactions transactions, int partition, Memory memory) {
        this.transactions = transactions;
        this.partition = partition;
        this.memory = memory;
    }

    /**
     * @param events in the order of their sequence numbers
     * @param published content hashes of what was published before under the ids of {@code events}
     */
    public record Batch(List<Claimed> events, Map<UUID, byte[]> published) {

        public static final Batch EMPTY = new Batch(List.of(), Map.of());
    }

    /**
     * Where a partition stands when its worker starts.
     *
     * @param held the keys that are held, and the event each is held by
     * @param suspects what was in hand when the last worker ended uncleanly
     * @param asking what another system was being asked for then
     * @param waiting the connectors of which events wait for another system to be asked
     */
    public record Standing(Map<UUID, Long> held, Set<Long> suspects, Set<Long> asking, Set<String> waiting) {}

    /**
     * What to write.
     *
     * @param version of the configuration that decided on all events but those that name another
     * @param held the blockers that are new or have changed
     * @param versions of those, by sequence number, on which another one decided that was live before
     */
    public record Turn(List<Outcome> outcomes, String version, Map<UUID, Long> held, Map<Long, String> versions) {

        public static final Turn NONE = new Turn(List.of(), "", Map.of());

        public Turn(List<Outcome> outcomes, String version, Map<UUID, Long> held) {
            this(outcomes, version, held, Map.of());
        }

        /** That was live when it was decided on. */
        String live(Outcome outcome) {
            return versions.isEmpty()
                    ? version
                    : versions.getOrDefault(outcome.claimed().seq(), version);
        }

        String version(Outcome outcome) {
            return Objects.requireNonNullElseGet(outcome.claimed().asVersion(), () -> live(outcome));
        }
    }

    /**
     * What to take in hand next.
     *
     * @param draining keys whose held events may be claimed
     * @param decided whether an operator may have decided on parked events, so that more keys may go
     * @param limit how many events to claim at most
     * @param free of which connectors waiting events may be claimed beside them, and how many
     * @param asking what another system is being asked for from now on
     */
    public record Wanted(Set<UUID> draining, boolean decided, int limit, Map<String, Integer> free, Set<Long> asking) {}

    /**
     * @param draining keys whose held events go on, since what they waited for has found its end
     * @param released keys that nothing waits for any more
     * @param due when the next waiting event is due, by connector; of those that were wanted, others have none
     */
    public record Turned(Batch next, Set<UUID> draining, Set<UUID> released, Map<String, Instant> due) {}

    /** An outcome was computed from a state that is no longer so; nothing was written. Claim again. */
    public static final class StaleClaimException extends RuntimeException {
        StaleClaimException(String message) {
            super(message);
        }

        StaleClaimException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public Standing standing() {
        return transactions.query(connection -> {
            var held = new HashMap<UUID, Long>();
            try (var select =
                    connection.prepareStatement("select key_hash, blocker from held_key where partition = ?")) {
                var row = Sql.bind(select, partition).executeQuery();
                while (row.next()) {
                    held.put(row.getObject(1, UUID.class), row.getLong(2));
                }
            }
            var suspects = new HashSet<Long>();
            var asking = new HashSet<Long>();
            try (var select = connection.prepareStatement("""
                    select e.seq, e.state = 'waiting'
                    from partition_batch b, unnest(b.events) s join event e on e.seq = s
                    where e.partition = ? and e.state in ('accepted', 'held', 'waiting')
                    """)) {
                var row = Sql.bind(select, partition).executeQuery();
                while (row.next()) {
                    (row.getBoolean(2) ? asking : suspects).add(row.getLong(1));
                }
            }
            return new Standing(held, suspects, asking, Waits.connectors(connection, partition));
        });
    }

    /** A delivery's bytes as they were received. */
    public byte[] delivered(UUID delivery) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("select body from delivery where id = ?")) {
                var row = Sql.bind(select, delivery).executeQuery();
                return row.next() ? row.getBytes(1) : new byte[0];
            }
        });
    }

    /**
     * @param id as the sender of both deliveries gave it
     * @param delivery the first one under it
     */
    public record UsedBefore(String id, UUID delivery) {}

    /** Whether an event's delivery came under a signed id that was used before, with another body; empty: it did not. */
    public Optional<UsedBefore> usedBefore(Claimed claimed) {
        return transactions.query(connection -> {
            var id = deliveryId(connection, claimed.seq()).orElse(null);
            if (id == null) {
                return Optional.empty();
            }
            try (var select = connection.prepareStatement(
                    "select delivery from seen_delivery where dedupe = ? and delivery <> ?")) {
                var signed = Partitions.hash(claimed.connector(), claimed.sender(), id);
                var row = Sql.bind(select, signed, claimed.delivery()).executeQuery();
                return row.next()
                        ? Optional.of(new UsedBefore(id, Objects.requireNonNull(Sql.uuid(row, "delivery"))))
                        : Optional.empty();
            }
        });
    }

    private static Optional<String> deliveryId(Connection connection, long event) throws SQLException {
        try (var select = connection.prepareStatement("""
                select d.source_id from event e join delivery d on d.first_event = e.first_event where e.seq = ?
                """)) {
            var row = Sql.bind(select, event).executeQuery();
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /** Counts an attempt before it is made, so that one which kills the process counts too. */
    public void countAttempt(long seq) {
        transactions.write(connection -> {
            try (var update = connection.prepareStatement("update event set attempts = attempts + 1 where seq = ?")) {
                return Sql.bind(update, seq).executeUpdate();
            }
        });
    }

    /** As the database keeps it. */
    public Instant now() {
        return transactions.now().toInstant();
    }

    /**
     * Which of these outcomes may still be written, by the sequence numbers of their events; asked when it is not known
     * whether they were.
     */
    public Set<Long> current(List<Outcome> outcomes) {
        return outcomes.isEmpty() ? Set.of() : transactions.query(connection -> Waits.current(connection, outcomes));
    }

    /** {@link #turn(Turn, Wanted)} where nobody asks another system. */
    public Turned turn(Turn turn, Set<UUID> draining, boolean decided, int limit) {
        return turn(turn, new Wanted(draining, decided, limit, Map.of(), Set.of()));
    }

    /**
     * Writes a batch's outcomes and claims the next one.
     *
     * @throws StaleClaimException when an event is not in the state it was claimed in
     */
    public Turned turn(Turn turn, Wanted wanted) {
        try {
            return written(turn, wanted);
        } catch (BrokenStatementException e) {
            // what is written again may break a rule of its table, before anybody has seen that its event has moved on
            if (current(turn.outcomes).size() < turn.outcomes.size()) {
                throw new StaleClaimException(
                        "of " + turn.outcomes.size() + " events of partition " + partition
                                + " not all may still be written",
                        e);
            }
            throw e;
        }
    }

    private Turned written(Turn turn, Wanted wanted) {
        var now = transactions.now();
        var turned = transactions.writePipelined(pipeline -> {
            if (!turn.outcomes.isEmpty()) {
                States.write(pipeline, turn, partition, now);
                writeOutbox(pipeline, turn.outcomes, now);
                writeBooks(pipeline, turn, now);
            }
            writeHolds(pipeline, turn.held, now);
            var going = new HashSet<>(wanted.draining);
            if (wanted.decided) {
                // only now: before this turn was written, a key that it holds anew still looked free
                going.addAll(releasable(pipeline.connection()));
            }
            var released = going.isEmpty() ? Set.<UUID>of() : release(pipeline.connection(), going);
            going.removeAll(released);
            // nobody pays for this round trip who asks nobody
            var waiting = wanted.free.isEmpty()
                    ? Waits.Due.NONE
                    : Waits.due(
                            pipeline.connection(), partition, now.toInstant(), wanted.free, wanted.asking, MAX_BYTES);
            var events = claim(pipeline, going, wanted.limit, waiting.seqs());
            var published = published(pipeline, events);
            mark(pipeline, events, wanted.asking);
            return () -> new Turned(new Batch(events, published.get()), going, released, waiting.next());
        });
        remember(turn, now.toInstant());
        return turned;
    }

    private void remember(Turn turn, Instant now) {
        var translated = new HashMap<Long, Pending>();
        for (var outcome : turn.outcomes) {
            if (outcome instanceof Outcome.Translated t) {
                translated.put(t.claimed().seq(), Pending.of(t, turn.version(t), now));
            }
        }
        memory.translated().add(translated);
    }

    /** The held keys of this partition whose parked event has found its end, or is skipped: what waits behind it may go. */
    private Set<UUID> releasable(Connection connection) throws SQLException {
        var keys = new HashSet<UUID>();
        try (var select = connection.prepareStatement("""
                select h.key_hash from held_key h join event e on e.seq = h.blocker
                where h.partition = ?
                  and (e.state not in ('parked', 'accepted', 'held', 'waiting') or e.key_hash is distinct from h.key_hash)
                """)) {
            var row = Sql.bind(select, partition).executeQuery();
            while (row.next()) {
                keys.add(row.getObject(1, UUID.class));
            }
        }
        return keys;
    }

    private List<Claimed> claim(Pipeline pipeline, Set<UUID> draining, int limit, List<Long> waiting)
            throws SQLException {
        var held = draining.isEmpty()
                ? null
                : due(
                        pipeline,
                        "key_hash = any(?) and state = 'held'",
                        pipeline.column("uuid", draining, k -> k),
                        limit);
        var accepted = due(pipeline, "partition = ? and state = 'accepted'", partition, limit);
        pipeline.sync();
        var seqs = new ArrayList<>(waiting);
        if (held != null) {
            seqs.addAll(held.get().keySet());
        }
        var events = new ArrayList<Claimed>();
        var remembered =
                memory.accepted(partition).read(List.copyOf(accepted.get().keySet()));
        accepted.get().forEach((seq, untouched) -> {
            var event = untouched ? remembered.get(seq) : null;
            if (event == null) {
                seqs.add(seq);
            } else {
                events.add(event);
            }
        });
        load(pipeline.connection(), seqs, events);
        events.sort(Comparator.comparingLong(Claimed::seq));
        return List.copyOf(events);
    }

    /** What may be loaded of what is due, in order, and whether each is as it was accepted. */
    private static Answer<SequencedMap<Long, Boolean>> due(
            Pipeline pipeline, String which, Object parameter, int limit) {
        // the innermost query runs on the partial index alone
        return pipeline.query(
                """
                select seq, turn + attempts = 0 from (
                  select seq, turn, attempts, sum(bytes) over (order by seq) - bytes before
                  from (select seq, turn, attempts, bytes from event where %s order by seq limit %d) e) e
                where before < %d order by seq
                """.formatted(which, limit, MAX_BYTES),
                row -> {
                    var due = new LinkedHashMap<Long, Boolean>();
                    while (row.next()) {
                        due.put(row.getLong(1), row.getBoolean(2));
                    }
                    return due;
                },
                parameter);
    }

    private static void load(Connection connection, List<Long> seqs, List<Claimed> into) throws SQLException {
        if (seqs.isEmpty()) {
            return;
        }
        try (var select = connection.prepareStatement("""
                select e.*, d.media, d.traceparent, case when e.body is null then d.body end delivered
                from unnest(?::bigint[]) u (seq) join event e on e.seq = u.seq
                join delivery d on d.first_event = e.first_event
                """)) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            while (row.next()) {
                into.add(claimed(row));
            }
        }
    }

    static Claimed claimed(ResultSet row) throws SQLException {
        var part = row.getBytes("body");
        return new Claimed(
                row.getLong("seq"),
                Claimed.Was.of(row.getString("state")),
                row.getInt("turn"),
                row.getInt("attempts"),
                row.getInt("calls"),
                row.getInt("revision"),
                Objects.requireNonNull(Sql.uuid(row, "id")),
                Objects.requireNonNull(Sql.uuid(row, "delivery")),
                row.getString("connector"),
                row.getString("sender"),
                row.getString("pointer"),
                part == null ? row.getBytes("delivered") : part,
                part != null,
                row.getString("media"),
                row.getString("emits"),
                row.getString("source_id"),
                row.getString("key"),
                Sql.uuid(row, "key_hash"),
                row.getBytes("content_hash"),
                Objects.requireNonNull(Sql.instant(row, "accepted_at")),
                row.getString("traceparent"),
                row.getString("as_version"),
                new Lineage(Sql.texts(row, "edited_by"), Sql.texts(row, "approved_by")));
    }

    private static Supplier<Map<UUID, byte[]>> published(Pipeline pipeline, Collection<Claimed> events)
            throws SQLException {
        if (events.isEmpty()) {
            return Map::of;
        }
        return pipeline.query(
                "select id, content_hash from seen_event where id = any(?)",
                row -> {
                    var published = new HashMap<UUID, byte[]>();
                    while (row.next()) {
                        published.put(row.getObject(1, UUID.class), row.getBytes(2));
                    }
                    return published;
                },
                pipeline.column("uuid", events, Claimed::id))::get;
    }

    private void mark(Pipeline pipeline, List<Claimed> events, Set<Long> asking) throws SQLException {
        if (events.isEmpty() && asking.isEmpty() && !marked) {
            return;
        }
        var inHand = new HashSet<>(asking);
        events.forEach(event -> inHand.add(event.seq()));
        marked = !inHand.isEmpty();
        pipeline.update("""
                insert into partition_batch (partition, events) values (?, ?)
                on conflict (partition) do update set events = excluded.events
                """, partition, pipeline.longs(inHand));
    }

    private record Row(long event, int n, OutboxRow row) {}

    private static void writeOutbox(Pipeline pipeline, List<Outcome> outcomes, OffsetDateTime now) throws SQLException {
        var translated = new ArrayList<Outcome.Translated>();
        var rows = new ArrayList<Row>();
        for (var outcome : outcomes) {
            if (outcome instanceof Outcome.Translated t) {
                translated.add(t);
                for (var n = 0; n < t.rows().size(); n++) {
                    rows.add(new Row(t.claimed().seq(), n, t.rows().get(n)));
                }
            }
        }
        if (translated.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                insert into outbox (event, n, id, type, body, workflow)
                select * from unnest(?::bigint[], ?::smallint[], ?::uuid[], ?::text[], ?::bytea[], ?::text[])
                """,
                pipeline.column("int8", rows, Row::event),
                pipeline.column("int2", rows, r -> (short) r.n),
                pipeline.column("uuid", rows, r -> r.row.id()),
                pipeline.column("text", rows, r -> r.row.type()),
                pipeline.column("bytea", rows, r -> r.row.body()),
                pipeline.column("text", rows, r -> r.row.workflow()));
        pipeline.require(
                translated.size(),
                seen -> new StaleClaimException("an event of this batch was published meanwhile under another key"),
                """
                insert into seen_event (day, id, content_hash, event)
                select ?::date, * from unnest(?::uuid[], ?::bytea[], ?::bigint[]) on conflict do nothing
                """,
                now.toLocalDate(),
                pipeline.column("uuid", translated, Outcome.Translated::id),
                pipeline.column("bytea", translated, t -> t.claimed().contentHash()),
                pipeline.column("int8", translated, t -> t.claimed().seq()));
    }

    private static void writeBooks(Pipeline pipeline, Turn turn, OffsetDateTime now) throws SQLException {
        var books = new Books.Deltas();
        var parked = new ArrayList<Outcome.Parked>();
        var waiting = new ArrayList<Outcome.Waiting>();
        for (var outcome : turn.outcomes) {
            var connector = outcome.claimed().connector();
            switch (outcome) {
                case Outcome.Ignored o -> books.of(connector).ignored++;
                case Outcome.Duplicate o -> books.of(connector).eventDuplicate++;
                case Outcome.Parked o -> {
                    books.of(connector).parked++;
                    parked.add(o);
                }
                case Outcome.Translated o -> {} // published when the bus says so
                case Outcome.Held o -> {}
                case Outcome.Again o -> {}
                // in flight before and after: nothing for the books
                case Outcome.Waiting o -> waiting.add(o);
            }
        }
        books.write(pipeline, now);
        Steps.parked(pipeline, parked, turn::version, now);
        Steps.asked(pipeline, waiting, now);
    }

    private void writeHolds(Pipeline pipeline, Map<UUID, Long> held, OffsetDateTime now) throws SQLException {
        if (held.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                insert into held_key (partition, since, key_hash, blocker)
                select ?, ?, * from unnest(?::uuid[], ?::bigint[])
                on conflict (key_hash) do update set blocker = excluded.blocker
                """, partition, now, pipeline.column("uuid", held.keySet(), k -> k), pipeline.longs(held.values()));
    }

    private static Set<UUID> release(Connection connection, Set<UUID> drained) throws SQLException {
        var released = new HashSet<UUID>();
        try (var delete = connection.prepareStatement("""
                delete from held_key h where key_hash = any(?)
                  and not exists (select 1 from event e where e.key_hash = h.key_hash and e.state = 'held')
                returning key_hash
                """)) {
            var row = Sql.bind(delete, Sql.column(connection, "uuid", drained, k -> k))
                    .executeQuery();
            while (row.next()) {
                released.add(row.getObject(1, UUID.class));
            }
        }
        return released;
    }
}
