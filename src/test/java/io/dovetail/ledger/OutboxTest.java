package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.parked;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.Outbox.Pending;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class OutboxTest {

    private Store store;
    private Inbox inbox;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
        inbox = store.inbox();
    }

    private void decide(Outcome... outcomes) {
        inbox.turn(turn(outcomes), Set.of(), false, 0);
    }

    @Test
    void remembersWhatItWouldRead() {
        store.accept("k", 1, 2);
        store.inbox()
                .turn(
                        turn(Store.claim(store.inbox()).events().stream()
                                .map(Store::translated)
                                .toArray(Outcome[]::new)),
                        Set.of(),
                        false,
                        0);
        var read = new Outbox(store.transactions, new Memory(store.partitions)).next(10);
        assertThat(store.outbox.next(10)).hasSize(2).usingRecursiveComparison().isEqualTo(read);
    }

    @Test
    void givesEventsInOrderWithTheirTriggers() {
        store.accept("k", 1, 2);
        var batch = claim(inbox).events();
        decide(Store.translated(batch.get(0)), Store.translated(batch.get(1)));
        var pending = store.outbox.next(10);
        assertThat(pending).extracting(Pending::id).containsExactly(Store.id("k:1"), Store.id("k:2"));
        assertThat(pending.getFirst().outcome()).isEqualTo("translated");
        assertThat(pending.getFirst().rows()).extracting(OutboxRow::workflow).containsExactly(null, "review");
        assertThat(store.outbox.oldest()).contains(Store.NOW);
        assertThat(store.outbox.next(1)).hasSize(1);
    }

    @Test
    void remembersWhatAnEventBecameInsteadOfWhatItsRuleSaysFirst() {
        store.accept("k", 1, 2);
        var batch = claim(inbox).events();
        var other = List.of(new OutboxRow(
                batch.get(0).id(),
                "order.changed.v1",
                "event".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                null));
        decide(new Outcome.Translated(batch.get(0), batch.get(0).id(), other), Store.translated(batch.get(1)));
        assertThat(store.outbox.next(10))
                .extracting(Pending::emits)
                .containsExactly("order.changed.v1", "order.placed.v1");
        assertThat(new Outbox(store.transactions, new Memory(store.partitions)).next(10))
                .extracting(Pending::emits)
                .containsExactly("order.changed.v1", "order.placed.v1");
    }

    @Test
    void tellsEveryEndOnce() {
        store.accept("k", 1, 2, 3);
        var batch = claim(inbox).events();
        decide(new Outcome.Ignored(batch.get(0), "a test"), new Outcome.Duplicate(batch.get(1)), parked(batch.get(2)));
        var pending = store.outbox.next(10);
        assertThat(pending).extracting(Pending::outcome).containsExactly("ignored", "duplicate", "parked");
        assertThat(pending).allMatch(p -> p.rows().isEmpty());
        assertThat(pending.getFirst().reason()).isEqualTo("a test");
        assertThat(pending.getLast().failure().rule()).isEqualTo("order.v1 required");
        assertThat(pending.getLast().fingerprint()).hasSize(16);
        store.outbox.told(pending, 10);
        assertThat(store.outbox.next(10)).isEmpty();
        assertThat(store.state("k:3")).isEqualTo("parked");
        assertThat(store.outbox.oldest()).isEmpty();
    }

    @Test
    void publishesWhatWasToldAndCountsItOnce() {
        store.accept("k", 1);
        decide(Store.translated(claim(inbox).events().getFirst()));
        var pending = store.outbox.next(10);
        store.outbox.told(pending, 10);
        store.outbox.told(pending, 10);
        assertThat(store.state("k:1")).isEqualTo("published");
        assertThat(store.page().events().published()).isOne();
        assertThat(store.found("k:1").getFirst().publishedAt()).isEqualTo(Store.NOW);
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void saysWhatIsNextWithTheMark() {
        store.accept("k", 1, 2, 3);
        claim(inbox).events().forEach(claimed -> decide(Store.translated(claimed)));
        var second = store.outbox.next(store.outbox.told(store.outbox.next(1), 1));
        assertThat(second).extracting(Pending::id).containsExactly(Store.id("k:2"));
        var third = store.outbox.told(second, 10);
        assertThat(store.outbox.next(third)).extracting(Pending::id).containsExactly(Store.id("k:3"));
        assertThat(store.outbox.told(store.outbox.next(third), 10).isNone()).isTrue();
    }

    /** What was told is the decision that was read; a later one is still to be told. */
    @Test
    void doesNotMarkALaterDecisionAsTold() {
        store.accept("k", 1);
        decide(parked(claim(inbox).events().getFirst()));
        var asParked = store.outbox.next(10);
        var letter = store.deadLetters.list(null, null, 0, 1).getFirst();
        store.deadLetters.replay(letter, Store.ADMIN, "x", null, null, null, null);
        decide(Store.translated(claim(inbox).events().getFirst()));
        store.outbox.told(asParked, 10);
        assertThat(store.state("k:1")).isEqualTo("translated");
        assertThat(store.outbox.next(10)).extracting(Pending::outcome).containsExactly("translated");
        store.outbox.told(store.outbox.next(10), 10);
        assertThat(store.state("k:1")).isEqualTo("published");
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void findsWhatWasCommittedLate() {
        store.accept("k", 1, 2);
        var batch = claim(inbox).events();
        decide(Store.translated(batch.get(1)));
        store.outbox.told(store.outbox.next(10), 10);
        decide(Store.translated(batch.get(0)));
        assertThat(store.outbox.next(10)).extracting(Pending::id).containsExactly(Store.id("k:1"));
    }

    @Test
    void tellsADiscardedOne() {
        store.accept("k", 1);
        var claimed = claim(inbox).events().getFirst();
        inbox.turn(turn(List.of(parked(claimed)), Map.of(Store.keyHash("k"), claimed.seq())), Set.of(), false, 0);
        store.outbox.told(store.outbox.next(10), 10);
        store.deadLetters.discard(store.deadLetters.list(null, null, 0, 1).getFirst(), Store.ADMIN, "no use");
        assertThat(store.outbox.next(10)).extracting(Pending::outcome).containsExactly("discarded");
        store.outbox.told(store.outbox.next(10), 10);
        assertThat(store.page().events().discarded()).isOne();
        assertThat(store.page().events().parked()).isZero();
        assertThat(store.page().difference()).isZero();
    }
}
