-- Some recordings may be looked at only when another person agrees.
alter table recordings add column require_approval boolean not null default false;
alter table policies add column require_approval boolean not null default false;
alter table policies add column notify_on_recording boolean not null default false;

create table access_requests
(
    id               uuid primary key,
    recording_id     uuid        not null references recordings on delete cascade,
    user_id          uuid        not null,
    user_name        text        not null,
    reason           text        not null,
    hours            integer     not null,
    asked_at         timestamptz not null,
    state            text        not null,
    decided_by       uuid,
    decided_by_name  text,
    decided_at       timestamptz,
    note             text,
    expires_at       timestamptz
);
create unique index ix_access_requests_recording_id_user_id on access_requests (recording_id, user_id) where state = 'pending';
create index ix_access_requests_user_id on access_requests (user_id, recording_id);
create index ix_access_requests_state on access_requests (state, id desc);
