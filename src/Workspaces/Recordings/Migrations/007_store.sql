-- Closed segments may be kept in a bucket. Until then each lies in the directory of one shelf, which replicas may share or not.
alter table segments
    add column stored            text    not null default 'local',
    add column shelf             uuid,
    add column upload_attempts   integer not null default 0,
    add column upload_after      timestamptz,
    add column upload_by         text,
    add column upload_until      timestamptz,
    add column upload_error      text,
    add column upload_failed_at  timestamptz;
create index ix_segments_waiting on segments (shelf, recording_id, number) where stored = 'local' and digest is not null;

-- Objects whose segments were deleted, until the store has said that they are gone.
create table removals
(
    recording_id  uuid        not null,
    number        integer     not null,
    not_before    timestamptz not null,
    attempts      integer     not null,
    error         text,
    failed_at     timestamptz,
    primary key (recording_id, number)
);
create index ix_removals_not_before on removals (not_before);
