package io.dovetail.intake.web;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Lets the 429s of a connector out one after the other, at an even pace. Whoever is told to wait and sends again at once
 * would otherwise be refused tens of thousands of times a second, and take from everybody else the processors that the
 * limit was to keep for them. Who is refused now and then waits for nobody.
 */
final class Brake {

    private final Duration pace;
    private final Duration longest;
    // places that nobody has
    private int left;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    Brake(LongSupplier nanos, RandomGenerator random) {
        // The shortest budget of a vendor for an answer is 3 s (Okta). Each place keeps a connection, of which the hub
        // has a thousand.
        this(Duration.ofMillis(20), Duration.ofMillis(1500), 512, nanos, random);
    }

    /**
     * @param pace from one to the next of the same connector
     * @param longest how long one is kept back at most
     * @param places how many are kept back at most
     * @param nanos as {@link System#nanoTime}
     * @param random by how much less those wait for whom there are too many: who is refused together would else come
     *     again together, and be in everybody's way at once
     */
    Brake(Duration pace, Duration longest, int places, LongSupplier nanos, RandomGenerator random) {
        this.pace = pace;
        this.longest = longest;
        this.left = places;
        this.nanos = nanos;
        this.random = random;
    }

    /** Waits until it is the turn of this one, unless as many as may be are kept waiting already. */
    void press(String connector) {
        var line = line(connector);
        if (!enter(line)) {
            return;
        }
        try {
            Thread.sleep(line.next(nanos.getAsLong()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave(line);
        }
    }

    /**
     * A connector has no more places than it leaves: one crowd takes half, two take a third each, and whoever comes next
     * finds some (the dynamic thresholds of Choudhury and Hahne, 1998).
     */
    private synchronized boolean enter(Line line) {
        if (line.waiting >= left) {
            return false;
        }
        line.waiting++;
        left--;
        return true;
    }

    private synchronized void leave(Line line) {
        line.waiting--;
        left++;
    }

    /** How long the next one of the connector is to wait. */
    Duration next(String connector) {
        return line(connector).next(nanos.getAsLong());
    }

    private Line line(String connector) {
        return lines.computeIfAbsent(connector, c -> new Line(nanos.getAsLong()));
    }

    /** Those of one connector. */
    private final class Line {

        private int waiting;
        // when there is a turn again
        private long free;

        Line(long free) {
            this.free = free;
        }

        synchronized Duration next(long now) {
            var turn = free - now > 0 ? free : now;
            if (turn - now > longest.toNanos()) {
                // a crowd: it comes as often as it likes, but each only after so long
                return Duration.ofNanos(random.nextLong(longest.toNanos() / 2, longest.toNanos()));
            }
            free = turn + pace.toNanos();
            return Duration.ofNanos(turn - now);
        }
    }
}
