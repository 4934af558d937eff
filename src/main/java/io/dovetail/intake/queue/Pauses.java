package io.dovetail.intake.queue;

import java.time.Duration;

/** How long something is left alone that does not go: twice as long each time, from the first to the longest. */
record Pauses(Duration first, Duration longest) {

    /** For what lies in this hub, and for what others only have to be ready for. */
    static final Pauses SHORT = new Pauses(Duration.ofMillis(50), Duration.ofSeconds(2));

    /** @param failures one after the other, this one included */
    Duration after(int failures) {
        var pause = first.multipliedBy(1L << Math.min(failures - 1, 20));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
