-- The message store. Every table is written by one hub at a time (hub_epoch), in few transactions of many rows.

create table hub_epoch (
  one boolean primary key default true check (one),
  epoch bigint not null,
  partitions smallint not null,
  raised_at timestamptz not null
);
insert into hub_epoch (epoch, partitions, raised_at) values (0, 0, now());

-- handed out in blocks of its increment; per connector rising in accept order
create sequence event_seq increment by 1000 start with 1000;

-- a delivery as it arrived; written once, never changed
create table delivery (
  id uuid primary key,
  connector text not null,
  sender text not null,
  source_id text not null,
  media text not null,
  body bytea not null,
  body_hash bytea not null,
  accepted_at timestamptz not null,
  traceparent text not null,
  first_event bigint not null,
  events int not null
);

-- what a resend is recognised by; outlives the delivery's own row
create table seen_delivery (
  dedupe uuid primary key,
  body_hash bytea not null,
  delivery uuid not null,
  day date not null
);

create table delivery_duplicate (
  delivery uuid not null,
  at timestamptz not null
);
create index delivery_duplicate_delivery on delivery_duplicate (delivery);

create type event_state as enum
  ('accepted', 'held', 'translated', 'published', 'ignored', 'duplicate', 'parked', 'discarded');

-- one business event of a delivery: the unit of work, with its own id, key and fate
create table event (
  seq bigint primary key,
  state event_state not null,
  -- its end, or its way to the bus, is still to be told there
  relay boolean not null default false,
  partition smallint not null,
  -- how often its state was decided; tells one decision from the next
  turn smallint not null default 0,
  attempts smallint not null default 0,
  revision smallint not null default 0,
  -- a makeshift of delivery and pointer while source_id is null
  id uuid not null,
  delivery uuid not null,
  connector text not null,
  sender text not null,
  -- how much whoever takes it up next must load: its body, and then its outbox rows
  bytes int not null,
  pointer text not null,
  -- its own part where the delivery holds several, or an operator's edit; null: the delivery's body
  body bytea,
  emits text,
  source_id text,
  key text,
  key_hash uuid,
  content_hash bytea not null,
  accepted_at timestamptz not null,
  translated_at timestamptz,
  published_at timestamptz,
  version text,
  -- why it was ignored
  reason text,
  fingerprint text,
  failure jsonb
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 20000);
create index event_claim on event (partition, seq) where state = 'accepted';
create index event_held on event (key_hash, seq) where state = 'held';
create index event_relay on event (seq) where relay;
create index event_parked on event (connector, seq) where state = 'parked';
create index event_parked_id on event (id) where state = 'parked';
create index event_translated on event (seq) where state = 'translated';

-- what operators search by
create table business_key (
  value text not null,
  name text not null,
  event bigint not null
);
create index business_key_value on business_key (value, event);

-- events that went to the outbox, by canonical id: the next of that id is a duplicate, or not unique
create table seen_event (
  id uuid primary key,
  content_hash bytea not null,
  event bigint not null,
  day date not null
);

-- a key whose event `blocker` is parked, or whose held events are being let go
create table held_key (
  key_hash uuid primary key,
  partition smallint not null,
  blocker bigint not null,
  since timestamptz not null
);
create index held_key_partition on held_key (partition);

-- what a partition has taken in hand; after an unclean stop, the suspects
create table partition_batch (
  partition smallint primary key,
  events bigint[] not null
);

-- what goes to the bus: n = 0 is the event, others its triggers; sent when the event's state says so
create table outbox (
  event bigint not null,
  n smallint not null,
  id uuid not null,
  type text not null,
  body bytea not null,
  workflow text,
  primary key (event, n)
);

-- attempts, edits, replays and other steps that not every event takes
create table event_step (
  event bigint not null,
  at timestamptz not null,
  step text not null,
  actor text not null,
  reason text,
  detail jsonb
);
create index event_step_event on event_step (event, at);

-- books: differences, folded into minutes from time to time
create table book_delta (
  connector text not null,
  at timestamptz not null,
  answered int not null default 0,
  accepted int not null default 0,
  duplicate int not null default 0,
  read int not null default 0,
  published int not null default 0,
  ignored int not null default 0,
  event_duplicate int not null default 0,
  parked int not null default 0,
  discarded int not null default 0
);
create table book (
  connector text not null,
  minute timestamptz not null,
  answered bigint not null,
  accepted bigint not null,
  duplicate bigint not null,
  read bigint not null,
  published bigint not null,
  ignored bigint not null,
  event_duplicate bigint not null,
  parked bigint not null,
  discarded bigint not null,
  primary key (connector, minute)
);

-- every configuration that was ever live, whole, by the hash of its content
create table config_version (
  hash text primary key,
  first_live_at timestamptz not null,
  files bytea not null
);
create table config_live (
  hash text not null references config_version,
  at timestamptz not null,
  actor text not null
);

-- who was refused after proving who they are, and what operators did
create table audit (
  n bigint generated always as identity primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  reason text,
  detail jsonb
);
