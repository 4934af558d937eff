package io.dovetail.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The ordering keys that are held, since an event of each is parked, or waits for another system or for an operator. */
public final class Holds {

    private final Transactions transactions;

    public Holds(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A connector's held keys.
     *
     * @param since when the oldest of these holds began
     * @param deepest how many events wait behind the one behind which most do
     */
    public record Held(String connector, long keys, Instant since, long deepest) {}

    /** Reads a row for each held key and an index entry for each held event. */
    public List<Held> byConnector() {
        return transactions.query(connection -> {
            try (var select = connection.prepareStatement("""
                    select h.connector, h.keys, h.since, coalesce(d.deepest, 0) deepest
                    from (select e.connector, count(*) keys, min(h.since) since
                          from held_key h join event e on e.seq = h.blocker group by e.connector) h
                    left join (
                      select connector, max(n) deepest
                      from (select connector, count(*) n from event where state = 'held' group by connector, key_hash) k
                      group by connector) d using (connector)
                    order by h.connector
                    """)) {
                var row = select.executeQuery();
                var held = new ArrayList<Held>();
                while (row.next()) {
                    held.add(new Held(
                            row.getString("connector"),
                            row.getLong("keys"),
                            Objects.requireNonNull(Sql.instant(row, "since")),
                            row.getLong("deepest")));
                }
                return List.copyOf(held);
            }
        });
    }
}
