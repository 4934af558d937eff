-- The kept version that an operator's replay wants the event decided by; null: the one that is live at its turn. Each
-- replay writes it anew; of an event that is parked or at its end it says nothing.
alter table event add column as_version text;
