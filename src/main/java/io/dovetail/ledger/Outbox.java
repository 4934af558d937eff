package io.dovetail.ledger;

import io.dovetail.event.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

    public Outbox(Transactions transactions) {
        this.transactions = transactions;
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
            List<Row> rows) {}

    /** @param workflow null for the event itself */
    public record Row(
            UUID id, String type, byte[] body, @Nullable String workflow) {}

    /** The next events in the order of their sequence numbers; of one key the earlier always comes first. */
    public List<Pending> next(int limit) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("""
                    select e.*, d.traceparent, o.n, o.id row_id, o.type, o.body row_body, o.workflow
                    from (select *, sum(bytes) over (order by seq) - bytes before
                          from (select seq, turn, state, id, delivery, connector, sender, emits, reason, fingerprint,
                                       failure, version, accepted_at, translated_at, bytes
                                from event where relay order by seq limit ?) e) e
                    join delivery d on d.id = e.delivery
                    left join outbox o on o.event = e.seq and e.state = 'translated'
                    where e.before < ? order by e.seq, o.n
                    """)) {
                var row = Sql.bind(select, limit, MAX_BYTES).executeQuery();
                var pending = new ArrayList<Pending>();
                List<Row> rows = List.of();
                while (row.next()) {
                    var seq = row.getLong("seq");
                    if (pending.isEmpty() || pending.getLast().seq != seq) {
                        rows = new ArrayList<>(2);
                        var failure = row.getString("failure");
                        pending.add(new Pending(
                                seq,
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
                                rows));
                    }
                    var id = Sql.uuid(row, "row_id");
                    if (id != null) {
                        rows.add(new Row(
                                id, row.getString("type"), row.getBytes("row_body"), row.getString("workflow")));
                    }
                }
                return List.copyOf(pending);
            }
        });
    }

    /** Marks as told what the bus has acknowledged, as it was when it was read: a later decision is told by itself. */
    public void told(List<Pending> pending) {
        transactions.write(connection -> {
            var now = transactions.now();
            var books = new Books.Deltas();
            try (var update = connection.prepareStatement("""
                    update event e set relay = false,
                      state = case when e.state = 'translated' then 'published' else e.state end,
                      published_at = case when e.state = 'translated' then ? else e.published_at end
                    from unnest(?::bigint[], ?::smallint[]) u (seq, turn)
                    where e.seq = u.seq and e.turn = u.turn and e.relay
                    returning e.connector, e.state
                    """)) {
                var row = Sql.bind(
                                update,
                                now,
                                Sql.column(connection, "int8", pending, Pending::seq),
                                Sql.column(connection, "int2", pending, p -> (short) p.turn))
                        .executeQuery();
                while (row.next()) {
                    if (row.getString(2).equals("published")) {
                        books.of(row.getString(1)).published++;
                    }
                }
            }
            books.write(connection, now);
            return pending.size();
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
