-- Replays of many dead letters in one go, which outlive the process that began them.
create table replay_plan (
  id uuid primary key,
  state text not null check (state in ('running', 'canary', 'paused', 'done', 'cancelled')),
  at timestamptz not null,
  actor text not null,
  reason text not null,
  -- which of those that were parked when it was made; null: whatever it be
  connector text,
  fingerprint text,
  key text,
  accepted_from timestamptz,
  accepted_before timestamptz,
  -- no event after this one was parked yet
  last bigint not null,
  chosen bigint not null,
  -- events a second
  rate int not null,
  -- how many go first, before somebody says go on; 0: all go
  canary int not null,
  -- how far it is: written in the transaction that sends those before it on their way
  done_to bigint not null default 0,
  replayed bigint not null default 0,
  skipped bigint not null default 0,
  ended_at timestamptz
);
create index replay_plan_active on replay_plan (at) where state in ('running', 'canary', 'paused');
-- of whatever connector, in the order accepted
create index event_parked_seq on event (seq) where state = 'parked';
