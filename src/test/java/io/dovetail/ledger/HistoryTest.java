package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which partition of the history an event goes to. */
@ExtendWith(SharedDatabase.class)
class HistoryTest {

    private final Days clock = new Days();
    private final HashMap<String, String> retention = new HashMap<>();
    private DataSource database;
    private Store store;

    @BeforeEach
    void fresh(DataSource database) {
        this.database = database;
        store = start();
    }

    private Store start() {
        return new Store(database, 1, clock, connector -> retention.getOrDefault(connector, History.STANDARD));
    }

    /** The partition of the table in which each event lies, in the order accepted. */
    private List<String> partitions(String table, String number) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(
                        "select tableoid::regclass::text, " + number + " from " + table + " order by 2")) {
            var row = select.executeQuery();
            var partitions = new ArrayList<String>();
            while (row.next()) {
                partitions.add(row.getString(1));
            }
            return partitions;
        }
    }

    @Test
    void hasAPartitionOfEveryTableForEachDay() throws SQLException {
        store.accept("k", 1);
        store.accept(Store.delivery("k:1", "k", "k:1"));
        store.publishAll();
        var today = "_" + History.first(clock.today());
        clock.pass(1);
        store.accept("k", 2);
        store.publishAll();
        var tomorrow = "_" + History.first(clock.today());
        assertThat(partitions("delivery", "first_event")).containsExactly("delivery" + today, "delivery" + tomorrow);
        assertThat(partitions("event", "seq")).containsExactly("event" + today, "event" + tomorrow);
        assertThat(partitions("business_key", "event"))
                .containsExactly("business_key" + today, "business_key" + tomorrow);
        assertThat(Set.copyOf(partitions("outbox", "event")))
                .containsExactlyInAnyOrder("outbox" + today, "outbox" + tomorrow);
        assertThat(partitions("delivery_duplicate", "first_event")).containsExactly("delivery_duplicate" + today);
    }

    @Test
    void keepsAConnectorsNumbersRisingWhenTheClockGoesBack() throws SQLException {
        store.accept("k", 1);
        clock.pass(3);
        store.accept("k", 2);
        clock.pass(-2);
        store.accept("k", 3);
        store = start();
        store.accept("k", 4);
        assertThat(numbersInOrder()).isSorted().doesNotHaveDuplicates().hasSize(4);
    }

    @Test
    void keepsAConnectorsNumbersRisingWhenItsClassChangesToAndFro() throws SQLException {
        store.accept("k", 1);
        for (var retentionClass : List.of("long", "standard", "long", "brief")) {
            retention.put("shop", retentionClass);
            store.accept("k", numbersInOrder().size() + 1);
            store = start();
            store.accept("k", numbersInOrder().size() + 1);
        }
        assertThat(numbersInOrder()).isSorted().doesNotHaveDuplicates().hasSize(9);
        assertThat(classes()).containsExactly("standard", "long", "standard", "long", "brief");
    }

    @Test
    void staysInTheDaysLastPartitionWhenItsClassChangesTooOften() throws SQLException {
        for (var n = 1; n <= 40; n++) {
            retention.put("shop", n % 2 == 0 ? "long" : "standard");
            store.accept("k", n);
        }
        assertThat(numbersInOrder()).isSorted().doesNotHaveDuplicates().hasSize(40);
        assertThat(classes()).hasSize(32);
        clock.pass(1);
        store.accept("k", 41);
        assertThat(classes()).hasSize(33);
    }

    @Test
    void givesConnectorsOfOneClassTheSamePartitionAndNoNumberTwice() {
        var first = store.history.take("shop", 3);
        assertThat(store.history.take("garage", 1)).isEqualTo(first + 3);
        assertThat(store.history.take("shop", 1)).isEqualTo(first + 4);
    }

    @Test
    void goesOnAfterTheLastNumberInUseAfterARestart() throws SQLException {
        store.accept(Store.delivery("d", "k", "k:1", "k:2", "k:3"));
        store = start();
        store.accept("k", 4);
        var numbers = numbersInOrder();
        assertThat(numbers.getLast()).isEqualTo(numbers.getFirst() + 3);
    }

    /** JSON's readers count in doubles. */
    @Test
    void hasNumbersThatJavaScriptCanRead() {
        assertThat(History.first(clock.today().plusYears(100))).isLessThan(1L << 53);
    }

    private List<Long> numbersInOrder() throws SQLException {
        return select("select seq from event order by substr(source_id, 3)::int", Long.class);
    }

    private List<String> classes() throws SQLException {
        return select("select retention from history where first > 0 order by first", String.class);
    }

    private <T> List<T> select(String sql, Class<T> type) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement(sql)) {
            var row = select.executeQuery();
            var values = new ArrayList<T>();
            while (row.next()) {
                values.add(row.getObject(1, type));
            }
            return values;
        }
    }
}
