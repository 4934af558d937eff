-- The intake can be stopped, too: nothing is taken in, and what the hub has goes its way. It has no name.
alter table pause drop constraint pause_what_check;
alter table pause add constraint pause_what_check check (what in ('intake', 'connector', 'key', 'trigger', 'relay'));
