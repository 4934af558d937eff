package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class PipelineTest {

    private static final String ADD = "insert into book_delta (connector, at, read) values (?, now(), ?)";
    private static final String SUM = "select sum(read)::int from book_delta";

    private static int number(ResultSet row) throws SQLException {
        row.next();
        return row.getInt(1);
    }

    @Test
    void letsEachStatementSeeWhatThoseBeforeItDid(DataSource database) throws SQLException {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            var pipeline = new Pipeline(connection);
            var added = pipeline.update(ADD, "a", 1);
            var one = pipeline.query(SUM, PipelineTest::number);
            pipeline.update(ADD, "b", 2);
            var all = pipeline.query(SUM, PipelineTest::number);
            var rows = pipeline.update("update book_delta set read = 0");

            assertThatThrownBy(added::get).hasMessageContaining("not known before");
            pipeline.sync();
            assertThat(added.get()).isOne();
            assertThat(one.get()).isOne();
            assertThat(all.get()).isEqualTo(3);
            assertThat(rows.get()).isEqualTo(2);
        }
    }

    @Test
    void runsNothingBehindAStatementThatFailed(DataSource database) throws SQLException {
        try (var connection = database.getConnection()) {
            var pipeline = new Pipeline(connection);
            pipeline.update("select 1/0");
            pipeline.update(ADD, "behind", 1);
            assertThatThrownBy(pipeline::sync).hasMessageContaining("division by zero");

            var count = pipeline.query("select count(*) from book_delta", PipelineTest::number);
            pipeline.sync();
            assertThat(count.get()).isZero();
        }
    }

    @Test
    void sendsWhatWasAddedBeforeStatementsThatAreSentOneByOne(DataSource database) throws SQLException {
        try (var connection = database.getConnection()) {
            var pipeline = new Pipeline(connection);
            pipeline.update(ADD, "first", 1);
            try (var then = pipeline.connection().createStatement()) {
                assertThat(number(then.executeQuery(SUM))).isOne();
            }
        }
    }

    @Test
    void commitsNothingWithARequirementThatIsNotMet(DataSource database) {
        var store = new Store(database);
        assertThatThrownBy(() -> store.transactions.writePipelined(pipeline -> {
                    pipeline.update(ADD, "a", 1);
                    pipeline.sync();
                    pipeline.require(
                            2,
                            rows -> new IllegalStateException(rows + " rows"),
                            "update book_delta set read = 0 where connector = 'a'");
                    return () -> true;
                }))
                .hasMessage("1 rows");
        assertThat(store.books.pages()).isEmpty();
    }

    @Test
    void commitsNothingForAHubThatHasAnHeirThoughItNeverAsksHowItWent(DataSource database) {
        var earlier = new Store(database);
        var later = new Store(database);
        assertThatThrownBy(() -> earlier.transactions.writePipelined(pipeline -> {
                    pipeline.update(ADD, "a", 1);
                    return () -> true;
                }))
                .isInstanceOf(FencedException.class);
        assertThat(later.books.pages()).isEmpty();
    }

    @Test
    void tellsAHubThatHasAnHeirSoThoughAStatementOfItsFails(DataSource database) {
        var earlier = new Store(database);
        new Store(database);
        assertThatThrownBy(() -> earlier.transactions.writePipelined(pipeline -> {
                    pipeline.update("select 1/0");
                    return () -> true;
                }))
                .isInstanceOf(FencedException.class);
    }

    /** Counted where they happen: the driver may part what is sent together, for fear of full buffers. */
    @Test
    void takesAnEventAllTheWayInEightRoundTrips(DataSource database) {
        var pool = new HikariConfig();
        pool.setDataSource(database);
        pool.setMaximumPoolSize(1);
        try (var one = new HikariDataSource(pool);
                var trips = new Trips()) {
            var store = new Store(one);
            var inbox = store.inbox();
            for (var n = 0; n < 10; n++) {
                // only after some times does the driver know what a statement answers
                store.accept("key", n);
                var claimed = Store.claim(inbox).events().getFirst();
                inbox.turn(Store.turn(Store.translated(claimed)), Set.of(), false, 10);
                store.outbox.told(store.outbox.next(10), 10);
            }

            trips.start();
            store.accept("key", 10);
            assertThat(trips.since()).as("accept").isEqualTo(2);
            var claimed = Store.claim(inbox).events().getFirst();
            assertThat(trips.since()).as("claim").isEqualTo(2);
            inbox.turn(Store.turn(Store.translated(claimed)), Set.of(), false, 10);
            assertThat(trips.since()).as("write").isEqualTo(2);
            var pending = store.outbox.next(10);
            assertThat(trips.since()).as("next").isEqualTo(1);
            store.outbox.told(pending, 10);
            assertThat(trips.since()).as("told, and next").isEqualTo(1);
        }
    }

    /** The round trips of this thread, as the driver writes them down. */
    private static final class Trips extends Handler implements AutoCloseable {

        private static final Logger DRIVER = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");

        private final long thread = Thread.currentThread().threadId();
        private int count;

        Trips() {
            setLevel(Level.ALL);
            DRIVER.setUseParentHandlers(false);
            DRIVER.addHandler(this);
            DRIVER.setLevel(Level.FINEST);
        }

        void start() {
            count = 0;
        }

        int since() {
            var since = count;
            count = 0;
            return since;
        }

        @Override
        public void publish(LogRecord line) {
            if (line.getLongThreadID() == thread && line.getMessage().equals(" FE=> Sync")) {
                count++;
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            DRIVER.removeHandler(this);
            DRIVER.setLevel(null);
            DRIVER.setUseParentHandlers(true);
        }
    }
}
