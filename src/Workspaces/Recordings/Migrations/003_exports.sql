-- A recording made into a film. One at a time per recording; the lease says which process makes it, the file which attempt is the one that counts.
create table exports
(
    recording_id      uuid primary key references recordings on delete cascade,
    state             text        not null,
    skip_idle         boolean     not null,
    asked_by          uuid        not null,
    asked_by_name     text        not null,
    asked_at          timestamptz not null,
    percent           integer     not null,
    problem           text,
    file              uuid,
    key               text,
    bytes             bigint,
    duration_ms       bigint,
    damaged_segments  integer     not null,
    finished_at       timestamptz,
    expires_at        timestamptz,
    attempts          integer     not null,
    holder            text,
    lease_until       timestamptz
);
create index ix_exports_state on exports (state, asked_at);
