package io.dovetail.ledger;

import io.dovetail.event.Failure;
import io.dovetail.ledger.ReplayPlans.Choice;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Events with what came out when they were decided: to be read, and compared with what would come out now. */
public final class Selection {

    // of bodies in one page, unless a single one is larger
    private static final int MAX_BYTES = 4 << 20;

    private final Transactions transactions;

    public Selection(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Of which state the chosen events are. */
    public enum State {
        PARKED,
        PUBLISHED;

        /** As the database and the API call it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param claimed the event as a worker would have it in hand
     * @param published the content hash of another event that was published under its id; null: none
     * @param failure why it is parked; null: it is not
     * @param rows what the bus was told of it, the event first
     */
    public record Chosen(
            Claimed claimed,
            byte @Nullable [] published,
            @Nullable Failure failure,
            List<OutboxRow> rows) {}

    /** The next chosen events after {@code after}, in the order accepted; fewer than {@code limit} when they are large. */
    public List<Chosen> next(Choice choice, State state, long after, int limit) {
        var from = choice.acceptedFrom();
        // a day's events have numbers of that day
        var past = from == null
                ? after
                : Math.max(after, History.first(from.atOffset(ZoneOffset.UTC).toLocalDate()) - 1);
        return transactions.survey(connection -> {
            var seqs = seqs(connection, choice, state, past, limit);
            return seqs.isEmpty() ? List.<Chosen>of() : load(connection, seqs, state);
        });
    }

    private static List<Long> seqs(Connection connection, Choice choice, State state, long after, int limit)
            throws SQLException {
        try (var select = connection.prepareStatement("""
                select seq from (
                  select seq, sum(bytes) over (order by seq) - bytes before
                  from (select e.seq, e.bytes from event e where e.state = '%s' and e.seq > ? and %s
                        order by e.seq limit ?) e) e
                where before < %d order by seq
                """.formatted(state.word(), ReplayPlans.CHOICE, MAX_BYTES))) {
            var parameters = ReplayPlans.parameters(choice);
            parameters.addFirst(after);
            parameters.add(limit);
            var row = Sql.bind(select, parameters.toArray()).executeQuery();
            var seqs = new ArrayList<Long>();
            while (row.next()) {
                seqs.add(row.getLong(1));
            }
            return seqs;
        }
    }

    private static List<Chosen> load(Connection connection, List<Long> seqs, State state) throws SQLException {
        var rows = rows(connection, seqs);
        try (var select = connection.prepareStatement("""
                select e.*, d.media, d.traceparent, case when e.body is null then d.body end delivered,
                  case when e.state = 'parked' then s.content_hash end published
                from unnest(?::bigint[]) u (seq) join event e on e.seq = u.seq
                join delivery d on d.first_event = e.first_event
                left join seen_event s on s.id = e.id
                order by e.seq
                """)) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            var chosen = new ArrayList<Chosen>();
            while (row.next()) {
                var failure = row.getString("failure");
                if (row.getString("state").equals(state.word())) {
                    chosen.add(new Chosen(
                            Inbox.claimed(row),
                            row.getBytes("published"),
                            failure == null ? null : FailureJson.read(failure),
                            rows.getOrDefault(row.getLong("seq"), List.of())));
                }
            }
            return List.copyOf(chosen);
        }
    }

    private static Map<Long, List<OutboxRow>> rows(Connection connection, List<Long> seqs) throws SQLException {
        try (var select = connection.prepareStatement("""
                select o.event, o.id, o.type, o.body, o.workflow
                from unnest(?::bigint[]) u (seq) join outbox o on o.event = u.seq order by o.event, o.n
                """)) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            var rows = new TreeMap<Long, List<OutboxRow>>();
            while (row.next()) {
                rows.computeIfAbsent(row.getLong(1), seq -> new ArrayList<>())
                        .add(new OutboxRow(
                                Objects.requireNonNull(Sql.uuid(row, "id")),
                                row.getString("type"),
                                row.getBytes("body"),
                                row.getString("workflow")));
            }
            return rows;
        }
    }
}
