package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which events a word names. It may be a business key's value, a partner, the id of an event or of a delivery, or a trace;
 * each is looked up by an index of its own, and for no more than is wanted, however many there are.
 */
final class Search {

    /** Who sent a delivery, as V18 indexes it: the sender, or the connector where senders have no names of their own. */
    static final String PARTNER = "(case sender when 'default' then connector else sender end collate \"C\")";

    // in the last word on these two, the number is negative as the indexes have it
    static final String KEY =
            "select distinct event from business_key where value = ? and event < ? order by event desc limit ?";

    static final String EVENT = """
            select seq from event
            where id = ? and -seq > ? and (state in ('held', 'waiting', 'ignored', 'duplicate', 'parked', 'discarded')
              or state = 'accepted' and turn > 0)
            order by -seq limit ?
            """;

    static final String PUBLISHED = "select event from seen_event where id = ?";

    static final String OF_PARTNER = deliveries(PARTNER + " = ? and -first_event > ? and first_event < ?");

    static final String OF_TRACE = deliveries("""
            (substr(traceparent, 4, 32) collate "C") = ? and substr(traceparent, 4, 32) <> replace(id::text, '-', '')
              and -first_event > ? and first_event < ?""");

    static final String OF_DELIVERY = deliveries("id = ? and -first_event > ? and first_event < ?");

    private static final Pattern TRACE = Pattern.compile("(?:00-)?([0-9a-f]{32})(?:-[0-9a-f]{16}-[0-9a-f]{2})?");
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Connection connection;
    private final long before;
    private final int limit;
    private final TreeSet<Long> found = new TreeSet<>(Comparator.reverseOrder());

    private Search(Connection connection, long before, int limit) {
        this.connection = connection;
        this.before = before;
        this.limit = limit;
    }

    /** The numbers of the newest, {@code limit} at most, before {@code before}. */
    static List<Long> newest(Connection connection, String word, long before, int limit) throws SQLException {
        var search = new Search(connection, before, limit);
        search.add(KEY, word, before, limit);
        search.addDeliveries(OF_PARTNER, word);
        var id = uuid(word);
        if (id != null) {
            search.add(PUBLISHED, id);
            search.add(EVENT, id, -before, limit);
            search.addDeliveries(OF_DELIVERY, id);
        }
        var trace = trace(word);
        if (trace != null) {
            search.addDeliveries(OF_TRACE, trace);
            search.addDeliveries(OF_DELIVERY, asUuid(trace));
        }
        return search.found.stream().limit(limit).toList();
    }

    /** The newest events of the newest deliveries of which {@code which} holds. */
    private static String deliveries(String which) {
        return """
                select s from (
                  select first_event, least(first_event + events, ?) past from delivery
                  where %s order by -first_event limit ?) d
                cross join lateral generate_series(past - 1, greatest(first_event, past - ?), -1) s
                order by s desc limit ?
                """.formatted(which);
    }

    private void addDeliveries(String sql, Object name) throws SQLException {
        add(sql, before, name, -before, before, limit, limit, limit);
    }

    private void add(String sql, Object... parameters) throws SQLException {
        try (var select = connection.prepareStatement(sql)) {
            var row = Sql.bind(select, parameters).executeQuery();
            while (row.next()) {
                if (row.getLong(1) < before) {
                    found.add(row.getLong(1));
                }
            }
        }
    }

    static @Nullable UUID uuid(String word) {
        var text = word.toLowerCase(Locale.ROOT);
        return UUID_FORM.matcher(text).matches() ? UUID.fromString(text) : null;
    }

    /** Of {@code 4bf92f3577b34da6a3ce929d0e0e4736}, or of a whole traceparent (W3C Trace Context). */
    static @Nullable String trace(String word) {
        return Optional.of(TRACE.matcher(word.toLowerCase(Locale.ROOT)))
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.group(1))
                .orElse(null);
    }

    private static UUID asUuid(String trace) {
        return new UUID(
                Long.parseUnsignedLong(trace.substring(0, 16), 16), Long.parseUnsignedLong(trace.substring(16), 16));
    }
}
