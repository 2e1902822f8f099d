-- Who may look at whose session. A share that ended is gone; the event log and the audit keep that it was.
create table sharing.shares
(
    id          uuid primary key,
    session_id  uuid        not null,
    owner_id    uuid        not null,
    user_id     uuid        not null,
    level       text        not null,
    created_by  uuid        not null,
    created_at  timestamptz not null,
    expires_at  timestamptz,
    note        text
);
create unique index shares_session_user on sharing.shares (session_id, user_id);
create index shares_user on sharing.shares (user_id);
create index shares_expires on sharing.shares (expires_at) where expires_at is not null;
