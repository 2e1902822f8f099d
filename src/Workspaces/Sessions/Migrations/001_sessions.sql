-- What is wanted and what is. Leases, due times and activity stand in tables of their own, so that they never collide with changes of a session.
create table sessions.sessions (
    id                 uuid        primary key,
    name               text        not null,
    owner_id           uuid        not null,
    owner_name         text        not null,
    owner_title        text        not null,
    team_id            uuid,
    template           text        not null,
    template_version   text        not null,
    template_title     text        not null,
    category           text        not null,
    protocol           text        not null,
    application        jsonb       not null,
    runtime            text        not null,
    node               text,
    wanted             text        not null,
    phase              text        not null,
    reason             text,
    message            text,
    cause              text        not null,
    restart_pending    boolean     not null,
    handle             text,
    generation         int         not null,
    display_secret     text        not null,
    admitted           boolean     not null,
    cpu_millicores     int         not null,
    memory_bytes       bigint      not null,
    storage_bytes      bigint      not null,
    processes          int         not null,
    limits_from        jsonb       not null,
    persistent_home    boolean     not null,
    network            boolean     not null,
    idle_timeout       interval    not null,
    freeze_after       interval    not null,
    max_duration       interval    not null,
    cpu_threshold      int         not null,
    keep_awake         boolean     not null,
    tags               text[]      not null,
    env                jsonb       not null,
    width              int         not null,
    height             int         not null,
    progress           jsonb,
    timings            jsonb       not null,
    created_at         timestamptz not null,
    started_at         timestamptz,
    frozen_at          timestamptz,
    hibernated_at      timestamptz,
    terminated_at      timestamptz,
    expires_at         timestamptz,
    queued_at          timestamptz,
    queue_position     int,
    restart_count      int         not null,
    revision           int         not null,
    manual_hibernations int        not null,
    idle_hibernations  int         not null,
    manual_freezes     int         not null,
    idle_freezes       int         not null,
    saved_cpu_hours    double precision not null,
    saved_memory_hours double precision not null
);

create unique index sessions_owner_name on sessions.sessions (owner_id, name) where wanted <> 'terminated';
create index sessions_created on sessions.sessions (created_at desc, id desc) where phase <> 'terminated';
create index sessions_owner_created on sessions.sessions (owner_id, created_at desc, id desc);
create index sessions_named on sessions.sessions (name, id) where phase <> 'terminated';
create index sessions_tags on sessions.sessions using gin (tags);
create index sessions_runtime on sessions.sessions (runtime, phase);
create index sessions_phase on sessions.sessions (phase);
create index sessions_admitted on sessions.sessions (runtime) include (cpu_millicores, memory_bytes) where admitted;
create index sessions_queued on sessions.sessions (runtime, queued_at) where queued_at is not null;
create index sessions_terminated on sessions.sessions (terminated_at) where terminated_at is not null;

-- One row per session that is not over. The queue of the reconcilers: what is due is claimed with a lease.
create table sessions.work (
    session_id    uuid        primary key,
    node          text,
    due_at        timestamptz,
    wishes        bigint      not null,
    attempts      int         not null,
    claimed_by    text,
    claimed_until timestamptz
);

create index work_due on sessions.work (due_at) where due_at is not null;
create index work_claimed on sessions.work (claimed_by) where claimed_by is not null;

-- When a session was used last. Written often, so it stands alone.
create table sessions.presence (
    session_id       uuid        primary key,
    last_activity_at timestamptz not null,
    kind             text        not null,
    warned_for       timestamptz,
    expiry_warned    int         not null
);

-- Whose turn was when, for the fair queue.
create table sessions.queue_turns (
    runtime   text        not null,
    kind      text        not null,
    key       text        not null,
    served_at timestamptz not null,
    primary key (runtime, kind, key)
);

-- The server processes and the machine each stands on: sessions of a machine that went away are told so.
create table sessions.replicas (
    instance text        primary key,
    node     text        not null,
    seen_at  timestamptz not null
);

create table sessions.usage (
    session_id   uuid             not null,
    at           timestamptz      not null,
    cpu_percent  double precision not null,
    memory_bytes bigint           not null,
    network_in   bigint,
    network_out  bigint,
    disk_bytes   bigint,
    processes    int,
    primary key (session_id, at)
);

create index usage_at on sessions.usage using brin (at);

create table sessions.activity (
    position   bigint      primary key,
    session_id uuid        not null,
    owner_id   uuid        not null,
    at         timestamptz not null,
    type       text        not null,
    category   text        not null,
    actor_id   uuid,
    actor_name text        not null,
    message    text,
    data       jsonb       not null
);

create index activity_session on sessions.activity (session_id, position);
create index activity_owner on sessions.activity (owner_id, position);
create index activity_at on sessions.activity (at);
