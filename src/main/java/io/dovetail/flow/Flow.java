package io.dovetail.flow;

import io.dovetail.call.Callers;
import io.dovetail.event.FailedException;
import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.UnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All partitions, each with its worker, and the watchdog over them. */
public final class Flow implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Flow.class);

    private final Live live;
    private final KeptVersions kept;
    private final FlowSettings settings;
    private final MeterRegistry meters;
    private final StepTimers timers;
    private final StepTimers rehearsals = new StepTimers(new SimpleMeterRegistry());
    private final Inbox reading;
    private final BiPredicate<String, @Nullable String> paused;
    private final Runnable decided;
    private final Consumer<FencedException> fenced;
    private final BackOff backOff;
    private final Asking asking;
    private final Semaphore suspects = new Semaphore(1);
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("flow-watchdog").daemon().factory());

    /**
     * @param inboxes one for each partition
     * @param callers by whom routes ask other systems
     * @param paused whether events of a connector, or else of this key of it, wait until they are resumed
     * @param decided told after each turn, and after what an operator decides, that the outbox may have something new
     */
    public Flow(
            Live live,
            KeptVersions kept,
            FlowSettings settings,
            MeterRegistry meters,
            IntFunction<Inbox> inboxes,
            Callers callers,
            BackOff backOff,
            BiPredicate<String, @Nullable String> paused,
            Runnable decided,
            Consumer<FencedException> fenced) {
        this.live = live;
        this.kept = kept;
        this.settings = settings;
        this.meters = meters;
        this.timers = new StepTimers(meters);
        this.paused = paused;
        this.decided = decided;
        this.fenced = fenced;
        this.backOff = backOff;
        this.asking = new Asking(callers);
        this.reading = inboxes.apply(0);
        for (var partition = 0; partition < settings.partitions(); partition++) {
            workers.add(new Worker(partition, inboxes.apply(partition), this, settings));
        }
    }

    public synchronized void start() {
        for (var i = 0; i < workers.size(); i++) {
            threads.add(start(i));
        }
        watchdog.scheduleWithFixedDelay(this::replaceHanging, 1, 1, TimeUnit.SECONDS);
    }

    private Thread start(int partition) {
        return Thread.ofPlatform().name("partition-" + partition).daemon().start(workers.get(partition));
    }

    /** These partitions have new events. */
    public synchronized void accepted(BitSet partitions) {
        partitions.stream()
                .filter(p -> p < workers.size())
                .forEach(p -> workers.get(p).wake());
    }

    /** An operator has decided on a parked event of this partition. */
    public synchronized void released(int partition) {
        workers.get(partition).release();
        // what is discarded is told too
        decided.run();
    }

    /**
     * What would become of an event now, by the version that is live: nothing is written, counted or asked.
     *
     * @param published the content hash of another event that was published under its id; null: none
     * @return {@link Outcome.Waiting} where its route would ask another system
     */
    public Outcome rehearse(Claimed claimed, byte @Nullable [] published) {
        return live.with(version -> new Judge(version, 0, rehearsals, backOff, reading)
                .judge(claimed, published, request -> {
                    throw new FailedException(Failure.of(
                            FailureKind.EXTERNAL, request.place(), "not asked", "A rehearsal asks no other system."));
                }));
    }

    /** A connector or a key was resumed. */
    public synchronized void resumed() {
        workers.forEach(Worker::wake);
    }

    boolean isPaused(String connector) {
        return paused.test(connector, null);
    }

    boolean isPaused(Claimed claimed) {
        return paused.test(claimed.connector(), claimed.key());
    }

    /** Held by the worker that tries an event which may have ended the hub before. */
    Semaphore suspects() {
        return suspects;
    }

    Live live() {
        return live;
    }

    KeptVersions kept() {
        return kept;
    }

    Asking asking() {
        return asking;
    }

    Judge judge(Version version, Inbox inbox) {
        return new Judge(version, settings.attempts(), timers, backOff, inbox);
    }

    /** Judges an event beside the workers, with the version that is live when it begins, or the one it is to be judged by. */
    Attempt.End attempt(Attempt attempt, Inbox inbox) {
        var claimed = attempt.claimed();
        var caller = asking.callers().of(claimed.connector(), attempt.calls().deadline());
        try {
            return live.with(version -> new Attempt.End(
                    Objects.requireNonNull(kept.judge(
                            judge(version, inbox), claimed, by -> by.judge(claimed, attempt.published(), caller))),
                    version.hash()));
        } catch (UnavailableException e) {
            // no event is to blame for the database
            return new Attempt.End(Outcome.Waiting.inLine(claimed, inbox.now()), "");
        }
    }

    void fenced(FencedException e) {
        fenced.accept(e);
    }

    void decided(List<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        for (var outcome : outcomes) {
            var claimed = outcome.claimed();
            meters.counter(
                            "hub_events_total",
                            "connector",
                            claimed.connector(),
                            "type",
                            claimed.emits() == null ? "?" : claimed.emits(),
                            "outcome",
                            outcome.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT))
                    .increment();
        }
        decided.run();
    }

    private synchronized void replaceHanging() {
        asking.endThoseOver(settings.deadline());
        for (var i = 0; i < workers.size(); i++) {
            var inHand = workers.get(i).inHand();
            if (inHand != null
                    && System.nanoTime() - inHand.since() > settings.deadline().toNanos()) {
                log.error("Event {} hangs; partition {} gets another worker", inHand.seq(), i);
                var hanging = threads.get(i);
                workers.set(i, workers.get(i).replace(inHand));
                threads.set(i, start(i));
                hanging.interrupt();
            }
        }
    }

    /** Ends every worker after the batch in its hand. */
    @Override
    public void close() {
        watchdog.shutdownNow();
        List<Thread> running;
        synchronized (this) {
            workers.forEach(Worker::stop);
            running = List.copyOf(threads);
        }
        for (var thread : running) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        asking.close();
    }
}
