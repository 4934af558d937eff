package io.dovetail.ledger;

import io.dovetail.ledger.Inbox.StaleClaimException;
import io.dovetail.ledger.Inbox.Turn;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of events, as the columns of their rows. */
final class States {

    private static final String UPDATE = """
            update event e set state = u.state, relay = u.relay, turn = %s, attempts = u.attempts,
              bytes = coalesce(u.bytes, e.bytes),
              translated_at = ?, version = coalesce(e.as_version, ?), reason = u.reason, fingerprint = u.fingerprint,
              failure = u.failure::jsonb
            from unnest(?::bigint[], ?::smallint[], ?::event_state[], ?::event_state[], ?::boolean[],
                        ?::smallint[], ?::int[], ?::text[], ?::text[], ?::text[])
              u (seq, turn, was, state, relay, attempts, bytes, reason, fingerprint, failure)
            where e.seq = u.seq and e.turn = u.turn and e.state = u.was and e.partition = ?
            """.formatted(Claimed.NEXT_TURN);

    private States() {}

    /** Nothing is written, with a {@link StaleClaimException}, when an event is not in the state it was claimed in. */
    static void write(Pipeline pipeline, Turn turn, int partition, OffsetDateTime now) throws SQLException {
        var waiting = new ArrayList<Outcome.Waiting>();
        var byVersion = new LinkedHashMap<String, List<State>>();
        for (var outcome : turn.outcomes()) {
            if (outcome instanceof Outcome.Waiting w) {
                waiting.add(w);
            } else {
                byVersion
                        .computeIfAbsent(
                                turn.live(outcome),
                                version -> new ArrayList<>(turn.outcomes().size()))
                        .add(State.of(outcome));
            }
        }
        if (!waiting.isEmpty()) {
            Waits.write(pipeline, waiting, partition);
        }
        for (var states : byVersion.entrySet()) {
            write(pipeline, states.getValue(), states.getKey(), partition, now);
        }
        writeTypes(pipeline, turn, partition);
    }

    static StaleClaimException stale(int claimed, int changed, int partition) {
        return new StaleClaimException("of " + claimed + " events of partition " + partition + " only " + changed
                + " are still in the state in which they were claimed");
    }

    /** Of the few events that became another type than their rule says first: only what was looked up could tell. */
    private static void writeTypes(Pipeline pipeline, Turn turn, int partition) throws SQLException {
        var others = turn.outcomes().stream()
                .filter(Outcome.Translated.class::isInstance)
                .map(Outcome.Translated.class::cast)
                .filter(said -> !said.type().equals(said.claimed().emits()))
                .toList();
        if (others.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                update event e set emits = u.emits from unnest(?::bigint[], ?::text[]) u (seq, emits)
                where e.seq = u.seq and e.partition = ?
                """,
                pipeline.column("int8", others, said -> said.claimed().seq()),
                pipeline.column("text", others, Outcome.Translated::type),
                partition);
    }

    private static void write(Pipeline pipeline, List<State> states, String version, int partition, OffsetDateTime now)
            throws SQLException {
        pipeline.require(
                states.size(),
                changed -> stale(states.size(), changed, partition),
                UPDATE,
                now,
                version,
                pipeline.column("int8", states, s -> s.claimed.seq()),
                pipeline.column("int2", states, s -> (short) s.claimed.turn()),
                pipeline.column("text", states, s -> s.claimed.was().state),
                pipeline.column("text", states, State::state),
                pipeline.column("bool", states, State::relay),
                pipeline.column("int2", states, s -> (short) s.attempts),
                pipeline.column("int4", states, State::bytes),
                pipeline.column("text", states, State::reason),
                pipeline.column("text", states, State::fingerprint),
                pipeline.column("text", states, State::failure),
                partition);
    }

    private record State(
            Claimed claimed,
            String state,
            boolean relay,
            int attempts,
            @Nullable Integer bytes,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable String failure) {

        static State of(Outcome outcome) {
            var claimed = outcome.claimed();
            return switch (outcome) {
                case Outcome.Translated o ->
                    new State(claimed, "translated", true, 0, bytes(o.rows()), null, null, null);
                case Outcome.Ignored o ->
                    new State(claimed, "ignored", true, 0, null, Steps.clean(o.reason()), null, null);
                case Outcome.Duplicate o -> new State(claimed, "duplicate", true, 0, null, null, null, null);
                case Outcome.Parked o ->
                    new State(
                            claimed,
                            "parked",
                            true,
                            claimed.attempts(),
                            null,
                            null,
                            o.failure().fingerprint(claimed.connector(), kind(claimed)),
                            FailureJson.write(o.failure()));
                case Outcome.Held o -> new State(claimed, "held", false, claimed.attempts(), null, null, null, null);
                case Outcome.Again o ->
                    new State(
                            claimed,
                            claimed.held() ? "held" : "accepted",
                            false,
                            claimed.attempts() + 1,
                            null,
                            null,
                            null,
                            null);
                case Outcome.Waiting o -> throw new IllegalArgumentException("has more columns: " + o);
            };
        }

        private static int bytes(List<OutboxRow> rows) {
            return rows.stream().mapToInt(row -> row.body().length).sum();
        }

        private static String kind(Claimed claimed) {
            return claimed.emits() == null ? "?" : claimed.emits();
        }
    }
}
