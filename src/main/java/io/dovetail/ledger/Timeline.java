package io.dovetail.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.dovetail.event.Failure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** What happened to a delivery, and to everything that a word names: see {@link #search}. */
public final class Timeline {

    /** How many steps of one event are told, and how often its delivery came again: the last ones. */
    static final int MOST_STEPS = 100;

    private final Transactions transactions;

    public Timeline(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param duplicates when the same was sent again, the last times */
    public record Delivery(
            UUID id,
            String connector,
            String sender,
            Instant acceptedAt,
            List<Instant> duplicates,
            List<Event> events) {}

    /**
     * @param pointer where it stands in the delivery
     * @param traceparent that it goes on with
     * @param duplicates when its delivery was sent again, the last times
     */
    public record Event(
            UUID id,
            UUID delivery,
            String connector,
            String sender,
            String state,
            @Nullable String type,
            @Nullable String key,
            long seq,
            String pointer,
            String traceparent,
            @Nullable String mappingVersion,
            Instant acceptedAt,
            @Nullable Instant translatedAt,
            @Nullable Instant publishedAt,
            List<Instant> duplicates,
            List<TriggerRef> triggers,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable Failure failure,
            @Nullable Waiting waiting,
            List<Step> steps) {}

    /**
     * For another system that was asked in vain.
     *
     * @param attempts how often so far
     * @param nextAttemptAt when again, unless it is being asked now
     */
    public record Waiting(int attempts, Instant nextAttemptAt, Failure failure) {}

    public record TriggerRef(UUID id, String workflow) {}

    /**
     * @param version by which it was parked, or is to be replayed; null: not said
     * @param proposedBy whose edit was approved or refused
     * @param to who heard it again; empty: nobody did
     */
    public record Step(
            Instant at,
            String step,
            String actor,
            @Nullable String version,
            @Nullable String proposedBy,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> to,
            @Nullable String reason,
            @JsonRawValue @Nullable String detail) {

        public Step withoutDetail() {
            return new Step(at, step, actor, version, proposedBy, to, reason, null);
        }
    }

    /**
     * @param events in the order accepted
     * @param next before which there are more; null: there are none
     * @param refused what was not taken, on the first page alone
     */
    public record Page(List<Event> events, @Nullable Long next, List<Refused> refused) {}

    /** A delivery's bytes as they were received. */
    public record Payload(String media, byte[] body) {}

    public Optional<Delivery> delivery(UUID id) {
        return transactions.snapshot(connection -> {
            try (var select = connection.prepareStatement(
                    "select connector, sender, accepted_at, first_event, events from delivery where id = ?")) {
                var row = Sql.bind(select, id).executeQuery();
                if (!row.next()) {
                    return Optional.empty();
                }
                var first = row.getLong("first_event");
                var events = LongStream.range(first, first + row.getInt("events"))
                        .boxed()
                        .toList();
                return Optional.of(new Delivery(
                        id,
                        row.getString("connector"),
                        row.getString("sender"),
                        Objects.requireNonNull(Sql.instant(row, "accepted_at")),
                        duplicates(connection, List.of(first)).getOrDefault(first, List.of()),
                        events(connection, events)));
            }
        });
    }

    /**
     * The events that carry this business key value, that this partner sent, or that are or came with what this id or
     * trace names. A partner is a sender, or the connector where senders have no names of their own. An event whose first
     * turn has not come is not found by its own id.
     *
     * @param before only those before this sequence number, for the next page
     * @param limit how many, the newest
     */
    public Page search(String word, long before, int limit) {
        return transactions.snapshot(connection -> {
            var newest = Search.newest(connection, word, before, limit + 1);
            var seqs = newest.subList(0, Math.min(limit, newest.size()));
            return new Page(
                    events(connection, seqs),
                    newest.size() > limit ? seqs.getLast() : null,
                    before == Long.MAX_VALUE ? Refused.of(connection, word, limit) : List.of());
        });
    }

    public Optional<Payload> received(UUID delivery) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("select media, body from delivery where id = ?")) {
                var row = Sql.bind(select, delivery).executeQuery();
                return row.next() ? Optional.of(new Payload(row.getString(1), row.getBytes(2))) : Optional.empty();
            }
        });
    }

    /** What goes or went to the bus: the event, then its triggers; empty for one that is not translated. */
    public List<byte[]> published(long seq) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("select body from outbox where event = ? order by n")) {
                var row = Sql.bind(select, seq).executeQuery();
                var bodies = new ArrayList<byte[]>();
                while (row.next()) {
                    bodies.add(row.getBytes(1));
                }
                return List.copyOf(bodies);
            }
        });
    }

    private static final String EVENTS = """
            select e.seq, e.first_event, e.id, e.delivery, e.connector, e.sender, e.state, e.emits, e.key, e.pointer,
              d.traceparent, e.version, e.accepted_at, e.translated_at, e.published_at, e.reason, e.fingerprint,
              e.failure, e.calls, e.next_attempt_at
            from unnest(?::bigint[]) u (seq) join event e on e.seq = u.seq
            join delivery d on d.first_event = e.first_event
            order by e.seq
            """;

    private static List<Event> events(Connection connection, List<Long> seqs) throws SQLException {
        if (seqs.isEmpty()) {
            return List.of();
        }
        var duplicates = duplicates(connection, firstEvents(connection, seqs));
        var triggers = triggers(connection, seqs);
        var steps = steps(connection, seqs);
        try (var select = connection.prepareStatement(EVENTS)) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            var events = new ArrayList<Event>();
            while (row.next()) {
                var seq = row.getLong("seq");
                events.add(event(
                        row,
                        duplicates.getOrDefault(row.getLong("first_event"), List.of()),
                        triggers.getOrDefault(seq, List.of()),
                        steps.getOrDefault(seq, List.of())));
            }
            return List.copyOf(events);
        }
    }

    private static List<Long> firstEvents(Connection connection, List<Long> seqs) throws SQLException {
        try (var select = connection.prepareStatement(
                "select distinct e.first_event from unnest(?::bigint[]) u (seq) join event e on e.seq = u.seq")) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            var firsts = new ArrayList<Long>();
            while (row.next()) {
                firsts.add(row.getLong(1));
            }
            return firsts;
        }
    }

    private static Event event(ResultSet row, List<Instant> duplicates, List<TriggerRef> triggers, List<Step> steps)
            throws SQLException {
        var json = row.getString("failure");
        var failure = json == null ? null : FailureJson.read(json);
        var isWaiting = row.getString("state").equals("waiting");
        return new Event(
                Objects.requireNonNull(Sql.uuid(row, "id")),
                Objects.requireNonNull(Sql.uuid(row, "delivery")),
                row.getString("connector"),
                row.getString("sender"),
                row.getString("state"),
                row.getString("emits"),
                row.getString("key"),
                row.getLong("seq"),
                row.getString("pointer"),
                row.getString("traceparent"),
                row.getString("version"),
                Objects.requireNonNull(Sql.instant(row, "accepted_at")),
                Sql.instant(row, "translated_at"),
                Sql.instant(row, "published_at"),
                duplicates,
                triggers,
                row.getString("reason"),
                row.getString("fingerprint"),
                isWaiting ? null : failure,
                isWaiting ? waiting(row, failure) : null,
                steps);
    }

    private static @Nullable Waiting waiting(ResultSet row, @Nullable Failure failure) throws SQLException {
        var calls = row.getInt("calls");
        return calls == 0 || failure == null
                ? null
                : new Waiting(calls, Objects.requireNonNull(Sql.instant(row, "next_attempt_at")), failure);
    }

    private static Map<Long, List<TriggerRef>> triggers(Connection connection, List<Long> seqs) throws SQLException {
        try (var select = connection.prepareStatement("""
                select o.event, o.id, o.workflow from unnest(?::bigint[]) u (seq) join outbox o on o.event = u.seq
                where o.n > 0 order by o.event, o.n
                """)) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            var triggers = new HashMap<Long, List<TriggerRef>>();
            while (row.next()) {
                triggers.computeIfAbsent(row.getLong(1), seq -> new ArrayList<>())
                        .add(new TriggerRef(Objects.requireNonNull(Sql.uuid(row, "id")), row.getString("workflow")));
            }
            return triggers;
        }
    }

    static List<Step> steps(Connection connection, long event) throws SQLException {
        return steps(connection, List.of(event)).getOrDefault(event, List.of());
    }

    private static Map<Long, List<Step>> steps(Connection connection, List<Long> seqs) throws SQLException {
        try (var select = connection.prepareStatement("""
                select s.* from unnest(?::bigint[]) u (seq) cross join lateral (
                  select event, at, step, actor, coalesce(version, detail->>'as') version,
                    detail->>'proposedBy' proposed_by, reason, detail,
                    array(select jsonb_array_elements_text(detail->'to') where step = 'republished') heard_by
                  from event_step where event = u.seq order by at desc limit %d) s
                order by s.event, s.at
                """.formatted(MOST_STEPS))) {
            var row = Sql.bind(select, Sql.longs(connection, seqs)).executeQuery();
            var steps = new HashMap<Long, List<Step>>();
            while (row.next()) {
                steps.computeIfAbsent(row.getLong(1), seq -> new ArrayList<>())
                        .add(new Step(
                                Objects.requireNonNull(Sql.instant(row, "at")),
                                row.getString("step"),
                                row.getString("actor"),
                                row.getString("version"),
                                row.getString("proposed_by"),
                                Sql.texts(row, "heard_by"),
                                row.getString("reason"),
                                row.getString("detail")));
            }
            return steps;
        }
    }

    /** @param firstEvents of deliveries */
    private static Map<Long, List<Instant>> duplicates(Connection connection, List<Long> firstEvents)
            throws SQLException {
        try (var select = connection.prepareStatement("""
                select d.* from unnest(?::bigint[]) u (seq) cross join lateral (
                  select first_event, at from delivery_duplicate
                  where first_event = u.seq order by at desc limit %d) d
                order by d.first_event, d.at
                """.formatted(MOST_STEPS))) {
            var row = Sql.bind(select, Sql.longs(connection, firstEvents)).executeQuery();
            var duplicates = new HashMap<Long, List<Instant>>();
            while (row.next()) {
                duplicates
                        .computeIfAbsent(row.getLong(1), seq -> new ArrayList<>())
                        .add(Objects.requireNonNull(Sql.instant(row, "at")));
            }
            return duplicates;
        }
    }
}
