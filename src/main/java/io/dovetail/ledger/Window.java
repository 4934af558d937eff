package io.dovetail.ledger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plan publishes again, and to whom.
 *
 * @param from it was published then or later
 * @param before it was published before; null: before the plan was made
 * @param targets addresses of the bus, which all consumers hear, or single queues, as {@code address::queue}
 */
public record Window(Instant from, @Nullable Instant before, List<String> targets) {

    public Window {
        targets = List.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("Nobody would hear it.");
        }
    }

    /** The end of the window as it was at a time: nothing that is published later is ever in it. */
    Instant end(Instant at) {
        return before != null && before.isBefore(at) ? before : at;
    }
}
