package io.dovetail.ledger;

import static io.dovetail.ledger.Store.claim;
import static io.dovetail.ledger.Store.turn;
import static org.assertj.core.api.Assertions.assertThat;

import io.dovetail.ledger.NewDelivery.NewEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class StorageTest {

    private static final byte[] TEXT = Store.utf8("{\"note\": \"handle with care, please\"},".repeat(4_000));

    private Store store;
    private Storage storage;

    @BeforeEach
    void fresh(DataSource database) {
        store = new Store(database);
        storage = new Storage(store.transactions);
    }

    private void accept(byte[] body, NewEvent... events) {
        store.accept(new NewDelivery(
                UUID.randomUUID(),
                "shop",
                "default",
                UUID.randomUUID().toString(),
                true,
                "application/json",
                body,
                Store.sha256(body),
                "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01",
                List.of(events)));
    }

    private static NewEvent event(byte[] part) {
        return Store.event(UUID.randomUUID().toString(), null, part);
    }

    private static byte[] incompressible() {
        var bytes = new byte[10_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private Storage.Payloads payloads(String payload) {
        return storage.measure().payloads().stream()
                .filter(p -> p.payload().equals(payload))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void knowsNothingOfAnEmptyHistory() {
        var sizes = storage.measure();
        assertThat(sizes.tables()).isEmpty();
        assertThat(sizes.payloads()).isEmpty();
        assertThat(sizes.database()).isPositive();
    }

    @Test
    void tellsHowMuchIsKeptAndHowMuchRoomItTakes() {
        accept(TEXT, event(null));
        accept(incompressible(), event(null));
        accept(Store.utf8("short"), event(null));
        var received = payloads("received");
        assertThat(received.retention()).isEqualTo("standard");
        assertThat(received.raw()).isEqualTo(TEXT.length + 10_000 + 5);
        assertThat(received.stored()).isBetween(10_000L, 20_000L);
        assertThat(payloads("published").raw()).isZero();
        store.publishAll();
        assertThat(payloads("published").raw()).isPositive();
        assertThat(storage.measure().tables())
                .extracting(Storage.Table::table)
                .containsExactly("business_key", "delivery", "delivery_duplicate", "event", "event_step", "outbox");
        assertThat(storage.measure().tables())
                .filteredOn(table -> table.table().equals("delivery"))
                .allMatch(table -> table.bytes() > 20_000);
    }

    /** Large payloads lie outside the pages that are looked at. */
    @Test
    void looksAgainWhenPayloadsCameAndNoPageDid() {
        accept(Store.utf8("short"), event(null));
        assertThat(payloads("received").raw()).isEqualTo(5);
        accept(incompressible(), event(null));
        assertThat(payloads("received").raw()).isEqualTo(10_005);
    }

    @Test
    void compressesLargePayloadsAsReceivedInPartsAndAsPublished() {
        accept(TEXT, event(TEXT), event(TEXT));
        var said = claim(store.inbox()).events().stream()
                .<Outcome>map(claimed -> new Outcome.Translated(
                        claimed, claimed.id(), List.of(new OutboxRow(claimed.id(), "order.placed.v1", TEXT, null))))
                .toArray(Outcome[]::new);
        store.inbox().turn(turn(said), Set.of(), false, 0);
        for (var payload : List.of("received", "part", "published")) {
            var size = payloads(payload);
            assertThat(size.raw()).as(payload).isEqualTo((payload.equals("received") ? 1L : 2L) * TEXT.length);
            assertThat(size.stored()).as(payload).isPositive().isLessThan(size.raw() / 10);
        }
    }

    /** The quicker of the two that PostgreSQL may have, also in the days that are made later. */
    @Test
    void compressesWithLz4WherePostgresHasIt() {
        accept(TEXT, event(TEXT));
        var compression = column("""
                select coalesce(nullif(attcompression::text, ''), 'default') from pg_attribute
                where attname = 'body' and attrelid in (
                  select to_regclass(name || part) from (values ('delivery'), ('event'), ('outbox')) t (name),
                    (select '' part union all select '_' || first from history) p)
                """);
        var hasLz4 = column("select 'lz4' = any(enumvals) from pg_settings where name = 'default_toast_compression'");
        assertThat(compression).hasSize(6).containsOnly(hasLz4.getFirst().equals("t") ? "l" : "default");
    }

    private List<String> column(String sql) {
        return store.transactions.query(connection -> {
            try (var select = connection.prepareStatement(sql)) {
                var row = select.executeQuery();
                var values = new ArrayList<String>();
                while (row.next()) {
                    values.add(row.getString(1));
                }
                return values;
            }
        });
    }
}
