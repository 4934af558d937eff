package io.dovetail.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Removes history that has been kept for as long as its retention class says: a whole range at a time, never with an
 * event in it that has not found its end, and with its totals closed into the books in the same transaction.
 */
public final class Retention {

    private static final int SEEN_AT_A_TIME = 10_000;
    private static final int COUNTING_MILLIS = 600_000;

    private final Transactions transactions;
    private final Map<String, Duration> classes;

    /** @param classes how long each is kept; those that are not in it are kept for ever */
    public Retention(Transactions transactions, Map<String, Duration> classes) {
        this.transactions = transactions;
        this.classes = Map.copyOf(classes);
    }

    /** @param open whether it stays, since some of its events are parked, held, waiting or on their way */
    public record Removed(LocalDate day, String retention, boolean open) {}

    private record Due(long first, LocalDate day, String retention) {}

    /**
     * Removes what is due, oldest first. What a crash interrupts is gone on with the next time.
     *
     * @return what was removed, and what is due and has to stay
     */
    public List<Removed> remove() {
        var removed = new ArrayList<Removed>();
        for (var due : due()) {
            var open = !close(due.first);
            if (!open) {
                forget(due.first);
                open = !drop(due.first);
            }
            removed.add(new Removed(due.day, due.retention, open));
        }
        return List.copyOf(removed);
    }

    private List<Due> due() {
        var today = transactions.now().toLocalDate();
        return transactions.query(connection -> {
            try (var select =
                    connection.prepareStatement("select first, day, retention from history order by day, first")) {
                var row = select.executeQuery();
                var due = new ArrayList<Due>();
                while (row.next()) {
                    var day = row.getObject(2, LocalDate.class);
                    var kept = classes.get(row.getString(3));
                    // the whole day has been kept that long, and nothing more is accepted into it
                    if (kept != null
                            && !kept.isZero()
                            && day.plusDays(1 + kept.toDays()).isBefore(today.plusDays(1))) {
                        due.add(new Due(row.getLong(1), day, row.getString(3)));
                    }
                }
                return due;
            }
        });
    }

    /** From now on its resends are new; false while something in it is open. */
    private boolean close(long first) {
        return transactions.write(connection -> {
            if (isOpen(connection, first)) {
                return false;
            }
            try (var update = connection.prepareStatement(
                    "update history set closing_at = coalesce(closing_at, ?) where first = ?")) {
                Sql.bind(update, transactions.now(), first).executeUpdate();
            }
            return true;
        });
    }

    private static boolean isOpen(Connection connection, long first) throws SQLException {
        // each by its partial index, of which an old range has next to nothing
        try (var select = connection.prepareStatement("""
                with range as (select ?::bigint first, ?::bigint past)
                select 1 from range where
                  exists (select 1 from event where seq >= first and seq < past and state = 'accepted')
                  or exists (select 1 from event where seq >= first and seq < past and state = 'held')
                  or exists (select 1 from event where seq >= first and seq < past and state = 'waiting')
                  or exists (select 1 from event where seq >= first and seq < past and state = 'parked')
                  or exists (select 1 from event where seq >= first and seq < past and state = 'translated')
                  or exists (select 1 from event where seq >= first and seq < past and relay)
                  or exists (select 1 from outbox where event >= first and event < past and kept_back)
                """)) {
            return Sql.bind(select, first, first + History.RANGE).executeQuery().next();
        }
    }

    private void forget(long first) {
        var past = transactions.query(connection -> History.next(connection, first));
        for (var from = first; from < past; from += SEEN_AT_A_TIME) {
            var least = from;
            transactions.write(connection -> forget(connection, least, Math.min(least + SEEN_AT_A_TIME, past)));
        }
    }

    private static int forget(Connection connection, long from, long past) throws SQLException {
        try (var deliveries = connection.prepareStatement(
                        "delete from seen_delivery where first_event >= ? and first_event < ?");
                var events = connection.prepareStatement("delete from seen_event where event >= ? and event < ?")) {
            return Sql.bind(deliveries, from, past).executeUpdate()
                    + Sql.bind(events, from, past).executeUpdate();
        }
    }

    private boolean drop(long first) {
        return transactions.write(connection -> {
            if (isOpen(connection, first)) {
                return false;
            }
            // counting a day's rows may take longer than a statement usually may
            connection.setNetworkTimeout(Runnable::run, COUNTING_MILLIS);
            try (var statement = connection.createStatement()) {
                // whoever is at work goes first: the next look tries again
                statement.execute("set local lock_timeout = '500ms'; set local enable_seqscan = on");
            }
            closeEvents(connection, first);
            closeDuplicates(connection, first);
            try (var drop = connection.prepareStatement("select drop_history(?)")) {
                Sql.bind(drop, first).execute();
            }
            return true;
        });
    }

    /** Nothing in the range is open, so that nobody changes its events any more. */
    private static void closeEvents(Connection connection, long first) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into book_closed (first, day, connector, deliveries, duplicates, events, published, ignored,
                  event_duplicates, discarded, until)
                select h.first, h.day, connector, deliveries, 0, events, published, ignored, event_duplicates, discarded,
                  greatest(until, (select max(at) from event_step where event >= ? and event < ?))
                from history h, (
                  select connector, count(*) events, count(distinct first_event) deliveries,
                    count(*) filter (where state = 'published') published,
                    count(*) filter (where state = 'ignored') ignored,
                    count(*) filter (where state = 'duplicate') event_duplicates,
                    count(*) filter (where state = 'discarded') discarded,
                    greatest(max(accepted_at), max(translated_at), max(published_at)) until
                  from event where seq >= ? and seq < ? group by connector) e
                where h.first = ?
                """)) {
            var past = first + History.RANGE;
            Sql.bind(insert, first, past, first, past, first).executeUpdate();
        }
    }

    private static void closeDuplicates(Connection connection, long first) throws SQLException {
        try (var statement = connection.createStatement()) {
            // whoever knew a delivery of the range before it was forgotten has added its duplicate now, or adds none
            statement.execute("lock table delivery_duplicate in share mode");
        }
        try (var update = connection.prepareStatement("""
                update book_closed b set duplicates = u.duplicates, until = greatest(b.until, u.until)
                from (select d.connector, count(*) duplicates, max(u.at) until
                      from delivery_duplicate u join delivery d using (first_event)
                      where u.first_event >= ? and u.first_event < ? group by d.connector) u
                where b.first = ? and b.connector = u.connector
                """)) {
            Sql.bind(update, first, first + History.RANGE, first).executeUpdate();
        }
    }
}
