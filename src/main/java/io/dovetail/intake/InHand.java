package io.dovetail.intake;

import io.dovetail.connector.Limits;
import io.dovetail.intake.RefusedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests of each connector are being worked on, and with how many bytes: one that is slow or large must not
 * keep others out.
 */
final class InHand {

    /** What a request takes up among them, free again when it is closed. For one thread. */
    interface Place extends AutoCloseable {

        /** @throws RefusedException when the connector has as many bytes as it may have */
        void take(long bytes) throws RefusedException;

        @Override
        void close();
    }

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Place UNCOUNTED = new Place() {
        @Override
        public void take(long bytes) {}

        @Override
        public void close() {}
    };

    private record Load(AtomicInteger requests, AtomicLong bytes) {}

    private final Map<String, Load> byConnector = new ConcurrentHashMap<>();

    /** @throws RefusedException when the connector has as many as it may have */
    Place enter(String connector, Limits limits) throws RefusedException {
        if (limits.concurrent() == 0 && limits.concurrentBytes() == 0) {
            return UNCOUNTED;
        }
        var load = byConnector.computeIfAbsent(connector, c -> new Load(new AtomicInteger(), new AtomicLong()));
        if (load.requests.incrementAndGet() > limits.concurrent() && limits.concurrent() != 0) {
            load.requests.decrementAndGet();
            throw tooMany(limits.concurrent() + " requests");
        }
        return new Counted(load, limits.concurrentBytes());
    }

    private static RefusedException tooMany(String what) {
        return new RefusedException(
                Reason.TOO_MANY_AT_ONCE, "This connector takes " + what + " at the same time; send it again.", SOON);
    }

    private static final class Counted implements Place {

        private final Load load;
        private final long most;
        private long taken;

        Counted(Load load, long most) {
            this.load = load;
            this.most = most;
        }

        @Override
        public void take(long bytes) throws RefusedException {
            taken += bytes;
            if (load.bytes.addAndGet(bytes) > most && most != 0) {
                throw tooMany(most + " bytes");
            }
        }

        @Override
        public void close() {
            load.bytes.addAndGet(-taken);
            load.requests.decrementAndGet();
        }
    }
}
