-- A plan of replay_plan may also be a republication: what was published in a window is published again, as it was.
alter table replay_plan
  -- null: it replays dead letters
  add column published_from timestamptz,
  -- null: until it was made
  add column published_before timestamptz,
  -- who hears it: addresses, or single queues of theirs (address::queue)
  add column targets text[];

-- When an earlier version is put back to work, the files stay as they are: they are not what is live then.
alter table config_live
  -- the last is what is live, whatever the clock said
  add column n bigint generated always as identity,
  add column reason text,
  -- the hash of those files, against which it holds over restarts; null: the files went live
  add column instead_of text;
