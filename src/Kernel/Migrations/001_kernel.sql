-- The event log. Writers take an exclusive transaction lock before they insert (see EventWriter), so positions become
-- visible in their own order: a reader that has seen position n will never see a smaller one appear.
create sequence kernel.event_position;

create table kernel.events (
    position   bigint      not null default nextval('kernel.event_position'),
    time       timestamptz not null,
    type       text        not null,
    subject    text        not null,
    concerns   uuid,
    actor      uuid,
    actor_name text        not null default '',
    trace_id   text,
    data       jsonb       not null,
    primary key (position, time)
) partition by range (time);

create index events_subject on kernel.events (subject, position);
create index events_concerns on kernel.events (concerns, position);

-- Catches what no monthly partition takes; the retention worker makes the months ahead of time.
create table kernel.events_other partition of kernel.events default;

create table kernel.consumers (
    name       text        primary key,
    position   bigint      not null,
    failures   int         not null default 0,
    last_error text,
    updated_at timestamptz not null default now()
);

create table kernel.jobs (
    id           uuid        primary key,
    kind         text        not null,
    data         jsonb       not null,
    run_at       timestamptz not null,
    attempts     int         not null default 0,
    claimed_by   text,
    claimed_until timestamptz,
    last_error   text,
    created_at   timestamptz not null default now()
);

create index jobs_due on kernel.jobs (run_at);

create table kernel.idempotency_keys (
    caller       text        not null,
    key          text        not null,
    request_hash text        not null,
    status       int,
    content_type text,
    location     text,
    body         bytea,
    created_at   timestamptz not null default now(),
    primary key (caller, key)
);

create table kernel.data_protection_keys (
    id       bigint generated always as identity primary key,
    name     text  not null unique,
    xml      text  not null,
    created_at timestamptz not null default now()
);
