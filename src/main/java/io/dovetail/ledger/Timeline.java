package io.dovetail.ledger;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.dovetail.event.Failure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened to a delivery, and to everything that a business key names. */
public final class Timeline {

    private final Transactions transactions;

    public Timeline(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param duplicates when the same was sent again */
    public record Delivery(
            UUID id,
            String connector,
            String sender,
            Instant acceptedAt,
            List<Instant> duplicates,
            List<Event> events) {}

    public record Event(
            UUID id,
            UUID delivery,
            String connector,
            String sender,
            String state,
            @Nullable String type,
            @Nullable String key,
            long seq,
            @Nullable String mappingVersion,
            Instant acceptedAt,
            @Nullable Instant translatedAt,
            @Nullable Instant publishedAt,
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

    public record Step(
            Instant at,
            String step,
            String actor,
            @Nullable String reason,
            @JsonRawValue @Nullable String detail) {}

    public Optional<Delivery> delivery(UUID id) {
        return transactions.snapshot(connection -> {
            try (var select = connection.prepareStatement(
                    "select connector, sender, accepted_at, first_event, events from delivery where id = ?")) {
                var row = Sql.bind(select, id).executeQuery();
                if (!row.next()) {
                    return Optional.empty();
                }
                var first = row.getLong("first_event");
                return Optional.of(new Delivery(
                        id,
                        row.getString("connector"),
                        row.getString("sender"),
                        Objects.requireNonNull(Sql.instant(row, "accepted_at")),
                        duplicates(connection, first),
                        events(
                                connection,
                                "e.seq >= ? and e.seq < ? order by e.seq",
                                first,
                                first + row.getInt("events"))));
            }
        });
    }

    /** The events that carry this business key value, or are or came with what this id names, in the order accepted. */
    public List<Event> search(String key, int limit) {
        var id = uuid(key);
        return transactions.snapshot(connection -> id.isEmpty()
                ? events(
                        connection,
                        "e.seq in (select event from business_key where value = ?) order by e.seq limit ?",
                        key,
                        limit)
                : events(connection, """
                        e.seq in (
                          select event from business_key where value = ?
                          union all select event from seen_event where id = ?
                          union all select seq from event where state = 'parked' and id = ?
                          union all select s from delivery d, generate_series(d.first_event, d.first_event + d.events - 1) s
                            where d.id = ?)
                        order by e.seq limit ?
                        """, key, id.get(), id.get(), id.get(), limit));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Event> events(Connection connection, String which, Object... parameters) throws SQLException {
        try (var select = connection.prepareStatement("""
                select id, delivery, connector, sender, state, emits, key, seq, version, accepted_at, translated_at,
                  published_at, reason, fingerprint, failure, calls, next_attempt_at
                from event e where """ + " " + which)) {
            var row = Sql.bind(select, parameters).executeQuery();
            var events = new ArrayList<Event>();
            while (row.next()) {
                events.add(event(connection, row));
            }
            return List.copyOf(events);
        }
    }

    private static Event event(Connection connection, ResultSet row) throws SQLException {
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
                row.getString("version"),
                Objects.requireNonNull(Sql.instant(row, "accepted_at")),
                Sql.instant(row, "translated_at"),
                Sql.instant(row, "published_at"),
                triggers(connection, row.getLong("seq")),
                row.getString("reason"),
                row.getString("fingerprint"),
                isWaiting ? null : failure,
                isWaiting ? waiting(row, failure) : null,
                steps(connection, row.getLong("seq")));
    }

    private static @Nullable Waiting waiting(ResultSet row, @Nullable Failure failure) throws SQLException {
        var calls = row.getInt("calls");
        return calls == 0 || failure == null
                ? null
                : new Waiting(calls, Objects.requireNonNull(Sql.instant(row, "next_attempt_at")), failure);
    }

    private static List<TriggerRef> triggers(Connection connection, long event) throws SQLException {
        try (var select =
                connection.prepareStatement("select id, workflow from outbox where event = ? and n > 0 order by n")) {
            var row = Sql.bind(select, event).executeQuery();
            var triggers = new ArrayList<TriggerRef>();
            while (row.next()) {
                triggers.add(new TriggerRef(Objects.requireNonNull(Sql.uuid(row, "id")), row.getString("workflow")));
            }
            return List.copyOf(triggers);
        }
    }

    static List<Step> steps(Connection connection, long event) throws SQLException {
        try (var select = connection.prepareStatement(
                "select at, step, actor, reason, detail from event_step where event = ? order by at")) {
            var row = Sql.bind(select, event).executeQuery();
            var steps = new ArrayList<Step>();
            while (row.next()) {
                steps.add(new Step(
                        Objects.requireNonNull(Sql.instant(row, "at")),
                        row.getString("step"),
                        row.getString("actor"),
                        row.getString("reason"),
                        row.getString("detail")));
            }
            return List.copyOf(steps);
        }
    }

    private static List<Instant> duplicates(Connection connection, long firstEvent) throws SQLException {
        try (var select =
                connection.prepareStatement("select at from delivery_duplicate where first_event = ? order by at")) {
            var row = Sql.bind(select, firstEvent).executeQuery();
            var duplicates = new ArrayList<Instant>();
            while (row.next()) {
                duplicates.add(Objects.requireNonNull(Sql.instant(row, "at")));
            }
            return List.copyOf(duplicates);
        }
    }
}
