package io.dovetail.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An audit from before there was a chain becomes one: the database's hashes are those that the hub computes. */
@ExtendWith(SharedDatabase.class)
class AuditMigrationTest {

    /** One that was rolled back has left a gap in the numbers. */
    private static final String BEFORE = """
            insert into audit (at, actor, action, subject, reason)
              values ('2026-01-02 03:04:05.678901+00', 'admin', 'replay', 'event', 'größer 😀');
            select nextval('audit_n_seq');
            insert into audit (at, actor, action, subject, reason)
              values ('1969-12-31 23:59:59.999999+00', 'jira/default', 'conflict', '', null);
            insert into audit (at, actor, action, subject, detail)
              values (now(), 'start', 'configuration', 'x', '{"b":1}');
            """;

    @Test
    void chainsTheRowsOfBefore(DataSource database) throws SQLException {
        execute(database, "create schema unchained");
        var flyway = Flyway.configure().dataSource(database).schemas("unchained");
        flyway.target("6").load().migrate();
        var older = SharedDatabase.schema(database, "unchained");
        execute(older, BEFORE);
        flyway.target("latest").load().migrate();

        var audit = new AuditLog(new Store(older).transactions);
        assertThat(audit.verify(List.of()))
                .extracting(AuditVerdict::rows, AuditVerdict::problem)
                .containsExactly(3L, null);
        assertThat(audit.page(null, 0, 10))
                .extracting(AuditRow::n, AuditRow::subject, AuditRow::reason, AuditRow::detail)
                .containsExactly(
                        tuple(1L, "event", "größer 😀", null),
                        tuple(2L, "", null, null),
                        tuple(3L, "x", null, "{\"b\": 1}"));
        audit.write(List.of(AuditEntry.of(Store.ADMIN, "discard", "event", null)));
        assertThat(audit.verify(List.of()))
                .extracting(AuditVerdict::rows, AuditVerdict::problem)
                .containsExactly(4L, null);
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
