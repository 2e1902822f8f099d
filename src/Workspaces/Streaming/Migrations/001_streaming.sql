-- Tickets open one stream each; only their SHA-256 is kept.
create table tickets
(
    hash        bytea primary key,
    viewer_id   uuid        not null,
    session_id  uuid        not null,
    user_id     uuid        not null,
    login_id    uuid        not null,
    level       text        not null,
    expires_at  timestamptz not null
);
create index ix_tickets_expires_at on tickets (expires_at);

-- Viewers of all replicas; a row belongs to the replica that holds the socket and dies with its heartbeat.
create table viewers
(
    id             uuid primary key,
    session_id     uuid             not null,
    owner_id       uuid             not null,
    user_id        uuid             not null,
    login_id       uuid             not null,
    username       text             not null,
    display_name   text             not null,
    level          text             not null,
    address        text             not null,
    instance       text             not null,
    connected_at   timestamptz      not null,
    seen_at        timestamptz      not null,
    client_ms      double precision,
    display_ms     double precision,
    bytes_in       bigint           not null default 0,
    bytes_out      bigint           not null default 0,
    held           boolean          not null default true
);
create index ix_viewers_session_id on viewers (session_id);
create index ix_viewers_seen_at on viewers (seen_at);
