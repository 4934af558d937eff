-- What is not said is searched first: a path that does not name pg_temp begins with it, and these two run as the owner.
-- A table of the worker's own, for its session alone and called history, had its triggers run as the owner by that.
do $$
begin
  execute format('alter function open_history(bigint, date, text) set search_path = %I, pg_temp', current_schema());
  execute format('alter function drop_history(bigint) set search_path = %I, pg_temp', current_schema());
end $$;
