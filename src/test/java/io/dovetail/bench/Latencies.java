package io.dovetail.bench;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** Durations in steps of 50 µs up to a minute. One thread adds; any may read. */
final class Latencies {

    private static final int STEP_NANOS = 50_000;
    private static final int STEPS = 60_000_000 / 50;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(STEPS);

    void add(long nanos) {
        var step = (int) Math.clamp(nanos / STEP_NANOS, 0, STEPS - 1);
        counts.setRelease(step, counts.getPlain(step) + 1);
    }

    /** Takes those of another, to which nobody adds meanwhile. */
    void add(Latencies more) {
        for (var step = 0; step < STEPS; step++) {
            counts.setRelease(step, counts.getPlain(step) + more.counts.getPlain(step));
        }
    }

    /** The duration that the given share (0 to 1) did not exceed, in milliseconds; 0 when there are none. */
    double millis(double share) {
        long all = 0;
        for (var step = 0; step < STEPS; step++) {
            all += counts.get(step);
        }
        var wanted = (long) Math.ceil(all * share);
        long so = 0;
        for (var step = 0; step < STEPS && all > 0; step++) {
            so += counts.get(step);
            if (so >= wanted) {
                return (step + 1) * (STEP_NANOS / 1e6);
            }
        }
        return 0;
    }
}
