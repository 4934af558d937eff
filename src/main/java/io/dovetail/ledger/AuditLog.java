package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The audit for those who add to it, read it and prove that nobody has changed it. */
public final class AuditLog {

    private static final int PIECE = 1_000;

    private final Transactions transactions;
    private final ReentrantLock verifying = new ReentrantLock();

    public AuditLog(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Adds rows in this order. */
    public void write(List<AuditEntry> entries) {
        if (!entries.isEmpty()) {
            transactions.write(connection -> {
                Audit.write(connection, transactions.now(), entries);
                return entries;
            });
        }
    }

    /** How far it is now; empty while there are no rows. */
    public Optional<AuditHead> head() {
        return transactions.query(connection ->
                Audit.last(connection).map(row -> row.head(transactions.now().toInstant())));
    }

    /**
     * @param since none from before; null: all
     * @param after only those after this row
     */
    public List<AuditRow> page(@Nullable Instant since, long after, int limit) {
        return transactions.query(connection -> {
            var first = since == null ? 1 : firstSince(connection, since);
            try (var select = connection.prepareStatement(
                    "select " + Audit.COLUMNS + " from audit where n > ? and n >= ? order by n limit ?")) {
                var row = Sql.bind(select, after, first, limit).executeQuery();
                var rows = new ArrayList<AuditRow>();
                while (row.next()) {
                    rows.add(Audit.row(row));
                }
                return List.copyOf(rows);
            }
        });
    }

    private static long firstSince(Connection connection, Instant since) throws SQLException {
        try (var select = connection.prepareStatement("select n from audit where at >= ? order by at, n limit 1")) {
            var row = Sql.bind(select, since.atOffset(ZoneOffset.UTC)).executeQuery();
            return row.next() ? row.getLong(1) : Long.MAX_VALUE;
        }
    }

    /** The first head that speaks of a row that is gone or another one now; a quick look, and no proof that all is well. */
    public Optional<AuditHead> contradicted(List<AuditHead> heads) {
        var hashes = transactions.query(connection -> hashes(connection, heads));
        return heads.stream()
                .filter(head -> !head.hash().equals(hashes.get(head.n())))
                .findFirst();
    }

    private static Map<Long, String> hashes(Connection connection, List<AuditHead> heads) throws SQLException {
        try (var select = connection.prepareStatement("select n, hash from audit where n = any(?)")) {
            var row = Sql.bind(select, Sql.column(connection, "int8", heads, AuditHead::n))
                    .executeQuery();
            var hashes = new HashMap<Long, String>();
            while (row.next()) {
                hashes.put(row.getLong(1), HexFormat.of().formatHex(row.getBytes(2)));
            }
            return hashes;
        }
    }

    /**
     * Walks all rows, and compares them with what was seen of them earlier.
     *
     * @param heads in the order in which they were taken
     */
    public AuditVerdict verify(List<AuditHead> heads) {
        // it reads the whole table: one at a time is enough for the database
        verifying.lock();
        try {
            return transactions.snapshot(connection -> verify(connection, heads));
        } finally {
            verifying.unlock();
        }
    }

    private static AuditVerdict verify(Connection connection, List<AuditHead> heads) throws SQLException {
        var walk = new AuditWalk(heads);
        try (var rows = new Rows(connection, 0)) {
            for (var row = rows.next(); row != null; row = rows.next()) {
                if (!walk.goesOnWith(row)) {
                    break;
                }
            }
        }
        if (walk.misfit() == null) {
            return walk.verdict();
        }
        try (var rest = new Rows(connection, walk.misfit().n())) {
            return walk.verdict(AuditMisfit.explained(walk, rest));
        }
    }

    /** Rows in their order, a piece at a time. */
    static final class Rows implements AutoCloseable {

        private final java.sql.PreparedStatement select;
        private final java.sql.ResultSet row;

        private Rows(Connection connection, long after) throws SQLException {
            select = connection.prepareStatement("select " + Audit.COLUMNS + " from audit where n > ? order by n");
            select.setFetchSize(PIECE);
            row = Sql.bind(select, after).executeQuery();
        }

        @Nullable
        AuditRow next() throws SQLException {
            return row.next() ? Audit.row(row) : null;
        }

        @Override
        public void close() throws SQLException {
            select.close();
        }
    }
}
