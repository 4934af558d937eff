package io.dovetail.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.connector.Configuration;
import io.dovetail.connector.Problems;
import io.dovetail.harness.Logbook;
import io.dovetail.ledger.Holds;
import io.dovetail.ledger.Pauses;
import io.dovetail.ledger.ProposedEdits;
import io.dovetail.ledger.SharedDatabase;
import io.dovetail.ledger.Store;
import io.dovetail.ledger.Timeline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody looks at the books again and again, and tells people when it is news. */
@ExtendWith(SharedDatabase.class)
class BooksAlarmTest {

    private final String self = Thread.currentThread().getName();
    private final Logbook log =
            new Logbook(BooksAlarm.class.getName(), line -> line.getThreadName().equals(self));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<Runnable> verifications = new ArrayDeque<>();
    private Instant now = Store.NOW;
    private boolean away;
    private Store store;
    private BooksAlarm alarm;
    private Watch watch;

    @BeforeEach
    void watched(DataSource database) {
        store = new Store(mayBeAway(database));
        var clock = new Clock() {
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
        };
        alarm = new BooksAlarm(store.verification, clock, verifications::add);
        watch = new Watch(
                store.books,
                alarm,
                store.outbox,
                new PauseGauges(new Pauses(store.transactions), store.outbox, clock, meters),
                new HoldGauges(new Holds(store.transactions), clock, meters),
                new EditGauge(new ProposedEdits(store.transactions, store.deadLetters), meters),
                new UnprovedGauge(() -> Configuration.read(Path.of("."), new Problems()), meters),
                clock,
                meters);
        store.accept("k", 1, 2, 3);
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    private DataSource mayBeAway(DataSource database) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (away) {
                        throw new SQLException("nobody is there", "08001");
                    }
                    try {
                        return method.invoke(database, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void look() {
        watch.look();
        while (!verifications.isEmpty()) {
            verifications.remove().run();
        }
    }

    private Timeline.Event event(String id) {
        return store.found(id).getFirst();
    }

    private double difference() {
        return meters.get("hub_books_difference")
                .tag("connector", "shop")
                .gauge()
                .value();
    }

    @Test
    void saysNothingWhileTheyBalance() {
        look();
        store.publishAll();
        look();
        assertThat(log.said()).isEmpty();
        assertThat(alarm.details()).isEmpty();
        assertThat(difference()).isZero();
    }

    @Test
    void tellsTheConnectorTheEquationAndTheIdsOnce() {
        var lost = event("k:2");
        store.execute("delete from event where source_id = 'k:2'");
        look();
        look();
        assertThat(log.said()).hasSize(1);
        assertThat(log.errors()).hasSize(1);
        assertThat(log.said().getFirst())
                .startsWith(
                        "The books of shop do not balance: answered 3 against accepted 3 + duplicate 0; read 3 against"
                                + " published 0 + ignored 0 + duplicate 0 + parked 0 + discarded 0 + in flight 2. ")
                .contains("(event-missing), 1: delivery " + lost.delivery() + " seq " + lost.seq())
                .endsWith("./hub books --verify tells all of it")
                .doesNotContain(event("k:1").delivery().toString());
        assertThat(difference()).isOne();
        assertThat(alarm.details()).containsEntry("difference", Map.of("shop", 1L));
        assertThat(alarm.details().toString()).contains("seq " + lost.seq(), "./hub books --verify");
    }

    @Test
    void tellsWhenItChangesAndWhenItIsOver() {
        store.execute("create table kept as select * from event; delete from event where source_id = 'k:2'");
        look();
        now = now.plus(Duration.ofMinutes(5));
        store.execute("delete from event where source_id = 'k:3'");
        look();
        assertThat(log.said()).hasSize(2);
        assertThat(log.said().getLast()).contains("in flight 1", "(event-missing), 2:");

        store.execute("delete from event; insert into event select * from kept");
        look();
        look();
        assertThat(log.said()).hasSize(3);
        assertThat(log.said().getLast()).isEqualTo("The books balance again");
        assertThat(alarm.details()).isEmpty();
        assertThat(difference()).isZero();

        now = now.plus(Duration.ofMinutes(5));
        store.execute("delete from event where source_id = 'k:1'");
        look();
        assertThat(log.said()).hasSize(4);
    }

    /** Verifying reads everything, and the hub has other things to do. */
    @Test
    void doesNotVerifyWithoutEndWhatChangesWithoutEnd() {
        for (var n = 0; n < 10; n++) {
            store.execute("insert into book_delta (connector, at, read) values ('shop', '2026-05-01 12:00:00Z', 1)");
            look();
            now = now.plus(Duration.ofSeconds(10));
        }
        assertThat(log.said()).hasSize(1);
        assertThat(difference()).isEqualTo(10);
        now = now.plus(Duration.ofMinutes(4));
        look();
        assertThat(log.said()).hasSize(2);
        assertThat(log.said().getLast())
                .contains("events.read counted 13, the rows say 3", "in the minute 2026-05-01T12:00:00Z", "candidates");
    }

    @Test
    void verifiesOneAtATime() {
        store.execute("delete from event where source_id = 'k:2'");
        watch.look();
        now = now.plus(Duration.ofMinutes(5));
        store.execute("delete from event where source_id = 'k:3'");
        watch.look();
        assertThat(verifications).hasSize(1);
        verifications.remove().run();
        watch.look();
        assertThat(verifications).hasSize(1);
    }

    @Test
    void saysSoWhenItCannotVerifyAndTriesOnceMore() {
        store.execute("delete from event where source_id = 'k:2'");
        watch.look();
        away = true;
        verifications.remove().run();
        away = false;
        look();
        assertThat(log.said()).hasSize(1);
        assertThat(log.said().getFirst())
                .startsWith("The books of shop do not balance: answered 3")
                .contains("They could not be verified: The database is away: nobody is there");
        now = now.plus(Duration.ofMinutes(5));
        look();
        look();
        assertThat(log.said()).hasSize(2);
        assertThat(log.said().getLast()).contains("event-missing");
    }

    @Test
    void namesSoManyIdsThatALineStaysReadable() {
        for (var n = 10; n < 60; n++) {
            store.accept("k", n);
        }
        store.execute("delete from event where source_id <> 'k:1'");
        look();
        assertThat(log.said().getFirst().split(" seq ")).hasSize(21);
        assertThat(log.said().getFirst()).contains("(event-missing), 52:", " and 32 more");
    }

    @Test
    void staysUpWhateverTheBooksSay() {
        store.execute("delete from event where source_id = 'k:2'");
        look();
        var health = HubHealth.books(alarm::details).health();
        assertThat(health.getStatus().getCode()).isEqualTo("UP");
        assertThat(health.getDetails()).containsKeys("difference", "found", "more");
    }
}
