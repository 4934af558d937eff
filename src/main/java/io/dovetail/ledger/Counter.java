package io.dovetail.ledger;

import java.util.Locale;

/**
 * A column of the books, and the rows that it counts: each with its connector, the very moment that was written with the
 * difference in the books, what it adds, and its ids. Every end but parked is final, so that its moment stays where it was
 * counted; a decision on a parked event takes it away again, at the moment of that decision.
 */
enum Counter {
    ANSWERED("deliveries.answered", Rows.DELIVERIES.formatted("1") + " union all " + Rows.DUPLICATES),
    ACCEPTED("deliveries.accepted", Rows.DELIVERIES.formatted("1")),
    DUPLICATE("deliveries.duplicate", Rows.DUPLICATES),
    READ("events.read", Rows.DELIVERIES.formatted("events")),
    PUBLISHED("events.published", Rows.EVENTS.formatted("published_at", "published")),
    IGNORED("events.ignored", Rows.EVENTS.formatted("translated_at", "ignored")),
    EVENT_DUPLICATE("events.duplicate", Rows.EVENTS.formatted("translated_at", "duplicate")),
    PARKED(
            "events.parked",
            Rows.STEPS.formatted("case when s.step = 'parked' then 1 else -1 end", "'parked', " + Steps.DECISIONS)),
    DISCARDED("events.discarded", Rows.STEPS.formatted("1", "'discarded'"));

    /** As a page of the books names it. */
    final String label;

    /** {@code connector, at, n, delivery, seq, event}; without a moment where a row lacks it. */
    final String rows;

    Counter(String label, String rows) {
        this.label = label;
        this.rows = rows;
    }

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All of them at once, for each connector, with what was removed: {@code connector} and a column for each counter. */
    static final String TOTALS = """
            select connector, sum(accepted) + sum(duplicate) answered, sum(accepted) accepted, sum(duplicate) duplicate,
              sum(read) read, sum(published) published, sum(ignored) ignored, sum(event_duplicate) event_duplicate,
              sum(parked) parked, sum(discarded) discarded
            from (
              select connector, count(*) accepted, 0 duplicate, sum(events) read, 0 published, 0 ignored,
                0 event_duplicate, 0 parked, 0 discarded
              from delivery group by connector
              union all
              select d.connector, 0, count(*), 0, 0, 0, 0, 0, 0
              from delivery_duplicate again join delivery d using (first_event) group by d.connector
              union all
              select connector, 0, 0, 0, count(*) filter (where state = 'published'),
                count(*) filter (where state = 'ignored'), count(*) filter (where state = 'duplicate'),
                count(*) filter (where state = 'parked'), count(*) filter (where state = 'discarded')
              from event group by connector
              union all
              select connector, deliveries, duplicates, events, published, ignored, event_duplicates, 0, discarded
              from book_closed) r
            group by connector
            """;

    private static final class Rows {
        static final String DELIVERIES = """
                select connector, accepted_at at, %s n, id delivery, null::bigint seq, null::uuid event from delivery
                """;
        static final String DUPLICATES = """
                select d.connector, again.at, 1 n, d.id delivery, null::bigint seq, null::uuid event
                from delivery_duplicate again join delivery d using (first_event)
                """;
        static final String EVENTS = """
                select connector, %s at, 1 n, delivery, seq, id event from event where state = '%s'
                """;
        static final String STEPS = """
                select e.connector, s.at, %s n, e.delivery, e.seq, e.id event
                from event_step s join event e on e.seq = s.event where s.step in (%s)
                """;
    }
}
