package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What people and senders did that must be answered for, as a chain of rows that are only ever added. A row gets its
 * place and its hash in the transaction that writes it: there is none outside the chain at any time.
 */
final class Audit {

    static final String COLUMNS = "n, at, actor, role, action, subject, reason, detail, hash";

    // any number that nobody else uses for a lock in this database
    private static final long LOCK = 0x646f766574_61L;

    private Audit() {}

    /**
     * Writes a row as the last thing of a transaction. It waits for any other that writes one, until that has committed
     * or not: whoever took locks after this could wait in a circle, and whoever worked after this would keep all others
     * waiting.
     */
    static void write(Connection connection, OffsetDateTime at, AuditEntry entry) throws SQLException {
        write(connection, at, List.of(entry));
    }

    /** As {@link #write(Connection, OffsetDateTime, AuditEntry)}, in this order. */
    static void write(Connection connection, OffsetDateTime at, List<AuditEntry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        try (var lock = connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
            Sql.bind(lock, LOCK).executeQuery();
        }
        // a statement of its own: only what begins after the lock was given sees the row of whoever had it before
        var last = last(connection);
        var n = last.map(AuditRow::n).orElse(0L);
        var hash = last.map(AuditRow::hash).orElse(AuditRow.BEGINNING);
        var rows = new ArrayList<AuditRow>(entries.size());
        for (var entry : entries) {
            var row = AuditRow.after(++n, hash, at.toInstant(), entry);
            hash = row.hash();
            rows.add(row);
        }
        insert(connection, at, rows);
    }

    private static void insert(Connection connection, OffsetDateTime at, List<AuditRow> rows) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into audit (at, n, actor, role, action, subject, reason, detail, hash)
                select ?, u.n, u.actor, u.role, u.action, u.subject, u.reason, u.detail::json, u.hash
                from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[])
                  u (n, actor, role, action, subject, reason, detail, hash)
                """)) {
            Sql.bind(
                            insert,
                            at,
                            Sql.column(connection, "int8", rows, AuditRow::n),
                            Sql.column(connection, "text", rows, AuditRow::actor),
                            Sql.column(connection, "text", rows, AuditRow::role),
                            Sql.column(connection, "text", rows, AuditRow::action),
                            Sql.column(connection, "text", rows, AuditRow::subject),
                            Sql.column(connection, "text", rows, AuditRow::reason),
                            Sql.column(connection, "text", rows, AuditRow::detail),
                            Sql.column(
                                    connection,
                                    "bytea",
                                    rows,
                                    row -> HexFormat.of().parseHex(row.hash())))
                    .executeUpdate();
        }
    }

    static Optional<AuditRow> last(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("select " + COLUMNS + " from audit order by n desc limit 1")) {
            var row = select.executeQuery();
            return row.next() ? Optional.of(row(row)) : Optional.empty();
        }
    }

    static AuditRow row(ResultSet row) throws SQLException {
        return new AuditRow(
                row.getLong("n"),
                Objects.requireNonNull(Sql.instant(row, "at")),
                row.getString("actor"),
                row.getString("role"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("reason"),
                row.getString("detail"),
                HexFormat.of().formatHex(row.getBytes("hash")));
    }
}
