package io.dovetail.intake.queue;

import io.dovetail.intake.Intake;
import io.dovetail.intake.TakenMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what waits in one queue to the intake, and settles it when it is stored. What cannot be stored now is offered
 * again a moment later, for as long as it takes, and nothing behind it goes before it.
 */
final class Reader implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Reader.class);
    private static final Duration END = Duration.ofSeconds(10);
    // a consumer of Kafka that asks for nothing for minutes loses its topic
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final String connector;
    private final String door;
    private final Source source;
    private final Intake intake;
    private final TakenMeter meter;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;
    private int failures;
    // until when nothing more is offered, as System.nanoTime
    private long restsUntil = System.nanoTime();
    private volatile @Nullable String obstacle;

    /** @param door which of the connector's doors it is */
    Reader(String connector, String door, Source source, Intake intake, MeterRegistry meters) {
        this.connector = connector;
        this.door = door;
        this.source = source;
        this.intake = intake;
        this.meter = new TakenMeter(connector, meters);
        this.thread = Thread.ofPlatform().name(connector + "." + door).daemon().start(this::run);
    }

    /** Why nothing goes on at the moment; null when it does. */
    @Nullable
    String obstacle() {
        return obstacle;
    }

    private void run() {
        try (source) {
            while (stopping.getCount() > 0) {
                try {
                    carry();
                } catch (RuntimeException e) {
                    log.debug("{} of {} cannot be read", door, connector, e);
                    await("it cannot be read: " + (e.getMessage() == null ? e : e.getMessage()), source.pauses());
                } catch (Error e) {
                    // a reader that ended would be missed by nobody, and its queue would grow
                    log.error("{} of {} cannot be read", door, connector, e);
                    await("it cannot be read: " + e, source.pauses());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry() throws InterruptedException {
        var letters = source.take();
        if (letters.isEmpty()) {
            goesOn();
            return;
        }
        var rest = restsUntil - System.nanoTime();
        if (rest > 0) {
            // what was given is given again
            stopping.await(Math.min(rest, LONGEST_REST.toNanos()), TimeUnit.NANOSECONDS);
            return;
        }
        // the others are offered again
        var offered = letters.subList(0, Math.min(letters.size(), intake.atOnce(connector)));
        var start = System.nanoTime();
        var taken = intake.take(connector, offered);
        source.settle(taken.outcomes());
        intake.hint(connector);
        meter.measure(taken, System.nanoTime() - start);
        var pace = intake.pace(connector, offered.subList(0, taken.outcomes().size()));
        restsUntil = System.nanoTime() + pace.toNanos();
        if (taken.obstacle() == null) {
            goesOn();
        } else {
            await(taken.obstacle().title().toLowerCase(Locale.ROOT), Pauses.SHORT);
        }
    }

    private void goesOn() {
        if (obstacle != null) {
            log.info("What comes by {} to {} goes on", door, connector);
        }
        obstacle = null;
        failures = 0;
    }

    private void await(String why, Pauses pauses) throws InterruptedException {
        if (obstacle == null) {
            log.warn("What comes by {} to {} has to wait: {}", door, connector, why);
        }
        obstacle = why;
        failures++;
        stopping.await(pauses.after(failures).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns when it has put back what it could not settle. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!thread.join(END)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
