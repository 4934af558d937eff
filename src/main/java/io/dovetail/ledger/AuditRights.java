package io.dovetail.ledger;

import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** What the database lets the role that the hub works as do to the audit. */
public final class AuditRights {

    private AuditRights() {}

    /**
     * The role's name, if it can do more than read and add: because of rights of its own or of a role that it is a
     * member of, or because it, or such a role, owns the table or its schema, and so can give itself any. Who may make
     * functions in the schema, or a schema named like its owner, can do so, too: a function that fits better than
     * PostgreSQL's own of its name is called by those of the owner (CVE-2018-1058).
     */
    public static Optional<String> beyondAdding(DataSource worker) throws SQLException {
        try (var connection = worker.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        select current_user,
                          pg_has_role(audit.relowner, 'member') or pg_has_role(home.nspowner, 'member')
                          or exists (select from pg_roles role where pg_has_role(role.oid, 'member') and (
                            has_any_column_privilege(role.oid, audit.oid, 'update')
                            or has_table_privilege(role.oid, audit.oid, 'delete, truncate, trigger')
                            or has_schema_privilege(role.oid, home.oid, 'create')
                            or has_database_privilege(role.oid, current_database(), 'create')))
                        from pg_class audit join pg_namespace home on home.oid = audit.relnamespace
                        where audit.oid = to_regclass('audit')
                        """)) {
            row.next();
            return row.getBoolean(2) ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }
}
