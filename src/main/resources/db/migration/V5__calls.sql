-- An event whose route asks another system waits for its next attempt, or, while one is being made, for the time at
-- which it counts as lost: whoever made it is gone then.
alter table event
  add column next_attempt_at timestamptz,
  -- how many attempts have failed; an int, for a system may be away for as long as it likes
  add column calls int not null default 0;
create index event_waiting on event (partition, connector, next_attempt_at) where state = 'waiting';
