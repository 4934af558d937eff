package io.dovetail.replay;

import io.dovetail.ledger.Actor;
import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.ReplayPlans;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.ReplayPlans.Made;
import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.ReplayPlans.State;
import io.dovetail.ledger.Republications;
import io.dovetail.ledger.Republications.Extent;
import io.dovetail.ledger.Window;
import io.dovetail.replay.Repair.RepairException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the plans, one after the other, each at its rate and in the order accepted: replays of dead letters, and beside
 * them republications of what was published. A replay hands over little at a time, and nothing while the workers still
 * have some of what it handed over last: of two that need the same processors, live traffic comes first.
 */
public final class Replays implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Replays.class);

    private static final Duration A_MOMENT = Duration.ofMillis(5);

    private final ReplayPlans plans;
    private final Republications republications;
    private final Repair repair;
    private final Consumer<BitSet> accepted;
    private final Supplier<UUID> ids;
    private final Runner replaying;
    private final Runner republishing;
    private List<DeadLetter> handedOver = List.of();

    /**
     * @param again says the next few of a republication on the bus; of how many events something was said, or empty when
     *     it cannot be now
     * @param accepted told which partitions have new work. Not that something was decided there: the keys of what is
     *     replayed stay held until a worker has seen to it, and to look for others among all that are held, step by step,
     *     would take longer than the replay
     */
    public Replays(
            ReplayPlans plans,
            Republications republications,
            Repair repair,
            BiFunction<Plan, Integer, OptionalInt> again,
            Consumer<BitSet> accepted,
            Supplier<UUID> ids) {
        this.plans = plans;
        this.republications = republications;
        this.repair = repair;
        this.accepted = accepted;
        this.ids = ids;
        this.replaying = new Runner("replay", plans::running, this::tryStep, A_MOMENT);
        this.republishing = new Runner("republication", republications::running, again::apply, Runner.IDLE);
    }

    public void start() {
        replaying.start();
        republishing.start();
    }

    /** How many dead letters a choice has now. */
    public long count(Choice choice) {
        return plans.count(choice);
    }

    /** Begins a replay; asked again for the same choice while it goes on, it is the same one. */
    public Made begin(Actor actor, String reason, Choice choice, int rate, int canary) {
        var made = plans.make(ids.get(), actor, reason, choice, rate, canary);
        replaying.wake();
        return made;
    }

    /** What a window holds now. */
    public Extent extent(Choice choice, Window window) {
        return republications.extent(choice, window);
    }

    /**
     * Begins a republication; asked again for the same while it goes on, it is the same one.
     *
     * @param events how many of the extent it is to say again
     */
    public Made republish(
            Actor actor,
            String reason,
            Choice choice,
            Window window,
            Extent extent,
            long events,
            int rate,
            int canary) {
        var made = republications.make(ids.get(), actor, reason, choice, window, extent, events, rate, canary);
        republishing.wake();
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
        wake();
        return done;
    }

    /** Something that was in the way may not be there any more. */
    public void wake() {
        replaying.wake();
        republishing.wake();
    }

    /** A step, unless the workers have not seen to all of the last one yet; whether it was made. */
    boolean tryStep(Plan plan) {
        return tryStep(plan, Runner.sizeOfAStep(plan)).isPresent();
    }

    private OptionalInt tryStep(Plan plan, int limit) {
        return plans.areAccepted(handedOver) ? OptionalInt.empty() : OptionalInt.of(step(plan, limit));
    }

    /** The next few of a replay, or its end. */
    void step(Plan plan) {
        step(plan, Runner.sizeOfAStep(plan));
    }

    private int step(Plan plan, int limit) {
        var letters = plans.next(plan, limit);
        var apart = new HashSet<DeadLetter>();
        var repaired = 0;
        for (var letter : letters) {
            // one that could not be read when it was accepted must be given its name first
            if (letter.sourceId() == null) {
                apart.add(letter);
                repaired += repair(plan, letter) ? 1 : 0;
            }
        }
        accepted.accept(plans.step(plan, letters, apart, repaired));
        handedOver = letters;
        return letters.size();
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

    /** What runs goes on at the next start. */
    @Override
    public void close() {
        replaying.close();
        republishing.close();
    }
}
