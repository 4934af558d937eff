-- The audit becomes a chain: each row's hash covers the row and the hash of the one before (io.dovetail.ledger.AuditRow).
-- Numbers are given under a lock and have no gaps, so that a missing row is seen and named.
alter table audit alter column n drop identity;
alter table audit add column role text;
alter table audit add column hash bytea;
-- jsonb is written anew by the database, and the hash is over what the hub wrote
alter table audit alter column detail type json using detail::text::json;

create function audit_field(value text) returns bytea language sql immutable as $$
  select case
    when value is null then '\x00'::bytea
    else '\x01'::bytea || int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8')
  end
$$;
do $$
declare
  earlier record;
  place bigint := 0;
  chained bytea := decode(repeat('00', 32), 'hex');
begin
  for earlier in select * from audit order by n loop
    place := place + 1;
    chained := sha256(chained || convert_to('dovetail.audit.1', 'UTF8')
      || int8send(place) || int8send((extract(epoch from earlier.at) * 1000000)::bigint)
      || audit_field(earlier.actor) || audit_field(earlier.role) || audit_field(earlier.action)
      || audit_field(earlier.subject) || audit_field(earlier.reason) || audit_field(earlier.detail::text));
    update audit set n = place, hash = chained where n = earlier.n;
  end loop;
end
$$;
drop function audit_field(text);

alter table audit alter column hash set not null;
create index audit_at on audit (at, n);

-- a mishap by whoever owns the table is stopped here; intent is not, and the chain tells of it
create function audit_is_only_added_to() returns trigger language plpgsql as $$
begin
  raise exception 'rows of the audit are never changed or removed';
end
$$;
create trigger audit_is_only_added_to before update or delete or truncate on audit
  for each statement execute function audit_is_only_added_to();

-- when each file of the secrets directory had been written, as far as the audit has told
create table secret_seen (
  name text primary key,
  written_at timestamptz not null
);
