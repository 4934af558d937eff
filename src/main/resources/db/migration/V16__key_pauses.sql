-- One ordering key can be stopped, too: its name is CONNECTOR/KEY.
alter table pause drop constraint pause_what_check;
alter table pause add constraint pause_what_check check (what in ('connector', 'key', 'trigger', 'relay'));
