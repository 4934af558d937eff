package io.dovetail.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.ledger.Actor;
import io.dovetail.ledger.AuditLog;
import io.dovetail.ledger.Books;
import io.dovetail.ledger.Claimed;
import io.dovetail.ledger.FailureGroups;
import io.dovetail.ledger.Inbox;
import io.dovetail.ledger.Outcome;
import io.dovetail.ledger.ReplayPlans;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.ReplayPlans.State;
import io.dovetail.ledger.Republications;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.dovetail.ledger.Versions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many dead letters at once: in the order accepted, each once, whoever dies or presses twice. */
@ExtendWith(SharedDatabase.class)
class ReplaysTest {

    private static final Choice ALL = new Choice(null, null, null, null, null);

    private final List<Integer> released = new ArrayList<>();
    private DataSource database;
    private Store store;
    private ReplayPlans plans;
    private Replays replays;

    @BeforeEach
    void fresh(DataSource database) {
        this.database = database;
        start();
    }

    private void start() {
        store = new Store(database);
        plans = new ReplayPlans(store.transactions);
        var repair = new Repair(
                store.deadLetters,
                store.proposals,
                new Versions(store.transactions),
                () -> Configuration.read(Path.of("."), new Problems()),
                hash -> {
                    throw new AssertionError("nothing is replayed as an older version");
                },
                Set.of(),
                released::add);
        var republications = new Republications(store.transactions, plans);
        replays = new Replays(
                plans,
                republications,
                repair,
                (plan, limit) -> OptionalInt.empty(),
                partitions -> partitions.stream().forEach(released::add),
                UUID::randomUUID);
    }

    /** Parks {@code count} events, each of a key of its own. */
    private void park(int count) {
        IntStream.rangeClosed(1, count).forEach(n -> store.accept("k" + n, 1));
        judge(Store::parked);
    }

    private List<String> judge(java.util.function.Function<Claimed, Outcome> judgement) {
        var inbox = store.inbox();
        var events = Store.claim(inbox).events();
        inbox.turn(Store.turn(events.stream().map(judgement).toList(), Map.of()), Set.of(), false, 0);
        return events.stream().map(Claimed::sourceId).toList();
    }

    private Plan begin(Choice choice, int rate, int canary) {
        return replays.begin(Actor.of("ada"), "mapping mended", choice, rate, canary)
                .plan();
    }

    private Plan step(Plan plan) {
        replays.step(plan);
        return plans.find(plan.id()).orElseThrow();
    }

    private Books.EventCounts books() {
        var page = store.page();
        assertThat(page.difference()).isZero();
        assertThat(store.verification.verify().agrees()).isTrue();
        return page.events();
    }

    @Test
    void goesThroughAllInTheOrderAccepted() {
        park(25);
        var plan = step(begin(ALL, 500, 0));
        assertThat(plan.replayed()).isEqualTo(10);
        assertThat(released).containsOnly(0);
        plan = step(step(step(plan)));
        assertThat(plan.state()).isEqualTo(State.DONE);
        assertThat(plan.replayed()).isEqualTo(25);
        assertThat(books().parked()).isZero();
        assertThat(judge(Store::translated))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 25)
                        .mapToObj(n -> "k" + n + ":1")
                        .toList());
        store.outbox.told(store.outbox.next(100), 100);
        assertThat(books().published()).isEqualTo(25);
        var steps = store.found("k7:1").getFirst().steps();
        assertThat(steps.getLast().actor()).isEqualTo("ada");
        assertThat(steps.getLast().detail()).contains(plan.id().toString());
        assertThat(audited(plan)).containsExactly("replay plan by ada");
    }

    private List<String> audited(Plan plan) {
        return new AuditLog(store.transactions)
                .page(null, 0, 500).stream()
                        .filter(row -> row.subject().equals(plan.id().toString()))
                        .map(row -> row.action() + " by " + row.actor())
                        .toList();
    }

    @Test
    void takesOnlyWhatWasParkedWhenItWasMadeAndThatOnce() {
        park(5);
        var plan = begin(ALL, 150, 0);
        store.accept("later", 1);
        judge(Store::parked);
        plan = step(plan);
        // three are parked again at once, which is no reason to send them again
        judge(Store::parked);
        plan = step(step(plan));
        assertThat(plan.state()).isEqualTo(State.DONE);
        assertThat(plan.replayed()).isEqualTo(5);
        assertThat(store.state("later:1")).isEqualTo("parked");
        assertThat(books().parked()).isEqualTo(4);
    }

    @Test
    void choosesByGroupConnectorKeyAndTime() {
        park(3);
        var group = new FailureGroups(store.transactions).list("shop", 10).getFirst();
        assertThat(group.count()).isEqualTo(3);
        assertThat(plans.count(new Choice("shop", group.fingerprint(), null, null, null)))
                .isEqualTo(3);
        assertThat(plans.count(new Choice(null, "another", null, null, null))).isZero();
        assertThat(plans.count(new Choice("garage", null, null, null, null))).isZero();
        assertThat(plans.count(new Choice(null, null, "k2", null, null))).isOne();
        assertThat(plans.count(new Choice(null, null, null, Store.NOW, null))).isEqualTo(3);
        assertThat(plans.count(new Choice(null, null, null, null, Store.NOW))).isZero();
        var plan = step(begin(new Choice(null, null, "k2", null, null), 500, 0));
        assertThat(plan.replayed()).isOne();
        assertThat(store.state("k2:1")).isEqualTo("accepted");
        assertThat(store.state("k1:1")).isEqualTo("parked");
    }

    @Test
    void isTheSameReplayWhenPressedTwice() {
        park(3);
        var first = replays.begin(Actor.of("ada"), "once", ALL, 500, 0);
        var second = replays.begin(Actor.of("bob"), "and again", ALL, 500, 0);
        assertThat(first.isNew()).isTrue();
        assertThat(second.isNew()).isFalse();
        assertThat(second.plan()).isEqualTo(first.plan());
        step(step(first.plan()));
        assertThat(replays.begin(Actor.of("bob"), "a third time", ALL, 100, 0).isNew())
                .isTrue();
    }

    /** Somebody else's order is written and not committed yet: whoever comes now waits for it. */
    @Test
    void isTheSameReplayWhenTwoPressAtTheSameTime() throws Exception {
        park(3);
        try (var other = database.getConnection();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("""
                    insert into replay_plan (id, state, at, actor, reason, last, chosen, rate, canary)
                    values (gen_random_uuid(), 'running', now(), 'bob', 'first', 9e15, 3, 100, 0)
                    """);
            var made = CompletableFuture.supplyAsync(() -> replays.begin(Store.ADMIN, "second", ALL, 100, 0));
            await().until(() -> waitsForALock(other) || made.isDone());
            other.commit();
            assertThat(made.get().isNew()).isFalse();
            assertThat(made.get().plan().reason()).isEqualTo("first");
        }
    }

    private static boolean waitsForALock(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("""
                select 1 from pg_locks l where not granted and relation = 'replay_plan'::regclass
                """)) {
            return select.executeQuery().next();
        }
    }

    @Test
    void stopsAfterTheFirstFewUntilSomebodySaysGoOn() {
        park(12);
        var plan = step(begin(ALL, 500, 4));
        assertThat(plan.state()).isEqualTo(State.CANARY);
        assertThat(plan.replayed()).isEqualTo(4);
        assertThat(plans.running()).isEmpty();
        assertThat(replays.become(plan.id(), State.RUNNING, Actor.of("ada"))).isTrue();
        plan = step(step(plans.running().orElseThrow()));
        assertThat(plan.state()).isEqualTo(State.DONE);
        assertThat(plan.replayed()).isEqualTo(12);
    }

    @Test
    void canBePausedResumedAndCancelled() {
        park(30);
        var plan = step(begin(ALL, 500, 0));
        replays.become(plan.id(), State.PAUSED, Actor.of("bob"));
        // a step that was on its way when it was paused does nothing
        step(plan);
        assertThat(books().parked()).isEqualTo(20);
        replays.become(plan.id(), State.RUNNING, Actor.of("bob"));
        plan = step(plans.running().orElseThrow());
        replays.become(plan.id(), State.CANCELLED, Actor.of("bob"));
        assertThat(step(plan).state()).isEqualTo(State.CANCELLED);
        assertThat(books().parked()).isEqualTo(10);
        assertThat(replays.become(plan.id(), State.RUNNING, Actor.of("bob"))).isFalse();
        assertThat(audited(plan))
                .containsExactly(
                        "replay plan by ada",
                        "replay plan paused by bob",
                        "replay plan running by bob",
                        "replay plan cancelled by bob");
    }

    /** The step's transaction is all or nothing: after it, a new process goes on behind it; before it, at it. */
    @Test
    void goesOnAfterACrash() {
        park(25);
        var before = begin(ALL, 500, 0);
        step(before);
        start();
        var plan = plans.running().orElseThrow();
        assertThat(plan.replayed()).isEqualTo(10);
        // what the dead process had read is no longer where the plan is
        plans.step(before, plans.next(before, 10), Set.of(), 0);
        assertThat(plans.running().orElseThrow()).isEqualTo(plan);
        step(step(step(plan)));
        assertThat(books().parked()).isZero();
        assertThat(judge(Store::translated)).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void leavesWhatSomebodyElseSawToMeanwhile() {
        park(3);
        var plan = begin(ALL, 500, 0);
        var read = plans.next(plan, 10);
        store.deadLetters.discard(read.get(1), Actor.of("bob"), "no use");
        plans.step(plan, read, Set.of(), 0);
        plan = plans.find(plan.id()).orElseThrow();
        assertThat(plan.replayed()).isEqualTo(2);
        assertThat(plan.skipped()).isOne();
        assertThat(store.state("k2:1")).isEqualTo("discarded");
        assertThat(books().discarded()).isOne();
    }

    @Test
    void releasesWhatIsHeldBehindInOrder() {
        store.accept("k", 1, 2, 3);
        var inbox = store.inbox();
        var events = Store.claim(inbox).events();
        inbox.turn(
                new Inbox.Turn(
                        List.of(
                                Store.parked(events.get(0)),
                                new Outcome.Held(events.get(1)),
                                new Outcome.Held(events.get(2))),
                        "v1",
                        Map.of(Store.keyHash("k"), events.get(0).seq())),
                Set.of(),
                false,
                0);
        assertThat(new FailureGroups(store.transactions)
                        .list(null, 10)
                        .getFirst()
                        .keys())
                .isOne();
        step(step(begin(ALL, 500, 0)));
        assertThat(judge(Store::translated)).containsExactly("k:1");
        var draining = inbox.turn(Inbox.Turn.NONE, Set.of(), true, 10);
        assertThat(draining.next().events()).extracting(Claimed::sourceId).containsExactly("k:2", "k:3");
    }

    @Test
    void handsOverNothingWhileTheWorkersHaveSomeOfTheLast() {
        park(25);
        var plan = begin(ALL, 500, 0);
        assertThat(replays.tryStep(plan)).isTrue();
        plan = plans.running().orElseThrow();
        assertThat(replays.tryStep(plan)).isFalse();
        assertThat(books().parked()).isEqualTo(15);
        judge(Store::translated);
        assertThat(replays.tryStep(plan)).isTrue();
        // what is parked again is not waited for either
        judge(Store::parked);
        assertThat(replays.tryStep(plans.running().orElseThrow())).isTrue();
        assertThat(plans.find(plan.id()).orElseThrow().replayed()).isEqualTo(25);
    }

    @Test
    void runsByItself() {
        park(40);
        replays.start();
        try {
            var plan = begin(ALL, 10_000, 0);
            await().until(() -> {
                judge(Store::translated);
                return plans.find(plan.id()).orElseThrow().state() == State.DONE;
            });
            assertThat(books().parked()).isZero();
        } finally {
            replays.close();
        }
    }
}
