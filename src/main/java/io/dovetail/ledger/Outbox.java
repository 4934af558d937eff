package io.dovetail.ledger;

import io.dovetail.event.Failure;
import io.dovetail.ledger.Pipeline.Answer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * T3: what the bus has not heard yet. An outbox row has no state of its own; its event's state is the state of them
 * all, so that marking them is one update.
 */
public final class Outbox {

    // of CloudEvents read at a time, unless a single event has more
    private static final int MAX_BYTES = 8 << 20;

    private final Transactions transactions;
    private final Memory memory;

    public Outbox(Transactions transactions, Memory memory) {
        this.transactions = transactions;
        this.memory = memory;
    }

    /**
     * An event that the bus must hear of.
     *
     * @param outcome {@code translated} (to be published), or the end it came to: {@code ignored}, {@code duplicate},
     *     {@code parked}, {@code discarded}
     * @param rows the CloudEvents to publish; empty unless translated
     */
    public record Pending(
            long seq,
            int turn,
            String outcome,
            UUID id,
            UUID delivery,
            String connector,
            String sender,
            @Nullable String emits,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable Failure failure,
            @Nullable String version,
            String traceparent,
            Instant acceptedAt,
            Instant translatedAt,
            List<OutboxRow> rows) {

        /** As it would be read. */
        static Pending of(Outcome.Translated translated, String version, Instant at) {
            var claimed = translated.claimed();
            return new Pending(
                    claimed.seq(),
                    Claimed.nextTurn(claimed.turn()),
                    "translated",
                    claimed.id(),
                    claimed.delivery(),
                    claimed.connector(),
                    claimed.sender(),
                    translated.type(),
                    null,
                    null,
                    null,
                    version,
                    claimed.traceparent(),
                    claimed.acceptedAt(),
                    at,
                    translated.rows());
        }
    }

    /** Events that the bus must hear of next, by their sequence numbers, and the turn of each. */
    public record Due(SequencedMap<Long, Integer> turns) {

        public boolean isNone() {
            return turns.isEmpty();
        }
    }

    /** The next events in the order of their sequence numbers; of one key the earlier always comes first. */
    public List<Pending> next(int limit) {
        return next(transactions.query(connection -> {
            var pipeline = new Pipeline(connection);
            var due = due(pipeline, limit);
            pipeline.sync();
            return due.get();
        }));
    }

    /** Those of them that are still due, likewise. */
    public List<Pending> next(Due due) {
        var pending = new TreeMap<Long, Pending>();
        memory.translated().read(List.copyOf(due.turns.keySet())).forEach((seq, event) -> {
            if (Objects.equals(due.turns.get(seq), event.turn)) {
                pending.put(seq, event);
            }
        });
        var others = new ArrayList<>(due.turns.keySet());
        others.removeAll(pending.keySet());
        if (!others.isEmpty()) {
            transactions.query(connection -> {
                load(connection, others, pending);
                return true;
            });
        }
        return List.copyOf(pending.values());
    }

    /** What may be loaded of what is due, in order, each with its turn. */
    private static Answer<Due> due(Pipeline pipeline, int limit) {
        return pipeline.query(
                """
                select seq, turn
                from (select seq, turn, sum(bytes) over (order by seq) - bytes before
                      from (select seq, turn, bytes from event where relay order by seq limit ?) e) e
                where before < ? order by seq
                """,
                row -> {
                    var due = new LinkedHashMap<Long, Integer>();
                    while (row.next()) {
                        due.put(row.getLong(1), row.getInt(2));
                    }
                    return new Due(due);
                },
                limit,
                MAX_BYTES);
    }

    private static void load(Connection connection, List<Long> seqs, Map<Long, Pending> into) throws SQLException {
        // relay is no condition: its index would be scanned whole for it, however long the backlog
        try (var select = connection.prepareStatement("""
                select e.relay, e.seq, e.turn, e.state, e.id, e.delivery, e.connector, e.sender, e.emits, e.reason,
                  e.fingerprint, e.failure, e.version, e.accepted_at, e.translated_at,
                  d.traceparent, o.n, o.id row_id, o.type, o.body row_body, o.workflow
                from unnest(?::bigint[]) u (seq) join event e on e.seq = u.seq
                join delivery d on d.first_event = e.first_event
                left join outbox o on o.event = e.seq and e.state = 'translated'
                order by e.seq, o.n
                """)) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            while (row.next()) {
                if (!row.getBoolean("relay")) {
                    continue; // an operator was quicker
                }
                var id = Sql.uuid(row, "row_id");
                var event = into.get(row.getLong("seq"));
                if (event == null) {
                    event = pending(row);
                    into.put(event.seq, event);
                }
                if (id != null) {
                    event.rows.add(new OutboxRow(
                            id, row.getString("type"), row.getBytes("row_body"), row.getString("workflow")));
                }
            }
        }
    }

    private static Pending pending(ResultSet row) throws SQLException {
        var failure = row.getString("failure");
        return new Pending(
                row.getLong("seq"),
                row.getInt("turn"),
                row.getString("state"),
                Objects.requireNonNull(Sql.uuid(row, "id")),
                Objects.requireNonNull(Sql.uuid(row, "delivery")),
                row.getString("connector"),
                row.getString("sender"),
                row.getString("emits"),
                row.getString("reason"),
                row.getString("fingerprint"),
                failure == null ? null : FailureJson.read(failure),
                row.getString("version"),
                row.getString("traceparent"),
                Objects.requireNonNull(Sql.instant(row, "accepted_at")),
                Objects.requireNonNull(Sql.instant(row, "translated_at")),
                new ArrayList<>(2));
    }

    /** {@link #told(List, Set, int)} where no trigger is kept back. */
    public Due told(List<Pending> pending, int limit) {
        return told(pending, Set.of(), limit);
    }

    /**
     * Marks as told what the bus has acknowledged, as it was when it was read: a later decision is told by itself. A mark
     * that a crash of the database forgets is one that a crash of the hub prevents: the bus is told again.
     *
     * @param keptBack the workflows whose triggers the bus was not told of
     * @return what is due then, found in the same round trip
     */
    public Due told(List<Pending> pending, Set<String> keptBack, int limit) {
        return transactions.writeForgettablePipelined(pipeline -> {
            var now = transactions.now();
            keepBack(pipeline, pending, keptBack);
            pipeline.update(
                    """
                    with told as (
                      update event e set relay = false,
                        state = case when e.state = 'translated' then 'published' else e.state end,
                        published_at = case when e.state = 'translated' then ? else e.published_at end
                      from unnest(?::bigint[], ?::smallint[], ?::boolean[]) u (seq, turn, relay)
                      where e.seq = u.seq and e.turn = u.turn and e.relay = u.relay
                      returning e.connector, e.state)
                    insert into book_delta (connector, at, published)
                    select connector, ?, count(*) from told where state = 'published' group by connector
                    """,
                    now,
                    pipeline.column("int8", pending, Pending::seq),
                    pipeline.column("int2", pending, p -> (short) p.turn),
                    // not as a condition of its own, by which the whole backlog would be joined
                    pipeline.column("bool", pending, p -> true),
                    now);
            return due(pipeline, limit)::get;
        });
    }

    private static void keepBack(Pipeline pipeline, List<Pending> pending, Set<String> workflows) throws SQLException {
        if (workflows.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                update outbox o set kept_back = true from unnest(?::bigint[]) u (event)
                where o.event = u.event and o.workflow = any(?)
                """, pipeline.column("int8", pending, Pending::seq), pipeline.column("text", workflows, w -> w));
    }

    /** A trigger that the bus was not told of when its event was published. */
    public record KeptBack(long event, int n, OutboxRow row) {}

    /** How many triggers are kept back, by workflow. */
    public Map<String, Long> keptBack() {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement(
                    "select workflow, count(*) from outbox where kept_back group by workflow")) {
                var row = select.executeQuery();
                var counts = new LinkedHashMap<String, Long>();
                while (row.next()) {
                    counts.put(row.getString(1), row.getLong(2));
                }
                return counts;
            }
        });
    }

    /** The next that are kept back of a workflow, in the order of their events. */
    public List<KeptBack> keptBack(String workflow, int limit) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("""
                    select event, n, id, type, body, workflow from outbox
                    where kept_back and workflow = ? order by event, n limit ?
                    """)) {
                var row = Sql.bind(select, workflow, limit).executeQuery();
                var rows = new ArrayList<KeptBack>();
                while (row.next()) {
                    rows.add(new KeptBack(
                            row.getLong(1),
                            row.getInt(2),
                            new OutboxRow(
                                    Objects.requireNonNull(Sql.uuid(row, "id")),
                                    row.getString(4),
                                    row.getBytes(5),
                                    row.getString(6))));
                }
                return List.copyOf(rows);
            }
        });
    }

    /** Marks triggers as told that were kept back, once the bus has acknowledged them. */
    public void letGo(List<KeptBack> rows) {
        transactions.writeForgettable(connection -> {
            try (var update = connection.prepareStatement("""
                    update outbox o set kept_back = false from unnest(?::bigint[], ?::smallint[]) u (event, n)
                    where o.event = u.event and o.n = u.n
                    """)) {
                return Sql.bind(
                                update,
                                Sql.column(connection, "int8", rows, KeptBack::event),
                                Sql.column(connection, "int2", rows, r -> (short) r.n))
                        .executeUpdate();
            }
        });
    }

    /** When the oldest event that is translated and not published was accepted. */
    public Optional<Instant> oldest() {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement(
                    "select accepted_at from event where state = 'translated' order by seq limit 1")) {
                var row = select.executeQuery();
                return row.next() ? Optional.ofNullable(Sql.instant(row, "accepted_at")) : Optional.empty();
            }
        });
    }
}
