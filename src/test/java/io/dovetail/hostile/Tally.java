package io.dovetail.hostile;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Counts what another one has counted. */
    void add(Tally other) {
        cases += other.cases;
        unproved += other.unproved;
        other.ends.forEach((ending, count) -> ends.merge(ending, count, Integer::sum));
    }

    /** @param name of the door, or of whatever was fired */
    String line(String name, int surprises, long seed) {
        var counted = Stream.concat(Stream.of(Ending.REFUSED, Ending.PARKED, Ending.ACCEPTED), ends.keySet().stream())
                .distinct()
                .map(end ->
                        "%d %s".formatted(ends.getOrDefault(end, 0), end.name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
        return "%s: %d cases tried; proved: %s; unproved: %d refused; %d surprises; -Dhostile.seed=%d"
                .formatted(name, cases, counted, unproved, surprises, seed);
    }
}
