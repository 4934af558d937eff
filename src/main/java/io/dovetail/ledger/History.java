package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where new events go. Sequence numbers come in ranges, one or a few for each day and retention class; a range is a
 * partition of every table that grows with the events. A connector's numbers rise in the order in which they are taken,
 * whatever the clock does and whenever its class changes.
 */
public final class History {

    /** Of connectors that say nothing about it. */
    public static final String STANDARD = "standard";

    /** How many sequence numbers a range has. */
    static final long RANGE = 1L << 32;

    // together with the day this leaves a number exact in JSON, whose readers count in doubles
    private static final int SLOTS_A_DAY = 32;

    private final Transactions transactions;
    private final UnaryOperator<String> retention;
    private final Map<Long, Range> ranges = new HashMap<>();
    private final Map<String, Range> assigned = new HashMap<>();

    /** @param retention a connector's retention class */
    public History(Transactions transactions, UnaryOperator<String> retention) {
        this.transactions = transactions;
        this.retention = retention;
    }

    private static final class Range {
        private final long first;
        private final LocalDate day;
        private final String retention;
        private long next;

        Range(long first, LocalDate day, String retention, long next) {
            this.first = first;
            this.day = day;
            this.retention = retention;
            this.next = next;
        }

        boolean hasRoom(int count) {
            return next + count <= first + RANGE;
        }
    }

    /**
     * Takes numbers for the events of one delivery, which stay together.
     *
     * @return the first of {@code count}; they are lost when the delivery is not stored
     * @throws UnavailableException when a new range cannot be opened
     */
    synchronized long take(String connector, int count) {
        var range = assigned.get(connector);
        var today = transactions.now().toLocalDate();
        if (range == null
                || range.day.isBefore(today)
                || !range.retention.equals(retention.apply(connector))
                || !range.hasRoom(count)) {
            range = assign(connector, today, range != null && !range.hasRoom(count));
            assigned.put(connector, range);
        }
        var seq = range.next;
        range.next += count;
        return seq;
    }

    private Range assign(String connector, LocalDate today, boolean full) {
        var wanted = retention.apply(connector);
        var assigned = transactions.write(connection -> {
            var current = current(connection, connector);
            // a clock that went back leaves the day where it is
            var day = current == null || current.day.isBefore(today) ? today : current.day;
            var least = current == null ? 0 : full ? current.first + 1 : current.first;
            var range = find(connection, day, wanted, least);
            if (range == null) {
                range = open(connection, day, wanted);
            }
            try (var upsert = connection.prepareStatement("""
                    insert into history_connector (connector, first) values (?, ?)
                    on conflict (connector) do update set first = excluded.first
                    """)) {
                Sql.bind(upsert, connector, range.first).executeUpdate();
            }
            return range;
        });
        ranges.put(assigned.first, assigned);
        return assigned;
    }

    private @Nullable Range current(Connection connection, String connector) throws SQLException {
        try (var select = connection.prepareStatement(
                "select h.first, h.day, h.retention from history_connector c join history h using (first) where connector = ?")) {
            return range(connection, Sql.bind(select, connector));
        }
    }

    private @Nullable Range find(Connection connection, LocalDate day, String wanted, long least) throws SQLException {
        try (var select = connection.prepareStatement("""
                select first, day, retention from history
                where first >= greatest(?, ?) and first < ? and retention = ? and closing_at is null
                order by first limit 1
                """)) {
            return range(connection, Sql.bind(select, first(day), least, first(day.plusDays(1)), wanted));
        }
    }

    /** A new range, or the day's last where it has as many as it may have. */
    private Range open(Connection connection, LocalDate day, String wanted) throws SQLException {
        Range last;
        try (var select = connection.prepareStatement("""
                select first, day, retention from history
                where first >= ? and first < ? order by first desc limit 1
                """)) {
            last = range(connection, Sql.bind(select, first(day), first(day.plusDays(1))));
        }
        var first = last == null ? first(day) : last.first + RANGE;
        if (last != null && first == first(day.plusDays(1))) {
            return last;
        }
        try (var open = connection.prepareStatement("select open_history(?, ?, ?)")) {
            Sql.bind(open, first, day, wanted).execute();
        }
        return new Range(first, day, wanted, first);
    }

    private @Nullable Range range(Connection connection, java.sql.PreparedStatement select) throws SQLException {
        var row = select.executeQuery();
        if (!row.next()) {
            return null;
        }
        var first = row.getLong(1);
        var known = ranges.get(first);
        return known != null
                ? known
                : new Range(first, row.getObject(2, LocalDate.class), row.getString(3), next(connection, first));
    }

    /** One more than the greatest number in use. */
    static long next(Connection connection, long first) throws SQLException {
        try (var select =
                connection.prepareStatement("select coalesce(max(seq) + 1, ?) from event where seq >= ? and seq < ?")) {
            var row = Sql.bind(select, first, first, first + RANGE).executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    /** The first number of a day. */
    static long first(LocalDate day) {
        return day.toEpochDay() * SLOTS_A_DAY * RANGE;
    }
}
