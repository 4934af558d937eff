package io.dovetail.operate;

import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.ReplayPlans.State;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A replay of dead letters, or a republication of what was published.
 *
 * @param what {@code replay} or {@code republication}
 * @param from accepted then or later, of a replay; published, of a republication
 * @param to who hears it again; null of a replay
 * @param chosen how many there were when it was made
 * @param replayed how many have gone
 * @param waitsFor why one that runs does not get on
 */
record PlanView(
        UUID id,
        String what,
        String state,
        Instant at,
        String by,
        String reason,
        @Nullable String connector,
        @Nullable String group,
        @Nullable String key,
        @Nullable Instant from,
        @Nullable Instant before,
        @Nullable List<String> to,
        int rate,
        int canary,
        long chosen,
        long replayed,
        long skipped,
        @Nullable Instant endedAt,
        @Nullable String waitsFor) {

    static PlanView of(Plan plan, @Nullable String waitsFor) {
        var choice = plan.choice();
        var window = plan.window();
        return new PlanView(
                plan.id(),
                window == null ? "replay" : "republication",
                plan.state().name().toLowerCase(Locale.ROOT),
                plan.at(),
                plan.actor(),
                plan.reason(),
                choice.connector(),
                choice.fingerprint(),
                choice.key(),
                window == null ? choice.acceptedFrom() : window.from(),
                window == null ? choice.acceptedBefore() : window.before(),
                window == null ? null : window.targets(),
                plan.rate(),
                plan.canary(),
                plan.chosen(),
                plan.replayed(),
                plan.skipped(),
                plan.endedAt(),
                plan.state() == State.RUNNING ? waitsFor : null);
    }
}
