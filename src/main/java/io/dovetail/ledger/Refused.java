package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was refused of a sender that had proved itself: a row of the audit, which counts what came in a minute. Nothing of
 * such a delivery is stored, so that it is found by its partner, or by the delivery whose id it bore with another body.
 *
 * @param reason as {@code conflict}
 * @param count how often from {@code first} to {@code last}
 */
public record Refused(String connector, String sender, String reason, long count, Instant first, Instant last) {

    // as V18 indexes it
    private static final String PARTNER = """
            (case split_part(actor, '/', 2) when 'default' then split_part(actor, '/', 1) else split_part(actor, '/', 2) end
              collate "C")""";

    private static final String ROWS = """
            select n, actor, subject, detail from audit
            where action = 'delivery-refused' and strpos(actor, '/') > 0 and %s = ? order by -n limit ?
            """.formatted(PARTNER);

    static final String OF_PARTNER = """
            select n, actor, subject, (detail->>'count')::bigint count, (detail->>'first')::timestamptz first,
              (detail->>'last')::timestamptz last from (%s) r order by n
            """.formatted(ROWS);

    // a sender's newest thousand kinds of refusal reach back for most of a day at least
    static final String OF_DELIVERY = """
            select n, actor, subject, (detail->>'count')::bigint count, (detail->>'first')::timestamptz first,
              (detail->>'last')::timestamptz last from (%s) r
            where subject = 'conflict' and strpos(detail::text, ?) > 0 order by n
            """.formatted(ROWS);

    private static final int LOOKED_AT = 1000;

    /** The newest, oldest first. */
    static List<Refused> of(Connection connection, String word, int limit) throws SQLException {
        var refused = new ArrayList<>(read(connection, OF_PARTNER, word, limit));
        var id = Search.uuid(word);
        var partner = id == null ? null : partner(connection, id);
        if (id != null && partner != null) {
            refused.addAll(read(connection, OF_DELIVERY, partner, LOOKED_AT, id.toString()));
        }
        return refused.subList(Math.max(0, refused.size() - limit), refused.size());
    }

    private static @Nullable String partner(Connection connection, UUID delivery) throws SQLException {
        try (var select =
                connection.prepareStatement("select " + Search.PARTNER + " partner from delivery where id = ?")) {
            var row = Sql.bind(select, delivery).executeQuery();
            return row.next() ? row.getString(1) : null;
        }
    }

    private static List<Refused> read(Connection connection, String sql, Object... parameters) throws SQLException {
        try (var select = connection.prepareStatement(sql)) {
            var row = Sql.bind(select, parameters).executeQuery();
            var refused = new ArrayList<Refused>();
            while (row.next()) {
                var actor = row.getString("actor").split("/", 2);
                refused.add(new Refused(
                        actor[0],
                        actor[1],
                        row.getString("subject"),
                        row.getLong("count"),
                        Objects.requireNonNull(Sql.instant(row, "first")),
                        Objects.requireNonNull(Sql.instant(row, "last"))));
            }
            return refused;
        }
    }
}
