package io.dovetail.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.ds.PGSimpleDataSource;

/** How many rows a second the hub's own database server stores durably when nobody asks more of it. */
final class Floors {

    private static final int SINGLE_ROW_CONNECTIONS = 16;
    private static final int BATCH_CONNECTIONS = 4;
    private static final int BATCH = 256;

    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private final byte[] body;

    Floors(Path data, byte[] body) throws IOException {
        this.body = body;
        var secrets = new Properties();
        try (var in = Files.newBufferedReader(data.resolve("postgres-secrets"))) {
            secrets.load(in);
        }
        var port = Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                .get(3)
                .strip();
        database.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/hub");
        database.setUser("hub_owner");
        database.setPassword(secrets.getProperty("hub_owner"));
        database.setPrepareThreshold(1);
    }

    /** One row, one commit, on 16 connections. */
    double singleRows(Duration time) throws Exception {
        return measure(time, SINGLE_ROW_CONNECTIONS, 1, "insert into bench_floor.row (body) values (?)", insert -> {
            insert.setBytes(1, body);
        });
    }

    /** 256 rows a statement and commit, on 4 connections. */
    double batches(Duration time) throws Exception {
        var bodies = new byte[BATCH][];
        Arrays.fill(bodies, body);
        return measure(
                time,
                BATCH_CONNECTIONS,
                BATCH,
                "insert into bench_floor.row (body) select * from unnest(?::bytea[])",
                insert -> insert.setArray(1, insert.getConnection().createArrayOf("bytea", bodies)));
    }

    private interface Binding {
        void bind(PreparedStatement insert) throws SQLException;
    }

    private double measure(Duration time, int connections, int rows, String sql, Binding binding) throws Exception {
        try (var owner = database.getConnection();
                var statement = owner.createStatement()) {
            statement.execute("drop schema if exists bench_floor cascade");
            statement.execute("create schema bench_floor");
            statement.execute(
                    "create table bench_floor.row (id bigint generated always as identity primary key, body bytea not"
                            + " null)");
            var stored = new AtomicLong();
            var stop = new AtomicBoolean();
            try (var threads = Executors.newFixedThreadPool(connections)) {
                Callable<Void> insert = () -> {
                    try (var connection = database.getConnection()) {
                        insert(connection, sql, binding, rows, stored, stop);
                    }
                    return null;
                };
                var running = java.util.stream.Stream.generate(() -> threads.submit(insert))
                        .limit(connections)
                        .toList();
                Thread.sleep(time.toMillis() / 4);
                var from = stored.get();
                var since = System.nanoTime();
                Thread.sleep(time.toMillis());
                var rate = (stored.get() - from) * 1e9 / (System.nanoTime() - since);
                stop.set(true);
                for (Future<Void> each : running) {
                    each.get();
                }
                return rate;
            } finally {
                statement.execute("drop schema bench_floor cascade");
            }
        }
    }

    private static void insert(
            Connection connection, String sql, Binding binding, int rows, AtomicLong stored, AtomicBoolean stop)
            throws SQLException {
        try (var insert = connection.prepareStatement(sql)) {
            while (!stop.get()) {
                binding.bind(insert);
                insert.executeUpdate();
                stored.addAndGet(rows);
            }
        }
    }
}
