-- The audit. Every entry carries a SHA-256 over itself and the entry before it; a day's first entry stands on the last hash of
-- the day before, which is kept in "days" even after that day's entries were forgotten. docs/adr says why the chain is made here.
create table days (
    day          date   primary key,
    previous     bytea  not null,
    entries      bigint not null,
    last_hash    bytea  not null,
    forgotten_at timestamptz
);

create table entries (
    id         bigint      primary key,
    day        date        not null,
    time       timestamptz not null,
    action     text        not null,
    actor      uuid,
    actor_name text        not null,
    resource   text        not null,
    result     text        not null,
    status     int         not null,
    address    text,
    agent      text,
    trace_id   text,
    changes    text        not null,
    source     bigint,
    hash       bytea       not null
);

create index entries_day on entries (day, id);
create index entries_time on entries (time);
create index entries_actor on entries (actor, id);
create index entries_action on entries (action text_pattern_ops, id);
create index entries_resource on entries (resource text_pattern_ops, id);
-- Entries that follow from the event log: the event's position, so that one handled twice is written once.
create unique index entries_source on entries (source) where source is not null;

create sequence entry_id;

-- What is hashed: every field with its length in front, so that no two different entries read the same.
create function framed(value text) returns bytea language sql immutable as $$
    select case when value is null then '-;'::bytea
                else convert_to(octet_length(convert_to(value, 'UTF8')) || ':', 'UTF8') || convert_to(value, 'UTF8') || ';'::bytea end
$$;

-- Appends one entry. One writer at a time over all replicas, for the length of one round trip.
create function append(
    p_time timestamptz, p_action text, p_actor uuid, p_actor_name text, p_resource text, p_result text, p_status int,
    p_address text, p_agent text, p_trace_id text, p_changes text, p_source bigint) returns bigint
language plpgsql as $$
declare
    chain audit.days;
    today date := (p_time at time zone 'UTC')::date;
    next_id bigint;
    next_hash bytea;
begin
    perform pg_advisory_xact_lock(4711, 2);
    if p_source is not null and exists (select from audit.entries where source = p_source) then
        return null;
    end if;
    select * into chain from audit.days order by day desc limit 1;
    -- Another replica's clock may be a little ahead, past midnight: a day that was closed stays closed.
    if not found or chain.day < today then
        chain := row(today, coalesce(chain.last_hash, sha256('streamspace audit'::bytea)), 0, null, null);
        chain.last_hash := sha256(chain.previous || audit.framed(to_char(today, 'YYYY-MM-DD')));
        insert into audit.days select chain.*;
    end if;
    next_id := nextval('audit.entry_id');
    next_hash := sha256(chain.last_hash
        || audit.framed(next_id::text)
        || audit.framed((extract(epoch from p_time) * 1000000)::bigint::text)
        || audit.framed(p_action) || audit.framed(p_actor::text) || audit.framed(p_actor_name) || audit.framed(p_resource)
        || audit.framed(p_result) || audit.framed(p_status::text) || audit.framed(p_address) || audit.framed(p_agent)
        || audit.framed(p_trace_id) || audit.framed(p_changes) || audit.framed(p_source::text));
    insert into audit.entries(id, day, time, action, actor, actor_name, resource, result, status, address, agent, trace_id, changes, source, hash)
        values (next_id, chain.day, p_time, p_action, p_actor, p_actor_name, p_resource, p_result, p_status, p_address, p_agent, p_trace_id, p_changes, p_source, next_hash);
    update audit.days set entries = entries + 1, last_hash = next_hash where day = chain.day;
    return next_id;
end
$$;

-- Append-only: nothing is ever changed, and only whole days past retention are forgotten, by the function below.
create function refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('audit.forgetting', true) = 'on' then
        return old;
    end if;
    raise exception 'the audit is append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger entries_append_only before update or delete on entries for each row execute function refuse();
create trigger entries_no_truncate before truncate on entries for each statement execute function refuse();

-- Forgets whole days; their rows in "days" stay, so the chain stays verifiable across the gap.
create function forget(p_before date) returns bigint language plpgsql as $$
declare
    gone bigint;
begin
    perform set_config('audit.forgetting', 'on', true);
    delete from audit.entries where day < p_before;
    get diagnostics gone = row_count;
    update audit.days set forgotten_at = now() where day < p_before and forgotten_at is null;
    perform set_config('audit.forgetting', 'off', true);
    return gone;
end
$$;
