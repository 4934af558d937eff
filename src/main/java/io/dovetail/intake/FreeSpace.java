package io.dovetail.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the disk has room for more. A database or broker that meets a full disk stops, and takes long to come back;
 * senders who are told to come again lose nothing. The disk is looked at once in {@link #MAX_AGE} at most.
 */
public final class FreeSpace {

    static final Duration MAX_AGE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(FreeSpace.class);

    private final LongSupplier disk;
    private final long least;
    private final Clock clock;
    private final AtomicLong lookedAt;
    private volatile long bytes;

    /**
     * @param disk how many bytes are free
     * @param least with fewer, nothing is taken in
     */
    public FreeSpace(LongSupplier disk, long least, Clock clock) {
        this.disk = disk;
        this.least = least;
        this.clock = clock;
        this.lookedAt = new AtomicLong(clock.millis());
        // only a change is worth a line in the log
        this.bytes = least;
        look();
    }

    /** As of a second ago at most. */
    public long bytes() {
        var now = clock.millis();
        var last = lookedAt.get();
        // a clock that is put back must not keep it from looking
        var isOld = now - last >= MAX_AGE.toMillis() || now < last;
        if (isOld && lookedAt.compareAndSet(last, now)) {
            look();
        }
        return bytes;
    }

    /** Whether there is room for more. */
    public boolean isEnough() {
        return bytes() >= least;
    }

    private void look() {
        var before = bytes;
        var now = disk.getAsLong();
        bytes = now;
        if (now < least && before >= least) {
            log.warn("Only {} bytes are free: deliveries get 503 until there are {}", now, least);
        } else if (now >= least && before < least) {
            log.info("There is room for deliveries: {} bytes are free", now);
        }
    }
}
