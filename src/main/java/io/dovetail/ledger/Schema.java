package io.dovetail.ledger;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** The tables, brought to what this hub needs. */
public final class Schema {

    private Schema() {}

    /**
     * @param owner of the database
     * @param worker the user that works with it, who gets no more than work needs; null: the owner works
     */
    public static void migrate(DataSource owner, @Nullable String worker) throws SQLException {
        Flyway.configure().dataSource(owner).load().migrate();
        if (worker == null) {
            return;
        }
        try (var connection = owner.getConnection();
                var statement = connection.createStatement()) {
            // all at once: at no moment may the worker do what is taken from it below
            connection.setAutoCommit(false);
            var role = statement.enquoteIdentifier(worker, true);
            statement.execute("grant usage on schema public to " + role);
            statement.execute("grant select, insert, update, delete on all tables in schema public to " + role);
            statement.execute("grant usage, select on all sequences in schema public to " + role);
            statement.execute("grant execute on function open_history, drop_history, require_epoch to " + role);
            // what must be answered for is only ever added to
            statement.execute("revoke update, delete, truncate on audit from " + role);
            connection.commit();
        }
    }
}
