package io.dovetail.intake;

import io.dovetail.connector.Limits;
import io.dovetail.intake.RefusedException.Reason;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many deliveries each sender may bring now, and how large in sum. Only those who have proved themselves spend
 * anything: what others send in a partner's name costs the partner nothing.
 */
final class Allowances {

    // Together they take a fraction of what each would take of the processors and of the database, from the door to the
    // bus.
    private static final Duration PATIENCE = Duration.ofMillis(50);
    // a body that waits is in memory
    private static final long LARGE = 64 * 1024;

    private record Sender(String connector, String name) {}

    /** Null: no limit. */
    private record Allowance(
            Limits limits,
            @Nullable Bucket deliveries,
            @Nullable Bucket bytes) {}

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

    /**
     * For a delivery, or a handshake, which has no bytes.
     *
     * @return how long it may wait for others of its connector: not at all, unless the sender is at its limit
     * @throws RefusedException when the sender has used up what it may send, with the time until there is more
     */
    Duration spend(String connector, String sender, Limits limits, long bytes) throws RefusedException {
        if (limits.perSecond() == 0 && limits.bytesPerSecond() == 0) {
            return Duration.ZERO;
        }
        var allowance = of(new Sender(connector, sender), limits);
        var left = spend(
                allowance.deliveries,
                1,
                "This connector takes " + limits.perSecond() + " deliveries a second of one sender, and "
                        + limits.burst() + " at once; send it again later.");
        try {
            spend(
                    allowance.bytes,
                    bytes,
                    "This connector takes " + limits.bytesPerSecond() + " bytes a second of one sender, and "
                            + limits.bytesBurst() + " at once; send it again later.");
        } catch (RefusedException e) {
            if (allowance.deliveries != null) {
                // it was none
                allowance.deliveries.addTokens(1);
            }
            throw e;
        }
        var company = limits.perSecond() * PATIENCE.toMillis() / 1000;
        // with a smaller burst, what may be sent anew meanwhile would be lost
        return left < company && limits.burst() >= 2 * company && bytes <= LARGE ? PATIENCE : Duration.ZERO;
    }

    /** @return how many are left */
    private static long spend(@Nullable Bucket bucket, long tokens, String otherwise) throws RefusedException {
        if (bucket == null || tokens == 0) {
            return Long.MAX_VALUE;
        }
        var spent = bucket.tryConsumeAndReturnRemaining(tokens);
        if (!spent.isConsumed()) {
            throw new RefusedException(Reason.TOO_OFTEN, otherwise, Duration.ofNanos(spent.getNanosToWaitForRefill()));
        }
        return spent.getRemainingTokens();
    }

    /** A reload that changes the limits begins with a full allowance. */
    private Allowance of(Sender sender, Limits limits) {
        var known = allowances.get(sender);
        return known != null && known.limits.equals(limits)
                ? known
                : allowances.compute(
                        sender, (s, other) -> other != null && other.limits.equals(limits) ? other : full(limits));
    }

    private Allowance full(Limits limits) {
        return new Allowance(
                limits,
                bucket(limits.burst(), limits.perSecond()),
                bucket(limits.bytesBurst(), limits.bytesPerSecond()));
    }

    private @Nullable Bucket bucket(long capacity, long perSecond) {
        return perSecond == 0
                ? null
                : Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(limit -> limit.capacity(capacity).refillGreedy(perSecond, Duration.ofSeconds(1)))
                        .build();
    }
}
