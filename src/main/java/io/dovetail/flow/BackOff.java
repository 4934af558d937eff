package io.dovetail.flow;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait for the next attempt to ask another system: at random up to a bound that doubles with each failure
 * (full jitter), so that events which failed together do not come back together.
 */
public final class BackOff {

    private static final Duration BASE = Duration.ofSeconds(1);
    private static final Duration CAP = Duration.ofMinutes(5);

    private final RandomGenerator random;

    public BackOff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * @param failures how many attempts have failed, this one included
     * @param notBefore what the other side has asked for; null: nothing
     */
    Duration next(int failures, @Nullable Duration notBefore) {
        var doublings = Math.min(failures - 1, 20);
        var bound = Math.min(CAP.toMillis(), BASE.toMillis() << doublings);
        var jitter = Duration.ofMillis(random.nextLong(bound + 1));
        return notBefore == null ? jitter : notBefore.plus(jitter);
    }
}
