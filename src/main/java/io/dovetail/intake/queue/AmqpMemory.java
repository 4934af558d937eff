package io.dovetail.intake.queue;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all connections together have in memory of messages that are not stored yet. Where that is too much, whoever has
 * left a message half sent for the longest time has to go; others only have to wait.
 */
final class AmqpMemory {

    private static final long MAX_BYTES = 32 << 20;

    /** @param halfSince {@link System#nanoTime}; {@link Long#MAX_VALUE} where no message is half sent */
    record Share(long bytes, long halfSince) {

        static final Share NONE = new Share(0, Long.MAX_VALUE);

        boolean isHalf() {
            return halfSince != Long.MAX_VALUE;
        }
    }

    private final Map<AmqpMeter, Share> shares = new HashMap<>();
    private long bytes;

    /** A connection has another share than before. */
    void holds(AmqpMeter meter, Share share) {
        var last = change(meter, share);
        if (last != null) {
            last.giveUp();
        }
    }

    private synchronized @Nullable AmqpMeter change(AmqpMeter meter, Share share) {
        put(meter, share);
        if (!isFull()) {
            return null;
        }
        var last = shares.entrySet().stream()
                .filter(one -> one.getValue().isHalf())
                .min(Comparator.comparingLong(one -> one.getValue().halfSince()))
                .map(Map.Entry::getKey)
                .orElse(null);
        if (last != null) {
            // it is about to go, and nobody else has to go for it
            put(last, Share.NONE);
        }
        return last;
    }

    private void put(AmqpMeter meter, Share share) {
        var before = share.bytes == 0 ? shares.remove(meter) : shares.put(meter, share);
        bytes += share.bytes - (before == null ? 0 : before.bytes);
    }

    synchronized boolean isFull() {
        return bytes > MAX_BYTES;
    }
}
