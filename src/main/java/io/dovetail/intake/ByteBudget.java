package io.dovetail.intake;

import io.dovetail.codec.Codec;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of deliveries may be in the hub's memory at the same time, whoever sends them. */
final class ByteBudget {

    /** How much memory may be taken by the trees of all, in bytes for each byte of the budget. */
    private static final int TREES = 4;

    private final AtomicLong left;

    ByteBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** What a body counts for while there is a tree of it: its bytes or more, never more than the largest body does. */
    static long weight(Codec codec, byte[] body) {
        var most = Math.max(body.length, IntakeSettings.LEAST.toBytes());
        return Math.clamp(codec.treeSize(body) / TREES, body.length, most);
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
