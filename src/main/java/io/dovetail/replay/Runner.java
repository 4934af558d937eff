package io.dovetail.replay;

import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works plans of one kind off, one after the other, each a step at a time and at its rate. */
final class Runner implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Runner.class);

    // so many steps a second, that what is done comes between live events rather than as a wall before them
    private static final int STEPS_A_SECOND = 50;
    static final Duration IDLE = Duration.ofSeconds(5);

    private final String name;
    private final Supplier<Optional<Plan>> next;
    private final Step step;
    private final Duration patience;
    private final Semaphore work = new Semaphore(0);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** The next few of a plan, or its end. */
    interface Step {
        /** @return how many it was; empty: it cannot be now */
        OptionalInt take(Plan plan, int limit);
    }

    /**
     * @param next the plan whose turn it is
     * @param patience how long to wait for a step that cannot be now
     */
    Runner(String name, Supplier<Optional<Plan>> next, Step step, Duration patience) {
        this.name = name;
        this.next = next;
        this.step = step;
        this.patience = patience;
    }

    synchronized void start() {
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** There is a plan, or one that goes on. */
    void wake() {
        work.release();
    }

    private void run() {
        var due = System.nanoTime();
        while (stopping.getCount() > 0) {
            try {
                var plan = next.get();
                if (plan.isEmpty()) {
                    sleepUntilWoken(IDLE);
                    continue;
                }
                if (stopping.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return;
                }
                var began = System.nanoTime();
                var done = step.take(plan.get(), sizeOfAStep(plan.get()));
                if (done.isEmpty()) {
                    sleepUntilWoken(patience);
                    continue;
                }
                var time = TimeUnit.SECONDS.toNanos(1)
                        * done.getAsInt()
                        / plan.get().rate();
                // late by one step it catches up, later it does not: that would be the wall
                due = Math.max(due, began - time) + time;
            } catch (UnavailableException e) {
                log.warn("The {} waits for the database: {}", name, e.getMessage());
                pauseFor(Duration.ofSeconds(1));
            } catch (FencedException | InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("The {} stopped for a moment and is tried again", name, e);
                pauseFor(IDLE);
            }
        }
    }

    private void sleepUntilWoken(Duration most) throws InterruptedException {
        work.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS);
        work.drainPermits();
    }

    static int sizeOfAStep(Plan plan) {
        return Math.max(plan.rate() / STEPS_A_SECOND, 1);
    }

    private void pauseFor(Duration time) {
        try {
            stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What runs goes on at the next start. A step is not interrupted: what it asks for may not bear that. */
    @Override
    public synchronized void close() {
        stopping.countDown();
        wake();
        try {
            if (thread != null) {
                thread.join(10_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
