-- Nothing was counted after this moment of the rows that a removed range held: later minutes of the books can still be
-- compared with rows, minute by minute. Of what was removed before this was written down, nobody knows better.
alter table book_closed add column until timestamptz not null default now();
