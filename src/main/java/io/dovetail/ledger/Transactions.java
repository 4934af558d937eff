package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Runs work in transactions that prove, each by itself, that this hub still owns the database: a second hub raises the
 * epoch, and from then on an older one writes nothing, however late it wakes up.
 */
public final class Transactions {

    /** Statements of one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Statements of one transaction, many sent at a time. */
    @FunctionalInterface
    interface PipelinedWork<T> {
        /** @return what is known once all of it is committed */
        Supplier<T> run(Pipeline pipeline) throws SQLException;
    }

    private static final String FENCE = "select require_epoch(?)";
    private static final String FENCE_FORGETTABLE =
            "select set_config('synchronous_commit', 'off', true), require_epoch(?)";
    private static final String HAS_AN_HEIR = "DV001"; // as require_epoch says it

    private static final long NOBODYS_EPOCH = -1;

    // for one statement over a whole table
    private static final Duration SURVEY = Duration.ofMinutes(10);

    private final DataSource dataSource;
    private final Clock clock;
    private final long epoch;

    private Transactions(DataSource dataSource, Clock clock, long epoch) {
        this.dataSource = dataSource;
        this.clock = clock;
        this.epoch = epoch;
    }

    /**
     * Takes the database over from whoever had it.
     *
     * @param partitions how many partitions the keys are spread over; work that is still open is spread anew when that
     *     number has changed
     */
    public static Transactions takeOver(DataSource dataSource, Clock clock, int partitions) {
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            long epoch;
            int before;
            try (var raise = connection.prepareStatement("""
                    update hub_epoch set epoch = epoch + 1, raised_at = ?
                    returning epoch, partitions
                    """)) {
                raise.setObject(1, OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
                var row = raise.executeQuery();
                row.next();
                epoch = row.getLong(1);
                before = row.getInt(2);
            }
            if (before != partitions) {
                try (var statement = connection.createStatement()) {
                    for (var sql : Partitions.spreadAnew(partitions)) {
                        statement.execute(sql);
                    }
                }
            }
            connection.commit();
            return new Transactions(dataSource, clock, epoch);
        } catch (SQLException e) {
            throw new UnavailableException(e);
        }
    }

    /** To read with, by whoever has not taken the database over: all that it writes is refused. */
    public static Transactions toRead(DataSource dataSource) {
        return new Transactions(dataSource, Clock.systemUTC(), NOBODYS_EPOCH);
    }

    /** Commits what {@code work} did, or nothing of it. */
    <T> T write(Work<T> work) {
        return write(FENCE, oneByOne(work));
    }

    /** {@link #write}, in few round trips. */
    <T> T writePipelined(PipelinedWork<T> work) {
        return write(FENCE, work);
    }

    /**
     * Commits what {@code work} did, or nothing of it, without waiting for the disk: for what is done again, with the
     * same result, should the database forget it in a crash. Whoever reads it reads it at once.
     */
    <T> T writeForgettable(Work<T> work) {
        return write(FENCE_FORGETTABLE, oneByOne(work));
    }

    /** {@link #writeForgettable}, in few round trips. */
    <T> T writeForgettablePipelined(PipelinedWork<T> work) {
        return write(FENCE_FORGETTABLE, work);
    }

    private static <T> PipelinedWork<T> oneByOne(Work<T> work) {
        return pipeline -> {
            var result = work.run(pipeline.connection());
            return () -> result;
        };
    }

    private <T> T write(String fence, PipelinedWork<T> work) {
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var pipeline = new Pipeline(connection);
                pipeline.update(fence, epoch);
                var result = work.run(pipeline);
                pipeline.commit();
                return result.get();
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** Runs one query. */
    <T> T query(Work<T> work) {
        try (var connection = dataSource.getConnection()) {
            return work.run(connection);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** Runs several queries on one snapshot of the database. */
    <T> T snapshot(Work<T> work) {
        return snapshot(connection -> {}, work);
    }

    /**
     * Runs a query for the first few of very many, in the order of an index. Where the planner takes them for few, it
     * reads and sorts them all for each few that are asked for.
     */
    <T> T first(Work<T> work) {
        return snapshot(
                connection -> {
                    try (var statement = connection.createStatement()) {
                        statement.execute("set local enable_sort = off");
                    }
                },
                work);
    }

    /**
     * Runs queries that read whole tables, on one snapshot, while no history is removed. The connections of the pool are
     * set for few rows by an index; these get hash joins, their time, and one core of the server's.
     */
    <T> T survey(Work<T> work) {
        return snapshot(Transactions::forWholeTables, work);
    }

    private static void forWholeTables(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) SURVEY.toMillis());
        try (var statement = connection.createStatement()) {
            // locked before the snapshot is taken: a range removed in between would be missing, and not yet be closed
            statement.execute("""
                    set local enable_seqscan = on; set local enable_hashjoin = on; set local enable_mergejoin = on;
                    set local jit = off; set local work_mem = '32MB'; set local max_parallel_workers_per_gather = 0;
                    set local statement_timeout = %d;
                    lock table delivery, event, outbox, event_step, delivery_duplicate in access share mode
                    """.formatted(SURVEY.minusSeconds(10).toMillis()));
        }
    }

    /** The settings of a session. */
    private interface Settings {
        void apply(Connection connection) throws SQLException;
    }

    private <T> T snapshot(Settings settings, Work<T> work) {
        try (var connection = dataSource.getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try {
                settings.apply(connection);
                return work.run(connection);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    /** As the database keeps it, in microseconds: what is remembered is what would be read. */
    OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private RuntimeException translated(SQLException e) {
        var state = e.getSQLState();
        if (HAS_AN_HEIR.equals(state)) {
            return new FencedException(epoch);
        }
        // data that does not fit, a constraint, a wrong statement, a limit of PostgreSQL's: they fail again tomorrow
        var isOurs = state != null && List.of("22", "23", "42", "54").contains(state.substring(0, 2));
        return isOurs ? new BrokenStatementException(e) : new UnavailableException(e);
    }
}
