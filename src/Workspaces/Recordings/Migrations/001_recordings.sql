-- Recordings; one at a time per session. The lease says which process records.
create table recordings
(
    id                 uuid primary key,
    session_id         uuid        not null,
    session_name       text        not null,
    owner_id           uuid        not null,
    owner_name         text        not null,
    template           text        not null,
    state              text        not null,
    started_at         timestamptz not null,
    started_by         uuid,
    started_by_name    text        not null,
    reason             text,
    by_hand            boolean     not null,
    ended_at           timestamptz,
    end_reason         text,
    stop_asked         boolean     not null,
    frames_per_second  integer     not null,
    retention_days     integer     not null,
    allow_playback     boolean     not null,
    allow_download     boolean     not null,
    silent             boolean     not null,
    hold_reason        text,
    keep_until         timestamptz,
    key                text        not null,
    holder             text,
    lease_until        timestamptz
);
create unique index ix_recordings_session_id on recordings (session_id) where state = 'recording';
create index ix_recordings_owner_id_started_at on recordings (owner_id, started_at desc);
create index ix_recordings_started_at on recordings (started_at desc);
create index ix_recordings_keep_until on recordings (keep_until) where keep_until is not null;

-- Segments lie in files; what a list and a timeline need of them stands here.
create table segments
(
    recording_id  uuid        not null references recordings on delete cascade,
    number        integer     not null,
    started_at    timestamptz not null,
    duration_ms   bigint      not null,
    bytes         bigint      not null,
    width         integer     not null,
    height        integer     not null,
    digest        text,
    end_reason    text,
    activity      bigint[]    not null,
    input         integer[]   not null,
    events        jsonb       not null,
    primary key (recording_id, number)
);

-- Who looked, downloaded, deleted, held. Outlives the recording.
create table access_log
(
    id            bigint generated always as identity primary key,
    recording_id  uuid        not null,
    at            timestamptz not null,
    user_id       uuid,
    user_name     text        not null,
    action        text        not null,
    address       text,
    reason        text
);
create index ix_access_log_recording_id on access_log (recording_id, id);

-- What one replica saw of a session that another one records; taken within a second or two.
create table side_notes
(
    id            bigint generated always as identity primary key,
    recording_id  uuid not null references recordings on delete cascade,
    note          jsonb not null
);
create index ix_side_notes_recording_id on side_notes (recording_id);
