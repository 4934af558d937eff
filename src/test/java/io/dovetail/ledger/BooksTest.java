package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class BooksTest {

    @Test
    void sayTheSameFoldedOrNot(DataSource database) {
        var store = new Store(database);
        store.accept("k", 1, 2);
        store.publishAll();
        store.accept("k", 3);
        var before = store.page();
        store.books.fold();
        assertThat(store.page()).isEqualTo(before);
        store.books.fold();
        store.accept("k", 4);
        store.books.fold();
        assertThat(store.page().events()).isEqualTo(new Books.EventCounts(4, 2, 0, 0, 0, 0, 2, 0, 0));
        assertThat(store.page().difference()).isZero();
    }

    @Test
    void noticeARowThatIsGoneAndOneThatIsTooMany(DataSource database) throws SQLException {
        var store = new Store(database);
        store.accept("k", 1, 2);
        execute(database, "delete from event where source_id = 'k:1'");
        assertThat(store.page().difference()).isOne();
        execute(database, "update event set state = 'published' where source_id = 'k:2'");
        assertThat(store.page().difference()).isEqualTo(2);
    }

    /** Whoever reads while others write sees them balanced all the same. */
    @Test
    void balanceAtEveryMoment(DataSource database) throws InterruptedException {
        var store = new Store(database);
        var done = new AtomicBoolean();
        var differences = new java.util.concurrent.ConcurrentSkipListSet<Long>();
        var reader = Thread.ofVirtual().start(() -> {
            while (!done.get()) {
                store.books.pages().forEach(page -> differences.add(page.difference()));
            }
        });
        var inbox = store.inbox();
        for (var n = 0; n < 40; n++) {
            store.accept("k", n);
            var claimed = Store.claim(inbox).events().getFirst();
            inbox.turn(Store.turn(n % 3 == 0 ? Store.parked(claimed) : Store.translated(claimed)), Set.of(), false, 0);
            store.outbox.told(store.outbox.next(10), 10);
            if (n % 5 == 0) {
                store.books.fold();
            }
        }
        done.set(true);
        reader.join();
        assertThat(differences).containsOnly(0L);
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
