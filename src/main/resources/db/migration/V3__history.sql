-- History by day and retention class. A sequence number tells the range it belongs to, and a range is a partition of
-- every table that grows with the events, so that what is found by its number is found in one partition, and a day is
-- removed by dropping tables. What makes a resend known is unique over all days and stays outside.

-- a range of 2^32 sequence numbers: (days since 1970 * 32 + slot) * 2^32
create table history (
  first bigint primary key,
  day date not null,
  retention text not null,
  -- since when it is being removed: its resends are new from then on
  closing_at timestamptz
);
-- where each connector's events go: their numbers rise, also when its retention class changes within a day
create table history_connector (
  connector text primary key,
  first bigint not null
);

alter table event add column first_event bigint;
update event e set first_event = d.first_event from delivery d where d.id = e.delivery;
alter table event alter column first_event set not null;
alter table seen_delivery add column first_event bigint;
update seen_delivery s set first_event = d.first_event from delivery d where d.id = s.delivery;
alter table seen_delivery alter column first_event set not null;
alter table delivery_duplicate add column first_event bigint;
update delivery_duplicate s set first_event = d.first_event from delivery d where d.id = s.delivery;
alter table delivery_duplicate alter column first_event set not null, drop column delivery;
create index delivery_duplicate_first_event on delivery_duplicate (first_event);
alter table delivery drop constraint delivery_pkey, add primary key (first_event);
create index delivery_id on delivery (id);
drop sequence event_seq;

-- to forget a range's resends by; rows come in the order of their numbers, so that this costs next to nothing
create index seen_delivery_first_event on seen_delivery using brin (first_event) with (pages_per_range = 32);
create index seen_event_event on seen_event using brin (event) with (pages_per_range = 32);

-- what removed ranges held, so that counters can still be compared with rows
create table book_closed (
  first bigint not null,
  day date not null,
  connector text not null,
  deliveries bigint not null,
  duplicates bigint not null,
  events bigint not null,
  published bigint not null,
  ignored bigint not null,
  event_duplicates bigint not null,
  discarded bigint not null,
  primary key (first, connector)
);

-- the tables that grow with the events, and what each is divided by
create view history_table as select * from (values
  ('delivery', 'first_event'), ('event', 'seq'), ('outbox', 'event'), ('business_key', 'event'),
  ('event_step', 'event'), ('delivery_duplicate', 'first_event')) t (name, divided_by);

-- partitioned tables take their names, and what they were becomes the first range, if there is anything in it
do $$
declare
  t record;
  used boolean := exists (select from delivery);
begin
  if used then
    insert into history (first, day, retention) values (0, current_date, 'standard');
  end if;
  for t in select * from history_table loop
    execute format('alter table %I rename to %I', t.name, t.name || '_0');
    execute format('create table %I (like %I including all) partition by range (%I)',
      t.name, t.name || '_0', t.divided_by);
    if used then
      execute format('alter table %I attach partition %I for values from (0) to (4294967296)',
        t.name, t.name || '_0');
    else
      execute format('drop table %I', t.name || '_0');
    end if;
  end loop;
end $$;

-- The hub's user works with rows alone; these two let it add and remove ranges, and nothing else.
create function open_history(range_first bigint, on_day date, class text) returns void
  language plpgsql security definer set search_path from current as $$
declare
  t record;
  options text;
begin
  insert into history (first, day, retention) values (range_first, on_day, class);
  for t in select * from history_table loop
    -- a vacuum reads a partition's indexes whole; the claims' partial ones keep themselves short without it
    options := case t.name when 'event' then 'with (fillfactor = 80, autovacuum_vacuum_threshold = 200000)' else '' end;
    execute format('create table %I (like %I including all) %s', t.name || '_' || range_first, t.name, options);
    -- attached rather than created in place, which would wait for every reader and let nobody pass meanwhile
    execute format('alter table %I attach partition %I for values from (%s) to (%s)',
      t.name, t.name || '_' || range_first, range_first, range_first + 4294967296);
  end loop;
end $$;

create function drop_history(range_first bigint) returns void
  language plpgsql security definer set search_path from current as $$
declare
  t record;
begin
  delete from history where first = range_first and closing_at is not null;
  if not found then
    raise exception 'history % is not being removed', range_first;
  end if;
  for t in select * from history_table loop
    execute format('drop table %I', t.name || '_' || range_first);
  end loop;
end $$;
revoke all on function open_history, drop_history from public;
