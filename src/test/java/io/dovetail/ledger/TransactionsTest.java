package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class TransactionsTest {

    @Test
    void letsAnEarlierHubWriteNothingAnyMore(DataSource database) {
        var earlier = new Store(database);
        earlier.accept("k", 1);
        var inbox = earlier.inbox();
        var claimed = Store.claim(inbox).events().getFirst();
        inbox.turn(Store.turn(Store.parked(claimed)), Set.of(), false, 0);
        var letter = earlier.deadLetters.list(null, null, 0, 1).getFirst();
        var pending = earlier.outbox.next(10);

        var later = new Store(database);
        assertThatThrownBy(() -> earlier.accept("k", 2)).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> Store.claim(inbox)).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> inbox.countAttempt(claimed.seq())).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> earlier.outbox.told(pending, 10)).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> earlier.deadLetters.discard(letter, Store.ADMIN, "b"))
                .isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> earlier.books.fold()).isInstanceOf(FencedException.class);
        assertThat(earlier.page().events().read()).isOne();
        later.accept("k", 2);
        assertThat(later.page().events().read()).isEqualTo(2);
    }

    private static String sorting(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            var row = statement.executeQuery("show enable_sort");
            row.next();
            return row.getString(1);
        }
    }

    /** Twenty of a hundred thousand dead letters were once found by sorting them all, for each twenty again. */
    @Test
    void readsTheFirstOfManyByAnIndexWhateverTheirNumber(DataSource database) {
        var transactions = new Store(database).transactions;
        assertThat(transactions.first(TransactionsTest::sorting)).isEqualTo("off");
        assertThat(transactions.query(TransactionsTest::sorting)).isEqualTo("on");
    }

    @Test
    void commitsNothingOfWorkThatFails(DataSource database) {
        var store = new Store(database);
        assertThatThrownBy(() -> store.transactions.write(connection -> {
                    connection.createStatement().execute("insert into book_delta (connector, at) values ('x', now())");
                    throw new IllegalStateException("a bug");
                }))
                .hasMessage("a bug");
        assertThat(store.books.pages()).isEmpty();
    }

    @Test
    void tellsABrokenStatementFromADatabaseThatIsAway(DataSource database) {
        var store = new Store(database);
        assertThatThrownBy(
                        () -> store.transactions.write(c -> c.createStatement().execute("select 1/0")))
                .isInstanceOf(BrokenStatementException.class);
        assertThatThrownBy(
                        () -> store.transactions.query(c -> c.createStatement().execute("nonsense")))
                .isInstanceOf(BrokenStatementException.class);
        assertThatThrownBy(() -> store.transactions.query(
                        c -> c.createStatement().execute("select pg_terminate_backend(pg_backend_pid())")))
                .isInstanceOf(UnavailableException.class);
    }

    /** Another number of partitions moves all that is open to where it now belongs, and nothing else. */
    @Test
    void spreadsWhatIsOpenAnew(DataSource database) {
        var before = new Store(database, 3);
        for (var n = 0; n < 30; n++) {
            before.accept("key" + n, 1, 2);
        }
        before.accept((String) null, 1);
        var first = new Inbox(before.transactions, 0, before.memory);
        var batch = Store.claim(first).events();
        var blocker = batch.getFirst();
        var held = batch.stream()
                .filter(c -> c.keyHash() != null && c.keyHash().equals(blocker.keyHash()) && c != blocker)
                .findFirst()
                .orElseThrow();
        first.turn(
                Store.turn(
                        List.of(Store.parked(blocker), new Outcome.Held(held)),
                        Map.of(blocker.keyHash(), blocker.seq())),
                Set.of(),
                false,
                500);
        var inHand = Store.claim(first).events().stream().map(Claimed::seq).collect(Collectors.toSet());

        var after = new Store(database, 5);
        var inboxes = IntStream.range(0, 5)
                .mapToObj(p -> new Inbox(after.transactions, p, after.memory))
                .toList();
        var suspects = new HashSet<Long>();
        inboxes.forEach(inbox -> suspects.addAll(inbox.standing().suspects()));
        assertThat(suspects).isEqualTo(inHand);
        var partition = after.partitions.of(blocker.keyHash());
        assertThat(inboxes.get(partition).standing().held()).containsOnlyKeys(blocker.keyHash());
        var claimed = 0;
        for (var p = 0; p < 5; p++) {
            for (var event : Store.claim(inboxes.get(p)).events()) {
                assertThat(
                                event.keyHash() == null
                                        ? after.partitions.of(event.seq())
                                        : after.partitions.of(event.keyHash()))
                        .isEqualTo(p);
                claimed++;
            }
        }
        assertThat(claimed).isEqualTo(59);
        var letter = after.deadLetters.list(null, null, 0, 1).getFirst();
        assertThat(after.deadLetters.discard(letter, Store.ADMIN, "x")).contains(partition);
        assertThat(Store.releasable(inboxes.get(partition))).containsExactly(blocker.keyHash());
    }
}
