package io.dovetail.intake;

import io.dovetail.connector.Limits;
import io.dovetail.intake.RefusedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests of each connector are being worked on: one that is slow or large must not keep others out. */
final class InHand {

    /** A request's place among them, free again when it is closed. */
    interface Place extends AutoCloseable {

        @Override
        void close();
    }

    private static final Place UNCOUNTED = () -> {};
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Map<String, AtomicInteger> byConnector = new ConcurrentHashMap<>();

    /** @throws RefusedException when the connector has as many as it may have */
    Place enter(String connector, Limits limits) throws RefusedException {
        if (limits.concurrent() == 0) {
            return UNCOUNTED;
        }
        var inHand = byConnector.computeIfAbsent(connector, c -> new AtomicInteger());
        if (inHand.incrementAndGet() > limits.concurrent()) {
            inHand.decrementAndGet();
            throw new RefusedException(
                    Reason.TOO_MANY_AT_ONCE,
                    "This connector takes " + limits.concurrent() + " requests at the same time; send it again.",
                    SOON);
        }
        return inHand::decrementAndGet;
    }
}
