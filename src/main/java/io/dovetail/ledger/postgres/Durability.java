package io.dovetail.ledger.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Whether a database keeps what it has confirmed. A 2xx of the hub is worth as much as these settings, so it refuses to
 * run without them.
 */
public final class Durability {

    private Durability() {}

    /**
     * Refuses a database that confirms commits before they are on disk. Checked as this user, since a role may have
     * settings of its own.
     *
     * @throws CannotStartException when {@code fsync} or {@code synchronous_commit} is off, or the server cannot write
     */
    public static void require(DataSource database) throws SQLException {
        try (var connection = database.getConnection()) {
            refuseOff(connection, "fsync");
            refuseOff(connection, "synchronous_commit");
            if (show(connection, "transaction_read_only").equals("on")) {
                throw refused(connection, "it is read-only (a standby?). Give the URL of the primary");
            }
        }
    }

    private static void refuseOff(Connection connection, String setting) throws SQLException {
        if (show(connection, setting).equals("off")) {
            throw refused(
                    connection,
                    "it runs with %s=off and would lose accepted deliveries in a crash. Set %s=on (postgresql.conf, and ALTER ROLE or ALTER DATABASE settings)"
                            .formatted(setting, setting));
        }
    }

    private static CannotStartException refused(Connection connection, String why) throws SQLException {
        var url = connection.getMetaData().getURL().replaceFirst("\\?.*", "");
        return new CannotStartException(
                "The database at %s is refused: %s, then start the hub again.".formatted(url, why));
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW " + setting)) {
            row.next();
            return row.getString(1);
        }
    }
}
