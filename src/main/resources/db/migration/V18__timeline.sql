-- What the timeline finds by, beside business keys and deliveries' ids. Each of these is asked for its newest rows. They
-- are ordered by the negative number, which no other index is: for a partner that it takes for a frequent one, the planner
-- would else walk the primary key back to whenever that partner sent something.

-- whoever sent it: the sender, or the connector where senders have no names of their own
create index delivery_partner on delivery
  ((case sender when 'default' then connector else sender end collate "C"), (-first_event) desc);

-- the sender's trace; that of a delivery without one is the delivery's id
create index delivery_trace on delivery ((substr(traceparent, 4, 32) collate "C"), (-first_event) desc)
  where substr(traceparent, 4, 32) <> replace(id::text, '-', '');

-- events that are not published; most come to be, and are not in it at any time
drop index event_id_idx;
create index event_unpublished_id on event (id, (-seq) desc)
  where state in ('held', 'waiting', 'ignored', 'duplicate', 'parked', 'discarded') or state = 'accepted' and turn > 0;

-- the last of many
drop index delivery_duplicate_first_event_idx;
create index delivery_duplicate_first_event on delivery_duplicate (first_event, at);

-- what was refused of a sender that had proved itself
create index audit_refused on audit (
    (case split_part(actor, '/', 2) when 'default' then split_part(actor, '/', 1) else split_part(actor, '/', 2) end
      collate "C"), (-n) desc)
  where action = 'delivery-refused' and strpos(actor, '/') > 0;

-- which version parked it, or was asked for
alter table event_step add column version text;

-- Larger payloads are compressed, with what is quicker where this PostgreSQL has it; in ranges from now on.
do $$
declare
  name text;
begin
  foreach name in array array['delivery', 'event', 'outbox'] loop
    execute format('alter table %I alter column body set compression lz4', name);
  end loop;
exception when feature_not_supported then
  null; -- and else with pglz, as before
end $$;
