package io.dovetail.hostile;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How many cases were tried, each in two arms, and how those ended. */
final class Tally {

    private int drawn;
    private int cases;
    private int unproved;
    private int surprises;
    private Duration cpu = Duration.ZERO;
    private final Map<Ending, Integer> ends = new EnumMap<>(Ending.class);

    /** So many were to be fired. */
    void drawn(int count) {
        drawn += count;
    }

    void fired() {
        cases++;
    }

    void turnedAway() {
        unproved++;
    }

    void ended(Ending ending) {
        ends.merge(ending, 1, Integer::sum);
    }

    /** So much CPU went for some of them. */
    void spent(Duration more) {
        cpu = cpu.plus(more);
    }

    void surprised(int count) {
        surprises += count;
    }

    int cases() {
        return cases;
    }

    /** Counts what another one has counted. */
    void add(Tally other) {
        drawn += other.drawn;
        cases += other.cases;
        unproved += other.unproved;
        surprises += other.surprises;
        spent(other.cpu);
        other.ends.forEach((ending, count) -> ends.merge(ending, count, Integer::sum));
    }

    /** @param name of the door, or of whatever was fired */
    String line(String name, long seed) {
        var counted = Stream.concat(Stream.of(Ending.REFUSED, Ending.PARKED, Ending.ACCEPTED), ends.keySet().stream())
                .distinct()
                .map(end ->
                        "%d %s".formatted(ends.getOrDefault(end, 0), end.name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
        var tried = cases < drawn
                ? "%d of %d cases tried, then its time was up".formatted(cases, drawn)
                : cases + " cases tried";
        return "%s: %s; proved: %s; unproved: %d refused; %d surprises; %d ms of CPU a case; -Dhostile.seed=%d"
                .formatted(name, tried, counted, unproved, surprises, cpu.toMillis() / Math.max(1, cases), seed);
    }
}
