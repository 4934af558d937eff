package io.dovetail.intake.queue;

import java.util.HashMap;
import java.util.Map;

/** How many connections each sender has, of the few that there are for all of them and for the consumers of the bus. */
final class AmqpPlaces {

    static final int MAX = 50;

    private final Map<AmqpUser, Integer> taken = new HashMap<>();

    /** Whether there was a place; whoever got one leaves it. */
    synchronized boolean enter(AmqpUser sender) {
        var now = taken.getOrDefault(sender, 0);
        if (now >= MAX) {
            return false;
        }
        taken.put(sender, now + 1);
        return true;
    }

    synchronized void leave(AmqpUser sender) {
        taken.computeIfPresent(sender, (s, now) -> now == 1 ? null : now - 1);
    }
}
