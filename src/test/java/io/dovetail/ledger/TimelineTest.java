package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One search by whatever is known of an event, over whatever became of it. */
@ExtendWith(SharedDatabase.class)
class TimelineTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private Store store;
    private Inbox inbox;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
        inbox = store.inbox();
    }

    /** Takes in a delivery that continues no trace. */
    private NewDelivery accept(String connector, String sender, String... events) {
        var id = UUID.randomUUID();
        return accept(id, connector, sender, id.toString().replace("-", ""), events);
    }

    private NewDelivery accept(UUID id, String connector, String sender, String trace, String... events) {
        var like = Store.delivery(id.toString(), null, events);
        var delivery = new NewDelivery(
                id,
                connector,
                sender,
                like.sourceId(),
                true,
                like.media(),
                like.body(),
                like.bodyHash(),
                "00-" + trace + "-" + "b".repeat(16) + "-01",
                like.events());
        store.accept(delivery);
        return delivery;
    }

    private static NewDelivery again(NewDelivery delivery) {
        return new NewDelivery(
                UUID.randomUUID(),
                delivery.connector(),
                delivery.sender(),
                delivery.sourceId(),
                delivery.signed(),
                delivery.media(),
                delivery.body(),
                delivery.bodyHash(),
                delivery.traceparent(),
                delivery.events());
    }

    private List<String> found(String word) {
        return store.found(word).stream().map(Timeline.Event::state).toList();
    }

    private void decide(Outcome outcome) {
        inbox.turn(turn(outcome), Set.of(), false, 0);
    }

    private Claimed next() {
        return claim(inbox).events().getFirst();
    }

    @Test
    void findsAnEventByItsIdWhateverBecameOfIt() {
        store.accept("k", 1);
        decide(Store.translated(next()));
        assertThat(found(Store.id("k:1").toString())).containsExactly("translated");
        store.outbox.told(store.outbox.next(10), 10);
        store.accept(Store.delivery("again", "k", "k:1"));
        decide(new Outcome.Duplicate(next()));
        assertThat(found(Store.id("k:1").toString())).containsExactly("published", "duplicate");
        store.accept("k", 2);
        decide(new Outcome.Ignored(next(), "no news"));
        assertThat(found(Store.id("k:2").toString())).containsExactly("ignored");
        store.accept("k", 3);
        decide(new Outcome.Held(next()));
        assertThat(found(Store.id("k:3").toString())).containsExactly("held");
        store.accept("k", 4);
        decide(Store.parked(next()));
        assertThat(found(Store.id("k:4").toString())).containsExactly("parked");
        var letter = store.deadLetters.list(null, null, 0, 1).getFirst();
        store.deadLetters.replay(letter, Store.ADMIN, "again", null, null, null, null);
        assertThat(found(Store.id("k:4").toString())).containsExactly("accepted");
        decide(Store.parked(next()));
        store.deadLetters.discard(letter, Store.ADMIN, "no use");
        assertThat(found(Store.id("k:4").toString().toUpperCase(java.util.Locale.ROOT)))
                .containsExactly("discarded");
        assertThat(found(UUID.randomUUID().toString())).isEmpty();
    }

    @Test
    void findsByDeliveryAndByItsOwnTrace() {
        var delivery = accept("shop", "acme", "a", "b");
        accept("shop", "acme", "c");
        assertThat(store.found(delivery.id().toString()))
                .extracting(Timeline.Event::id)
                .containsExactly(Store.id("a"), Store.id("b"));
        assertThat(found(delivery.id().toString().replace("-", ""))).hasSize(2);
        assertThat(found(delivery.traceparent())).hasSize(2);
        assertThat(store.found("a").getFirst().traceparent()).isEqualTo(delivery.traceparent());
    }

    @Test
    void findsByTheSendersTrace() {
        accept(UUID.randomUUID(), "shop", "acme", TRACE, "a");
        accept(UUID.randomUUID(), "crm", "default", TRACE, "b");
        accept("shop", "acme", "c");
        assertThat(found(TRACE)).hasSize(2);
        assertThat(found("00-" + TRACE + "-00f067aa0ba902b7-01")).hasSize(2);
        assertThat(found(TRACE.replace('4', '5'))).isEmpty();
    }

    /** Whoever takes another delivery's id for a trace is found beside it. */
    @Test
    void tellsATraceFromTheDeliveryWhoseIdItBears() {
        var delivery = accept("shop", "acme", "a");
        accept(UUID.randomUUID(), "shop", "other", delivery.id().toString().replace("-", ""), "b");
        assertThat(found(delivery.traceparent())).hasSize(2);
        assertThat(found(delivery.id().toString())).hasSize(1);
    }

    @Test
    void findsByPartner() {
        accept("shop", "acme", "a");
        accept("crm", "acme", "b");
        accept("crm", "default", "c");
        accept("shop", "default", "d");
        assertThat(store.found("acme")).extracting(Timeline.Event::connector).containsExactly("shop", "crm");
        assertThat(store.found("crm")).extracting(Timeline.Event::id).containsExactly(Store.id("c"));
        assertThat(found("default")).isEmpty();
        assertThat(found("")).isEmpty();
    }

    @Test
    void turnsPagesFromTheNewestBack() {
        for (var n = 0; n < 5; n++) {
            accept("shop", "acme", n + ".1", n + ".2", n + ".3");
            accept("shop", "other", "other " + n);
        }
        var pages = new ArrayList<List<UUID>>();
        var before = Long.MAX_VALUE;
        while (true) {
            var page = store.timeline.search("acme", before, 4);
            pages.add(page.events().stream().map(Timeline.Event::id).toList());
            if (page.next() == null) {
                break;
            }
            before = page.next();
        }
        assertThat(pages)
                .containsExactly(
                        ids("3.3", "4.1", "4.2", "4.3"),
                        ids("2.2", "2.3", "3.1", "3.2"),
                        ids("1.1", "1.2", "1.3", "2.1"),
                        ids("0.1", "0.2", "0.3"));
        assertThat(store.timeline.search("acme", Long.MAX_VALUE, 15).next()).isNull();
        assertThat(store.timeline.search("4.3", 0, 15).events()).isEmpty();
    }

    private static List<UUID> ids(String... events) {
        return List.of(events).stream().map(Store::id).toList();
    }

    @Test
    void tellsOfEachStepWhichVersionItWasBy() {
        store.accept("k", 1);
        inbox.turn(new Inbox.Turn(List.of(Store.parked(next())), "v1", Map.of()), Set.of(), false, 0);
        var letter = store.deadLetters.list(null, null, 0, 1).getFirst();
        store.deadLetters.replay(letter, Store.ADMIN, "as agreed", null, "{\"as\": \"v0\"}", null, "v0");
        inbox.turn(new Inbox.Turn(List.of(Store.parked(next())), "v2", Map.of()), Set.of(), false, 0);
        store.deadLetters.replay(letter, Store.ADMIN, "now", null, null, null, null);
        inbox.turn(new Inbox.Turn(List.of(Store.parked(next())), "v2", Map.of()), Set.of(), false, 0);
        assertThat(store.found("k:1").getFirst().steps())
                .extracting(step -> step.step() + " " + step.version())
                .containsExactlyInAnyOrder("parked v1", "replayed v0", "parked v0", "replayed null", "parked v2");
    }

    @Test
    void tellsHowOftenADeliveryCameAgainButNotWithoutEnd() {
        var delivery = accept("shop", "acme", "a", "b");
        accept("shop", "acme", "c");
        for (var n = 0; n < Timeline.MOST_STEPS + 5; n++) {
            assertThat(store.accept(again(delivery))).containsExactly(new Acceptance.Duplicate(delivery.id()));
        }
        assertThat(store.found("b").getFirst().duplicates()).hasSize(Timeline.MOST_STEPS);
        assertThat(store.timeline.delivery(delivery.id()).orElseThrow().duplicates())
                .hasSize(Timeline.MOST_STEPS);
        assertThat(store.found("c").getFirst().duplicates()).isEmpty();
    }

    @Test
    void tellsAPartnerWhatWasRefusedOfIt() {
        var delivery = accept("shop", "acme", "a");
        var refusals = new Refusals(new AuditLog(store.transactions), Clock.fixed(Store.NOW, ZoneOffset.UTC));
        var acme = Actor.of("shop/acme");
        refusals.count(acme, "delivery-refused", "too_large", null);
        refusals.count(acme, "delivery-refused", "too_large", null);
        refusals.count(acme, "delivery-refused", "conflict", "delivery " + delivery.id());
        refusals.count(Actor.of("crm/default"), "delivery-refused", "malformed", null);
        refusals.count(Actor.of("shop"), "delivery-refused", "unauthenticated", null);
        refusals.count(Actor.UNKNOWN, "delivery-refused", "unauthenticated", null);
        refusals.write();
        assertThat(refused("acme"))
                .extracting(Refused::reason, Refused::count)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("too_large", 2L),
                        org.assertj.core.groups.Tuple.tuple("conflict", 1L));
        assertThat(refused("crm")).extracting(Refused::sender).containsExactly("default");
        assertThat(refused(delivery.id().toString()))
                .extracting(Refused::reason)
                .containsExactly("conflict");
        assertThat(refused(UUID.randomUUID().toString())).isEmpty();
        assertThat(refused("shop")).isEmpty();
        assertThat(refused("")).isEmpty();
        assertThat(store.timeline.search("acme", 7, 10).refused()).isEmpty();
    }

    private List<Refused> refused(String word) {
        return store.timeline.search(word, Long.MAX_VALUE, 10).refused();
    }

    @Test
    void keepsWhatWasReceivedAndWhatWasPublished() {
        var delivery = accept("shop", "acme", "a");
        var payload = store.timeline.received(delivery.id()).orElseThrow();
        assertThat(payload.media()).isEqualTo("application/json");
        assertThat(payload.body()).isEqualTo(Store.utf8("a"));
        assertThat(store.timeline.received(UUID.randomUUID())).isEmpty();
        var seq = store.found("a").getFirst().seq();
        assertThat(store.timeline.published(seq)).isEmpty();
        decide(Store.translated(next()));
        assertThat(store.timeline.published(seq)).containsExactly(Store.utf8("event a"), Store.utf8("trigger"));
    }
}
