package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** What people and senders did that must be answered for. Rows are only ever added. */
final class Audit {

    private Audit() {}

    static void write(
            Connection connection,
            OffsetDateTime at,
            String actor,
            String action,
            String subject,
            @Nullable String reason)
            throws SQLException {
        write(connection, at, actor, action, subject, reason, null);
    }

    /** @param detail as JSON */
    static void write(
            Connection connection,
            OffsetDateTime at,
            String actor,
            String action,
            String subject,
            @Nullable String reason,
            @Nullable String detail)
            throws SQLException {
        try (var insert = connection.prepareStatement(
                "insert into audit (at, actor, action, subject, reason, detail) values (?, ?, ?, ?, ?, ?::jsonb)")) {
            Sql.bind(insert, at, actor, action, subject, reason == null ? null : Steps.clean(reason), detail)
                    .executeUpdate();
        }
    }
}
