package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;

/** How far sources have been read that the hub asks for news. */
public final class Cursors {

    /**
     * @param position where to go on, as JSON that means something to the route that asks
     * @param readAt when the last asking began that came to the source's end, by our clock
     */
    public record Cursor(String position, Instant readAt) {}

    private final Transactions transactions;

    public Cursors(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param poll the route that asks */
    public Optional<Cursor> find(String poll) {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("select position, read_at from poll_cursor where poll = ?")) {
                var row = Sql.bind(select, poll).executeQuery();
                return row.next()
                        ? Optional.of(new Cursor(
                                row.getString("position"), Objects.requireNonNull(Sql.instant(row, "read_at"))))
                        : Optional.empty();
            }
        });
    }

    /** To be called only when all that lies before it is stored. */
    public void move(String poll, Cursor to) {
        transactions.write(connection -> write(connection, poll, to));
    }

    /** An operator lets a source be read anew from another place. */
    public void move(String poll, Cursor to, Actor actor, String reason) {
        transactions.write(connection -> {
            write(connection, poll, to);
            var subject = poll + " from " + to.position();
            Audit.write(connection, transactions.now(), AuditEntry.of(actor, "read anew", subject, reason));
            return to;
        });
    }

    private static Cursor write(Connection connection, String poll, Cursor to) throws SQLException {
        try (var upsert = connection.prepareStatement("""
                insert into poll_cursor (poll, position, read_at) values (?, ?, ?)
                on conflict (poll) do update set position = excluded.position, read_at = excluded.read_at
                """)) {
            Sql.bind(upsert, poll, to.position(), to.readAt().atOffset(ZoneOffset.UTC))
                    .executeUpdate();
            return to;
        }
    }
}
