package io.dovetail.ledger;

import io.dovetail.ledger.Inbox.StaleClaimException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows of events that wait for another system to be asked. Nobody pays for these statements who asks nobody. */
final class Waits {

    private static final String PUT_ASIDE = """
            update event e set state = 'waiting', turn = %s, next_attempt_at = u.next, attempts = u.attempts,
              calls = u.calls, failure = coalesce(u.failure::jsonb, e.failure)
            from unnest(?::bigint[], ?::smallint[], ?::event_state[], ?::timestamptz[], ?::smallint[], ?::int[],
                        ?::text[])
              u (seq, turn, was, next, attempts, calls, failure)
            where e.seq = u.seq and e.turn = u.turn and e.state = u.was and e.partition = ?
            """.formatted(Claimed.NEXT_TURN);

    private Waits() {}

    /**
     * @param seqs what may be loaded of what is due
     * @param next when to look again, by connector; a connector is missing when no other event of it waits
     */
    record Due(List<Long> seqs, Map<String, Instant> next) {

        static final Due NONE = new Due(List.of(), Map.of());
    }

    /**
     * The events of a partition whose next attempt is due, of each connector as many as may be asked for.
     *
     * @param free how many that is; of connectors that are not in it, none
     * @param except those that are being asked for
     */
    static Due due(
            Connection connection,
            int partition,
            Instant now,
            Map<String, Integer> free,
            Collection<Long> except,
            int maxBytes)
            throws SQLException {
        // one more than wanted tells when to look again
        try (var select = connection.prepareStatement("""
                select e.seq, e.bytes, e.next_attempt_at, c.connector
                from unnest(?::text[], ?::int[]) c (connector, free) cross join lateral (
                  select seq, bytes, next_attempt_at from event
                  where partition = ? and connector = c.connector and state = 'waiting' and seq <> all(?)
                  order by next_attempt_at limit c.free + 1) e
                order by e.next_attempt_at
                """)) {
            var row = Sql.bind(
                            select,
                            Sql.column(connection, "text", free.keySet(), c -> c),
                            Sql.column(connection, "int4", free.values(), f -> f),
                            partition,
                            Sql.longs(connection, except))
                    .executeQuery();
            var seqs = new ArrayList<Long>();
            var left = new HashMap<>(free);
            var next = new HashMap<String, Instant>();
            var bytes = 0L;
            while (row.next()) {
                var connector = row.getString(4);
                var at = row.getObject(3, OffsetDateTime.class).toInstant();
                if (at.isAfter(now) || left.getOrDefault(connector, 0) == 0 || bytes > maxBytes) {
                    next.putIfAbsent(connector, at);
                } else {
                    seqs.add(row.getLong(1));
                    bytes += row.getLong(2);
                    left.merge(connector, -1, Integer::sum);
                }
            }
            return new Due(seqs, next);
        }
    }

    /** Puts events aside; none of them, with a {@link StaleClaimException}, when one is not in the state it was claimed in. */
    static void write(Pipeline pipeline, List<Outcome.Waiting> outcomes, int partition) throws SQLException {
        pipeline.require(
                outcomes.size(),
                changed -> States.stale(outcomes.size(), changed, partition),
                PUT_ASIDE,
                pipeline.column("int8", outcomes, o -> o.claimed().seq()),
                pipeline.column("int2", outcomes, o -> (short) o.claimed().turn()),
                pipeline.column("text", outcomes, o -> o.claimed().was().state),
                pipeline.column(
                        "text",
                        outcomes,
                        o -> o.nextAttemptAt().atOffset(ZoneOffset.UTC).toString()),
                pipeline.column("int2", outcomes, o -> (short) o.attempts()),
                pipeline.column("int4", outcomes, Outcome.Waiting::calls),
                pipeline.column("text", outcomes, o -> o.failure() == null ? null : FailureJson.write(o.failure())),
                partition);
    }

    /** Of what was decided about events, what may still be written: their states are as they were, and nobody else has their ids. */
    static Set<Long> current(Connection connection, List<? extends Outcome> outcomes) throws SQLException {
        var current = new HashSet<Long>();
        // the state is a value and no condition of its own, by which the whole partial index would be joined
        try (var select = connection.prepareStatement("""
                select e.seq from unnest(?::bigint[], ?::smallint[], ?::event_state[], ?::uuid[]) u (seq, turn, was, id)
                join event e on e.seq = u.seq
                where e.turn = u.turn and e.state = u.was
                  and not exists (select from seen_event s where s.id = u.id)
                """)) {
            var row = Sql.bind(
                            select,
                            Sql.column(
                                    connection,
                                    "int8",
                                    outcomes,
                                    o -> o.claimed().seq()),
                            Sql.column(connection, "int2", outcomes, o ->
                                    (short) o.claimed().turn()),
                            Sql.column(
                                    connection,
                                    "text",
                                    outcomes,
                                    o -> o.claimed().was().state),
                            Sql.column(
                                    connection,
                                    "uuid",
                                    outcomes,
                                    o -> o instanceof Outcome.Translated t ? t.id() : null))
                    .executeQuery();
            while (row.next()) {
                current.add(row.getLong(1));
            }
        }
        return current;
    }

    /** The connectors of a partition of which events wait. */
    static Set<String> connectors(Connection connection, int partition) throws SQLException {
        var connectors = new HashSet<String>();
        try (var select = connection.prepareStatement(
                "select distinct connector from event where partition = ? and state = 'waiting'")) {
            var row = Sql.bind(select, partition).executeQuery();
            while (row.next()) {
                connectors.add(row.getString(1));
            }
        }
        return connectors;
    }
}
