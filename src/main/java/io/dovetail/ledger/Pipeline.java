package io.dovetail.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A transaction's statements, sent many at a time: a round trip for each would be most of what a small transaction costs.
 * They run in their order, each sees what those before it did, and none runs behind one that failed. What a statement came
 * to is known after {@link #sync}.
 */
final class Pipeline {

    /** How to read the rows of a query. */
    @FunctionalInterface
    interface Reading<T> {
        T of(ResultSet rows) throws SQLException;
    }

    /** What a statement came to. */
    static final class Answer<T> {

        private final Taking<T> taking;
        private final boolean decides;
        private @Nullable T value;

        /** @param decides whether it may be one with which nothing is committed */
        private Answer(boolean decides, Taking<T> taking) {
            this.decides = decides;
            this.taking = taking;
        }

        T get() {
            return Objects.requireNonNull(value, "not known before the pipeline is synchronized");
        }

        private void take(Statement statement) throws SQLException {
            value = taking.of(statement);
        }
    }

    private interface Taking<T> {
        T of(Statement statement) throws SQLException;
    }

    private final Connection connection;
    private final List<Answer<?>> underWay = new ArrayList<>();
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private StringJoiner statements = statements();

    Pipeline(Connection connection) {
        this.connection = connection;
    }

    private static StringJoiner statements() {
        return new StringJoiner(";\n");
    }

    /** @return how many rows it changed */
    Answer<Integer> update(String sql, @Nullable Object... parameters) {
        return add(new Answer<>(false, Statement::getUpdateCount), sql, parameters);
    }

    /**
     * A change of so many rows, or nothing of the transaction.
     *
     * @param otherwise why not, of the number of rows that it changed
     */
    void require(int rows, IntFunction<RuntimeException> otherwise, String sql, @Nullable Object... parameters) {
        add(
                new Answer<>(true, statement -> {
                    var changed = statement.getUpdateCount();
                    if (changed != rows) {
                        throw otherwise.apply(changed);
                    }
                    return changed;
                }),
                sql,
                parameters);
    }

    /**
     * What is sent behind a query that answers much should be little: the driver reads no answer before all is sent, and a
     * server whose answer nobody reads takes nothing in.
     */
    <T> Answer<T> query(String sql, Reading<T> reading, @Nullable Object... parameters) {
        return add(new Answer<>(false, statement -> reading.of(statement.getResultSet())), sql, parameters);
    }

    private <T> Answer<T> add(Answer<T> answer, String sql, @Nullable Object... parameters) {
        statements.add(sql);
        this.parameters.addAll(Arrays.asList(parameters));
        underWay.add(answer);
        return answer;
    }

    /** {@link Sql#column} */
    <T> Array column(String type, Collection<T> rows, Function<T, ? extends @Nullable Object> value)
            throws SQLException {
        return Sql.column(connection, type, rows, value);
    }

    /** {@link Sql#longs} */
    Array longs(Collection<Long> values) throws SQLException {
        return Sql.longs(connection, values);
    }

    /** To be used at once, for statements that are sent one by one: behind all that were added before. */
    Connection connection() throws SQLException {
        sync();
        return connection;
    }

    /** Commits, in the same round trip as what was not sent yet; unless that may be a reason not to. */
    void commit() throws SQLException {
        if (underWay.stream().anyMatch(answer -> answer.decides)) {
            sync();
        }
        update("commit");
        sync();
        // sends nothing any more; but the pool must not take the connection for one that has work to undo
        connection.commit();
    }

    /** Sends what was added since the last time, and waits for what it came to. */
    void sync() throws SQLException {
        if (underWay.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(statements.toString())) {
            Sql.bind(statement, parameters.toArray()).execute();
            for (var answer : underWay) {
                answer.take(statement);
                statement.getMoreResults();
            }
        } finally {
            underWay.clear();
            parameters.clear();
            statements = statements();
        }
    }
}
