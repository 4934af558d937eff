-- An edit that waits for a second operator: one of an event at most. It is gone in the transaction in which its event is
-- parked no more, so that it is always one of what the event says now.
create table proposed_edit (
  event bigint primary key,
  -- what an approver names: another one than he has looked at has another id
  id uuid not null default gen_random_uuid(),
  at timestamptz not null,
  actor text not null,
  reason text not null,
  -- what was asked for: patch or text, and by which version
  wish jsonb not null,
  -- what would change by it, for people
  changes jsonb not null,
  -- what the event's own part would be
  body bytea not null,
  as_version text
);

-- Which operators had a hand in what an event says, the last one last; it is told with the event.
alter table event add column edited_by text[], add column approved_by text[];
