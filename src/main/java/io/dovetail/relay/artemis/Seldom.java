package io.dovetail.relay.artemis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets one through a minute of what strangers can make happen as often as they like. */
final class Seldom {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final AtomicLong last = new AtomicLong(System.nanoTime() - MINUTE);

    void run(Runnable action) {
        var now = System.nanoTime();
        var before = last.get();
        if (now - before >= MINUTE && last.compareAndSet(before, now)) {
            action.run();
        }
    }
}
