package io.dovetail.ledger;

import io.dovetail.ledger.postgres.CannotStartException;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The tables, brought to what this hub needs. */
public final class Schema {

    // a copy of a database has the same names in it, and not these
    private static final String IDENTITY = """
            select concat_ws(' ', pg_postmaster_start_time(), to_regclass('audit')::oid,
              (select oid from pg_database where datname = current_database()))
            """;

    private Schema() {}

    /**
     * @param owner as whom the tables are made and changed
     * @param worker as whom the hub works, who gets no more than work needs; the same role: the owner works
     * @throws SQLException also where Flyway met it
     * @throws CannotStartException when the two lead to different tables
     */
    public static void migrate(DataSource owner, DataSource worker) throws SQLException {
        var role = role(worker);
        try {
            Flyway.configure().dataSource(owner).load().migrate();
        } catch (FlywayException e) {
            throw cause(e);
        }
        try (var connection = owner.getConnection();
                var statement = connection.createStatement()) {
            if (role.equals(role(statement))) {
                return;
            }
            // all at once: at no moment may the worker do what is taken from it below
            connection.setAutoCommit(false);
            // two hubs that start at the same time would be in each other's way
            statement.execute("select pg_advisory_xact_lock(hashtext('hub grants'))");
            var name = statement.enquoteIdentifier(role, true);
            var schema = statement.enquoteIdentifier(text(statement, "select current_schema()"), true);
            statement.execute("grant usage on schema " + schema + " to " + name);
            statement.execute("grant select, insert, update, delete on all tables in schema " + schema + " to " + name);
            statement.execute("grant usage, select on all sequences in schema " + schema + " to " + name);
            statement.execute("grant execute on function open_history, drop_history, require_epoch to " + name);
            // what must be answered for is only ever added to, and what was migrated is the owner's to say
            statement.execute("revoke update, delete, truncate, trigger on audit from " + name);
            statement.execute("revoke insert, update, delete on flyway_schema_history from " + name);
            connection.commit();
            requireSame(text(statement, IDENTITY), worker);
        }
    }

    private static void requireSame(String migrated, DataSource worker) throws SQLException {
        try (var connection = worker.getConnection();
                var statement = connection.createStatement()) {
            if (!migrated.equals(text(statement, IDENTITY))) {
                throw new CannotStartException("HUB_DATABASE_OWNER_URL (hub.database-owner-url) and HUB_DATABASE_URL"
                        + " (hub.database-url) lead to different databases or schemas: the hub would make its tables in"
                        + " one and work with another. Give both the same server, database and schema.");
            }
        }
    }

    private static String role(DataSource user) throws SQLException {
        try (var connection = user.getConnection();
                var statement = connection.createStatement()) {
            return role(statement);
        }
    }

    private static String role(Statement statement) throws SQLException {
        return text(statement, "select current_user");
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    // of what Flyway wraps, what the database said is for people
    private static SQLException cause(FlywayException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException said) {
                return said;
            }
        }
        throw thrown;
    }
}
