package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dovetail.ledger.Cursors.Cursor;
import java.time.Clock;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class CursorsTest {

    private static final Cursor FIRST = new Cursor("{\"time\":\"2026-05-01T12:00:00Z\"}", Store.NOW);
    private static final Cursor SECOND = new Cursor("{\"after\":\"\\u0000\"}", Store.NOW.plusSeconds(60));

    private final Store store;
    private final Cursors cursors;

    CursorsTest(DataSource database) {
        store = new Store(database);
        cursors = new Cursors(store.transactions);
    }

    @Test
    void areWhereTheyWereMovedToLast() {
        assertThat(cursors.find("erp.orders")).isEmpty();
        cursors.move("erp.orders", FIRST);
        cursors.move("erp.notes", SECOND);
        cursors.move("erp.orders", SECOND);
        cursors.move("erp.notes", FIRST);
        assertThat(new Cursors(store.transactions).find("erp.orders")).contains(SECOND);
        assertThat(cursors.find("erp.notes")).contains(FIRST);
    }

    @Test
    void areMovedByAnOperatorWhoIsAudited() {
        cursors.move("erp.orders", SECOND);
        cursors.move("erp.orders", FIRST, Store.ADMIN, "to compare");
        assertThat(cursors.find("erp.orders")).contains(FIRST);
        var row = new AuditLog(store.transactions).page(null, 0, 10).getFirst();
        assertThat(row.action()).isEqualTo("read anew");
        assertThat(row.actor()).isEqualTo("admin");
        assertThat(row.subject()).isEqualTo("erp.orders from " + FIRST.position());
        assertThat(row.reason()).isEqualTo("to compare");
    }

    @Test
    void areNotMovedByAHubThatAnotherHasOvertaken() {
        cursors.move("erp.orders", FIRST);
        Transactions.takeOver(store.database, Clock.systemUTC(), 1);
        assertThatThrownBy(() -> cursors.move("erp.orders", SECOND)).isInstanceOf(FencedException.class);
        assertThat(cursors.find("erp.orders")).contains(FIRST);
    }
}
