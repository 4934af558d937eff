package io.dovetail.flow;

import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.Inbox.Turned;
import io.dovetail.ledger.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What a worker knows of the keys of its partition that are held, and how the turn that it makes changes them. True until
 * the worker changes it itself, since nobody else holds or lets go its keys.
 */
final class HeldKeys {

    private final Map<UUID, Long> held = new HashMap<>();
    private final Set<UUID> draining = new HashSet<>();
    private final Map<UUID, Long> changed = new HashMap<>();
    private final Set<UUID> again = new HashSet<>();

    /** Begins with what the database says. */
    void learn(Map<UUID, Long> known) {
        held.clear();
        held.putAll(known);
        draining.clear();
    }

    /** The keys whose held events may be claimed. */
    Set<UUID> draining() {
        return draining;
    }

    void written(Turned turned) {
        held.keySet().removeAll(turned.released());
        draining.clear();
        draining.addAll(turned.draining());
    }

    /** A new turn is made. */
    void begin() {
        changed.clear();
        again.clear();
    }

    /** The blockers that this turn makes. */
    Map<UUID, Long> changed() {
        return Map.copyOf(changed);
    }

    /** Whether an earlier event of its key has not found its end. */
    boolean mustWait(Claimed claimed) {
        var key = claimed.keyHash();
        if (key == null) {
            return false;
        }
        if (again.contains(key)) {
            return true;
        }
        var blocker = held.get(key);
        return blocker != null && blocker != claimed.seq() && !(claimed.held() && draining.contains(key));
    }

    /** Whether an event that must wait is to be written down as held: not when it already is, or is judged again soon. */
    boolean isNewlyHeld(Claimed claimed) {
        return !claimed.held() && !again.contains(claimed.keyHash());
    }

    void note(Outcome outcome) {
        var claimed = outcome.claimed();
        var key = claimed.keyHash();
        if (key == null) {
            return;
        }
        switch (outcome) {
            case Outcome.Parked parked -> hold(key, claimed.seq());
            case Outcome.Waiting waiting -> {
                // it may wait again and again behind the row that it already has
                if (!Long.valueOf(claimed.seq()).equals(held.get(key))) {
                    hold(key, claimed.seq());
                }
                draining.remove(key);
            }
            case Outcome.Again comesAgain -> again.add(key);
            case Outcome.Held behind -> {}
            case Outcome.Translated ended -> ended(key);
            case Outcome.Ignored ended -> ended(key);
            case Outcome.Duplicate ended -> ended(key);
        }
    }

    private void hold(UUID key, long blocker) {
        held.put(key, blocker);
        changed.put(key, blocker);
        draining.remove(key);
    }

    private void ended(UUID key) {
        if (held.containsKey(key)) {
            draining.add(key);
        }
    }
}
