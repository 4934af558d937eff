package io.dovetail;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import io.dovetail.ledger.AuditRights;
import io.dovetail.ledger.Schema;
import io.dovetail.ledger.postgres.Credential;
import io.dovetail.ledger.postgres.Durability;
import io.dovetail.ledger.postgres.EmbeddedServer;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The ledger's database, migrated and proven durable: the hub's own server, or the one that a URL names. */
final class Database implements AutoCloseable {

    private static final int POOL = 16;
    private static final String NOT_ALLOWED = "42501"; // insufficient_privilege

    private final @Nullable EmbeddedServer server;
    private final HikariDataSource pool;
    private final Optional<String> masterOfAudit;

    private Database(@Nullable EmbeddedServer server, HikariDataSource pool, Optional<String> masterOfAudit) {
        this.server = server;
        this.pool = pool;
        this.masterOfAudit = masterOfAudit;
    }

    /** Whether there is none yet, so that nothing can be in it. */
    static boolean isNew(HubSettings settings) {
        return settings.isEmbedded() && !EmbeddedServer.hasData(settings.dataPath());
    }

    static Database open(HubSettings settings) {
        var server = settings.isEmbedded() ? EmbeddedServer.start(settings.dataPath()) : null;
        try {
            var worker = server == null
                    ? new Login(settings.databaseUrl(), null)
                    : new Login(server.jdbcUrl(), server.app());
            var owner = server != null
                    ? new Login(server.jdbcUrl(), server.owner())
                    : settings.databaseOwnerUrl().isEmpty() ? worker : new Login(settings.databaseOwnerUrl(), null);
            Durability.require(worker.source());
            Schema.migrate(owner.source(), worker.source());
            var masterOfAudit = AuditRights.beyondAdding(worker.source());
            return new Database(server, pool(worker), masterOfAudit);
        } catch (SQLException e) {
            throw new CannotStartException("The database cannot be used: " + e.getMessage()
                    + (NOT_ALLOWED.equals(e.getSQLState())
                            ? ". A start makes and changes the hub's tables as the role of HUB_DATABASE_OWNER_URL, or of"
                                    + " HUB_DATABASE_URL where that is not set: give it that of their owner."
                            : ""));
        }
    }

    /** @param user null: as the URL says */
    private record Login(String url, @Nullable Credential user) {

        DataSource source() {
            // PostgreSQL's own has all parameters there are in its URL, and Flyway searches that for a quarter of a
            // second
            return new DriverDataSource(
                    url,
                    null,
                    new Properties(),
                    user == null ? null : user.user(),
                    user == null ? null : user.password());
        }
    }

    /** For people: the hub works as a role that can do more to the audit than read it and add to it. */
    Optional<String> auditRisk() {
        return masterOfAudit.map(role -> """
                        As the database role %s, the hub could change and remove rows of its audit: the role owns that \
                        table, its schema or the database, has been granted it, may make functions in the schema (as \
                        everybody may in public of PostgreSQL 14 and older: REVOKE CREATE ON SCHEMA public FROM \
                        PUBLIC), may make schemas in the database (REVOKE CREATE ON DATABASE), is a superuser, or is \
                        a member of such a role. Make a role for work, as CREATE ROLE hub_app LOGIN PASSWORD '…'; give \
                        its URL as \
                        HUB_DATABASE_URL (hub.database-url), and that of the role that owns the tables as \
                        HUB_DATABASE_OWNER_URL (hub.database-owner-url). A start then grants hub_app what work needs, \
                        and no more.\
                        """.formatted(role));
    }

    private static HikariDataSource pool(Login login) {
        var config = new HikariConfig();
        config.setJdbcUrl(login.url);
        if (login.user != null) {
            config.setUsername(login.user.user());
            config.setPassword(login.user.password());
        }
        config.setPoolName("ledger");
        config.setMaximumPoolSize(POOL);
        config.setMinimumIdle(4);
        // a sender is answered within three seconds whatever the database does
        config.setConnectionTimeout(2_000);
        config.setValidationTimeout(1_000);
        config.setKeepaliveTime(120_000);
        config.setMaxLifetime(1_500_000);
        config.addDataSourceProperty("connectTimeout", "3");
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("ApplicationName", "dovetail");
        // Every statement of the ledger finds few rows by an index. A plan that was made while a table was still small
        // would read all of it, and is kept for minutes while the table grows by thousands of rows a second.
        // Planning looks at every partition of the history, so that it is done once a statement and not for each value.
        // A hub that is frozen in a transaction must not keep its heir out: that one waits for the socket's 30 s at
        // most.
        config.addDataSourceProperty(
                "options",
                "-c idle_in_transaction_session_timeout=20s"
                        + " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off"
                        + " -c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0");
        return new HikariDataSource(config);
    }

    DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
        if (server != null) {
            server.close();
        }
    }
}
