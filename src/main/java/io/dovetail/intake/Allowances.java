package io.dovetail.intake;

import io.dovetail.connector.Limits;
import io.dovetail.intake.RefusedException.Reason;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How many deliveries each sender may bring now. Only those who have proved themselves spend anything: what others send
 * in a partner's name costs the partner nothing.
 */
final class Allowances {

    private record Sender(String connector, String name) {}

    private record Allowance(Limits limits, Bucket bucket) {}

    private final Map<Sender, Allowance> allowances = new ConcurrentHashMap<>();
    private final TimeMeter time;

    /** @param nanos as {@link System#nanoTime} */
    Allowances(LongSupplier nanos) {
        this.time = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return nanos.getAsLong();
            }

            @Override
            public boolean isWallClockBased() {
                return false;
            }
        };
    }

    /** @throws RefusedException when the sender has used up what it may send, with the time until there is more */
    void spend(String connector, String sender, Limits limits) throws RefusedException {
        if (limits.perSecond() == 0) {
            return;
        }
        var spent = of(new Sender(connector, sender), limits).tryConsumeAndReturnRemaining(1);
        if (!spent.isConsumed()) {
            throw new RefusedException(
                    Reason.TOO_OFTEN,
                    "This connector takes " + limits.perSecond() + " deliveries a second of one sender, and "
                            + limits.burst() + " at once; send it again later.",
                    Duration.ofNanos(spent.getNanosToWaitForRefill()));
        }
    }

    /** A reload that changes the limits begins with a full allowance. */
    private Bucket of(Sender sender, Limits limits) {
        var known = allowances.get(sender);
        return known != null && known.limits.equals(limits)
                ? known.bucket
                : allowances.compute(
                                sender,
                                (s, other) -> other != null && other.limits.equals(limits) ? other : full(limits))
                        .bucket;
    }

    private Allowance full(Limits limits) {
        return new Allowance(
                limits,
                Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(limit ->
                                limit.capacity(limits.burst()).refillGreedy(limits.perSecond(), Duration.ofSeconds(1)))
                        .build());
    }
}
