package io.dovetail.intake;

import io.dovetail.connector.Limits;
import io.dovetail.connector.Limits.Rate;
import io.dovetail.intake.RefusedException.Reason;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many deliveries each sender of a connector may bring now, and all of them together, and how large in sum. Only those
 * who have proved themselves spend anything: what others send in a partner's name costs the partner nothing.
 */
final class Allowances {

    // Together they take a fraction of what each would take of the processors and of the database, from the door to the
    // bus.
    private static final Duration PATIENCE = Duration.ofMillis(50);
    // a body that waits is in memory
    private static final long LARGE = 64 * 1024;

    // no sender is called so
    private static final String ALL = "*";
    private static final String QUEUES = "* by queue";

    private record Whose(String connector, String sender) {}

    /** Null: no limit. */
    private record Allowance(
            Rate rate,
            @Nullable Bucket deliveries,
            @Nullable Bucket bytes) {

        void giveBack(long size) {
            if (deliveries != null) {
                deliveries.addTokens(1);
            }
            if (bytes != null && size > 0) {
                bytes.addTokens(size);
            }
        }
    }

    private static final Allowance UNLIMITED = new Allowance(Rate.NONE, null, null);

    private final Map<Whose, Allowance> allowances = new ConcurrentHashMap<>();
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
     * For a delivery.
     *
     * @return how long it may wait for others of its connector: not at all, unless the sender is at its limit, or all are
     * @throws RefusedException when what may be sent is used up, with the time until there is more; nothing is spent then
     */
    Duration spend(String connector, String sender, Limits limits, long bytes) throws RefusedException {
        var own = of(new Whose(connector, sender), limits.each());
        var patience = spend(own, bytes, "one sender");
        try {
            var common = spend(of(new Whose(connector, ALL), limits.together()), bytes, "all its senders together");
            return patience.compareTo(common) > 0 ? patience : common;
        } catch (RefusedException e) {
            own.giveBack(bytes);
            throw e;
        }
    }

    /** For a handshake, which has no bytes. It takes nothing of what all have together, since strangers make handshakes. */
    void spend(String connector, String sender, Limits limits) throws RefusedException {
        spend(of(new Whose(connector, sender), limits.each()), 0, "one sender");
    }

    /**
     * For what is taken from a queue, whose senders nobody can ask to come later. It takes nothing of what comes otherwise: a
     * queue with a backlog would leave nothing to those who cannot wait.
     *
     * @return how long the queue is to wait until all that was taken is paid for
     */
    Duration owe(String connector, Limits limits, int deliveries, long bytes) {
        var common = of(new Whose(connector, QUEUES), limits.together());
        return Duration.ofNanos(Math.max(owe(common.deliveries, deliveries), owe(common.bytes, bytes)));
    }

    private static long owe(@Nullable Bucket bucket, long tokens) {
        return bucket == null || tokens == 0 ? 0 : bucket.consumeIgnoringRateLimits(tokens);
    }

    private static Duration spend(Allowance allowance, long bytes, String whose) throws RefusedException {
        var rate = allowance.rate;
        var left = spend(allowance.deliveries, 1, "deliveries", rate.perSecond(), rate.burst(), whose);
        try {
            spend(allowance.bytes, bytes, "bytes", rate.bytesPerSecond(), rate.bytesBurst(), whose);
        } catch (RefusedException e) {
            // it was none
            allowance.giveBack(0);
            throw e;
        }
        var company = rate.perSecond() * PATIENCE.toMillis() / 1000;
        // with a smaller burst, what may be sent anew meanwhile would be lost
        return left < company && rate.burst() >= 2 * company && bytes <= LARGE ? PATIENCE : Duration.ZERO;
    }

    /** @return how many are left */
    private static long spend(
            @Nullable Bucket bucket, long tokens, String what, long perSecond, long burst, String whose)
            throws RefusedException {
        if (bucket == null || tokens == 0) {
            return Long.MAX_VALUE;
        }
        var spent = bucket.tryConsumeAndReturnRemaining(tokens);
        if (!spent.isConsumed()) {
            throw new RefusedException(
                    Reason.TOO_OFTEN,
                    "This connector takes " + perSecond + " " + what + " a second of " + whose + ", and " + burst
                            + " at once; send it again later.",
                    Duration.ofNanos(spent.getNanosToWaitForRefill()));
        }
        return spent.getRemainingTokens();
    }

    /** A reload that changes the limits begins with a full allowance. */
    private Allowance of(Whose whose, Rate rate) {
        if (rate.equals(Rate.NONE)) {
            return UNLIMITED;
        }
        var known = allowances.get(whose);
        return known != null && known.rate.equals(rate)
                ? known
                : allowances.compute(
                        whose, (w, other) -> other != null && other.rate.equals(rate) ? other : full(rate));
    }

    private Allowance full(Rate rate) {
        return new Allowance(
                rate, bucket(rate.burst(), rate.perSecond()), bucket(rate.bytesBurst(), rate.bytesPerSecond()));
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
