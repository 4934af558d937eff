package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dovetail.ledger.Verified.Finding;
import io.dovetail.ledger.Verified.Ids;
import io.dovetail.ledger.Verified.Minute;
import io.dovetail.ledger.Verified.Miscount;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A ledger in which everything has happened once, and then a hand in the database. */
@ExtendWith(SharedDatabase.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerificationTest {

    private static final List<String> TABLES = List.of(
            "delivery",
            "seen_delivery",
            "delivery_duplicate",
            "event",
            "seen_event",
            "held_key",
            "outbox",
            "event_step",
            "book",
            "book_delta",
            "book_closed");

    private final Hand clock = new Hand();
    private Store store;
    private Verification verification;
    private Inbox inbox;

    /** A clock that is turned. */
    private static final class Hand extends Clock {
        private Instant now = Store.NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        void next() {
            now = now.plus(Duration.ofMinutes(1));
        }
    }

    @BeforeAll
    void aFullLedger(DataSource database) {
        store = new Store(database, 1, clock, connector -> History.STANDARD);
        verification = new Verification(store.transactions, Duration.ZERO);
        inbox = store.inbox();

        store.accept("plain", 1);
        store.accept(Store.delivery("three", "three", "three:1", "three:2", "three:3"));
        store.publishAll();
        store.accept("plain", 1);
        clock.next();

        store.accept(Store.delivery("again", "plain", "plain:1"));
        decide(new Outcome.Duplicate(claimed("plain:1")));
        store.accept("ignored", 1);
        decide(new Outcome.Ignored(claimed("ignored:1"), "a test"));
        for (var key : List.of("parked", "discarded", "replayed")) {
            store.accept(key, 1);
            park(key + ":1");
        }
        store.accept("parked", 2);
        decide(new Outcome.Held(claimed("parked:2")));
        store.books.fold();
        clock.next();

        store.deadLetters.discard(letter("discarded:1"), Store.ADMIN, "a test");
        store.deadLetters.replay(letter("replayed:1"), Store.ADMIN, "a test", null, null, null, null);
        store.outbox.told(store.outbox.next(100), 100);
        inbox.turn(
                Store.turn(Store.translated(claimed("replayed:1"))),
                Set.of(Store.keyHash("discarded"), Store.keyHash("replayed")),
                true,
                0);
        store.outbox.told(store.outbox.next(100), 100);
        clock.next();

        store.accept("waiting", 1);
        decide(Store.translated(claimed("waiting:1")));
        store.accept("new", 1);

        TABLES.forEach(table -> store.execute("create table sound_" + table + " as table " + table));
    }

    @AfterEach
    void mend() {
        TABLES.forEach(
                table -> store.execute("truncate " + table + "; insert into " + table + " table sound_" + table));
    }

    private Claimed claimed(String event) {
        return Store.claim(inbox).events().stream()
                .filter(claimed -> event.equals(claimed.sourceId()))
                .findFirst()
                .orElseThrow();
    }

    private void decide(Outcome outcome) {
        inbox.turn(Store.turn(outcome), Set.of(), false, 0);
    }

    private void park(String event) {
        var claimed = claimed(event);
        inbox.turn(
                Store.turn(List.of(Store.parked(claimed)), Map.of(claimed.keyHash(), claimed.seq())),
                Set.of(),
                false,
                0);
    }

    private DeadLetters.DeadLetter letter(String event) {
        return store.deadLetters.find(Store.id(event)).orElseThrow().letter();
    }

    /** The first event of this id and its delivery. */
    private Ids ids(String event) {
        try (var connection = store.database.getConnection();
                var select = connection.prepareStatement(
                        "select delivery, seq, id event from event where source_id = ? order by seq limit 1")) {
            var row = Sql.bind(select, event).executeQuery();
            row.next();
            return Verification.ids(row);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<Object> named(Verified verified) {
        var named = new HashSet<Object>();
        for (var finding : verified.rows()) {
            for (var ids : finding.ids()) {
                named.addAll(Arrays.asList(ids.delivery(), ids.seq(), ids.event()));
            }
        }
        verified.counters()
                .forEach(counter -> counter.minutes()
                        .forEach(minute -> minute.candidates()
                                .forEach(ids -> named.addAll(Arrays.asList(ids.delivery(), ids.seq(), ids.event())))));
        named.remove(null);
        return named;
    }

    @Test
    void findsNothingWrongWithWhatTheHubDoes() {
        var verified = verification.verify();
        assertThat(verified.rows()).isEmpty();
        assertThat(verified.counters()).isEmpty();
        assertThat(verified.agrees()).isTrue();
        assertThat(verified.deliveries()).isEqualTo(10);
        assertThat(verified.events()).isEqualTo(12);
        assertThat(verified.at()).isEqualTo(clock.now);
        store.books.fold();
        assertThat(verification.verify().agrees()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            delete from event where source_id = 'three:2'                           | three:2     | event-missing outbox-too-much published-never
            delete from event where source_id = 'three:1'                           | three:1     | event-missing outbox-too-much published-never
            delete from event where source_id = 'new:1'                             | new:1       | event-missing
            delete from event where source_id = 'parked:2'                          | parked:2    | event-missing
            delete from event where source_id = 'discarded:1'                       | discarded:1 | event-missing step-without-event
            delete from event where source_id = 'parked:1'                          | parked:1    | event-missing hold-for-nothing step-without-event
            update event set state = 'published' where source_id = 'new:1'          | new:1       | outbox-incomplete published-unknown state-unfounded
            update event set state = 'published' where source_id = 'waiting:1'      | waiting:1   | state-unfounded
            update event set state = 'translated' where source_id = 'three:3'       | three:3     | state-unfounded
            update event set state = 'accepted' where source_id = 'three:3'         | three:3     | outbox-too-much published-never state-unfounded steps-lead-elsewhere
            update event set state = 'ignored' where source_id = 'three:3'          | three:3     | outbox-too-much published-never state-unfounded
            update event set state = 'accepted' where source_id = 'ignored:1'       | ignored:1   | steps-lead-elsewhere
            update event set state = 'held' where source_id = 'new:1'               | new:1       | held-by-nothing state-unfounded
            update event set state = 'parked' where source_id = 'new:1'             | new:1       | state-unfounded steps-lead-elsewhere
            update event set state = 'discarded' where source_id = 'new:1'          | new:1       | state-unfounded steps-lead-elsewhere
            update event set state = 'discarded' where source_id = 'parked:1'       | parked:1    | steps-lead-elsewhere
            update event set state = 'parked' where source_id = 'discarded:1'       | discarded:1 | steps-lead-elsewhere
            update event set state = 'accepted', relay = false where source_id = 'parked:1' | parked:1 | steps-lead-elsewhere
            update event set relay = false where source_id = 'waiting:1'            | waiting:1   | state-unfounded
            update event set relay = true where source_id = 'three:2'               | three:2     | state-unfounded
            update event set published_at = null where source_id = 'three:2'        | three:2     | state-unfounded
            update event set connector = 'other' where source_id = 'new:1'          | new:1       | event-astray
            update event set sender = 'other' where source_id = 'new:1'             | new:1       | event-astray
            delete from outbox where n = 0 and event = $seq                         | three:2     | outbox-incomplete
            delete from outbox where n = 1 and event = $seq                         | three:2     | outbox-incomplete
            update event set first_event = first_event + 1 where source_id = 'three:2' | three:2     | event-astray event-missing
            delete from outbox where event = $seq                                   | waiting:1   | outbox-incomplete
            insert into outbox values ($seq, 0, '$event', 'x', '')                  | new:1       | outbox-too-much
            delete from seen_event where event = $seq                               | three:2     | published-unknown
            insert into seen_event values ('$event', '', $seq, '2026-05-01')        | new:1       | published-never
            delete from held_key                                                    | parked:2    | held-by-nothing
            insert into held_key select key_hash, partition, seq, now() from event where source_id = 'three:3'     | three:3     | hold-for-nothing
            insert into held_key select key_hash, partition, seq, now() from event where source_id = 'discarded:1' | discarded:1 | hold-for-nothing
            delete from delivery where id = '$delivery'                             | new:1       | delivery-missing event-astray
            delete from seen_delivery where delivery = '$delivery'                  | new:1       | delivery-unknown
            delete from event_step where event = $seq                               | parked:1    | steps-lead-elsewhere
            delete from event_step where event = $seq and step = 'replayed'         | replayed:1  | steps-lead-elsewhere
            """)
    void namesWhatWasDoneBehindItsBack(String damage, String event, String checks) {
        var damaged = ids(event);
        store.execute(damage.replace("$seq", damaged.seq().toString())
                .replace("$delivery", damaged.delivery().toString())
                .replace("$event", damaged.event().toString()));
        var verified = verification.verify();
        assertThat(verified.rows()).extracting(Finding::check).containsExactlyInAnyOrder(checks.split(" "));
        assertThat(verified.rows())
                .allSatisfy(finding -> assertThat(finding.count()).isOne());
        assertThat(verified.counters())
                .allSatisfy(counter ->
                        assertThat(counter.explained()).as(counter.toString()).isTrue());
        assertThat(named(verified)).isNotEmpty().isSubsetOf(damaged.delivery(), damaged.seq(), damaged.event());
        assertThat(verified.agrees()).isFalse();
    }

    @Test
    void namesTheDuplicateOfADeliveryThatIsNotThere() {
        store.execute("update delivery_duplicate set first_event = first_event + 1000");
        var verified = verification.verify();
        assertThat(verified.rows()).extracting(Finding::check).containsExactly("delivery-missing");
        assertThat(verified.rows().getFirst().ids())
                .containsExactly(new Ids(null, ids("plain:1").seq() + 1000, null));
    }

    @Test
    void namesTheDuplicateOfWhatIsNotPublished() {
        var first = ids("plain:1");
        store.execute("delete from seen_event where id = '" + first.event() + "'");
        assertThat(verification.verify().rows())
                .extracting(Finding::check)
                .containsExactlyInAnyOrder("published-unknown", "duplicate-of-nothing");
    }

    @Test
    void namesTheDeliveryThatHasMoreThanWasAccepted() {
        store.execute("""
                create temporary table copy as select * from event where source_id = 'new:1';
                update copy set seq = seq + 300; insert into event select * from copy
                """);
        assertThat(verification.verify().rows())
                .containsExactly(new Finding(
                        "shop",
                        "event-too-many",
                        Flaw.EVENT_TOO_MANY.says,
                        1,
                        List.of(new Ids(ids("new:1").delivery(), null, null))));
    }

    @Test
    void namesTheFirstOfManyAndCountsThemAll() {
        for (var n = 10; n < 60; n++) {
            store.accept("new", n);
        }
        store.execute(
                "delete from seen_delivery where delivery in (select delivery from event where state = 'accepted')");
        var finding = verification.verify().rows().getFirst();
        assertThat(finding.count()).isEqualTo(51);
        assertThat(finding.ids()).hasSize(Verification.IDS).doesNotHaveDuplicates();
    }

    /** Nothing is wrong with the rows: whoever looks gets the minute and whatever was counted in it. */
    @Test
    void givesTheMinuteAndItsIdsWhereOnlyTheCounterIsWrong() {
        var minute = Store.NOW.plus(Duration.ofMinutes(2));
        store.execute("insert into book_delta (connector, at, published) values ('shop', '2026-05-01 12:02:30Z', 2)");
        var expected = new Miscount(
                "shop",
                "events.published",
                7,
                5,
                false,
                1,
                List.of(new Minute(minute, 3, 1, 1, List.of(ids("replayed:1")))));
        assertThat(verification.verify().counters()).containsExactly(expected);
        assertThat(verification.verify().rows()).isEmpty();
        store.books.fold();
        assertThat(verification.verify().counters()).containsExactly(expected);
        assertThat(store.page().difference()).isEqualTo(2);
    }

    /** A park counts in its minute, and what an operator does of it in another. */
    @Test
    void knowsTheMinutesOfAReplay() {
        store.execute("insert into book_delta (connector, at, parked) values ('shop', '2026-05-01 12:02:00Z', 1)");
        var miscount = verification.verify().counters().getFirst();
        assertThat(miscount.counter()).isEqualTo("events.parked");
        assertThat(miscount.minutes())
                .extracting(Minute::minute, Minute::counted, Minute::found)
                .containsExactly(tuple(Store.NOW.plus(Duration.ofMinutes(2)), -1L, -2L));
        assertThat(miscount.minutes().getFirst().candidates())
                .containsExactlyInAnyOrder(ids("discarded:1"), ids("replayed:1"));
    }

    @Test
    void seesACountThatIsGoneAndOneOfNobody() {
        store.execute("delete from delivery_duplicate");
        store.execute("insert into book_delta (connector, at, read) values ('nobody', '2026-05-01 12:02:00Z', 1)");
        store.execute("delete from book where minute = '2026-05-01 12:01:00Z'");
        assertThat(verification.verify().counters())
                .extracting(Miscount::connector, Miscount::counter, m -> m.found() - m.counted())
                .contains(
                        tuple("nobody", "events.read", -1L),
                        tuple("shop", "deliveries.duplicate", -1L),
                        tuple("shop", "events.ignored", 1L));
    }
}
