-- Data protection: what may leave and enter sessions, and what tried to all the same.
create table policies (
    id          uuid        primary key,
    name        text        not null,
    description text        not null,
    enabled     boolean     not null,
    priority    int         not null,
    severity    text        not null,
    everybody   boolean     not null,
    users       uuid[]      not null,
    teams       uuid[]      not null,
    templates   text[]      not null,
    sessions    uuid[]      not null,
    rules       jsonb       not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    version     int         not null
);

create unique index policies_name on policies (lower(name));

-- One row per incident. Policy and person are written down by name too: the incident outlives both. Content is null unless the
-- policy says that it is kept.
create table incidents (
    id               uuid        primary key,
    at               timestamptz not null,
    outcome          text        not null,
    channel          text        not null,
    reason           text        not null,
    policy_id        uuid        not null,
    policy_name      text        not null,
    severity         text        not null,
    session_id       uuid        not null,
    owner_id         uuid        not null,
    user_id          uuid        not null,
    username         text        not null,
    viewer_id        uuid,
    bytes            bigint      not null,
    format           text        not null,
    finding          text,
    matches          int         not null,
    times            int         not null,
    content          text,
    status           text        not null,
    resolution       text,
    resolved_by      uuid,
    resolved_by_name text,
    resolved_at      timestamptz
);

create index incidents_at on incidents (at, id);
create index incidents_open on incidents (status, at) where outcome <> 'allowed';
create index incidents_user on incidents (user_id, at);
create index incidents_policy on incidents (policy_id, at);
create index incidents_session on incidents (session_id, at);
