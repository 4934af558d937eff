package io.dovetail.flow;

import io.dovetail.connector.Calls;
import io.dovetail.connector.Configuration;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.Inbox.Standing;
import io.dovetail.ledger.Inbox.Turn;
import io.dovetail.ledger.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The events of one partition that wait for other systems to be asked: which may be claimed, and the attempts made for
 * them. Nobody but the partition's worker uses it; an attempt only leaves its end and wakes the worker.
 *
 * <p>An event is first put aside by the worker's transaction, held by itself and with the time at which an attempt counts
 * as lost. Only then the attempt begins, with no transaction open. Its end is written by the worker's next turn, and kept
 * here until it is. If the hub dies meanwhile, the event is due at that time.
 */
final class Desk {

    /** For writing what came of an attempt, beyond its deadline. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final Inbox inbox;
    private final Asking asking;
    private final FlowSettings settings;
    private final Function<Attempt, Attempt.End> work;
    private final Predicate<String> paused;
    private final Runnable wake;
    private final Map<String, Instant> looks = new HashMap<>();
    private final Map<Long, Attempt> underWay = new LinkedHashMap<>();
    private final List<Attempt> entered = new ArrayList<>();
    private final Set<Long> suspects = new HashSet<>();

    /**
     * @param work makes an attempt
     * @param paused the connectors of which nothing may be taken up
     * @param wake the worker
     */
    Desk(
            Inbox inbox,
            Asking asking,
            FlowSettings settings,
            Function<Attempt, Attempt.End> work,
            Predicate<String> paused,
            Runnable wake) {
        this.inbox = inbox;
        this.asking = asking;
        this.settings = settings;
        this.work = work;
        this.paused = paused;
        this.wake = wake;
    }

    /**
     * Begins with what the database says.
     *
     * @param suspecting whether what was being asked for then may have ended a hub
     */
    void learn(Standing standing, boolean suspecting) {
        abandon();
        var ends = new ArrayList<Outcome>();
        underWay.values().stream().map(Attempt::end).filter(Objects::nonNull).forEach(end -> ends.add(end.outcome()));
        var current = inbox.current(ends);
        // an end that was written, or is no longer wanted, is none any more
        ends.forEach(outcome -> {
            if (!current.contains(outcome.claimed().seq())) {
                underWay.remove(outcome.claimed().seq());
            }
        });
        looks.clear();
        standing.waiting().forEach(connector -> looks.put(connector, Instant.MIN));
        if (suspecting) {
            suspects.addAll(standing.asking());
        }
    }

    /** Of which connectors waiting events may be claimed now, and how many; nothing while nobody waits. */
    Map<String, Integer> free(Configuration live) {
        if (looks.isEmpty()) {
            return Map.of();
        }
        var now = inbox.now();
        var free = new HashMap<String, Integer>();
        looks.forEach((connector, look) -> {
            if (!look.isAfter(now) && !paused.test(connector)) {
                var calls = calls(live, connector);
                // without calls it is judged as others are: a reload has taken them away
                var most = calls == null ? settings.batch() : asking.free(connector, calls.atOnce(), wake);
                if (most > 0) {
                    free.put(connector, most);
                }
            }
        });
        return free;
    }

    private static @Nullable Calls calls(Configuration live, String connector) {
        var known = live.connector(connector);
        return known == null ? null : known.calls();
    }

    /** What another system is being asked for, once the turn in making is written. */
    Set<Long> asking(Turn turn) {
        if (underWay.isEmpty() && entered.isEmpty()) {
            return Set.of();
        }
        var seqs = new HashSet<>(underWay.keySet());
        turn.outcomes().forEach(outcome -> seqs.remove(outcome.claimed().seq()));
        entered.forEach(attempt -> seqs.add(attempt.claimed().seq()));
        return seqs;
    }

    /** How long the worker may sleep, for what it would wait for here. */
    Duration patience(Duration most) {
        if (looks.isEmpty()) {
            return most;
        }
        var now = inbox.now();
        var patience = most;
        for (var look : looks.entrySet()) {
            if (paused.test(look.getKey())) {
                continue;
            }
            var closed = asking.notBefore(look.getKey());
            var at = look.getValue().isAfter(closed) ? look.getValue() : closed;
            // what is due already waits for somebody to leave
            if (at.isAfter(now) && Duration.between(now, at).compareTo(patience) < 0) {
                patience = Duration.between(now, at);
            }
        }
        return patience;
    }

    /** Attempts that have come to an end which is not written yet. */
    List<Attempt.End> ends() {
        if (underWay.isEmpty()) {
            return List.of();
        }
        return underWay.values().stream()
                .map(Attempt::end)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Puts an event aside, with an attempt that begins when that is written, or for its turn to come.
     *
     * @param published as {@link Judge#judge} wants it
     * @return null: it waits already, and goes on to wait
     */
    @Nullable
    Outcome putAside(Claimed claimed, byte @Nullable [] published, Calls calls) {
        var now = inbox.now();
        var suspect = suspects.contains(claimed.seq());
        if (suspect && claimed.attempts() >= settings.attempts()) {
            suspects.remove(claimed.seq());
            return new Outcome.Parked(
                    claimed,
                    Failure.of(
                            FailureKind.POISON,
                            "hub",
                            "attempts",
                            "The hub ended " + claimed.attempts()
                                    + " times while it asked another system for this event."
                                    + " Look at what is unusual in it, then replay or discard it."));
        }
        var waiting = Outcome.Waiting.asking(claimed, now.plus(calls.deadline()).plus(MARGIN), suspect);
        var attempt = new Attempt(claimed.after(waiting), published, calls, suspect, wake);
        if (asking.enter(attempt)) {
            entered.add(attempt);
            return waiting;
        }
        if (!claimed.waiting()) {
            return Outcome.Waiting.inLine(claimed, now);
        }
        looks.put(claimed.connector(), now.plus(A_MOMENT));
        return null;
    }

    /** The turn in making ends before this one, which goes on to wait. */
    void notReached(Claimed claimed) {
        looks.put(claimed.connector(), Instant.MIN);
    }

    /** An outcome of the turn in making. */
    void note(Outcome outcome) {
        if (outcome instanceof Outcome.Waiting waiting) {
            looks.merge(waiting.claimed().connector(), waiting.nextAttemptAt(), (a, b) -> a.isBefore(b) ? a : b);
        }
    }

    /**
     * The turn is written: what entered begins, what has ended is forgotten.
     *
     * @param free what was asked for with it
     * @param due what was answered
     */
    void written(Turn turn, Map<String, Integer> free, Map<String, Instant> due) {
        free.keySet().forEach(connector -> {
            var next = due.get(connector);
            if (next != null) {
                looks.put(connector, next);
            } else {
                looks.remove(connector);
            }
        });
        if (!underWay.isEmpty()) {
            turn.outcomes().forEach(outcome -> {
                if (underWay.remove(outcome.claimed().seq()) != null) {
                    suspects.remove(outcome.claimed().seq());
                }
            });
        }
        entered.forEach(attempt -> {
            underWay.put(attempt.claimed().seq(), attempt);
            asking.run(attempt, work);
        });
        entered.clear();
    }

    /** The turn is not written: what entered does not begin. */
    void abandon() {
        entered.forEach(asking::leave);
        entered.clear();
    }

    /** For the end of the hub: what is under way ends here, and is due at once. */
    void drop() {
        underWay.values().forEach(attempt -> {
            if (attempt.end() == null) {
                var claimed = attempt.claimed();
                var attempts = claimed.attempts() - (attempt.suspect() ? 1 : 0);
                attempt.end(new Attempt.End(
                        new Outcome.Waiting(claimed, inbox.now(), attempts, claimed.calls(), null), ""));
                attempt.drop();
            }
        });
    }
}
