package io.dovetail.hostile;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How many cases were tried, each in two arms, and how those ended. */
final class Tally {

    private int cases;
    private int unproved;
    private final Map<Ending, Integer> ends = new EnumMap<>(Ending.class);

    void fired() {
        cases++;
    }

    void turnedAway() {
        unproved++;
    }

    void ended(Ending ending) {
        ends.merge(ending, 1, Integer::sum);
    }

    int cases() {
        return cases;
    }

    /** @param name of the door */
    String line(String name, int surprises, long seed) {
        var counted = ends.entrySet().stream()
                .map(end ->
                        "%d %s".formatted(end.getValue(), end.getKey().name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
        return "%s: %d cases; proved: %s; unproved: %d refused; surprises %d; -Dhostile.seed=%d"
                .formatted(name, cases, counted, unproved, surprises, seed);
    }
}
