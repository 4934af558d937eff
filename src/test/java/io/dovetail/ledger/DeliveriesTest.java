package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.Acceptance.Accepted;
import io.dovetail.ledger.Acceptance.Conflict;
import io.dovetail.ledger.Acceptance.Duplicate;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class DeliveriesTest {

    private Store store;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
    }

    @Test
    void storesADeliveryWithItsEvents() {
        var delivery = Store.delivery("d1", "k", "a", "b", "c");
        assertThat(store.accept(delivery)).containsExactly(new Accepted(delivery.id()));
        var stored = store.timeline.delivery(delivery.id()).orElseThrow();
        assertThat(stored.connector()).isEqualTo("shop");
        assertThat(stored.acceptedAt()).isEqualTo(Store.NOW);
        assertThat(stored.events())
                .extracting(Timeline.Event::id)
                .containsExactly(Store.id("a"), Store.id("b"), Store.id("c"));
        assertThat(stored.events()).extracting(Timeline.Event::state).containsOnly("accepted");
        assertThat(store.found("b")).hasSize(1);
        assertThat(store.page().events().read()).isEqualTo(3);
    }

    /** What orders nothing is as without a key, but the key can be seen: its events are worked on beside each other. */
    @Test
    void spreadsEventsWhoseKeyOrdersNothing(DataSource another) {
        var store = new Store(another, 4);
        for (var id : List.of("a", "b", "c", "d")) {
            store.accept(Store.unordered(id, "k"));
        }
        var claimed = IntStream.range(0, 4)
                .mapToObj(partition -> Store.claim(new Inbox(store.transactions, partition, store.memory))
                        .events())
                .toList();
        assertThat(claimed).allSatisfy(events -> assertThat(events).hasSize(1));
        assertThat(claimed)
                .allSatisfy(events ->
                        assertThat(events).allMatch(event -> event.keyHash() == null && "k".equals(event.key())));
        assertThat(store.found("a").getFirst().key()).isEqualTo("k");
    }

    @Test
    void recognisesAResend() {
        var delivery = Store.delivery("d1", "k", "a");
        store.accept(delivery);
        var again = Store.delivery("d1", "k", "a");
        assertThat(store.accept(again)).containsExactly(new Duplicate(delivery.id()));
        assertThat(store.accept(again, Store.delivery("d2", "k", "b")))
                .element(0)
                .isEqualTo(new Duplicate(delivery.id()));
        assertThat(store.timeline.delivery(delivery.id()).orElseThrow().duplicates())
                .hasSize(2);
        assertThat(store.timeline.delivery(again.id())).isEmpty();
        assertThat(store.page().deliveries()).isEqualTo(new Books.DeliveryCounts(4, 2, 2));
    }

    @Test
    void recognisesAResendInItsOwnBatch() {
        var first = Store.delivery("d1", "k", "a");
        assertThat(store.accept(first, Store.delivery("d1", "k", "a"), Store.delivery("d1", "k", "other")))
                .containsExactly(new Accepted(first.id()), new Duplicate(first.id()), new Conflict(first.id()));
        assertThat(store.page().deliveries()).isEqualTo(new Books.DeliveryCounts(2, 1, 1));
        assertThat(store.page().events().read()).isOne();
    }

    @Test
    void refusesAnotherBodyUnderASignedId() {
        var first = Store.delivery("d1", "k", "a");
        store.accept(first);
        assertThat(store.accept(Store.delivery("d1", "k", "b"))).containsExactly(new Conflict(first.id()));
        assertThat(store.page().deliveries()).isEqualTo(new Books.DeliveryCounts(1, 1, 0));
        assertThat(store.found("b")).isEmpty();
    }

    @Test
    void tellsDeliveriesApartByBodyWhereTheIdIsNotSigned() {
        var first = unsigned("d1", "a");
        var other = unsigned("d1", "b");
        assertThat(store.accept(first, other, unsigned("d1", "a")))
                .containsExactly(new Accepted(first.id()), new Accepted(other.id()), new Duplicate(first.id()));
    }

    @Test
    void tellsSendersApart() {
        var first = Store.delivery("d1", "k", "a");
        var other = of("shop", "other", first);
        var elsewhere = of("store", "default", first);
        assertThat(store.accept(first, other, elsewhere)).allMatch(Accepted.class::isInstance);
    }

    @Test
    void numbersEventsInTheOrderAccepted() {
        var offered = IntStream.range(0, 700)
                .mapToObj(n -> Store.delivery("d" + n, "k", "e" + n, "f" + n))
                .toArray(NewDelivery[]::new);
        store.accept(offered);
        // another writer takes the next number
        new Deliveries(store.transactions, store.partitions, store.history, store.memory)
                .accept(List.of(Store.delivery("x", "k", "x")));
        store.accept(Store.delivery("last", "k", "last"));
        var claimed = store.inbox()
                .turn(Inbox.Turn.NONE, java.util.Set.of(), false, 5_000)
                .next()
                .events();
        assertThat(claimed).hasSize(1402);
        assertThat(claimed).extracting(Claimed::seq).isSorted().doesNotHaveDuplicates();
        var names = claimed.stream()
                .map(Claimed::sourceId)
                .filter(id -> !id.equals("x"))
                .toList();
        assertThat(names.subList(0, 4)).containsExactly("e0", "f0", "e1", "f1");
        assertThat(names.getLast()).isEqualTo("last");
    }

    @Test
    void putsEveryEventOfAKeyInOnePartition() {
        var deliveries =
                new Deliveries(store.transactions, new Partitions(7), store.history, new Memory(new Partitions(7)));
        for (var n = 0; n < 20; n++) {
            var woken = deliveries
                    .accept(List.of(Store.delivery("k" + n, "same", "k" + n)))
                    .partitions();
            assertThat(woken.stream().boxed()).containsExactly(new Partitions(7).of(Store.keyHash("same")));
        }
    }

    private static NewDelivery unsigned(String sourceId, String event) {
        var d = Store.delivery(sourceId, "k", event);
        return new NewDelivery(
                d.id(),
                d.connector(),
                d.sender(),
                d.sourceId(),
                false,
                d.media(),
                d.body(),
                d.bodyHash(),
                d.traceparent(),
                d.events());
    }

    private static NewDelivery of(String connector, String sender, NewDelivery d) {
        return new NewDelivery(
                UUID.randomUUID(),
                connector,
                sender,
                d.sourceId(),
                true,
                d.media(),
                d.body(),
                d.bodyHash(),
                d.traceparent(),
                d.events());
    }
}
