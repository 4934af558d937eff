-- What an operator has stopped for a time; it stays stopped over a restart.
create table pause (
  what text not null check (what in ('connector', 'trigger', 'relay')),
  -- of the connector or the trigger's workflow; empty for the relay
  name text not null,
  at timestamptz not null,
  actor text not null,
  reason text not null,
  primary key (what, name)
);

-- a trigger whose event was published while its workflow was paused: it is still to be told
alter table outbox add column kept_back boolean not null default false;
create index outbox_kept_back on outbox (workflow, event, n) where kept_back;
