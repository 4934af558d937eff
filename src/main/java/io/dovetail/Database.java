package io.dovetail;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import io.dovetail.ledger.Schema;
import io.dovetail.ledger.postgres.Credential;
import io.dovetail.ledger.postgres.Durability;
import io.dovetail.ledger.postgres.EmbeddedServer;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The ledger's database, migrated and proven durable: the hub's own server, or the one that a URL names. */
final class Database implements AutoCloseable {

    private static final int POOL = 16;

    private final @Nullable EmbeddedServer server;
    private final HikariDataSource pool;

    private Database(@Nullable EmbeddedServer server, HikariDataSource pool) {
        this.server = server;
        this.pool = pool;
    }

    /** Whether there is none yet, so that nothing can be in it. */
    static boolean isNew(HubSettings settings) {
        return settings.isEmbedded() && !EmbeddedServer.hasData(settings.dataPath());
    }

    static Database open(HubSettings settings) {
        var server = settings.isEmbedded() ? EmbeddedServer.start(settings.dataPath()) : null;
        try {
            var config = new HikariConfig();
            if (server == null) {
                prepare(settings.databaseUrl(), null, null);
                config.setJdbcUrl(settings.databaseUrl());
            } else {
                prepare(server.jdbcUrl(), server.owner(), server.app());
                config.setJdbcUrl(server.jdbcUrl());
                config.setUsername(server.app().user());
                config.setPassword(server.app().password());
            }
            return new Database(server, pool(config));
        } catch (SQLException e) {
            throw new CannotStartException("The database cannot be used: " + e.getMessage());
        }
    }

    /**
     * @param owner null: as the URL says
     * @param app null: the owner works, too
     */
    private static void prepare(String url, @Nullable Credential owner, @Nullable Credential app) throws SQLException {
        // PostgreSQL's own has all parameters there are in its URL, and Flyway searches that for a quarter of a second
        var source = new DriverDataSource(
                url,
                null,
                new Properties(),
                owner == null ? null : owner.user(),
                owner == null ? null : owner.password());
        Durability.require(source);
        Schema.migrate(source, app == null ? null : app.user());
    }

    private static HikariDataSource pool(HikariConfig config) {
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
