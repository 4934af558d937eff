-- alone: PostgreSQL lets nobody use a new value in the transaction that adds it
alter type event_state add value 'waiting' after 'held';
