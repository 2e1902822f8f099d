-- The last small picture of each session, so that its card shows what was there also while it sleeps; sealed with the key outside the database.
create table thumbnails
(
    session_id  uuid primary key,
    taken_at    timestamptz not null,
    picture     text        not null
);
