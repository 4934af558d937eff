package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Tells the audit which secret files came, went or were written anew, also while no hub ran. Their names and times
 * alone: what is in them is nobody's business here.
 */
public final class SecretHistory {

    private static final int MOST_ROWS = 200;

    private final Transactions transactions;

    public SecretHistory(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param written when each file that is there now was last written */
    public void tell(Map<String, Instant> written) {
        var now = new TreeMap<String, Instant>();
        written.forEach((name, at) -> now.put(Steps.clean(name), at.truncatedTo(ChronoUnit.MICROS)));
        transactions.write(connection -> {
            var before = known(connection);
            var entries = new ArrayList<AuditEntry>();
            for (var file : now.entrySet()) {
                var known = before.remove(file.getKey());
                if (!file.getValue().equals(known)) {
                    entries.add(entry(file.getKey(), known == null ? "added" : "changed"));
                    keep(connection, file.getKey(), file.getValue());
                }
            }
            for (var gone : before.keySet()) {
                entries.add(entry(gone, "removed"));
                forget(connection, gone);
            }
            Audit.write(connection, transactions.now(), bounded(entries));
            return entries;
        });
    }

    private static AuditEntry entry(String name, String what) {
        return AuditEntry.of(Actor.UNKNOWN, "secret", name, what);
    }

    private static List<AuditEntry> bounded(List<AuditEntry> entries) {
        if (entries.size() <= MOST_ROWS) {
            return entries;
        }
        var some = new ArrayList<>(entries.subList(0, MOST_ROWS - 1));
        some.add(entry("others", (entries.size() - some.size()) + " more files"));
        return some;
    }

    private static Map<String, Instant> known(Connection connection) throws SQLException {
        try (var select = connection.prepareStatement("select name, written_at from secret_seen")) {
            var row = select.executeQuery();
            var known = new HashMap<String, Instant>();
            while (row.next()) {
                known.put(row.getString("name"), Objects.requireNonNull(Sql.instant(row, "written_at")));
            }
            return known;
        }
    }

    private static void keep(Connection connection, String name, Instant written) throws SQLException {
        try (var upsert = connection.prepareStatement("""
                insert into secret_seen (name, written_at) values (?, ?)
                on conflict (name) do update set written_at = excluded.written_at
                """)) {
            Sql.bind(upsert, name, written.atOffset(ZoneOffset.UTC)).executeUpdate();
        }
    }

    private static void forget(Connection connection, String name) throws SQLException {
        try (var delete = connection.prepareStatement("delete from secret_seen where name = ?")) {
            Sql.bind(delete, name).executeUpdate();
        }
    }
}
