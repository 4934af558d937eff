package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a hub's data go through when the hub becomes a newer one. */
@ExtendWith(SharedDatabase.class)
class SchemaTest {

    /** As the hub wrote them before its history was divided: published, parked, held and waiting, and one sent twice. */
    private static final String BEFORE = """
            insert into delivery
            select uuid_at(n), 'shop', 'default', 'd' || n, 'application/json', convert_to('k:' || n, 'UTF8'),
              sha256(convert_to('k:' || n, 'UTF8')), '2026-04-30T10:00:00Z', '00-' || repeat('a', 32) || '-'
              || repeat('b', 16) || '-01', 1000 + n, 1
            from generate_series(1, 4) n;
            insert into seen_delivery select id, body_hash, id, '2026-04-30' from delivery;
            insert into delivery_duplicate select id, accepted_at from delivery where source_id = 'd1';
            insert into event (seq, state, partition, id, delivery, connector, sender, bytes, pointer, emits, source_id,
              key, key_hash, content_hash, accepted_at, translated_at, version, fingerprint, failure)
            select first_event, (array['published', 'parked', 'held', 'accepted'])[n]::event_state, 0, uuid_at(n * 100),
              id, connector, sender, 3, '', 'order.placed.v1', 'k:' || n, key, key_hash, body_hash, accepted_at,
              case when n < 3 then accepted_at end, 'v1', 'f', '{"kind": "CONTRACT", "place": "", "rule": "r", "message": "m"}'
            from delivery, lateral (select substr(source_id, 2)::int n) a,
              lateral (select uuid_at(case when n in (2, 3) then 7 else n end) key_hash, concat('key ', n) key) b;
            insert into seen_event select id, content_hash, seq, '2026-04-30' from event where state = 'published';
            insert into outbox values (1001, 0, uuid_at(100), 'order.placed.v1', 'event', null);
            insert into business_key select source_id, 'order', seq from event;
            insert into held_key values (uuid_at(7), 0, 1002, '2026-04-30T10:00:00Z');
            insert into book_delta (connector, at, answered, accepted, duplicate, read, published, parked)
              values ('shop', '2026-04-30T10:00:00Z', 5, 4, 1, 4, 1, 1);
            """;

    @Test
    void takesWhatWasThereIntoTheDividedHistory(DataSource database) throws SQLException {
        execute(database, "create schema older");
        var flyway = Flyway.configure().dataSource(database).schemas("older");
        flyway.target("2").load().migrate();
        var older = SharedDatabase.schema(database, "older");
        execute(older, """
                create function uuid_at(n int) returns uuid language sql return lpad(n::text, 32, '0')::uuid;
                """ + BEFORE);
        flyway.target("latest").load().migrate();

        var store = new Store(older);
        assertThat(store.page().difference()).isZero();
        assertThat(store.state("k:1")).isEqualTo("published");
        var delivery = store.found("k:1").getFirst().delivery();
        assertThat(store.timeline.delivery(delivery).orElseThrow().duplicates()).hasSize(1);
        assertThat(store.accept(Store.delivery("d9", "k", "k:9"))).hasOnlyElementsOfType(Acceptance.Accepted.class);

        var inbox = store.inbox();
        assertThat(Store.claim(inbox).events()).extracting(Claimed::sourceId).containsExactly("k:4", "k:9");
        var letter = store.deadLetters.list(null, null, 0, 10).getFirst();
        assertThat(letter.waiting()).isOne();
        store.deadLetters.discard(letter, Store.ADMIN, "no use");
        assertThat(inbox.turn(Inbox.Turn.NONE, Set.of(), true, 10).next().events())
                .extracting(Claimed::sourceId)
                .containsExactly("k:3", "k:4", "k:9");
        assertThat(store.page().difference()).isZero();
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
