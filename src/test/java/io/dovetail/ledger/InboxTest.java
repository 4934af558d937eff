package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.keyHash;
import static io.dovetail.ledger.Store.parked;
import static io.dovetail.ledger.Store.releasable;
import static io.dovetail.ledger.Store.translated;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.ledger.Inbox.StaleClaimException;
import io.dovetail.ledger.Inbox.Turn;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class InboxTest {

    private Store store;
    private Inbox inbox;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
        inbox = store.inbox();
    }

    @Test
    void claimsInOrderAndAgainWhatIsNotDecided() {
        store.accept("k", 1, 2, 3);
        var batch = inbox.turn(Turn.NONE, Set.of(), false, 2).next().events();
        assertThat(batch).extracting(Claimed::sourceId).containsExactly("k:1", "k:2");
        assertThat(new String(batch.getFirst().body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("k:1");
        assertThat(batch.getFirst().part()).isFalse();
        var next = inbox.turn(turn(translated(batch.getFirst())), Set.of(), false, 5)
                .next()
                .events();
        assertThat(next).extracting(Claimed::sourceId).containsExactly("k:2", "k:3");
        assertThat(store.state("k:1")).isEqualTo("translated");
    }

    @Test
    void claimsNoMoreBytesThanFitButAlwaysOne() {
        for (var n = 1; n <= 3; n++) {
            store.accept(large("large" + n, 3 << 20));
        }
        assertThat(claim(inbox).events()).hasSize(2);
        store.accept(large("largest", 9 << 20));
        inbox.turn(turn(claim(inbox).events().stream().map(Store::parked).toArray(Outcome[]::new)), Set.of(), false, 0);
        inbox.turn(turn(claim(inbox).events().stream().map(Store::parked).toArray(Outcome[]::new)), Set.of(), false, 0);
        assertThat(claim(inbox).events()).isEmpty();
    }

    private static NewDelivery large(String id, int bytes) {
        var small = Store.delivery(id, id, id);
        return new NewDelivery(
                small.id(),
                "shop",
                "default",
                id,
                true,
                small.media(),
                new byte[bytes],
                small.bodyHash(),
                small.traceparent(),
                small.events());
    }

    @Test
    void refusesAnOutcomeOfAStateThatIsNoLongerSo() {
        store.accept("k", 1);
        var claimed = claim(inbox).events().getFirst();
        var late = store.inbox();
        inbox.turn(turn(translated(claimed)), Set.of(), false, 0);
        assertThatThrownBy(() -> late.turn(turn(parked(claimed)), Set.of(), false, 0))
                .isInstanceOf(StaleClaimException.class);
        assertThat(store.state("k:1")).isEqualTo("translated");
        assertThat(store.outbox.next(10)).hasSize(1);
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void refusesTheWholeBatchWithOneStaleOutcome() {
        store.accept("k", 1, 2);
        var batch = claim(inbox).events();
        inbox.turn(turn(translated(batch.getFirst())), Set.of(), false, 0);
        assertThatThrownBy(
                        () -> inbox.turn(turn(translated(batch.get(0)), translated(batch.get(1))), Set.of(), false, 0))
                .isInstanceOf(StaleClaimException.class);
        assertThat(store.state("k:2")).isEqualTo("accepted");
    }

    @Test
    void leavesEventsOfOtherPartitionsAlone() {
        store.accept("k", 1);
        var claimed = claim(inbox).events().getFirst();
        var other = new Inbox(store.transactions, 1, new Memory(new Partitions(2)));
        assertThat(claim(other).events()).isEmpty();
        assertThatThrownBy(() -> other.turn(turn(translated(claimed)), Set.of(), false, 0))
                .isInstanceOf(StaleClaimException.class);
    }

    @Test
    void holdsWhatComesAfterAParkedEventAndLetsItGoInOrder() {
        store.accept("k", 1, 2, 3);
        var batch = claim(inbox).events();
        var key = keyHash("k");
        var outcomes = List.of(parked(batch.get(0)), new Outcome.Held(batch.get(1)), new Outcome.Held(batch.get(2)));
        inbox.turn(turn(outcomes, Map.of(key, batch.getFirst().seq())), Set.of(), false, 500);
        assertThat(claim(inbox).events()).isEmpty();
        assertThat(store.inbox().standing().held())
                .containsExactly(Map.entry(key, batch.getFirst().seq()));
        assertThat(releasable(store.inbox())).isEmpty();
        assertThat(store.page().events().held()).isEqualTo(2);
        assertThat(store.page().events().inFlight()).isEqualTo(2);

        var letter = store.deadLetters.list(null, null, 0, 10).getFirst();
        assertThat(letter.waiting()).isEqualTo(2);
        store.deadLetters.discard(letter, Store.ADMIN, "no use");
        assertThat(releasable(inbox)).containsExactly(key);
        var waiting = inbox.turn(Turn.NONE, Set.of(key), false, 500).next().events();
        assertThat(waiting).extracting(Claimed::sourceId).containsExactly("k:2", "k:3");
        assertThat(waiting).allMatch(Claimed::held);

        // the hold stays until nothing waits any more
        var first = inbox.turn(turn(List.of(translated(waiting.get(0))), Map.of()), Set.of(key), false, 500);
        assertThat(first.released()).isEmpty();
        assertThat(first.next().events()).extracting(Claimed::sourceId).containsExactly("k:3");
        var last = inbox.turn(
                turn(List.of(translated(first.next().events().getFirst())), Map.of()), Set.of(key), false, 500);
        assertThat(last.released()).containsExactly(key);
        assertThat(store.inbox().standing().held()).isEmpty();
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void keepsTheHoldWhereAnotherOneParksMeanwhile() {
        store.accept("k", 1, 2);
        var batch = claim(inbox).events();
        var key = keyHash("k");
        inbox.turn(
                turn(
                        List.of(parked(batch.get(0)), new Outcome.Held(batch.get(1))),
                        Map.of(key, batch.get(0).seq())),
                Set.of(),
                false,
                0);
        store.deadLetters.discard(store.deadLetters.list(null, null, 0, 1).getFirst(), Store.ADMIN, "x");
        var second =
                inbox.turn(Turn.NONE, Set.of(key), false, 10).next().events().getFirst();
        inbox.turn(turn(List.of(parked(second)), Map.of(key, second.seq())), Set.of(), false, 0);
        assertThat(store.inbox().standing().held()).containsEntry(key, second.seq());
        assertThat(releasable(store.inbox())).isEmpty();
    }

    @Test
    void remembersWhatItWouldRead() {
        store.accept("k", 1);
        store.accept(Store.delivery("several", "k", "a", "b"));
        var remembered = claim(inbox).events();
        var read = claim(new Inbox(store.transactions, 0, new Memory(store.partitions)))
                .events();
        assertThat(remembered).hasSize(3).usingRecursiveComparison().isEqualTo(read);
    }

    @Test
    void doesNotRememberWhatHasChangedSince() {
        store.accept("k", 1);
        var claimed = claim(inbox).events().getFirst();
        inbox.turn(turn(parked(claimed)), Set.of(), false, 0);
        var letter = store.deadLetters.list(null, null, 0, 1).getFirst();
        store.deadLetters.replay(letter, Store.ADMIN, "mended", Store.utf8("edited"), "{}", null, null);
        assertThat(claim(inbox).events())
                .singleElement()
                .extracting(Claimed::body)
                .isEqualTo(Store.utf8("edited"));
    }

    @Test
    void namesWhatADeadWorkerHadInHand() {
        store.accept("k", 1, 2);
        var batch = claim(inbox).events();
        assertThat(store.inbox().standing().suspects())
                .containsExactlyInAnyOrder(batch.get(0).seq(), batch.get(1).seq());
        inbox.turn(turn(translated(batch.get(0))), Set.of(), false, 0);
        assertThat(store.inbox().standing().suspects()).isEmpty();
        claim(inbox);
        assertThat(store.inbox().standing().suspects())
                .containsExactly(batch.get(1).seq());
    }

    @Test
    void countsAttemptsBeforeTheyAreMadeAndForgetsThemOnSuccess() {
        store.accept("k", 1);
        var claimed = claim(inbox).events().getFirst();
        inbox.countAttempt(claimed.seq());
        inbox.countAttempt(claimed.seq());
        claimed = claim(store.inbox()).events().getFirst();
        assertThat(claimed.attempts()).isEqualTo(2);
        var again = inbox.turn(turn(new Outcome.Again(claimed)), Set.of(), false, 1)
                .next()
                .events()
                .getFirst();
        assertThat(again.attempts()).isEqualTo(3);
        assertThat(again.turn()).isEqualTo(claimed.turn() + 1);
        inbox.turn(turn(parked(again)), Set.of(), false, 0);
        var letter = store.deadLetters.list(null, null, 0, 1).getFirst();
        store.deadLetters.replay(letter, Store.ADMIN, "mended", null, null, null, null);
        assertThat(claim(inbox).events().getFirst().attempts()).isZero();
    }

    @Test
    void tellsWhatWasPublishedUnderTheSameId() {
        store.accept(Store.delivery("d1", "k", "a"));
        store.publishAll();
        store.accept(Store.delivery("d2", "k", "a"));
        var batch = claim(inbox);
        assertThat(batch.published()).containsOnlyKeys(Store.id("a"));
        assertThat(batch.published().get(Store.id("a")))
                .isEqualTo(batch.events().getFirst().contentHash());
        // and the table itself refuses a second one
        assertThatThrownBy(() -> inbox.turn(turn(translated(batch.events().getFirst())), Set.of(), false, 0))
                .isInstanceOf(StaleClaimException.class);
        inbox.turn(turn(new Outcome.Duplicate(batch.events().getFirst())), Set.of(), false, 0);
        assertThat(store.page().events().duplicate()).isOne();
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void keepsTextsThatNoDatabaseKeepsAsTheyAre() {
        store.accept("k", 1, 2);
        var batch = claim(inbox).events();
        var failure = io.dovetail.event.Failure.of(
                io.dovetail.event.FailureKind.MAPPING, "/a\u0000", "rule\u0000", "message\u0000");
        inbox.turn(
                turn(new Outcome.Parked(batch.get(0), failure), new Outcome.Ignored(batch.get(1), "because\u0000")),
                Set.of(),
                false,
                0);
        assertThat(store.state("k:1")).isEqualTo("parked");
        assertThat(store.found("k:2").getFirst().reason()).isEqualTo("because\uFFFD");
    }

    @Test
    void givesEachEventOfADeliveryItsOwnPart() {
        store.accept(Store.delivery("d", "k", "a", "b"));
        var batch = claim(inbox).events();
        assertThat(batch).allMatch(Claimed::part);
        assertThat(batch)
                .extracting(c -> new String(c.body(), java.nio.charset.StandardCharsets.UTF_8))
                .containsExactly("a", "b");
        assertThat(new String(inbox.delivered(batch.getFirst().delivery()), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("a,b");
    }
}
