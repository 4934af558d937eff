-- How far a source that is asked for news has been read. It moves only after what was read is stored.
create table poll_cursor (
  -- the route that asks
  poll text primary key,
  -- where to go on, as JSON in the route's own words
  position text not null,
  -- when the last asking began that read to the source's end, by the hub's clock
  read_at timestamptz not null
);
