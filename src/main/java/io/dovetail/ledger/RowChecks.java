package io.dovetail.ledger;

import java.util.List;

/**
 * The queries that find flaws; each gives {@code what, connector, delivery, seq, event}. All read whole tables, once, for
 * a snapshot that is set for it.
 */
final class RowChecks {

    private RowChecks() {}

    // The join is full, and the condition one that does not give that away, since only such a join is never done row
    // against row, whatever the planner knows of a table that has just grown.
    private static final String DELIVERIES = """
            select case when coalesce(e.n, 0) > d.events then 'EVENT_TOO_MANY' else 'EVENT_MISSING' end what,
              d.connector, d.id delivery, gap.seq, null::uuid event
            from delivery d
            full join (select first_event, count(*) n, min(seq) first from event group by first_event) e
              on e.first_event = d.first_event
            left join lateral (
              select n.seq from generate_series(d.first_event, d.first_event + d.events - 1) n (seq)
              where not exists (select from event x where x.seq = n.seq and x.first_event = d.first_event)) gap on true
            where case when d.id is null then false else coalesce(e.n, 0) <> d.events or e.first <> d.first_event end
            """;

    private static final String EVENTS = """
            select 'EVENT_ASTRAY' what, e.connector, e.delivery, e.seq, e.id event
            from event e left join delivery d on d.first_event = e.first_event
            where d.id is null or d.id <> e.delivery or d.connector <> e.connector or d.sender <> e.sender
            """;

    // states that are not named here are in flight
    private static final String STATES = """
            select 'STATE_UNFOUNDED' what, connector, delivery, seq, id event from event
            where (state = 'published') <> (published_at is not null)
              or state = 'translated' and not relay
              or state in ('accepted', 'held', 'waiting', 'published') and relay
              or state in ('held', 'translated', 'published', 'ignored', 'duplicate', 'parked', 'discarded')
                and translated_at is null
              or state = 'ignored' and reason is null
              or state in ('parked', 'discarded') and (failure is null or fingerprint is null)
            """;

    // what was decided before and is to be decided again was begun without an end, or sent on its way by an operator
    private static final String STEPS = """
            select case when e.seq is null then 'STEP_WITHOUT_EVENT' else 'STEPS_LEAD_ELSEWHERE' end what,
              e.connector, e.delivery, coalesce(e.seq, s.event) seq, e.id event
            from (select event, count(*) filter (where step = 'parked') parked,
                    count(*) filter (where step in (%s)) decided, count(*) filter (where step = 'discarded') discarded
                  from event_step group by event) s
            full join event e on e.seq = s.event
            where e.seq is null
              or coalesce(s.parked - s.decided, 0) <> (e.state = 'parked')::int
              or coalesce(s.discarded, 0) <> (e.state = 'discarded')::int
              or e.state = 'accepted' and e.turn > 0 and e.attempts = 0 and s.event is null
            """.formatted(Steps.DECISIONS);

    // an event's bytes are those of its outbox rows, once it has some: so that a trigger which is gone is missed too
    private static final String OUTBOX = """
            select case when e.state in ('translated', 'published') then 'OUTBOX_INCOMPLETE' else 'OUTBOX_TOO_MUCH' end what,
              e.connector, e.delivery, coalesce(e.seq, o.event) seq, e.id event
            from event e
            full join (select event, min(n) first, sum(octet_length(body)) bytes from outbox group by event) o
              on o.event = e.seq
            where e.seq is null
              or e.state in ('translated', 'published') and (o.event is null or o.first <> 0 or o.bytes <> e.bytes)
              or e.state not in ('translated', 'published') and o.event is not null
            """;

    // a range that is being removed: its resends are forgotten a part at a time, before its rows go all at once
    private static final String CLOSING = "exists (select from history h where h.closing_at is not null"
            + " and %s >= h.first and %s < h.first + " + History.RANGE + ")";

    // what a duplicate repeats may be of a range that is gone
    private static final String PUBLISHED = """
            select case when s.id is null then 'PUBLISHED_UNKNOWN' else 'PUBLISHED_NEVER' end what,
              e.connector, e.delivery, coalesce(e.seq, s.event) seq, coalesce(e.id, s.id) event
            from event e full join seen_event s on s.event = e.seq
            where e.seq is null or (s.id is null) = (e.state in ('translated', 'published'))
              and not (s.id is null and %s)
            union all
            select 'DUPLICATE_OF_NOTHING', e.connector, e.delivery, e.seq, e.id
            from event e left join seen_event s on s.id = e.id
            where e.state = 'duplicate' and s.id is null
              and not exists (select from book_closed) and not exists (select from history where closing_at is not null)
            """.formatted(CLOSING.formatted("e.seq", "e.seq"));

    private static final String HELD = """
            select 'HELD_BY_NOTHING' what, e.connector, e.delivery, e.seq, e.id event
            from event e where e.state = 'held' and not exists (select from held_key h where h.key_hash = e.key_hash)
            union all
            select 'HOLD_FOR_NOTHING', null, null, h.blocker, null
            from held_key h left join event e on e.seq = h.blocker where e.seq is null
            """;

    private static final String RECOGNISED = """
            select case when s.delivery is null then 'DELIVERY_UNKNOWN' else 'DELIVERY_MISSING' end what,
              d.connector, coalesce(d.id, s.delivery) delivery, null::bigint seq, null::uuid event
            from seen_delivery s full join delivery d on d.id = s.delivery and d.first_event = s.first_event
            where d.id is null or s.delivery is null and not %s
            union all
            select 'DELIVERY_MISSING', null, null, again.first_event, null
            from delivery_duplicate again left join delivery d using (first_event) where d.id is null
            """.formatted(CLOSING.formatted("d.first_event", "d.first_event"));

    static final List<String> ALL = List.of(DELIVERIES, EVENTS, STATES, STEPS, OUTBOX, PUBLISHED, HELD, RECOGNISED);

    /**
     * Keys that are held for an event at its end, with nothing behind it: {@code key, connector, delivery, seq, event}.
     * A worker removes a hold in the turn that ends the last event of its key, but not before its next turn after an
     * operator has discarded the blocker, or after a batch that it had to write one by one. A moment later they must be
     * gone; a key that is held anew by then is held for another event.
     */
    static final String LEFT_HOLDS = """
            select h.key_hash key, e.connector, e.delivery, e.seq, e.id event
            from held_key h join event e on e.seq = h.blocker
            where e.state in ('translated', 'published', 'ignored', 'duplicate', 'discarded')
              and not exists (select from event w where w.key_hash = h.key_hash and w.state = 'held')
            order by h.key_hash limit 10000
            """;
}
