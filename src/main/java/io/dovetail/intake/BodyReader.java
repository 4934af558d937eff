package io.dovetail.intake;

import io.dovetail.intake.RefusedException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;

/**
 * Reads one body. Memory is counted as bytes arrive, never as they are announced, and a body must be there in time: a
 * stranger who says that much will come, and lets it trickle, must not keep others out.
 */
final class BodyReader implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final int PIECE = 16 * 1024;

    // as much as most deliveries have; more only once it is filled
    private static final int FIRST = 2 * 1024;

    private final ByteBudget memory;
    private final InHand.Place place;
    private final long start = System.nanoTime();
    private long taken;

    /**
     * @param memory all deliveries' together
     * @param place the connector's share
     */
    BodyReader(ByteBudget memory, InHand.Place place) {
        this.memory = memory;
        this.place = place;
    }

    /**
     * All of it, or {@code maxBytes} and one more where it is larger. The memory is given back on closing.
     *
     * @param declared how long it is said to be; only a hint, -1 for none
     */
    byte[] read(InputStream in, int maxBytes, long declared) throws RefusedException, IOException {
        var body = new byte[Math.clamp(declared + 1, 512, FIRST)];
        var length = 0;
        while (length <= maxBytes) {
            if (length == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(2L * length, maxBytes + 1L));
            }
            var read = in.read(body, length, Math.min(PIECE, body.length - length));
            if (read < 0) {
                break;
            }
            place.take(read);
            take(read);
            if (System.nanoTime() - start > DEADLINE.toNanos()) {
                throw new RefusedException(
                        Reason.UNAVAILABLE, "The body took more than " + DEADLINE.toSeconds() + " s; send it again.");
            }
            length += read;
        }
        return Arrays.copyOf(body, length);
    }

    /** Makes room for what a body weighs beyond its bytes, until it is closed; a connector's share is of bytes alone. */
    void weigh(long weight) throws RefusedException {
        if (weight > taken) {
            take(weight - taken);
        }
    }

    private void take(long bytes) throws RefusedException {
        if (!memory.take(bytes)) {
            throw new RefusedException(Reason.BUSY, "Too much is being received at the moment; send it again.");
        }
        taken += bytes;
    }

    @Override
    public void close() {
        memory.giveBack(taken);
    }
}
