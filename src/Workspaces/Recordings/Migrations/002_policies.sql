-- Which sessions are recorded from their start, and what holds for their recordings.
create table policies
(
    id                   uuid primary key,
    name                 text        not null,
    priority             integer     not null,
    enabled              boolean     not null,
    apply_to             jsonb       not null,
    frames_per_second    integer     not null,
    retention_days       integer     not null,
    allow_user_playback  boolean     not null,
    allow_user_download  boolean     not null,
    require_reason       boolean     not null,
    silent               boolean     not null,
    created_at           timestamptz not null,
    updated_at           timestamptz not null
);

-- A silent recording must not show itself by standing in the way of another.
drop index ix_recordings_session_id;
create unique index ix_recordings_session_id on recordings (session_id, silent) where state = 'recording';

alter table recordings add column policy text;
alter table recordings add column require_reason boolean not null default false;
