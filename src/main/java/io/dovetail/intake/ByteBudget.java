package io.dovetail.intake;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of deliveries may be in the hub's memory at the same time, whoever sends them. */
final class ByteBudget {

    private final AtomicLong left;

    ByteBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** Whether there was room for them; whoever took them gives them back. */
    boolean take(long bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        giveBack(bytes);
        return false;
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }
}
