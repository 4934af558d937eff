package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.keyHash;
import static io.dovetail.ledger.Store.parked;
import static io.dovetail.ledger.Store.translated;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.event.Failure;
import io.dovetail.event.FailureKind;
import io.dovetail.ledger.Inbox.StaleClaimException;
import io.dovetail.ledger.Inbox.Turn;
import io.dovetail.ledger.Inbox.Turned;
import io.dovetail.ledger.Inbox.Wanted;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events that wait for another system to be asked. */
@ExtendWith(SharedDatabase.class)
class WaitsTest {

    private static final Failure AWAY =
            Failure.of(FailureKind.EXTERNAL, "GET https://crm/{n}", "status 503", "GET https://crm/{n} is away");

    private final Days clock = new Days();
    private DataSource database;
    private Store store;
    private Inbox inbox;

    @BeforeEach
    void fresh(DataSource database) {
        this.database = database;
        store = new Store(database, 1, clock, connector -> History.STANDARD);
        inbox = store.inbox();
    }

    private Turned turned(Turn turn, int free, Long... asking) {
        return inbox.turn(
                turn, new Wanted(Set.of(), false, 500, free == 0 ? Map.of() : Map.of("shop", free), Set.of(asking)));
    }

    private Outcome.Waiting in(Duration time, Claimed claimed) {
        return Outcome.Waiting.inVain(claimed, clock.instant().plus(time), AWAY);
    }

    @Test
    void comeBackWhenTheyAreDueTheEarliestFirstAndNoMoreThanMayAsk() {
        store.accept(null, 1, 2, 3);
        var events = claim(inbox).events();
        var turned = turned(
                turn(
                        in(Duration.ofSeconds(30), events.get(0)),
                        in(Duration.ofSeconds(10), events.get(1)),
                        in(Duration.ofSeconds(20), events.get(2))),
                5);
        assertThat(turned.next().events()).isEmpty();
        assertThat(turned.due()).containsEntry("shop", clock.instant().plusSeconds(10));
        clock.pass(Duration.ofSeconds(25));
        turned = turned(Turn.NONE, 1);
        assertThat(turned.next().events()).singleElement().satisfies(event -> {
            assertThat(event.sourceId()).isEqualTo("null:2");
            assertThat(event.was()).isEqualTo(Claimed.Was.WAITING);
            assertThat(event.calls()).isOne();
        });
        // the third is due too, and the first is not
        assertThat(turned.due()).containsEntry("shop", clock.instant().minusSeconds(5));
        turned = turned(Turn.NONE, 5);
        assertThat(turned.next().events()).hasSize(2);
        assertThat(turned.due()).containsEntry("shop", clock.instant().plusSeconds(5));
        clock.pass(Duration.ofMinutes(1));
        turned = turned(Turn.NONE, 5);
        assertThat(turned.next().events()).hasSize(3);
        assertThat(turned.due()).isEmpty();
    }

    @Test
    void areNotClaimedByThoseWhoDoNotAskForThemNorWhileTheyAreAskedFor() {
        store.accept(null, 1, 2);
        var events = claim(inbox).events();
        turned(turn(in(Duration.ZERO, events.get(0)), in(Duration.ZERO, events.get(1))), 0);
        assertThat(turned(Turn.NONE, 0).next().events()).isEmpty();
        assertThat(turned(Turn.NONE, 5, events.get(0).seq()).next().events())
                .extracting(Claimed::sourceId)
                .containsExactly("null:2");
        assertThat(inbox.turn(Turn.NONE, new Wanted(Set.of(), false, 500, Map.of("jira", 5), Set.of()))
                        .next()
                        .events())
                .isEmpty();
    }

    @Test
    void holdTheirKeyAndGoOnToTheirEnd() {
        store.accept("k", 1, 2);
        var events = claim(inbox).events();
        var key = keyHash("k");
        turned(
                turn(
                        List.of(in(Duration.ofSeconds(10), events.get(0)), new Outcome.Held(events.get(1))),
                        Map.of(key, events.get(0).seq())),
                0);
        assertThat(Store.releasable(inbox)).isEmpty();
        assertThat(store.inbox().standing().held())
                .containsExactly(Map.entry(key, events.get(0).seq()));
        assertThat(store.page().events().inFlight()).isEqualTo(2);
        assertThat(store.page().events().held()).isOne();
        assertThat(store.page().events().waiting()).isOne();
        clock.pass(Duration.ofSeconds(10));
        var again = turned(Turn.NONE, 5).next().events().getFirst();
        turned(turn(translated(again)), 0);
        assertThat(Store.releasable(inbox)).containsExactly(key);
        assertThat(store.page().difference()).isZero();
        assertThat(store.page().events().waiting()).isZero();
    }

    @Test
    void areShownWithTheirLastFailureOnlyAfterOne() {
        store.accept(null, 1);
        var claimed = claim(inbox).events().getFirst();
        var asking = Outcome.Waiting.asking(claimed, clock.instant().plusSeconds(10), false);
        turned(turn(asking), 0, claimed.seq());
        var event = store.found("null:1").getFirst();
        assertThat(event.state()).isEqualTo("waiting");
        assertThat(event.waiting()).isNull();
        assertThat(store.page().events().waiting()).isZero();
        turned(turn(in(Duration.ofSeconds(3), claimed.after(asking))), 0);
        event = store.found("null:1").getFirst();
        assertThat(event.failure()).isNull();
        assertThat(event.waiting().attempts()).isOne();
        assertThat(event.waiting().failure().rule()).isEqualTo("status 503");
        assertThat(event.waiting().nextAttemptAt()).isEqualTo(clock.instant().plusSeconds(3));
        assertThat(event.translatedAt()).isNull();
        assertThat(event.mappingVersion()).isNull();
        // once it is through, nothing of it is left but its steps
        clock.pass(Duration.ofMinutes(1));
        turned(turn(translated(turned(Turn.NONE, 1).next().events().getFirst())), 0);
        event = store.found("null:1").getFirst();
        assertThat(event.state()).isEqualTo("translated");
        assertThat(event.failure()).isNull();
        assertThat(event.waiting()).isNull();
        assertThat(event.steps()).hasSize(1);
    }

    @Test
    void haveTheirAttemptsInTheTimelineFewerAndFewer() {
        store.accept(null, 1);
        var claimed = claim(inbox).events().getFirst();
        for (var n = 0; n < 100; n++) {
            var outcome = in(Duration.ZERO, claimed);
            turned(turn(outcome), 0);
            claimed = claimed.after(outcome);
        }
        var steps = store.found("null:1").getFirst().steps();
        assertThat(steps).hasSize(7).allMatch(step -> step.step().equals("asked"));
        assertThat(steps.getFirst().reason()).startsWith("attempt 1 failed: GET https://crm");
        assertThat(steps.getLast().reason()).startsWith("attempt 64 failed: ");
        assertThat(steps.getFirst().detail()).contains("\"EXTERNAL\"");
    }

    /** Every attempt is two decisions, and a system may be away for years. */
    @Test
    void areDecidedWithoutEndThoughTheirTurnIsASmallNumber() throws SQLException {
        store.accept(null, 1);
        execute("update event set turn = 31999");
        var claimed = claim(inbox).events().getFirst();
        for (var turn : List.of(32_000, 1, 2)) {
            var outcome = in(Duration.ZERO, claimed);
            turned(turn(outcome), 0);
            claimed = claimed.after(outcome);
            assertThat(claimed.turn()).isEqualTo(turn);
        }
        turned(turn(parked(claimed)), 0);
        assertThat(store.state("null:1")).isEqualTo("parked");
        execute("update event set turn = 32000");
        store.deadLetters.replay(
                store.deadLetters.list(null, null, 0, 1).getFirst(), Store.ADMIN, "x", null, null, null, null);
        claimed = claim(inbox).events().getFirst();
        assertThat(claimed.turn()).isOne();
        assertThat(claimed.calls()).isZero();
    }

    @Test
    void refuseAnOutcomeOfAnAttemptThatCountedAsLost() {
        store.accept(null, 1);
        var claimed = claim(inbox).events().getFirst();
        var lost = Outcome.Waiting.asking(claimed, clock.instant().plusSeconds(10), false);
        turned(turn(lost), 0);
        clock.pass(Duration.ofSeconds(10));
        var again = turned(Turn.NONE, 1).next().events().getFirst();
        turned(turn(Outcome.Waiting.asking(again, clock.instant().plusSeconds(10), false)), 0);
        var late = translated(claimed.after(lost));
        assertThat(inbox.current(List.of(late))).isEmpty();
        assertThatThrownBy(() -> turned(turn(late), 0)).isInstanceOf(StaleClaimException.class);
        assertThat(store.state("null:1")).isEqualTo("waiting");
    }

    @Test
    void knowWhatMayStillBeWritten() {
        store.accept(Store.delivery("d1", null, "a"));
        store.publishAll();
        store.accept(Store.delivery("d2", null, "b"));
        store.accept(Store.delivery("d3", null, "a"));
        var events = claim(inbox).events();
        var asking = events.stream()
                .map(event -> Outcome.Waiting.asking(event, clock.instant().plusSeconds(10), false))
                .toList();
        turned(turn(asking.toArray(Outcome[]::new)), 0);
        List<Outcome> ends =
                asking.stream().map(a -> translated(a.claimed().after(a))).toList();
        // the third has the id of the first, which was published
        assertThat(inbox.current(ends)).containsExactly(events.get(0).seq());
        turned(turn(ends.getFirst()), 0);
        assertThat(inbox.current(ends)).isEmpty();
    }

    @Test
    void areNoSuspectsButWhatWasAskedForWhenTheHubEnded() {
        store.accept(null, 1, 2);
        var events = claim(inbox).events();
        assertThat(store.inbox().standing().suspects()).hasSize(2);
        var asking = Outcome.Waiting.asking(events.get(0), clock.instant().plusSeconds(10), false);
        var vain = in(Duration.ofSeconds(10), events.get(1));
        turned(turn(asking, vain), 0, events.get(0).seq());
        var standing = store.inbox().standing();
        assertThat(standing.suspects()).isEmpty();
        assertThat(standing.asking()).containsExactly(events.get(0).seq());
        assertThat(standing.waiting()).containsExactly("shop");
        turned(turn(in(Duration.ofSeconds(10), events.get(0).after(asking))), 0);
        assertThat(store.inbox().standing().asking()).isEmpty();
    }

    @Test
    void countAnAttemptThatMayEndTheHubBeforeItIsMadeAndForgetItAfterwards() {
        store.accept(null, 1);
        var claimed = claim(inbox).events().getFirst();
        var asking = Outcome.Waiting.asking(claimed, clock.instant(), true);
        turned(turn(asking), 0);
        var again = turned(Turn.NONE, 1).next().events().getFirst();
        assertThat(again.attempts()).isOne();
        turned(turn(in(Duration.ZERO, again)), 0);
        assertThat(turned(Turn.NONE, 1).next().events().getFirst().attempts()).isZero();
    }

    @Test
    void areSpreadAnewWithTheirKeys() throws SQLException {
        store.accept("k", 1);
        store.accept(null, 2);
        var events = claim(inbox).events();
        turned(
                turn(
                        List.of(in(Duration.ZERO, events.get(0)), in(Duration.ZERO, events.get(1))),
                        Map.of(keyHash("k"), events.get(0).seq())),
                0);
        var wider = new Store(database, 4, clock, connector -> History.STANDARD);
        var partitions = new Partitions(4);
        var found = 0;
        for (var partition = 0; partition < 4; partition++) {
            var one = new Inbox(wider.transactions, partition, wider.memory);
            for (var event : one.turn(Turn.NONE, new Wanted(Set.of(), false, 5, Map.of("shop", 5), Set.of()))
                    .next()
                    .events()) {
                found++;
                assertThat(partition)
                        .isEqualTo(
                                event.keyHash() == null ? partitions.of(event.seq()) : partitions.of(event.keyHash()));
            }
        }
        assertThat(found).isEqualTo(2);
    }

    @Test
    void keepTheirDayFromBeingRemoved() {
        store.accept(null, 1);
        turned(turn(in(Duration.ZERO, claim(inbox).events().getFirst())), 0);
        clock.pass(10);
        var retention = new Retention(store.transactions, Map.of("standard", Duration.ofDays(2)));
        assertThat(retention.remove()).extracting(Retention.Removed::open).containsExactly(true);
        assertThat(store.state("null:1")).isEqualTo("waiting");
    }

    @Test
    void areWrittenWithTheVersionThatDecided() {
        store.accept(null, 1, 2);
        var events = claim(inbox).events();
        var asking = Outcome.Waiting.asking(events.get(0), clock.instant(), false);
        turned(turn(asking), 0);
        inbox.turn(
                new Turn(
                        List.of(translated(events.get(0).after(asking)), translated(events.get(1))),
                        "v2",
                        Map.of(),
                        Map.of(events.get(0).seq(), "v1")),
                Set.of(),
                false,
                0);
        assertThat(store.found("null:1").getFirst().mappingVersion()).isEqualTo("v1");
        assertThat(store.found("null:2").getFirst().mappingVersion()).isEqualTo("v2");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
