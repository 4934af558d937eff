package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Event ids that stand for one content alone, from the moment a delivery with it is accepted: for senders who are to be told at
 * once that an id is taken. They lie beside the deliveries' own identities and are forgotten with them.
 */
final class ExclusiveNames {

    private ExclusiveNames() {}

    record Offered(NewDelivery delivery, long firstEvent) {}

    private record Name(byte[] content, UUID delivery, long firstEvent) {}

    /**
     * Takes the names of each delivery, all of them or none, in their order.
     *
     * @param offered those that are {@link NewDelivery#exclusive}
     *
     * @return of the deliveries that do not get theirs, by id, the one that has one of them
     */
    static Map<UUID, UUID> take(Connection connection, List<Offered> offered, OffsetDateTime now) throws SQLException {
        if (offered.isEmpty()) {
            return Map.of();
        }
        var known = known(connection, offered);
        var taken = new LinkedHashMap<UUID, Name>();
        var refused = new HashMap<UUID, UUID>();
        for (var one : offered) {
            var own = new LinkedHashMap<UUID, Name>();
            @Nullable UUID other = null;
            var names = one.delivery.names();
            for (var i = 0; i < names.size(); i++) {
                var name = names.get(i);
                var content = one.delivery.events().get(i).contentHash();
                var before = known.getOrDefault(name, own.get(name));
                if (before == null) {
                    own.put(name, new Name(content, one.delivery.id(), one.firstEvent));
                } else if (!Arrays.equals(before.content, content)) {
                    other = before.delivery;
                }
            }
            if (other == null) {
                taken.putAll(own);
                known.putAll(own);
            } else {
                refused.put(one.delivery.id(), other);
            }
        }
        insert(connection, taken, now);
        forget(connection, refused, offered);
        return refused;
    }

    private static Map<UUID, Name> known(Connection connection, List<Offered> offered) throws SQLException {
        var names = offered.stream()
                .flatMap(one -> one.delivery.names().stream())
                .distinct()
                .toList();
        try (var select = connection.prepareStatement(
                "select dedupe, body_hash, delivery, first_event from seen_delivery where dedupe = any(?)")) {
            var row = Sql.bind(select, Sql.column(connection, "uuid", names, name -> name))
                    .executeQuery();
            var known = new HashMap<UUID, Name>();
            while (row.next()) {
                known.put(
                        row.getObject(1, UUID.class),
                        new Name(row.getBytes(2), row.getObject(3, UUID.class), row.getLong(4)));
            }
            return known;
        }
    }

    // a connector is in one writer's hand at a time, so that nobody takes one in between
    private static void insert(Connection connection, Map<UUID, Name> taken, OffsetDateTime now) throws SQLException {
        if (taken.isEmpty()) {
            return;
        }
        var names = new ArrayList<>(taken.values());
        try (var insert = connection.prepareStatement("""
                insert into seen_delivery (day, dedupe, body_hash, delivery, first_event)
                select ?::date, * from unnest(?::uuid[], ?::bytea[], ?::uuid[], ?::bigint[])
                """)) {
            Sql.bind(
                            insert,
                            now.toLocalDate(),
                            Sql.column(connection, "uuid", taken.keySet(), name -> name),
                            Sql.column(connection, "bytea", names, Name::content),
                            Sql.column(connection, "uuid", names, Name::delivery),
                            Sql.column(connection, "int8", names, Name::firstEvent))
                    .executeUpdate();
        }
    }

    /** What is refused was not here: its own identity, seen a moment ago in this transaction, is not either. */
    private static void forget(Connection connection, Map<UUID, UUID> refused, List<Offered> offered)
            throws SQLException {
        if (refused.isEmpty()) {
            return;
        }
        var identities = offered.stream()
                .filter(one -> refused.containsKey(one.delivery.id()))
                .map(one -> one.delivery.dedupe())
                .toList();
        try (var delete = connection.prepareStatement("delete from seen_delivery where dedupe = any(?)")) {
            Sql.bind(delete, Sql.column(connection, "uuid", identities, id -> id))
                    .executeUpdate();
        }
    }
}
