package io.dovetail.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows as columns: many rows travel as one array a column, so that a batch is one statement and one round trip. */
final class Sql {

    private Sql() {}

    static <T> Array column(
            Connection connection, String type, Collection<T> rows, Function<T, ? extends @Nullable Object> value)
            throws SQLException {
        var values = new Object[rows.size()];
        var i = 0;
        for (var row : rows) {
            values[i++] = value.apply(row);
        }
        return array(connection, type, values);
    }

    static Array bytes(Connection connection, Collection<? extends byte @Nullable []> values) throws SQLException {
        return array(connection, "bytea", values.toArray(new byte[0][]));
    }

    static Array longs(Connection connection, Collection<Long> values) throws SQLException {
        return array(connection, "int8", values.toArray(new Long[0]));
    }

    private static Array array(Connection connection, String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    /** Sets the parameters in their order and returns the statement. */
    static PreparedStatement bind(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (var i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    static @Nullable UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
