-- Refuses a transaction of a hub that has an heir, where it runs: what is sent along with it, the commit included, does
-- not run then. The share lock makes a taking over wait for this transaction, and this one see a taking over before it.
create function require_epoch(mine bigint) returns void language plpgsql as $$
begin
  perform from hub_epoch where epoch = mine for share;
  if not found then
    raise exception using errcode = 'DV001', message = format('another hub has taken over since epoch %s', mine);
  end if;
end $$;
