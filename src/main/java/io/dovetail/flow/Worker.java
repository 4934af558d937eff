package io.dovetail.flow;

import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.BrokenStatementException;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.FencedException;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.Inbox.Batch;
import io.dovetail.ledger.Inbox.Standing;
import io.dovetail.ledger.Inbox.Turn;
import io.dovetail.ledger.Inbox.Turned;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's only worker. Nobody else translates, holds or lets go events of its keys, so that what it knows of
 * held keys is true until it changes it itself.
 */
final class Worker implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final int IDLE_SECONDS = 5;
    private static final int SMALL_BATCH = 100;
    private static final Duration GATHER = Duration.ofMillis(5);

    /** The event in hand, and since when ({@link System#nanoTime}). */
    record InHand(long seq, long since) {}

    private final int partition;
    private final Inbox inbox;
    private final Flow flow;
    private final FlowSettings settings;
    private final Semaphore work = new Semaphore(0);
    private volatile boolean stopping;
    private volatile boolean replaced;
    private final AtomicBoolean released = new AtomicBoolean(true);
    private volatile @Nullable InHand inHand;

    private final Map<UUID, Long> held = new HashMap<>();
    private final Set<UUID> draining = new HashSet<>();
    private final Set<Long> suspects = new HashSet<>();
    private final Map<Long, Failure> condemned = new HashMap<>();
    private boolean suspecting = true;
    private final AtomicBoolean alone = new AtomicBoolean();

    Worker(int partition, Inbox inbox, Flow flow, FlowSettings settings) {
        this.partition = partition;
        this.inbox = inbox;
        this.flow = flow;
        this.settings = settings;
    }

    /** There is something new to claim. */
    void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    /** A parked event of this partition was decided on: what waits behind it may go. */
    void release() {
        released.set(true);
        wake();
    }

    /** Ends after the batch in hand. */
    void stop() {
        stopping = true;
        wake();
    }

    /** Gives the partition to a successor, who parks what this one hangs on. */
    Worker replace(InHand hanging) {
        replaced = true;
        letOthersTry();
        var successor = new Worker(partition, inbox, flow, settings);
        successor.suspecting = false;
        successor.condemned.put(
                hanging.seq,
                Failure.of(
                        FailureKind.POISON,
                        "hub",
                        "deadline",
                        "The event took longer than " + settings.deadline().toSeconds()
                                + " s. Look at what the connector's route and mapping do with it, then replay it."));
        return successor;
    }

    @Nullable
    InHand inHand() {
        return inHand;
    }

    @Override
    public void run() {
        var turn = Turn.NONE;
        var known = false;
        @Nullable BrokenStatementException broken = null;
        while (!replaced) {
            try {
                if (broken != null) {
                    // here, where whatever else goes wrong with it is caught too
                    var refused = broken;
                    var batch = turn;
                    broken = null;
                    turn = Turn.NONE;
                    onlyGood(batch, refused);
                }
                if (!known) {
                    learn();
                    known = true;
                }
                var limit = stopping ? 0 : suspects.isEmpty() ? settings.batch() : 1;
                Turned turned;
                synchronized (inbox) {
                    // one that is being replaced writes before its successor learns where things stand, or never
                    if (replaced) {
                        return;
                    }
                    turned = inbox.turn(turn, draining, released.getAndSet(false), limit);
                }
                letOthersTry();
                flow.decided(turn.outcomes());
                held.keySet().removeAll(turned.released());
                draining.clear();
                draining.addAll(turned.draining());
                turn = Turn.NONE;
                var batch = turned.next();
                if (batch.events().stream().noneMatch(event -> suspects.contains(event.seq()))) {
                    // whatever is left of them waits behind a parked event: no reason to go on one by one
                    suspects.clear();
                }
                if (!batch.events().isEmpty()) {
                    turn = flow.live().with(version -> work(version, batch));
                    gather(batch);
                } else if (stopping) {
                    return;
                } else if (!released.get()) {
                    work.tryAcquire(IDLE_SECONDS, TimeUnit.SECONDS);
                }
            } catch (BrokenStatementException e) {
                broken = e;
                if (turn.outcomes().isEmpty()) {
                    // not an event's fault, and not to be met again in the next moment
                    pause();
                }
            } catch (Inbox.StaleClaimException e) {
                turn = Turn.NONE;
                known = false;
            } catch (UnavailableException e) {
                // whether the last turn was written is unknown; what is in the database decides
                turn = Turn.NONE;
                known = false;
                pause();
            } catch (FencedException e) {
                flow.fenced(e);
                return;
            } catch (InterruptedException e) {
                stopping = true;
            } catch (RuntimeException | Error e) {
                log.error("Partition {} failed and begins anew", partition, e);
                turn = Turn.NONE;
                known = false;
                pause();
            }
        }
    }

    /**
     * A moment for more to come before a small turn is written and the next batch is claimed: what a transaction costs
     * hardly depends on how many events share it.
     */
    private void gather(Batch batch) throws InterruptedException {
        if (batch.events().size() < SMALL_BATCH && !stopping) {
            Thread.sleep(GATHER);
        }
    }

    private void learn() {
        letOthersTry();
        Standing standing;
        synchronized (inbox) {
            standing = inbox.standing();
        }
        held.clear();
        held.putAll(standing.held());
        draining.clear();
        if (suspecting) {
            // only what a dead process left: an event is not to blame for a database that went away
            suspects.addAll(standing.suspects());
            suspecting = false;
        }
        released.set(true);
    }

    private Turn work(Version version, Batch batch) {
        var judge = new Judge(version, settings.attempts(), flow.timers(), inbox::delivered);
        var published = new HashMap<>(batch.published());
        var outcomes = new ArrayList<Outcome>(batch.events().size());
        var blockers = new HashMap<UUID, Long>();
        var waiting = new HashSet<UUID>();
        var end = System.nanoTime() + settings.batchTime().toNanos();
        for (var claimed : batch.events()) {
            if (!outcomes.isEmpty() && (alone.get() || System.nanoTime() > end)) {
                break;
            }
            var key = claimed.keyHash();
            if (key != null && mustWait(claimed, key, waiting)) {
                if (!claimed.held() && !waiting.contains(key)) {
                    outcomes.add(new Outcome.Held(claimed));
                }
                continue;
            }
            var outcome = judge(judge, claimed, published.get(claimed.id()));
            outcomes.add(outcome);
            switch (outcome) {
                case Outcome.Parked parked -> {
                    if (key != null) {
                        held.put(key, claimed.seq());
                        blockers.put(key, claimed.seq());
                        draining.remove(key);
                    }
                }
                case Outcome.Again again -> {
                    if (key != null) {
                        waiting.add(key);
                    }
                }
                case Outcome.Translated translated -> {
                    published.put(claimed.id(), claimed.contentHash());
                    ended(claimed);
                }
                default -> ended(claimed);
            }
        }
        return new Turn(outcomes, version.hash(), blockers);
    }

    private void letOthersTry() {
        if (alone.getAndSet(false)) {
            flow.suspects().release();
        }
    }

    /** Whether an earlier event of its key has not found its end. */
    private boolean mustWait(Claimed claimed, UUID key, Set<UUID> waiting) {
        if (waiting.contains(key)) {
            return true;
        }
        var blocker = held.get(key);
        return blocker != null && blocker != claimed.seq() && !(claimed.held() && draining.contains(key));
    }

    private void ended(Claimed claimed) {
        var key = claimed.keyHash();
        if (key != null && held.containsKey(key)) {
            draining.add(key);
        }
    }

    private Outcome judge(Judge judge, Claimed claimed, byte @Nullable [] published) {
        var sentence = condemned.remove(claimed.seq());
        if (sentence != null) {
            return new Outcome.Parked(claimed, sentence);
        }
        if (suspects.remove(claimed.seq())) {
            if (claimed.attempts() >= settings.attempts()) {
                return new Outcome.Parked(
                        claimed,
                        Failure.of(
                                FailureKind.POISON,
                                "hub",
                                "attempts",
                                "The hub ended " + claimed.attempts() + " times while it worked on this event. Look at"
                                        + " what is unusual in it, then replay or discard it."));
            }
            // one suspect at a time in the whole hub, until its outcome is written: what ends the hub is to blame alone
            flow.suspects().acquireUninterruptibly();
            alone.set(true);
            inbox.countAttempt(claimed.seq());
        }
        inHand = new InHand(claimed.seq(), System.nanoTime());
        try {
            return flow.kept().judge(judge, claimed, published);
        } finally {
            inHand = null;
        }
    }

    /** Writes a batch one by one that the database refuses as a whole, so that one bad event does not spoil its neighbours. */
    private void onlyGood(Turn turn, BrokenStatementException refused) {
        log.warn(
                "Partition {}: the database refuses a batch of {}",
                partition,
                turn.outcomes().size(),
                refused);
        for (var outcome : turn.outcomes()) {
            try {
                inbox.turn(new Turn(List.of(outcome), turn.version(), holds(turn, outcome)), Set.of(), false, 0);
                flow.decided(List.of(outcome));
            } catch (BrokenStatementException e) {
                var parked = new Outcome.Parked(outcome.claimed(), Judge.internal(e));
                var key = outcome.claimed().keyHash();
                var holds = key == null
                        ? Map.<UUID, Long>of()
                        : Map.of(key, outcome.claimed().seq());
                inbox.turn(new Turn(List.of(parked), turn.version(), holds), Set.of(), false, 0);
                flow.decided(List.of(parked));
                // later ones of its key were judged as if it had gone on: they are judged again
                break;
            }
        }
        learn();
    }

    private static Map<UUID, Long> holds(Turn turn, Outcome outcome) {
        var key = outcome.claimed().keyHash();
        var blocker = key == null ? null : turn.held().get(key);
        return key == null || blocker == null || blocker != outcome.claimed().seq() ? Map.of() : Map.of(key, blocker);
    }

    private void pause() {
        try {
            work.tryAcquire(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            stopping = true;
        }
    }
}
