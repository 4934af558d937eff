package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.parked;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.DeadLetters.Identity;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class DeadLettersTest {

    private Store store;
    private Inbox inbox;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
        inbox = store.inbox();
    }

    private DeadLetter park() {
        inbox.turn(turn(claim(inbox).events().stream().map(Store::parked).toArray(Outcome[]::new)), Set.of(), false, 0);
        return store.deadLetters.list(null, null, 0, 100).getLast();
    }

    @Test
    void tellsWhatIsParkedAndWhy() {
        store.accept("k", 1);
        var letter = park();
        assertThat(letter.id()).isEqualTo(Store.id("k:1"));
        assertThat(letter.failure().place()).isEqualTo("/total");
        assertThat(letter.parkedAt()).isEqualTo(Store.NOW);
        assertThat(letter.version()).isEqualTo("v1");
        assertThat(store.deadLetters.count()).isOne();
        var detail = store.deadLetters.find(letter.id()).orElseThrow();
        assertThat(detail.part()).isFalse();
        assertThat(detail.body()).isEqualTo(Store.utf8("k:1")).isEqualTo(detail.delivered());
        assertThat(detail.steps()).extracting(Timeline.Step::step).containsExactly("parked");
    }

    @Test
    void listsByConnectorAndGroupPageByPage() {
        store.accept("k", 1, 2, 3);
        var last = park();
        assertThat(store.deadLetters.list("shop", last.fingerprint(), 0, 2)).hasSize(2);
        var second = store.deadLetters.list("shop", null, 0, 2).getLast();
        assertThat(store.deadLetters.list("shop", null, second.seq(), 2)).containsExactly(last);
        assertThat(store.deadLetters.list("other", null, 0, 10)).isEmpty();
        assertThat(store.deadLetters.list(null, "0123456789abcdef", 0, 10)).isEmpty();
    }

    @Test
    void replaysAnEditBesideTheOriginal() {
        store.accept("k", 1);
        var letter = park();
        assertThat(store.deadLetters.replay(letter, "admin", "mended", Store.utf8("{}"), "{\"patch\": []}", null))
                .contains(0);
        assertThat(store.deadLetters.find(letter.id())).isEmpty();
        var claimed = claim(inbox).events().getFirst();
        assertThat(claimed.body()).isEqualTo(Store.utf8("{}"));
        assertThat(claimed.part()).isTrue();
        assertThat(inbox.delivered(claimed.delivery())).isEqualTo(Store.utf8("k:1"));
        inbox.turn(turn(parked(claimed)), Set.of(), false, 0);
        var detail = store.deadLetters.find(letter.id()).orElseThrow();
        assertThat(detail.body()).isEqualTo(Store.utf8("{}"));
        assertThat(detail.delivered()).isEqualTo(Store.utf8("k:1"));
        assertThat(detail.steps())
                .extracting(Timeline.Step::step)
                .containsExactlyInAnyOrder("parked", "edited", "parked");
        assertThat(store.page().events().parked()).isOne();
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void decidesOnceOnEachLetter() {
        store.accept("k", 1);
        var letter = park();
        assertThat(store.deadLetters.discard(letter, "admin", "x")).contains(0);
        assertThat(store.deadLetters.discard(letter, "admin", "x")).isEmpty();
        assertThat(store.deadLetters.replay(letter, "admin", "x", null, null, null))
                .isEmpty();
        assertThat(store.page().events().discarded()).isOne();
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void givesAnEventTheIdentityItDidNotHave() {
        store.accept(new NewDelivery(
                java.util.UUID.randomUUID(),
                "shop",
                "default",
                "d",
                true,
                "application/json",
                Store.utf8("x"),
                Store.sha256(Store.utf8("x")),
                "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                java.util.List.of(new NewDelivery.NewEvent(
                        Store.id("makeshift"), "", null, null, null, null, new byte[32], Map.of()))));
        var letter = park();
        assertThat(letter.sourceId()).isNull();
        store.deadLetters.replay(
                letter,
                "admin",
                "the mapping is mended",
                null,
                null,
                new Identity(Store.id("real"), "order.placed.v1", "real", "k", Map.of("order", "4711")));
        var claimed = claim(inbox).events().getFirst();
        assertThat(claimed.id()).isEqualTo(Store.id("real"));
        assertThat(claimed.sourceId()).isEqualTo("real");
        assertThat(claimed.keyHash()).isEqualTo(Store.keyHash("k"));
        assertThat(store.timeline.search("4711", 5)).hasSize(1);
    }
}
