package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The steps that not every event takes: asked in vain, parked, edited, replayed, skipped, discarded, republished, and an
 * edit proposed, approved, refused. Ordinary ones are columns of the event.
 */
final class Steps {

    /** The steps by which a parked event goes on or ends, for SQL. */
    static final String DECISIONS = "'replayed', 'edited', 'approved', 'discarded'";

    private Steps() {}

    /** @param version by which each was decided on */
    static void parked(
            Pipeline pipeline, List<Outcome.Parked> parked, Function<Outcome, String> version, OffsetDateTime now)
            throws SQLException {
        if (parked.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                insert into event_step (step, actor, at, event, version, reason, detail)
                select 'parked', 'hub', ?, u.event, u.version, u.reason, u.detail::jsonb
                from unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) u (event, version, reason, detail)
                """,
                now,
                pipeline.column("int8", parked, p -> p.claimed().seq()),
                pipeline.column("text", parked, version::apply),
                pipeline.column("text", parked, p -> clean(p.failure().message())),
                pipeline.column("text", parked, p -> FailureJson.write(p.failure())));
    }

    /** @param plan by which they go; its reason is theirs */
    static void planned(
            Connection connection, String step, List<Long> events, ReplayPlans.Plan plan, OffsetDateTime now)
            throws SQLException {
        var window = plan.window();
        try (var insert = connection.prepareStatement("""
                insert into event_step (at, step, actor, reason, detail, event)
                select ?, ?, ?, ?, jsonb_strip_nulls(jsonb_build_object('plan', ?::text, 'to', to_jsonb(?::text[]))), *
                from unnest(?::bigint[])
                """)) {
            Sql.bind(
                            insert,
                            now,
                            step,
                            plan.actor(),
                            clean(plan.reason()),
                            plan.id().toString(),
                            window == null ? null : Sql.column(connection, "text", window.targets(), t -> t),
                            Sql.longs(connection, events))
                    .executeUpdate();
        }
    }

    /** Attempts to ask another system that failed: the first, the second, the fourth and so on, since there is no end to them. */
    static void asked(Pipeline pipeline, List<Outcome.Waiting> waiting, OffsetDateTime now) throws SQLException {
        var told = waiting.stream()
                .filter(outcome -> outcome.failure() != null && Integer.bitCount(outcome.calls()) == 1)
                .toList();
        if (told.isEmpty()) {
            return;
        }
        pipeline.update(
                """
                insert into event_step (step, actor, at, event, reason, detail)
                select 'asked', 'hub', ?, u.event, u.reason, u.detail::jsonb
                from unnest(?::bigint[], ?::text[], ?::text[]) u (event, reason, detail)
                """,
                now,
                pipeline.column("int8", told, outcome -> outcome.claimed().seq()),
                pipeline.column("text", told, outcome -> {
                    var failure = Objects.requireNonNull(outcome.failure());
                    return clean("attempt " + outcome.calls() + " failed: " + failure.message());
                }),
                pipeline.column("text", told, outcome -> FailureJson.write(Objects.requireNonNull(outcome.failure()))));
    }

    static void write(
            Connection connection,
            OffsetDateTime now,
            long event,
            String step,
            String actor,
            @Nullable String reason,
            @Nullable String detail)
            throws SQLException {
        try (var insert = connection.prepareStatement(
                "insert into event_step (event, at, step, actor, reason, detail) values (?, ?, ?, ?, ?, ?::jsonb)")) {
            Sql.bind(insert, event, now, step, actor, reason == null ? null : clean(reason), detail)
                    .executeUpdate();
        }
    }

    /** PostgreSQL's text holds every character but NUL. */
    static String clean(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
