package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.ledger.Inbox.Turn;
import io.dovetail.ledger.Retention.Removed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class RetentionTest {

    private final Days clock = new Days();
    private final HashMap<String, String> classes = new HashMap<>();
    private DataSource database;
    private Store store;
    private Retention retention;

    @BeforeEach
    void fresh(DataSource database) {
        this.database = database;
        store = new Store(database, 1, clock, connector -> classes.getOrDefault(connector, History.STANDARD));
        retention =
                new Retention(store.transactions, Map.of("standard", Duration.ofDays(2), "long", Duration.ofDays(20)));
    }

    @Test
    void removesADayWhenAllOfItHasBeenKeptForLongEnough() {
        var delivery = Store.delivery("d1", "k", "k:1");
        store.accept(delivery);
        store.accept(Store.delivery("d1", "k", "k:1"));
        store.publishAll();
        var day = clock.today();
        clock.pass(2);
        store.accept("k", 2);
        assertThat(retention.remove()).isEmpty();
        clock.pass(1);
        assertThat(retention.remove()).containsExactly(new Removed(day, "standard", false));
        assertThat(store.timeline.delivery(delivery.id())).isEmpty();
        assertThat(store.found("k:1")).isEmpty();
        assertThat(store.found("k:2")).hasSize(1);
        assertThat(store.page().difference()).isZero();
        assertThat(retention.remove()).isEmpty();
    }

    @Test
    void keepsEachClassForItsTime() {
        classes.put("shop", "long");
        store.accept("k", 1);
        store.publishAll();
        classes.put("shop", "archive");
        store.accept("k", 2);
        store.publishAll();
        clock.pass(21);
        assertThat(retention.remove()).extracting(Removed::retention).containsExactly("long");
        clock.pass(1000);
        assertThat(retention.remove()).isEmpty();
        assertThat(store.found("k:2")).hasSize(1);
    }

    @Test
    void removesNothingWhileAnEventInItIsOpen() {
        store.accept("k", 1, 2);
        store.accept("other", 1);
        var inbox = store.inbox();
        var events = Store.claim(inbox).events();
        inbox.turn(
                Store.turn(
                        java.util.List.of(
                                Store.parked(events.get(0)),
                                new Outcome.Held(events.get(1)),
                                Store.translated(events.get(2))),
                        Map.of(Store.keyHash("k"), events.get(0).seq())),
                Set.of(),
                false,
                0);
        clock.pass(10);
        stays();
        store.outbox.told(store.outbox.next(10), 10);
        stays();
        var letter = store.deadLetters.list(null, null, 0, 10).getFirst();
        store.deadLetters.discard(letter, Store.ADMIN, "no use");
        stays();
        var turned = inbox.turn(Turn.NONE, Set.of(), true, 10);
        inbox.turn(Store.turn(Store.translated(turned.next().events().getFirst())), turned.draining(), false, 0);
        store.outbox.told(store.outbox.next(10), 10);
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(false);
        assertThat(store.page().difference()).isZero();
        assertThat(store.page().events()).isEqualTo(new Books.EventCounts(3, 2, 0, 0, 0, 1, 0, 0, 0));
    }

    private void stays() {
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(true);
        assertThat(store.found("k:1")).hasSize(1);
    }

    @Test
    void recognisesAResendForAsLongAsItsRecordIsKeptAndThenNoMore() {
        store.accept(Store.delivery("d1", "k", "k:1"));
        store.publishAll();
        clock.pass(2);
        retention.remove();
        assertThat(store.accept(Store.delivery("d1", "k", "k:1"))).hasOnlyElementsOfType(Acceptance.Duplicate.class);
        clock.pass(1);
        retention.remove();
        assertThat(store.accept(Store.delivery("d1", "k", "k:1"))).hasOnlyElementsOfType(Acceptance.Accepted.class);
        store.publishAll();
        assertThat(store.state("k:1")).isEqualTo("published");
    }

    @Test
    void closesWhatItRemovesIntoTheBooks() throws SQLException {
        store.accept(Store.delivery("d1", "k", "k:1", "k:2"));
        store.accept(Store.delivery("d1", "k", "k:1", "k:2"));
        var inbox = store.inbox();
        var events = Store.claim(inbox).events();
        inbox.turn(
                Store.turn(Store.translated(events.get(0)), new Outcome.Ignored(events.get(1), "not for us")),
                Set.of(),
                false,
                0);
        store.outbox.told(store.outbox.next(10), 10);
        clock.pass(3);
        retention.remove();
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select * from book_closed")) {
            var row = select.executeQuery();
            row.next();
            assertThat(row.getString("connector")).isEqualTo("shop");
            assertThat(row.getInt("deliveries")).isOne();
            assertThat(row.getInt("duplicates")).isOne();
            assertThat(row.getInt("events")).isEqualTo(2);
            assertThat(row.getInt("published")).isOne();
            assertThat(row.getInt("ignored")).isOne();
            assertThat(row.next()).isFalse();
        }
    }

    /** As a crash between its transactions leaves it. */
    @Test
    void goesOnWhereItWasInterrupted() throws SQLException {
        store.accept("k", 1);
        store.publishAll();
        clock.pass(3);
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("update history set closing_at = now() where first > 0; delete from seen_event");
        }
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(false);
        assertThat(store.found("k:1")).isEmpty();
    }

    @Test
    void givesWayToWhoeverIsAtWork() throws SQLException {
        store.accept("k", 1);
        store.publishAll();
        clock.pass(3);
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("select count(*) from event");
            assertThatThrownBy(() -> retention.remove()).isInstanceOf(UnavailableException.class);
        }
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(false);
    }

    @Test
    void keepsADayWithTriggersThatAreStillToBeTold() {
        store.accept("k", 1);
        store.translateAll();
        store.outbox.told(store.outbox.next(10), Set.of("review"), 10);
        clock.pass(3);
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(true);
        store.outbox.letGo(store.outbox.keptBack("review", 10));
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(false);
    }

    /** A transaction that knew the delivery before it was forgotten is still at work, and is waited for. */
    @Test
    void countsAResendThatIsStillBeingWritten() throws SQLException {
        var delivery = Store.delivery("d1", "k", "k:1");
        store.accept(delivery);
        store.publishAll();
        var seq = store.found("k:1").getFirst().seq();
        clock.pass(3);
        try (var resend = database.getConnection();
                var statement = resend.createStatement()) {
            resend.setAutoCommit(false);
            statement.execute("insert into delivery_duplicate (at, first_event) values (now(), " + seq + ")");
            assertThatThrownBy(() -> retention.remove()).isInstanceOf(UnavailableException.class);
            resend.commit();
        }
        retention.remove();
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select duplicates from book_closed")) {
            var row = select.executeQuery();
            row.next();
            assertThat(row.getInt(1)).isOne();
        }
    }

    /** Whoever verifies misses nothing that is being removed or was, nor what it made known. */
    @Test
    void leavesBooksThatAgreeWithWhatIsLeft() {
        var verification = store.verification;
        store.accept(Store.delivery("d1", "k", "k:1", "k:2"));
        store.publishAll();
        clock.pass(2);
        store.accept(Store.delivery("d1", "k", "k:1", "k:2"));
        store.accept(Store.delivery("d2", "k", "k:1"));
        store.inbox()
                .turn(
                        Store.turn(new Outcome.Duplicate(
                                Store.claim(store.inbox()).events().getFirst())),
                        Set.of(),
                        false,
                        0);
        store.outbox.told(store.outbox.next(10), 10);
        clock.pass(1);
        store.execute("update history set closing_at = now() where day = '2026-05-01'");
        store.execute("delete from seen_event where id = '" + Store.id("k:1") + "'");
        assertThat(verification.verify().agrees()).isTrue();
        store.execute("delete from seen_delivery where first_event = (select min(first_event) from delivery)");
        assertThat(verification.verify().agrees()).isTrue();
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(false);
        assertThat(verification.verify()).satisfies(verified -> {
            assertThat(verified.agrees()).isTrue();
            assertThat(verified.events()).isOne();
        });

        // minutes in which rows were counted that are gone cannot be compared, later ones can
        store.execute("insert into book_delta (connector, at, accepted) values ('shop', '2026-05-01 12:00:00Z', 1)");
        assertThat(verification.verify().counters().getFirst()).satisfies(accepted -> {
            assertThat(accepted.counted() - accepted.found()).isOne();
            assertThat(accepted.minutes()).isEmpty();
        });
        store.execute("insert into book_delta (connector, at, accepted) values ('shop', '2026-05-04 12:00:00Z', 1)");
        assertThat(verification.verify().counters().getFirst().minutes())
                .extracting(minute -> minute.minute().toString())
                .containsExactly("2026-05-04T12:00:00Z");
    }

    /** What a verification sees stays there until it has seen it all. */
    @Test
    void waitsForAVerification() {
        store.accept("k", 1);
        store.publishAll();
        clock.pass(3);
        store.transactions.survey(connection -> {
            assertThatThrownBy(() -> retention.remove()).isInstanceOf(UnavailableException.class);
            return 0;
        });
        assertThat(retention.remove()).extracting(Removed::open).containsExactly(false);
        assertThat(store.verification.verify().agrees()).isTrue();
    }
}
