package io.dovetail.intake.poll;

import io.dovetail.event.FailedException;
import io.dovetail.intake.Intake;
import io.dovetail.intake.Letter;
import io.dovetail.intake.RefusedException;
import io.dovetail.intake.TakenMeter;
import io.dovetail.ledger.Cursors;
import io.dovetail.ledger.Cursors.Cursor;
import io.dovetail.ledger.UnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks one source for news, again and again. Nothing but its end stops it: what fails is tried again after a while. */
final class Poller implements Keeper, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Poller.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
    private static final Set<String> SHUT_OUT = Set.of("status 401", "status 403");
    private static final Duration END = Duration.ofSeconds(10);

    private final Source source;
    // asked for with each delivery that anybody accepts
    private final String connector;
    private final UnaryOperator<Set<String>> missing;
    private final Intake intake;
    private final Cursors cursors;
    private final Clock clock;
    private final MeterRegistry meters;
    private final TakenMeter meter;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Semaphore hints = new Semaphore(0);
    private final Thread thread;
    private int failures;
    private volatile @Nullable Instant readAt;
    private volatile @Nullable String obstacle;

    /** @param missing of these secrets, those that are not there */
    Poller(
            Source source,
            UnaryOperator<Set<String>> missing,
            Intake intake,
            Cursors cursors,
            Clock clock,
            MeterRegistry meters) {
        this.source = source;
        this.connector = source.connector();
        this.missing = missing;
        this.intake = intake;
        this.cursors = cursors;
        this.clock = clock;
        this.meters = meters;
        this.meter = new TakenMeter(connector, meters);
        this.thread = Thread.ofPlatform().name("poll " + source.id()).daemon().unstarted(this::run);
    }

    String id() {
        return source.id();
    }

    String connector() {
        return connector;
    }

    void start() {
        thread.start();
    }

    /** Why it does not get on; null when it does. */
    @Nullable
    String obstacle() {
        return obstacle;
    }

    /** In seconds: since the last asking began that came to the source's end; NaN while there was none. */
    double age() {
        var last = readAt;
        return last == null
                ? Double.NaN
                : Duration.between(last, clock.instant()).toMillis() / 1000.0;
    }

    private void run() {
        try {
            while (isOn()) {
                hints.drainPermits();
                rest(ask());
            }
        } catch (InterruptedException e) {
            // it has been closed
        }
    }

    /** Not so long when there may be news; but a source that fails is left alone. */
    private void rest(Duration wait) throws InterruptedException {
        var hurry = source.hurry();
        if (hurry == null || obstacle != null) {
            stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } else if (hints.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
            stopping.await(hurry.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** There may be news. */
    void hint() {
        // one is as good as many
        if (hints.availablePermits() == 0) {
            hints.release();
        }
    }

    private boolean isOn() {
        return stopping.getCount() > 0;
    }

    /** @return how long to leave the source alone */
    private Duration ask() throws InterruptedException {
        var absent = missing.apply(source.secrets());
        if (!absent.isEmpty()) {
            obstacle = "off until the secrets directory has " + String.join(", ", absent);
            return FIRST_RETRY;
        }
        try {
            var known = cursors.find(source.id()).orElse(null);
            readAt = known == null ? readAt : known.readAt();
            source.read(this, known, clock.instant());
            goesOn();
            failures = 0;
            count("read");
            return source.every();
        } catch (FailedException e) {
            // many systems lock a user out who is refused a few times
            return failed(e.failure().message(), SHUT_OUT.contains(e.failure().rule()) ? LONGEST_RETRY : e.notBefore());
        } catch (RuntimeException e) {
            log.debug("{} cannot be read", source.id(), e);
            return failed(e.getMessage() == null ? e.toString() : e.getMessage(), null);
        } catch (Error e) {
            // a poller that ended would be missed by nobody
            log.error("{} cannot be read", source.id(), e);
            return failed(e.toString(), null);
        }
    }

    private Duration failed(String why, @Nullable Duration notBefore) {
        if (isOn()) {
            count("failed");
            hindered(why);
        }
        var wait = FIRST_RETRY.multipliedBy(1L << Math.min(failures++, 20));
        // no more often than when all is well, but for a source that is asked rarely
        wait = shorter(wait, longer(FIRST_RETRY, shorter(source.every(), LONGEST_RETRY)));
        return notBefore == null || notBefore.compareTo(wait) < 0 ? wait : notBefore;
    }

    private void count(String outcome) {
        meters.counter("hub_polls_total", "connector", connector, "poll", source.id(), "outcome", outcome)
                .increment();
    }

    private void hindered(String why) {
        if (obstacle == null) {
            log.warn("{} is not read on: {}", source.id(), why);
        }
        obstacle = why;
    }

    private void goesOn() {
        if (obstacle != null) {
            log.info("{} is read on", source.id());
        }
        obstacle = null;
    }

    @Override
    public void store(List<Letter> letters) throws InterruptedException {
        var left = letters;
        var pause = FIRST_PAUSE;
        while (!left.isEmpty()) {
            var start = System.nanoTime();
            var taken = intake.take(connector, left);
            meter.measure(taken, System.nanoTime() - start);
            left = left.subList(taken.outcomes().size(), left.size());
            if (taken.obstacle() != null) {
                pause = pause(taken.obstacle().title().toLowerCase(Locale.ROOT), pause);
            }
        }
    }

    @Override
    public @Nullable String objection(String sender, byte[] body) throws RefusedException {
        var reason = intake.objection(connector, sender, body);
        return reason == null ? null : reason.word();
    }

    @Override
    public void keep(Cursor cursor) throws InterruptedException {
        var pause = FIRST_PAUSE;
        while (true) {
            try {
                cursors.move(source.id(), cursor);
                readAt = cursor.readAt();
                return;
            } catch (UnavailableException e) {
                pause = pause(String.valueOf(e.getMessage()), pause);
            }
        }
    }

    /** @return how long to wait the next time */
    private Duration pause(String why, Duration pause) throws InterruptedException {
        hindered(why);
        if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException();
        }
        return shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Lets it end soon. */
    void end() {
        stopping.countDown();
        thread.interrupt();
    }

    /** Returns when nothing of it goes on; what was not stored is read again. */
    @Override
    public void close() {
        end();
        try {
            if (!thread.join(END)) {
                log.warn("{} does not end", source.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
