package io.dovetail.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The books: what was answered, accepted and read against what became of it, per connector. Every transaction that
 * changes a fate adds its differences; they are folded into minutes in the background, and always read together with
 * what is not folded yet.
 */
public final class Books {

    private final Transactions transactions;

    public Books(Transactions transactions) {
        this.transactions = transactions;
    }

    /** {@code difference} is 0, or something was lost or counted twice. */
    public record Page(String connector, DeliveryCounts deliveries, EventCounts events, long difference) {}

    public record DeliveryCounts(long answered, long accepted, long duplicate) {}

    /**
     * @param waiting in flight too, for the next attempt to ask another system, after one that failed; for the gauge, since
     *     the books' fields are what their readers know
     */
    public record EventCounts(
            long read,
            long published,
            long ignored,
            long duplicate,
            long parked,
            long discarded,
            long inFlight,
            long held,
            @JsonIgnore long waiting) {}

    /** One page a connector, all of one snapshot; in flight is counted from the rows, never taken as the remainder. */
    public List<Page> pages() {
        return transactions.snapshot(connection -> {
            try (var select = connection.prepareStatement("""
                    with moved as (
                      select connector, sum(answered) answered, sum(accepted) accepted, sum(duplicate) duplicate,
                        sum(read) read, sum(published) published, sum(ignored) ignored,
                        sum(event_duplicate) event_duplicate, sum(parked) parked, sum(discarded) discarded
                      from (select connector, answered, accepted, duplicate, read, published, ignored,
                              event_duplicate, parked, discarded from book
                            union all
                            select connector, answered, accepted, duplicate, read, published, ignored,
                              event_duplicate, parked, discarded from book_delta) b
                      group by connector),
                    open as (
                      select connector, count(*) in_flight, count(*) filter (where state = 'held') held,
                        count(*) filter (where state = 'waiting' and calls > 0) waiting
                      from (select connector, state, 0 calls from event where state = 'accepted'
                            union all select connector, state, 0 from event where state = 'held'
                            union all select connector, state, calls from event where state = 'waiting'
                            union all select connector, state, 0 from event where state = 'translated') e
                      group by connector)
                    select *, coalesce(in_flight, 0) in_flight_now, coalesce(held, 0) held_now,
                      coalesce(waiting, 0) waiting_now
                    from moved left join open using (connector) order by connector
                    """)) {
                var row = select.executeQuery();
                var pages = new ArrayList<Page>();
                while (row.next()) {
                    var deliveries = new DeliveryCounts(
                            row.getLong("answered"), row.getLong("accepted"), row.getLong("duplicate"));
                    var events = new EventCounts(
                            row.getLong("read"),
                            row.getLong("published"),
                            row.getLong("ignored"),
                            row.getLong("event_duplicate"),
                            row.getLong("parked"),
                            row.getLong("discarded"),
                            row.getLong("in_flight_now"),
                            row.getLong("held_now"),
                            row.getLong("waiting_now"));
                    pages.add(new Page(row.getString("connector"), deliveries, events, difference(deliveries, events)));
                }
                return List.copyOf(pages);
            }
        });
    }

    private static long difference(DeliveryCounts d, EventCounts e) {
        var deliveries = Math.abs(d.answered - d.accepted - d.duplicate);
        var events = Math.abs(e.read - e.published - e.ignored - e.duplicate - e.parked - e.discarded - e.inFlight);
        return deliveries + events;
    }

    /** Folds the differences so far into their minutes. Readers see the same sums before, while and after. */
    public void fold() {
        transactions.write(connection -> {
            try (var fold = connection.prepareStatement("""
                    with taken as (delete from book_delta returning *)
                    insert into book
                    select connector, date_trunc('minute', at), sum(answered), sum(accepted), sum(duplicate),
                      sum(read), sum(published), sum(ignored), sum(event_duplicate), sum(parked), sum(discarded)
                    from taken group by 1, 2
                    on conflict (connector, minute) do update set
                      answered = book.answered + excluded.answered,
                      accepted = book.accepted + excluded.accepted,
                      duplicate = book.duplicate + excluded.duplicate,
                      read = book.read + excluded.read,
                      published = book.published + excluded.published,
                      ignored = book.ignored + excluded.ignored,
                      event_duplicate = book.event_duplicate + excluded.event_duplicate,
                      parked = book.parked + excluded.parked,
                      discarded = book.discarded + excluded.discarded
                    """)) {
                return fold.executeUpdate();
            }
        });
    }

    /** What one transaction changes, by connector. */
    static final class Deltas {

        /** Fields are what is added to the column of that name; parked and others may be taken away again. */
        static final class Delta {
            int answered;
            int accepted;
            int duplicate;
            int read;
            int published;
            int ignored;
            int eventDuplicate;
            int parked;
            int discarded;
        }

        private final Map<String, Delta> byConnector = new LinkedHashMap<>();

        Delta of(String connector) {
            return byConnector.computeIfAbsent(connector, c -> new Delta());
        }

        void write(Connection connection, OffsetDateTime at) throws SQLException {
            var pipeline = new Pipeline(connection);
            write(pipeline, at);
            pipeline.sync();
        }

        void write(Pipeline pipeline, OffsetDateTime at) throws SQLException {
            var deltas = byConnector.values();
            if (deltas.isEmpty()) {
                return;
            }
            pipeline.update(
                    """
                    insert into book_delta (at, connector, answered, accepted, duplicate, read, published, ignored,
                                            event_duplicate, parked, discarded)
                    select ?, * from unnest(?::text[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[],
                                            ?::int[], ?::int[], ?::int[])
                    """,
                    at,
                    pipeline.column("text", byConnector.keySet(), connector -> connector),
                    pipeline.column("int4", deltas, d -> d.answered),
                    pipeline.column("int4", deltas, d -> d.accepted),
                    pipeline.column("int4", deltas, d -> d.duplicate),
                    pipeline.column("int4", deltas, d -> d.read),
                    pipeline.column("int4", deltas, d -> d.published),
                    pipeline.column("int4", deltas, d -> d.ignored),
                    pipeline.column("int4", deltas, d -> d.eventDuplicate),
                    pipeline.column("int4", deltas, d -> d.parked),
                    pipeline.column("int4", deltas, d -> d.discarded));
        }
    }
}
