package io.dovetail.ledger;

import io.dovetail.event.Failure;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a claimed event at its turn. */
public sealed interface Outcome {

    Claimed claimed();

    /** Translated: the rows go to the outbox, the first is the event. */
    record Translated(Claimed claimed, UUID id, List<OutboxRow> rows) implements Outcome {

        /** The event's canonical type. */
        public String type() {
            return rows.getFirst().type();
        }
    }

    /** Means nothing, by rule. */
    record Ignored(Claimed claimed, String reason) implements Outcome {}

    /** The same event, with the same content, was published before. */
    record Duplicate(Claimed claimed) implements Outcome {}

    /** Cannot go on; holds its key. */
    record Parked(Claimed claimed, Failure failure) implements Outcome {}

    /** Waits behind an earlier event of its key that is parked or waiting. */
    record Held(Claimed claimed) implements Outcome {}

    /** Begun and not ended: comes again, with one attempt more. */
    record Again(Claimed claimed) implements Outcome {}

    /**
     * Put aside, since another system has to be asked; holds its key.
     *
     * @param nextAttemptAt when it comes again, unless it has found its end before
     * @param attempts how often it was begun without an end, an attempt included that may end the hub
     * @param calls how many attempts to ask have failed
     * @param failure why the last one failed; null: as it was before
     */
    record Waiting(
            Claimed claimed,
            Instant nextAttemptAt,
            int attempts,
            int calls,
            @Nullable Failure failure) implements Outcome {

        /** For its turn to ask. */
        public static Waiting inLine(Claimed claimed, Instant now) {
            return new Waiting(claimed, now, claimed.attempts(), claimed.calls(), null);
        }

        /** While it is being asked for; at {@code lost} nobody does so any more. */
        public static Waiting asking(Claimed claimed, Instant lost, boolean mayEndTheHub) {
            return new Waiting(claimed, lost, claimed.attempts() + (mayEndTheHub ? 1 : 0), claimed.calls(), null);
        }

        /** After an attempt that failed by no fault of the event's. */
        public static Waiting inVain(Claimed claimed, Instant next, Failure failure) {
            return new Waiting(claimed, next, 0, claimed.calls() + 1, failure);
        }
    }
}
