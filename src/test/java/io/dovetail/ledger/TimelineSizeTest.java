package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The timeline's searches in a history of many days. In a build it is a small one, and each search must go by its index;
 * {@code -Dtimeline.rows=10000000} fills a large one (some 20 GB) and says how long each takes, and
 * {@code -Dtimeline.cost=200000} what the indexes cost those who accept.
 */
@ExtendWith(SharedDatabase.class)
class TimelineSizeTest {

    private static final int ROWS = Integer.getInteger("timeline.rows", 600);
    private static final int DAYS = ROWS < 100_000 ? 3 : 30;
    private static final int A_DAY = ROWS / DAYS;
    private static final int CUSTOMERS = Math.max(5, ROWS / 1000);
    private static final int PARTNERS = Math.min(1000, ROWS / 30);
    private static final LocalDate LAST = LocalDate.parse("2026-04-30");

    /** As the hub's pool has it: a plan once a statement, by indexes. */
    private static final String OPTIONS =
            "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
                    + " -c plan_cache_mode=force_generic_plan -c synchronous_commit=off";

    private static HikariDataSource pool(DataSource database) {
        var config = new HikariConfig();
        var source = (org.postgresql.ds.PGSimpleDataSource) database;
        source.setOptions(OPTIONS);
        config.setDataSource(source);
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    private static long first(int day) {
        return History.first(LAST.minusDays(DAYS - 1L - day));
    }

    /** The number of the n-th event of all. */
    private static long seq(long n) {
        return first((int) (n / A_DAY)) + n % A_DAY;
    }

    // A delivery of one event each: nine in ten are published with a trigger for every third, the others ignored,
    // duplicates, parked or discarded. A thousand partners, most of them rare; a fifth of the deliveries goes on with a
    // trace. An order number is that of three events, a customer's of a thousand.
    private static final String FILL = """
            create or replace function uuid_of(text, bigint) returns uuid language sql immutable
              return md5($1 || $2)::uuid;
            create or replace function partner_of(bigint) returns text language sql immutable
              return 'p' || floor(%5$d * power(abs(hashint8($1)::bigint) / 2147483648.0, 3))::int;
            select open_history(%1$d, '%2$s', 'standard');
            insert into delivery (accepted_at, id, connector, sender, source_id, media, body, body_hash, traceparent,
                first_event, events)
            select timestamptz '%2$s' + (s - %1$d) * interval '1 day' / %3$d, uuid_of('d', s), 'c' || s %% 10,
              case when s %% 50 = 0 then 'default' else partner_of(s) end, 'm' || s, 'application/json',
              convert_to(repeat(md5(s::text), 8), 'UTF8'), sha256(s::text::bytea),
              '00-' || case when s %% 5 = 0 then md5('t' || s) else replace(uuid_of('d', s)::text, '-', '') end
                || '-00f067aa0ba902b7-01', s, 1
            from generate_series(%1$d, %1$d + %3$d - 1) s;
            insert into event (seq, first_event, state, partition, turn, id, delivery, connector, sender, bytes, pointer,
                emits, source_id, key, key_hash, content_hash, accepted_at, translated_at, published_at, version, reason,
                fingerprint, failure)
            select s, s, state, s %% 2, 1, uuid_of('e', s), d.id, d.connector, d.sender, 256, '', 'order.placed.v1',
              'e' || s, 'PO-' || s / 3, uuid_of('k', s / 3), sha256(s::text::bytea), d.accepted_at, d.accepted_at,
              case when state = 'published' then d.accepted_at end, '3c0222cb9119cc9d',
              case when state = 'ignored' then 'no news' end,
              case when state in ('parked', 'discarded') then 'f' end,
              case when state in ('parked', 'discarded')
                then '{"kind": "CONTRACT", "place": "/total", "rule": "required", "message": "There is none."}'::jsonb end
            from (select first_event s, d.*, case when first_event %% 100 < 90 then 'published'
                  when first_event %% 100 < 95 then 'ignored' when first_event %% 100 < 98 then 'duplicate'
                  when first_event %% 100 < 99 then 'parked' else 'discarded' end::event_state state
                from delivery d where first_event >= %1$d and first_event < %1$d + %3$d) d;
            insert into business_key (value, name, event)
            select value, name, s from generate_series(%1$d, %1$d + %3$d - 1) s
            cross join lateral (values ('PO-' || s / 3, 'order'), ('C-' || abs(hashint8(s)::bigint) %% %4$d, 'customer')) k (value, name);
            insert into outbox (event, n, id, type, body, workflow)
            select s, n, uuid_of('o' || n, s), 'order.placed.v1', convert_to(repeat(md5(s::text), 8), 'UTF8'),
              case n when 1 then 'order-review' end
            from generate_series(%1$d, %1$d + %3$d - 1) s cross join generate_series(0, 1) n
            where s %% 100 < 90 and (n = 0 or s %% 3 = 0);
            insert into seen_event (id, content_hash, event, day)
            select uuid_of('e', s), sha256(s::text::bytea), s, '%2$s'
            from generate_series(%1$d, %1$d + %3$d - 1) s where s %% 100 < 90;
            insert into event_step (event, at, step, actor, reason, version)
            select s, '%2$s', 'parked', 'hub', 'There is none.', '3c0222cb9119cc9d'
            from generate_series(%1$d, %1$d + %3$d - 1) s where s %% 100 >= 98;
            insert into delivery_duplicate (first_event, at)
            select s, '%2$s' from generate_series(%1$d, %1$d + %3$d - 1) s where s %% 100 = 1;
            insert into audit (n, at, actor, action, subject, detail, hash)
            select coalesce((select max(n) from audit), 0) + row_number() over (), '%2$s', 'c1/' || partner_of(s),
              'delivery-refused', 'malformed',
              '{"count": 1, "first": "2026-04-30T10:00:00Z", "last": "2026-04-30T10:00:00Z"}', ''
            from generate_series(%1$d, %1$d + %3$d / 100 - 1) s;
            """;

    private static Store filled(DataSource database) {
        var store = new Store(database);
        for (var day = 0; day < DAYS; day++) {
            store.execute(FILL.formatted(first(day), LAST.minusDays(DAYS - 1L - day), A_DAY, CUSTOMERS, PARTNERS));
            // whoever sent nothing since
            if (day == 0) {
                store.execute("update delivery set sender = 'rare' where first_event < " + (first(0) + 50));
                store.execute("update event set sender = 'rare' where seq < " + (first(0) + 50));
            }
        }
        return store;
    }

    private static UUID uuidOf(String what, long seq) {
        try {
            var md5 = java.security.MessageDigest.getInstance("MD5").digest(Store.utf8(what + seq));
            var buffer = java.nio.ByteBuffer.wrap(md5);
            return new UUID(buffer.getLong(), buffer.getLong());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, LongFunction<String>> words() {
        var words = new LinkedHashMap<String, LongFunction<String>>();
        words.put("order number", s -> "PO-" + s / 3);
        words.put("customer number", s -> "C-" + s % CUSTOMERS);
        words.put("event id", s -> uuidOf("e", s).toString());
        words.put("delivery id", s -> uuidOf("d", s).toString());
        words.put("trace of the hub", s -> uuidOf("d", s).toString().replace("-", ""));
        words.put("trace of the sender", s -> uuidOf("t", s - s % 5).toString().replace("-", ""));
        words.put("partner", s -> "p" + s % PARTNERS);
        words.put("frequent partner", s -> "p0");
        words.put("partner of long ago", s -> "rare");
        words.put("nothing", s -> "nothing " + s);
        return words;
    }

    @Test
    void findsInALongHistory(DataSource database) throws SQLException {
        filled(database);
        try (var pool = pool(database)) {
            var store = new Store(pool);
            var random = new Random(4711);
            var report = new ArrayList<String>();
            words().forEach((kind, word) -> {
                var hits = 0;
                var rounds = ROWS < 100_000 ? 3 : 1000;
                var times = new long[rounds];
                for (var round = -20; round < rounds; round++) {
                    var seq = seq(random.nextLong(ROWS / DAYS * (long) DAYS));
                    var begin = System.nanoTime();
                    var page = store.timeline.search(word.apply(seq), Long.MAX_VALUE, 100);
                    if (round >= 0) {
                        times[round] = System.nanoTime() - begin;
                        hits += page.events().size();
                    }
                }
                Arrays.sort(times);
                report.add(String.format(
                        Locale.ROOT,
                        "%-20s p50 %6.1f ms  p99 %6.1f ms  max %6.1f ms  %.1f events",
                        kind,
                        times[rounds / 2] / 1e6,
                        times[rounds * 99 / 100] / 1e6,
                        times[rounds - 1] / 1e6,
                        hits / (double) rounds));
                assertThat(hits > 0).as(kind).isEqualTo(!kind.equals("nothing"));
            });
            if (ROWS >= 100_000) {
                System.out.println(size(store));
                report.forEach(System.out::println);
            }
            assertThat(store.found("rare")).hasSize(10);
        }
    }

    private static String size(Store store) {
        return store.transactions.query(connection -> {
            try (var select = connection.prepareStatement("""
                    select (select count(*) from event) events,
                      (select sum(pg_total_relation_size(oid)) from pg_class
                       where relnamespace = current_schema()::regnamespace and relkind = 'r') bytes
                    """)) {
                var row = select.executeQuery();
                row.next();
                return row.getLong(1) + " events, " + (row.getLong(2) >> 20) + " MiB, " + DAYS + " days";
            }
        });
    }

    /** A statement, values for it, and by what its rows must be found. */
    private record Lookup(String sql, String values, String condition) {}

    private static final List<Lookup> LOOKUPS = List.of(
            new Lookup(Search.KEY, "'x', 9223372036854775807, 10", "(value = "),
            new Lookup(Search.EVENT, "'" + new UUID(1, 1) + "', -9223372036854775807, 10", "(id = "),
            new Lookup(Search.PUBLISHED, "'" + new UUID(1, 1) + "'", "(id = "),
            new Lookup(Search.OF_DELIVERY, deliveries("'" + new UUID(1, 1) + "'"), "(id = "),
            new Lookup(Search.OF_PARTNER, deliveries("'rare'"), "CASE sender"),
            new Lookup(Search.OF_TRACE, deliveries("'x'"), "substr(traceparent"),
            new Lookup(Refused.OF_PARTNER, "'rare', 10", "split_part(actor"),
            new Lookup(Refused.OF_DELIVERY, "'rare', 10, 'x'", "split_part(actor"));

    private static String deliveries(String name) {
        return "9223372036854775807, " + name + ", -9223372036854775807, 9223372036854775807, 10, 10, 10";
    }

    /** Whatever the planner believes of partners: it has counted them here. */
    @Test
    void looksEachThingUpByItsIndex(DataSource database) {
        var store = filled(database);
        store.execute("analyze delivery, event, business_key, audit");
        for (var lookup : LOOKUPS) {
            var plan = plan(store, lookup);
            var scans = plan.stream()
                    .filter(line -> line.contains(" on ") && line.contains("Scan"))
                    .filter(line -> !line.contains("Function Scan") && !line.contains("Subquery Scan"))
                    .toList();
            var conditions =
                    plan.stream().filter(line -> line.contains("Index Cond")).toList();
            assertThat(scans)
                    .as(String.join("\n", plan))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("Index"))
                    .hasSameSizeAs(conditions);
            assertThat(conditions).as(lookup.sql).allMatch(line -> line.contains(lookup.condition));
        }
    }

    private static List<String> plan(Store store, Lookup lookup) {
        var numbered = new StringBuilder();
        var n = 0;
        for (var piece : lookup.sql.split("\\?", -1)) {
            numbered.append(n == 0 ? "" : "$" + n).append(piece);
            n++;
        }
        return store.transactions.query(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("""
                        set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
                        set plan_cache_mode = force_generic_plan; prepare lookup as\s""" + numbered);
                var row = statement.executeQuery("explain execute lookup(" + lookup.values + ")");
                var lines = new ArrayList<String>();
                while (row.next()) {
                    lines.add(row.getString(1));
                }
                return lines;
            }
        });
    }

    @Test
    @EnabledIfSystemProperty(named = "timeline.cost", matches = "\\d+")
    void saysWhatTheIndexesCost(DataSource with, DataSource without) {
        var deliveries = Integer.getInteger("timeline.cost");
        try (var withPool = pool(with);
                var withoutPool = pool(without)) {
            var indexed = new Store(withPool);
            var bare = new Store(withoutPool);
            bare.execute("""
                    drop index delivery_partner, delivery_trace, event_unpublished_id;
                    create index event_parked_id on event (id) where state = 'parked'
                    """);
            for (var traced : new boolean[] {false, true}) {
                for (var round = 0; round < 4; round++) {
                    System.out.println((traced ? "every delivery with the sender's trace: " : "no traces of senders: ")
                            + "without " + cost(bare, deliveries, traced) + ", with "
                            + cost(indexed, deliveries, traced));
                }
            }
        }
    }

    /** Of accepting and translating, for each delivery of one event. */
    private static String cost(Store store, int deliveries, boolean traced) {
        var random = new Random();
        var wal = wal(store);
        var nanos = 0L;
        for (var done = 0; done < deliveries; done += 256) {
            var batch = new NewDelivery[256];
            for (var n = 0; n < batch.length; n++) {
                var id = new UUID(System.currentTimeMillis() << 16 | 0x7000, random.nextLong());
                var trace = traced ? UUID.randomUUID() : id;
                var like = Store.delivery(id.toString(), null, id.toString());
                batch[n] = new NewDelivery(
                        id,
                        "shop",
                        "p" + random.nextInt(1000),
                        like.sourceId(),
                        true,
                        like.media(),
                        like.body(),
                        like.bodyHash(),
                        "00-" + trace.toString().replace("-", "") + "-00f067aa0ba902b7-01",
                        like.events());
            }
            var begin = System.nanoTime();
            store.accept(batch);
            store.translateAll();
            nanos += System.nanoTime() - begin;
        }
        return String.format(
                Locale.ROOT, "%.1f us, %d bytes of WAL", nanos / 1e3 / deliveries, (wal(store) - wal) / deliveries);
    }

    private static long wal(Store store) {
        return store.transactions.query(connection -> {
            try (var select = connection.prepareStatement("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) {
                var row = select.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }
}
