-- Who watches a recording that goes on: only they are told how it grows.
create table watchers
(
    recording_id   uuid        not null references recordings on delete cascade,
    user_id        uuid        not null,
    watches_until  timestamptz not null,
    primary key (recording_id, user_id)
);
