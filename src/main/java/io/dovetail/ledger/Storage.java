package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much room the history takes, and how much of it is payloads. Files are measured; payloads are estimated from some
 * pages of each table of a day, which are looked at again when it has grown.
 */
public final class Storage {

    private static final int PAGE = 8192;
    private static final int SAMPLE = 128;

    /** What stands in a table's {@code body}, and how to read a part of it that is one range of the history. */
    private record Bodies(String payload, String sample) {

        // Both sizes are known without reading the payload or unpacking it. The range is read by way of the whole
        // table, since the hub's user has no rights on its parts.
        static Bodies of(String payload, String table, String number) {
            return new Bodies(payload, """
                    select coalesce(sum(octet_length(body)), 0), coalesce(sum(pg_column_size(body)), 0)
                    from %1$s tablesample system (?) where %2$s >= ? and %2$s < ?
                    """.formatted(table, number));
        }
    }

    private static final Map<String, Bodies> BODIES = Map.of(
            "delivery", Bodies.of("received", "delivery", "first_event"),
            "event", Bodies.of("part", "event", "seq"),
            "outbox", Bodies.of("published", "outbox", "event"));

    private final Transactions transactions;
    private final Map<Part, Sample> samples = new HashMap<>();

    public Storage(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A table of the history, over all days of a retention class.
     *
     * @param bytes on disk, with indexes and what is stored beside the table
     */
    public record Table(String retention, String table, long bytes) {}

    /**
     * The payloads of a retention class.
     *
     * @param payload {@code received} deliveries, {@code part}s of deliveries with several events, or edits; what was
     *     {@code published}
     * @param raw their bytes
     * @param stored as they are stored, compressed where that is worth it
     */
    public record Payloads(String retention, String payload, long raw, long stored) {}

    /** @param database all of it in bytes, also what is not history */
    public record Sizes(long database, List<Table> tables, List<Payloads> payloads) {}

    private record Part(String table, long first) {}

    private record Measured(Part part, String retention, long pages, long bytes) {}

    private record Sample(long bytes, long raw, long stored) {}

    /** To be called by one thread. */
    public Sizes measure() {
        var parts = transactions.query(Storage::parts);
        samples.keySet()
                .retainAll(new HashSet<>(parts.stream().map(Measured::part).toList()));
        var tables = new TreeMap<String, Table>();
        var payloads = new TreeMap<String, Payloads>();
        for (var part : parts) {
            var retention = part.retention;
            var table = part.part.table;
            tables.merge(
                    retention + " " + table,
                    new Table(retention, table, part.bytes),
                    (a, b) -> new Table(retention, table, a.bytes + b.bytes));
            var bodies = BODIES.get(table);
            if (bodies != null) {
                var sample = sample(part, bodies);
                var payload = bodies.payload;
                payloads.merge(
                        retention + " " + payload,
                        new Payloads(retention, payload, sample.raw, sample.stored),
                        (a, b) -> new Payloads(retention, payload, a.raw + b.raw, a.stored + b.stored));
            }
        }
        return new Sizes(database(), List.copyOf(tables.values()), List.copyOf(payloads.values()));
    }

    private static List<Measured> parts(Connection connection) throws SQLException {
        // a range that is being removed has no tables any more by the time that they are looked at
        try (var select = connection.prepareStatement("""
                select t.name, h.first, h.retention, pg_relation_size(r.oid) / %d pages, pg_total_relation_size(r.oid) bytes
                from history h cross join history_table t
                cross join lateral (select to_regclass(format('%%I', t.name || '_' || h.first)) oid) r
                where pg_total_relation_size(r.oid) is not null
                """.formatted(PAGE))) {
            var row = select.executeQuery();
            var parts = new ArrayList<Measured>();
            while (row.next()) {
                parts.add(new Measured(
                        new Part(row.getString(1), row.getLong(2)), row.getString(3), row.getLong(4), row.getLong(5)));
            }
            return parts;
        }
    }

    private Sample sample(Measured part, Bodies bodies) {
        var known = samples.get(part.part);
        if (known != null && known.bytes == part.bytes) {
            return known;
        }
        var sample = transactions.query(connection -> sample(connection, part, bodies));
        samples.put(part.part, sample);
        return sample;
    }

    private static Sample sample(Connection connection, Measured part, Bodies bodies) throws SQLException {
        var percent = Math.min(100.0, 100.0 * SAMPLE / Math.max(1, part.pages));
        try (var select = connection.prepareStatement(bodies.sample)) {
            var row = Sql.bind(select, percent, part.part.first, part.part.first + History.RANGE)
                    .executeQuery();
            row.next();
            return new Sample(
                    part.bytes, Math.round(row.getLong(1) * 100 / percent), Math.round(row.getLong(2) * 100 / percent));
        }
    }

    private long database() {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("select pg_database_size(current_database())")) {
                var row = select.executeQuery();
                row.next();
                return row.getLong(1);
            }
        });
    }
}
