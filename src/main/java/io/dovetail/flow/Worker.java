package io.dovetail.flow;

import io.dovetail.call.Caller;
import io.dovetail.connector.Calls;
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
import io.dovetail.ledger.Inbox.Wanted;
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
 * A partition's only worker. Nobody else holds or lets go events of its keys, or writes what became of them, so that
 * what it knows of them is true until it changes it itself.
 */
final class Worker implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final int SMALL_BATCH = 100;
    private static final Duration GATHER = Duration.ofMillis(2);

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

    private final HeldKeys keys = new HeldKeys();
    private final Desk desk;
    private final Set<Long> suspects = new HashSet<>();
    private final Map<Long, Failure> condemned = new HashMap<>();
    private boolean suspecting = true;
    private final AtomicBoolean alone = new AtomicBoolean();

    Worker(int partition, Inbox inbox, Flow flow, FlowSettings settings) {
        this.partition = partition;
        this.inbox = inbox;
        this.flow = flow;
        this.settings = settings;
        this.desk = new Desk(
                inbox, flow.asking(), settings, attempt -> flow.attempt(attempt, inbox), flow::isPaused, this::wake);
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
                    desk.abandon();
                    onlyGood(batch, refused);
                }
                if (!known) {
                    learn();
                    known = true;
                }
                var limit = stopping ? 0 : suspects.isEmpty() ? settings.batch() : 1;
                if (stopping) {
                    desk.drop();
                }
                var free = stopping
                        ? Map.<String, Integer>of()
                        : desk.free(flow.live().configuration());
                var wanted = new Wanted(keys.draining(), released.getAndSet(false), limit, free, desk.asking(turn));
                Turned turned;
                synchronized (inbox) {
                    // one that is being replaced writes before its successor learns where things stand, or never
                    if (replaced) {
                        return;
                    }
                    turned = inbox.turn(turn, wanted);
                }
                letOthersTry();
                flow.decided(turn.outcomes());
                keys.written(turned);
                desk.written(turn, free, turned.due());
                turn = Turn.NONE;
                var batch = turned.next();
                var ends = desk.ends();
                if (batch.events().stream().noneMatch(event -> suspects.contains(event.seq()))) {
                    // whatever is left of them waits behind a parked event: no reason to go on one by one
                    suspects.clear();
                }
                if (!batch.events().isEmpty() || !ends.isEmpty()) {
                    turn = flow.live().with(version -> work(version, batch, ends));
                    gather(batch);
                } else if (stopping) {
                    return;
                } else if (!released.get()) {
                    work.tryAcquire(desk.patience(IDLE).toMillis() + 1, TimeUnit.MILLISECONDS);
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
                if (stopping) {
                    // as after a kill: what is in the database decides, at the next start
                    return;
                }
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
            desk.learn(standing, suspecting);
        }
        keys.learn(standing.held());
        if (suspecting) {
            // only what a dead process left: an event is not to blame for a database that went away
            suspects.addAll(standing.suspects());
            suspecting = false;
        }
        released.set(true);
    }

    /** @param ends what came of attempts to ask other systems; older than what is in the batch */
    private Turn work(Version version, Batch batch, List<Attempt.End> ends) {
        var judge = flow.judge(version, inbox);
        var published = new HashMap<>(batch.published());
        var outcomes = new ArrayList<Outcome>(batch.events().size() + ends.size());
        var versions = new HashMap<Long, String>();
        var until = System.nanoTime() + settings.batchTime().toNanos();
        keys.begin();
        for (var end : ends) {
            if (!end.version().isEmpty() && !end.version().equals(version.hash())) {
                versions.put(end.outcome().claimed().seq(), end.version());
            }
            var twin = end.outcome() instanceof Outcome.Translated t
                    && published.containsKey(t.claimed().id());
            // two of one id were asked for side by side: the second is judged again, as what it is now
            decided(
                    twin ? Outcome.Waiting.inLine(end.outcome().claimed(), inbox.now()) : end.outcome(),
                    outcomes,
                    published);
        }
        var ran = false;
        for (var claimed : batch.events()) {
            if (ran && (alone.get() || System.nanoTime() > until)) {
                if (claimed.waiting()) {
                    desk.notReached(claimed);
                }
                continue;
            }
            ran = true;
            if (keys.mustWait(claimed)) {
                if (keys.isNewlyHeld(claimed)) {
                    outcomes.add(new Outcome.Held(claimed));
                }
                continue;
            }
            if (flow.isPaused(claimed) && !condemned.containsKey(claimed.seq())) {
                // before it is begun: it is not to blame for anything, and waits to be resumed
                suspects.remove(claimed.seq());
                if (!flow.isPaused(claimed.connector())) {
                    // those of its connector's other keys that are due come before it looks again
                    decided(Outcome.Waiting.inLine(claimed, inbox.now().plus(IDLE)), outcomes, published);
                } else if (claimed.waiting()) {
                    desk.notReached(claimed);
                } else {
                    decided(Outcome.Waiting.inLine(claimed, inbox.now()), outcomes, published);
                }
                continue;
            }
            var calls = claimed.asVersion() == null ? judge.calls(claimed) : null;
            var outcome = calls == null
                    ? judge(judge, claimed, published.get(claimed.id()))
                    : putAside(claimed, published.get(claimed.id()), calls);
            if (outcome != null) {
                decided(outcome, outcomes, published);
            }
        }
        return new Turn(outcomes, version.hash(), keys.changed(), versions);
    }

    private void decided(Outcome outcome, List<Outcome> outcomes, Map<UUID, byte[]> published) {
        outcomes.add(outcome);
        keys.note(outcome);
        desk.note(outcome);
        if (outcome instanceof Outcome.Translated translated) {
            published.put(translated.claimed().id(), translated.claimed().contentHash());
        }
    }

    private @Nullable Outcome putAside(Claimed claimed, byte @Nullable [] published, Calls calls) {
        // in hand when a hub ended, but not asked for yet: nothing that could have ended it
        suspects.remove(claimed.seq());
        return desk.putAside(claimed, published, calls);
    }

    private void letOthersTry() {
        if (alone.getAndSet(false)) {
            flow.suspects().release();
        }
    }

    private @Nullable Outcome judge(Judge judge, Claimed claimed, byte @Nullable [] published) {
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
            return flow.kept().judge(judge, claimed, by -> {
                var calls = by.calls(claimed);
                return calls == null
                        ? by.judge(claimed, published, Caller.NOBODY)
                        : putAside(claimed, published, calls);
            });
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
