package io.dovetail.intake.queue;

import java.util.HashMap;
import java.util.Map;

/** How many connections each user has, of the few that there are for all of them and for the consumers of the bus. */
final class AmqpPlaces {

    static final int MAX = 50;

    private final Map<String, Integer> taken = new HashMap<>();

    /** Whether there was a place; whoever got one leaves it. */
    synchronized boolean enter(String user) {
        var now = taken.getOrDefault(user, 0);
        if (now >= MAX) {
            return false;
        }
        taken.put(user, now + 1);
        return true;
    }

    synchronized void leave(String user) {
        taken.computeIfPresent(user, (u, now) -> now == 1 ? null : now - 1);
    }
}
