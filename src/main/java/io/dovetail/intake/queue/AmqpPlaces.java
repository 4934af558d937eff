package io.dovetail.intake.queue;

import java.util.HashMap;
import java.util.Map;

/** How many connections each sender and each consumer has, of the few that there are for all of them. */
final class AmqpPlaces {

    private static final int OF_A_SENDER = 50;
    private static final int OF_A_CONSUMER = 100;

    private final Map<String, Integer> taken = new HashMap<>();

    static int max(String user) {
        return AmqpUser.of(user).isPresent() ? OF_A_SENDER : OF_A_CONSUMER;
    }

    /** Whether there was a place; whoever got one leaves it. */
    synchronized boolean enter(String user) {
        var now = taken.getOrDefault(user, 0);
        if (now >= max(user)) {
            return false;
        }
        taken.put(user, now + 1);
        return true;
    }

    synchronized void leave(String user) {
        taken.computeIfPresent(user, (u, now) -> now == 1 ? null : now - 1);
    }
}
