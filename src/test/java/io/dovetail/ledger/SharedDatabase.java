package io.dovetail.ledger;

import io.dovetail.ledger.postgres.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.FileSystemUtils;

/** One PostgreSQL for all tests of a JVM, and in it a schema of its own for each test that asks for a {@link DataSource}. */
public final class SharedDatabase implements ParameterResolver {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DataSource.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedDatabase.class))
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .fresh();
    }

    /** Another schema of the same database. */
    static DataSource schema(DataSource database, String schema) {
        var of = (PGSimpleDataSource) database;
        var source = new PGSimpleDataSource();
        source.setUrl(of.getUrl());
        source.setUser(of.getUser());
        source.setPassword(of.getPassword());
        source.setCurrentSchema(schema);
        return source;
    }

    /** As Flyway orders them: 10 comes after 9. */
    private static int version(Resource migration) {
        var name = Objects.requireNonNull(migration.getFilename());
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    private record Running(Path data, EmbeddedServer server) implements ExtensionContext.Store.CloseableResource {

        static Running start() {
            try {
                var data = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "ledger-");
                return new Running(data, EmbeddedServer.start(data));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        DataSource fresh() {
            var schema = "s" + SCHEMAS.incrementAndGet();
            try (var connection = connect();
                    var statement = connection.createStatement()) {
                // the migrations as they stand: Flyway's own work on each schema takes longer than most of the tests
                statement.execute("create schema " + schema + "; set search_path to " + schema + ";" + migrations());
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e);
            }
            var source = new PGSimpleDataSource();
            source.setUrl(server.jdbcUrl());
            source.setUser(server.owner().user());
            source.setPassword(server.owner().password());
            source.setCurrentSchema(schema);
            // no test here ends the server, and disks of build machines are slow
            source.setOptions("-c synchronous_commit=off");
            return source;
        }

        private static String migrations() throws IOException {
            var all = new StringBuilder();
            var files = new PathMatchingResourcePatternResolver().getResources("classpath:db/migration/V*.sql");
            Arrays.sort(files, Comparator.comparing(SharedDatabase::version));
            for (var file : files) {
                all.append(file.getContentAsString(StandardCharsets.UTF_8)).append(";\n");
            }
            return all.toString();
        }

        private Connection connect() throws SQLException {
            return DriverManager.getConnection(
                    server.jdbcUrl(), server.owner().user(), server.owner().password());
        }

        @Override
        public void close() throws IOException {
            server.close();
            FileSystemUtils.deleteRecursively(data);
        }
    }
}
