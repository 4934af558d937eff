package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.parked;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.DeadLetters.DeadLetter;
import io.dovetail.ledger.DeadLetters.Identity;
import io.dovetail.ledger.Inbox.Turn;
import java.util.ArrayList;
import java.util.List;
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
        assertThat(store.deadLetters.replay(
                        letter, Store.ADMIN, "mended", Store.utf8("{}"), "{\"patch\": []}", null, null))
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

    /** What an operator asked for stays in the row: until the event is decided, whatever happens meanwhile. */
    @Test
    void keepsTheVersionThatIsWantedUntilTheEventIsDecided() {
        store.accept("k", 1);
        var letter = park();
        store.deadLetters.replay(letter, Store.ADMIN, "as agreed", null, "{\"as\": \"old\"}", null, "old");
        assertThat(claim(inbox).events()).extracting(Claimed::asVersion).containsExactly("old");
        // as after a restart
        var next = store.inbox();
        inbox.turn(turn(new Outcome.Again(claim(next).events().getFirst())), Set.of(), false, 0);
        var again = claim(next).events().getFirst();
        assertThat(again.attempts()).isOne();
        assertThat(again.asVersion()).isEqualTo("old");
        inbox.turn(turn(new Outcome.Held(again)), Set.of(), false, 0);
        var held = inbox.turn(Turn.NONE, Set.of(Store.keyHash("k")), false, 500)
                .next()
                .events()
                .getFirst();
        assertThat(held.held()).isTrue();
        assertThat(held.asVersion()).isEqualTo("old");
        inbox.turn(turn(parked(held)), Set.of(), false, 0);

        letter = store.deadLetters.find(letter.id()).orElseThrow().letter();
        assertThat(letter.version()).isEqualTo("old");
        store.deadLetters.replay(letter, Store.ADMIN, "as now", null, null, null, null);
        assertThat(claim(inbox).events().getFirst().asVersion()).isNull();
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void writesOfEachEventWhichVersionDecidedOnIt() {
        store.accept("k", 1);
        var letter = park();
        store.accept("other", 2);
        store.deadLetters.replay(letter, Store.ADMIN, "as agreed", null, "{\"as\": \"old\"}", null, "old");
        var batch = claim(inbox).events();
        assertThat(batch).hasSize(2);
        inbox.turn(turn(batch.stream().map(Store::translated).toArray(Outcome[]::new)), Set.of(), false, 0);

        var first = store.found("k:1").getFirst();
        assertThat(first.mappingVersion()).isEqualTo("old");
        assertThat(first.steps().getLast().detail()).isEqualTo("{\"as\": \"old\"}");
        assertThat(store.found("other:2").getFirst().mappingVersion()).isEqualTo("v1");
        // the relay tells the same whether it remembers or reads
        for (var memory : List.of(store.memory, new Memory(store.partitions))) {
            assertThat(new Outbox(store.transactions, memory).next(10))
                    .extracting(Outbox.Pending::version)
                    .containsExactly("old", "v1");
        }
        assertThat(audited("replay")).containsExactly("admin as agreed {\"as\":\"old\"}");
    }

    private List<String> audited(String action) {
        return store.transactions.query(connection -> {
            try (var select = connection.prepareStatement(
                    "select concat_ws(' ', actor, reason, detail) from audit where action = ? order by n")) {
                var row = Sql.bind(select, action).executeQuery();
                var lines = new ArrayList<String>();
                while (row.next()) {
                    lines.add(row.getString(1));
                }
                return lines;
            }
        });
    }

    @Test
    void decidesOnceOnEachLetter() {
        store.accept("k", 1);
        var letter = park();
        assertThat(store.deadLetters.discard(letter, Store.ADMIN, "x")).contains(0);
        assertThat(store.deadLetters.discard(letter, Store.ADMIN, "x")).isEmpty();
        assertThat(store.deadLetters.replay(letter, Store.ADMIN, "x", null, null, null, null))
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
                        Store.id("makeshift"), "", null, null, null, null, true, new byte[32], Map.of()))));
        var letter = park();
        assertThat(letter.sourceId()).isNull();
        store.deadLetters.replay(
                letter,
                Store.ADMIN,
                "the mapping is mended",
                null,
                null,
                new Identity(Store.id("real"), "order.placed.v1", "real", "k", true, Map.of("order", "4711")),
                null);
        var claimed = claim(inbox).events().getFirst();
        assertThat(claimed.id()).isEqualTo(Store.id("real"));
        assertThat(claimed.sourceId()).isEqualTo("real");
        assertThat(claimed.keyHash()).isEqualTo(Store.keyHash("k"));
        assertThat(store.found("4711")).hasSize(1);
    }
}
