package io.dovetail.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows as columns: many rows travel as one array a column, so that a batch is one statement and one round trip. */
final class Sql {

    private Sql() {}

    // the driver sends arrays of these in binary form, and others as text it must build
    private static final Map<String, Class<?>> ELEMENTS = Map.of(
            "bool", Boolean.class,
            "bytea", byte[].class,
            "int2", Short.class,
            "int4", Integer.class,
            "int8", Long.class,
            "text", String.class,
            "uuid", UUID.class);

    /** @param type the PostgreSQL type of an element */
    static <T> Array column(
            Connection connection, String type, Collection<T> rows, Function<T, ? extends @Nullable Object> value)
            throws SQLException {
        var values = (Object[]) java.lang.reflect.Array.newInstance(ELEMENTS.get(type), rows.size());
        var i = 0;
        for (var row : rows) {
            values[i++] = value.apply(row);
        }
        return connection.createArrayOf(type, values);
    }

    static Array longs(Connection connection, Collection<Long> values) throws SQLException {
        return column(connection, "int8", values, value -> value);
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

    /** An array of texts; none where there is no array. */
    static List<String> texts(ResultSet row, String column) throws SQLException {
        var array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
