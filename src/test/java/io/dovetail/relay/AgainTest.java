package io.dovetail.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.ledger.Actor;
import io.dovetail.ledger.Days;
import io.dovetail.ledger.History;
import io.dovetail.ledger.Pauses;
import io.dovetail.ledger.Pauses.What;
import io.dovetail.ledger.ReplayPlans;
import io.dovetail.ledger.ReplayPlans.Choice;
import io.dovetail.ledger.ReplayPlans.Plan;
import io.dovetail.ledger.ReplayPlans.State;
import io.dovetail.ledger.Republications;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.dovetail.ledger.Window;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A consumer has a gap: what it missed is said again, as it was and in order, and nothing else changes by it. */
@ExtendWith(SharedDatabase.class)
class AgainTest {

    private static final Choice ALL = new Choice(null, null, null, null, null);
    private static final Actor ADA = new Actor("ada", "repairer");

    private final Days clock = new Days();
    private final Map<String, List<String>> consumers = new HashMap<>(Map.of(
            "workflow",
            List.of("hub.events::workflow", "hub.triggers::workflow.triggers"),
            "enrichment",
            List.of("hub.events::enrichment", "hub.triggers::enrichment.triggers")));
    private final List<Message> said = new ArrayList<>();
    private boolean busIsAway;
    private Store store;
    private Pauses pauses;
    private ReplayPlans plans;
    private Republications republications;
    private Again again;

    private final class Ear implements Bus {

        @Override
        public void publish(List<Message> batch) {
            if (busIsAway) {
                throw new BusException("nobody there");
            }
            said.addAll(batch);
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database, 1, clock, connector -> History.STANDARD);
        pauses = new Pauses(store.transactions);
        start();
    }

    private void start() {
        plans = new ReplayPlans(store.transactions);
        republications = new Republications(store.transactions, plans);
        again = new Again(republications, pauses, new Ear(), () -> consumers, new SimpleMeterRegistry());
    }

    /** Accepts and publishes now, and lets a minute pass. */
    private void publish(String key, int... numbers) {
        store.accept(key, numbers);
        store.publishAll();
        minute();
    }

    private Instant minute() {
        clock.pass(Duration.ofMinutes(1));
        return clock.instant();
    }

    private Plan begin(Instant from, @Nullable Instant before, String... targets) {
        return begin(from, before, 0, targets);
    }

    private Plan begin(Instant from, @Nullable Instant before, int canary, String... targets) {
        var window = new Window(from, before, List.of(targets));
        var extent = republications.extent(ALL, window);
        return republications
                .make(
                        UUID.randomUUID(),
                        ADA,
                        "they lost a disk",
                        ALL,
                        window,
                        extent,
                        Again.events(extent, List.of(targets)),
                        100,
                        canary)
                .plan();
    }

    private Plan step(Plan plan, int limit) {
        again.step(plan, limit);
        return plans.find(plan.id()).orElseThrow();
    }

    private List<String> bodies() {
        return said.stream()
                .map(message -> new String(message.body(), StandardCharsets.UTF_8))
                .toList();
    }

    private void nothingElseHasChanged() {
        assertThat(store.page().difference()).isZero();
        assertThat(store.verification.verify().agrees()).isTrue();
        assertThat(store.outbox.next(10)).isEmpty();
    }

    @Test
    void saysTheSameInTheOrderAcceptedUnderTheSameIds() {
        publish("early", 1);
        var from = clock.instant();
        publish("k", 1, 2);
        publish("l", 1);
        publish("k", 3);
        var before = clock.instant();
        publish("late", 1);
        var published = store.page();
        var plan = begin(from, before, Addresses.EVENTS, Addresses.TRIGGERS);
        assertThat(plan.chosen()).isEqualTo(4);
        plan = step(step(plan, 3), 3);
        assertThat(plan.state()).isEqualTo(State.DONE);
        assertThat(plan.replayed()).isEqualTo(4);
        assertThat(said)
                .filteredOn(message -> message.address().equals(Addresses.EVENTS))
                .extracting(Message::id)
                .containsExactly(
                        Store.id("k:1").toString(),
                        Store.id("k:2").toString(),
                        Store.id("l:1").toString(),
                        Store.id("k:3").toString());
        assertThat(said)
                .filteredOn(message -> message.address().equals(Addresses.TRIGGERS))
                .hasSize(4);
        assertThat(bodies()).startsWith("event k:1", "trigger", "event k:2").hasSize(8);
        assertThat(store.state("k:1")).isEqualTo("published");
        assertThat(store.page()).isEqualTo(published);
        nothingElseHasChanged();
        var step = store.found("k:3").getFirst().steps().getLast();
        assertThat(step.step()).isEqualTo("republished");
        assertThat(step.actor()).isEqualTo("ada");
        assertThat(step.reason()).isEqualTo("they lost a disk");
        assertThat(step.detail()).contains(plan.id().toString());
        assertThat(step.to()).containsExactly(Addresses.EVENTS, Addresses.TRIGGERS);
        assertThat(store.found("late:1").getFirst().steps()).isEmpty();
    }

    /** What was parked for long is published long after it was accepted: the window is of the former. */
    @Test
    void goesByTheTimeOfPublishing() {
        store.accept("k", 1);
        var inbox = store.inbox();
        var claimed = Store.claim(inbox).events().getFirst();
        inbox.turn(Store.turn(Store.parked(claimed)), Set.of(), false, 0);
        store.outbox.told(store.outbox.next(10), 10);
        clock.pass(Duration.ofDays(3));
        publish("l", 1);
        var from = minute();
        store.deadLetters.replay(
                store.deadLetters.list(null, null, 0, 1).getFirst(), Store.ADMIN, "x", null, null, null, null);
        store.publishAll();
        minute();
        step(begin(from, null, Addresses.EVENTS), 10);
        assertThat(bodies()).containsExactly("event k:1");
        nothingElseHasChanged();
    }

    @Test
    void saysNothingThatIsNotPublishedYet() {
        var from = clock.instant();
        publish("k", 1);
        pauses.pause(What.TRIGGER, "review", ADA, "a test");
        store.accept("kept back", 1);
        store.translateAll();
        store.outbox.told(store.outbox.next(10), Set.of("review"), 10);
        pauses.resume(What.TRIGGER, "review", ADA, "over");
        store.accept("translated", 1);
        store.translateAll();
        store.accept("accepted", 1);
        minute();
        var window = new Window(from, null, List.of(Addresses.EVENTS));
        assertThat(republications.extent(ALL, window).triggers()).isOne();
        step(begin(from, null, Addresses.EVENTS, Addresses.TRIGGERS), 10);
        assertThat(bodies()).containsExactly("event k:1", "trigger", "event kept back:1");
        assertThat(store.outbox.next(10)).hasSize(1);
        assertThat(store.outbox.keptBack()).containsEntry("review", 1L);
    }

    @Test
    void takesOnlyWhatWasPublishedWhenItWasBegun() {
        var from = clock.instant();
        publish("k", 1, 2);
        var plan = begin(from, clock.instant().plus(Duration.ofDays(1)), Addresses.EVENTS);
        publish("k", 3);
        assertThat(step(step(plan, 1), 10).state()).isEqualTo(State.DONE);
        assertThat(bodies()).containsExactly("event k:1", "event k:2");
    }

    @Test
    void speaksToOneQueueAlone() {
        var from = clock.instant();
        publish("k", 1, 2);
        var plan = begin(from, null, "hub.triggers::workflow.triggers");
        assertThat(step(plan, 10).replayed()).isEqualTo(2);
        assertThat(said)
                .extracting(Message::address)
                .containsExactly("hub.triggers::workflow.triggers", "hub.triggers::workflow.triggers");
        assertThat(said).extracting(Message::type).containsOnly("trigger.review.v1");
    }

    @Test
    void isTheSameOneWhenPressedTwiceAndNotAReplay() {
        var from = clock.instant();
        publish("k", 1);
        var before = clock.instant();
        var plan = begin(from, before, Addresses.EVENTS);
        assertThat(begin(from, before, Addresses.EVENTS)).isEqualTo(plan);
        assertThat(begin(from, before, Addresses.TRIGGERS).id()).isNotEqualTo(plan.id());
        assertThat(plans.running()).isEmpty();
        assertThat(republications.running()).contains(plan);
        assertThat(step(plan, 10).state()).isEqualTo(State.DONE);
        assertThat(begin(from, before, Addresses.EVENTS).id()).isNotEqualTo(plan.id());
    }

    /** Killed after the bus has acknowledged, before the step was marked: it is said again, and nothing is left out. */
    @Test
    void goesOnAfterACrash() {
        var from = clock.instant();
        publish("k", 1, 2, 3);
        var plan = step(begin(from, null, Addresses.EVENTS), 1);
        var dying = republications.next(plan, 1);
        said.add(Relay.message(dying.events().getFirst().rows().getFirst()));
        start();
        plan = republications.running().orElseThrow();
        var before = plan;
        plan = step(plan, 1);
        // what the dead process had said is no longer where the plan is
        assertThat(republications.told(
                        before, dying, List.of(dying.events().getFirst().seq())))
                .isFalse();
        assertThat(plans.find(plan.id())).contains(plan);
        assertThat(bodies()).containsExactly("event k:1", "event k:2", "event k:2");
    }

    @Test
    void stopsAfterTheFirstFewAndWhereItIsPaused() {
        var from = clock.instant();
        publish("k", 1, 2, 3, 4);
        var plan = step(begin(from, null, 2, Addresses.EVENTS), 10);
        assertThat(plan.state()).isEqualTo(State.CANARY);
        assertThat(bodies()).containsExactly("event k:1", "event k:2");
        plans.become(plan.id(), State.RUNNING, ADA);
        plan = plans.find(plan.id()).orElseThrow();
        var page = republications.next(plan, 1);
        plans.become(plan.id(), State.PAUSED, ADA);
        assertThat(republications.told(plan, page, List.of())).isFalse();
        plans.become(plan.id(), State.CANCELLED, ADA);
        assertThat(plans.find(plan.id()).orElseThrow().replayed()).isEqualTo(2);
    }

    @Test
    void waitsForWhatIsInTheWayAndSaysWhy() {
        var from = clock.instant();
        publish("k", 1);
        var plan = begin(from, null, "hub.events::workflow", "hub.triggers::workflow.triggers");
        busIsAway = true;
        assertWaits(plan, "nobody there");
        busIsAway = false;
        pauses.pause(What.RELAY, "", ADA, "a test");
        assertWaits(plan, "the relay is paused");
        pauses.resume(What.RELAY, "", ADA, "over");
        pauses.pause(What.TRIGGER, "review", ADA, "a test");
        assertWaits(plan, "the triggers of review are paused");
        pauses.resume(What.TRIGGER, "review", ADA, "over");
        var queues = consumers.put("workflow", List.of());
        assertWaits(plan, "the queue hub.events::workflow is not there");
        consumers.put("workflow", queues);
        assertThat(again.step(plan, 10)).hasValue(1);
        assertThat(again.obstacle(plan.id())).isEmpty();
    }

    private void assertWaits(Plan plan, String why) {
        assertThat(again.step(plan, 10)).isEqualTo(OptionalInt.empty());
        assertThat(again.obstacle(plan.id()).orElseThrow()).contains(why);
        assertThat(said).isEmpty();
        assertThat(plans.find(plan.id())).contains(plan);
    }

    @Test
    void knowsWhomAnOperatorMeans() {
        assertThat(again.targets(null, null, null)).containsExactly("hub.events", "hub.triggers");
        assertThat(again.targets("hub.triggers", null, null)).containsExactly("hub.triggers");
        assertThat(again.targets(null, "workflow", null))
                .containsExactly("hub.events::workflow", "hub.triggers::workflow.triggers");
        assertThat(again.targets("hub.events", "workflow", null)).containsExactly("hub.events::workflow");
        assertThat(again.targets(null, null, "workflow.triggers")).containsExactly("hub.triggers::workflow.triggers");
        assertThat(again.targets(null, null, "hub.events::enrichment")).containsExactly("hub.events::enrichment");
        assertRefused(null, null, "wrokflow", "There is no queue wrokflow", "hub.events::workflow");
        assertRefused("hub.triggers", null, "workflow", "There is no queue workflow on hub.triggers");
        assertRefused(null, "wrokflow", null, "There is no consumer wrokflow", "enrichment, workflow");
        assertRefused("hub.telemetry", null, null, "hub.events and hub.triggers");
        assertRefused(null, "workflow", "workflow", "not both");
    }

    private void assertRefused(
            @Nullable String address, @Nullable String consumer, @Nullable String queue, String... pieces) {
        assertThatThrownBy(() -> again.targets(address, consumer, queue))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(pieces);
    }
}
