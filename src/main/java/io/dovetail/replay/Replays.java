package io.dovetail.replay;

import io.dovetail.ledger.Actor;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.ReplayPlans;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.ReplayPlans.Made;
import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.ReplayPlans.State;
import io.dovetail.ledger.UnavailableException;
import io.dovetail.replay.Repair.RepairException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the replay plans, one after the other, each at its rate and in the order accepted. */
public final class Replays implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Replays.class);

    // so many steps a second, that what is replayed comes between live events rather than as a wall before them
    private static final int STEPS_A_SECOND = 10;
    private static final int MAX_STEP = 1000;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final ReplayPlans plans;
    private final Repair repair;
    private final IntConsumer released;
    private final Supplier<UUID> ids;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    /** @param released told which partition has something to go on with */
    public Replays(ReplayPlans plans, Repair repair, IntConsumer released, Supplier<UUID> ids) {
        this.plans = plans;
        this.repair = repair;
        this.released = released;
        this.ids = ids;
    }

    public synchronized void start() {
        thread = Thread.ofPlatform().name("replay").daemon().start(this::run);
    }

    /** How many dead letters a choice has now. */
    public long count(Choice choice) {
        return plans.count(choice);
    }

    /** Begins a replay; asked again for the same choice while it goes on, it is the same one. */
    public Made begin(Actor actor, String reason, Choice choice, int rate, int canary) {
        var made = plans.make(ids.get(), actor, reason, choice, rate, canary);
        work.release();
        return made;
    }

    public List<Plan> list(int limit) {
        return plans.list(limit);
    }

    public Optional<Plan> find(UUID id) {
        return plans.find(id);
    }

    /** Whether the plan was active. */
    public boolean become(UUID id, State state, Actor actor) {
        var done = plans.become(id, state, actor);
        work.release();
        return done;
    }

    private void run() {
        while (!stopping) {
            try {
                var plan = plans.running();
                if (plan.isPresent()) {
                    var end = System.nanoTime() + nanosOfAStep(plan.get());
                    step(plan.get());
                    TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
                } else {
                    work.tryAcquire(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                    work.drainPermits();
                }
            } catch (UnavailableException e) {
                log.warn("The replay waits for the database: {}", e.getMessage());
                pauseFor(Duration.ofSeconds(1));
            } catch (FencedException | InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("The replay stopped for a moment and is tried again", e);
                pauseFor(IDLE);
            }
        }
    }

    /** The next few of a plan, or its end. */
    void step(Plan plan) {
        var letters = plans.next(plan, sizeOfAStep(plan));
        var apart = new HashSet<DeadLetter>();
        var repaired = 0;
        for (var letter : letters) {
            // one that could not be read when it was accepted must be given its name first
            if (letter.sourceId() == null) {
                apart.add(letter);
                repaired += repair(plan, letter) ? 1 : 0;
            }
        }
        plans.step(plan, letters, apart, repaired).stream().forEach(released::accept);
    }

    private static int sizeOfAStep(Plan plan) {
        return Math.clamp(plan.rate() / STEPS_A_SECOND, 1, MAX_STEP);
    }

    private static long nanosOfAStep(Plan plan) {
        return TimeUnit.SECONDS.toNanos(1) * sizeOfAStep(plan) / plan.rate();
    }

    private boolean repair(Plan plan, DeadLetter letter) {
        try {
            return repair.replay(letter.id(), Actor.of(plan.actor()), new Repair.Wish(plan.reason(), null, null, null))
                    .isPresent();
        } catch (RepairException e) {
            log.info("The replay {} leaves {} parked: {}", plan.id(), letter.id(), e.getMessage());
            return false;
        }
    }

    private void pauseFor(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }

    /** What runs goes on at the next start. */
    @Override
    public synchronized void close() {
        stopping = true;
        if (thread != null) {
            thread.interrupt();
        }
    }
}
