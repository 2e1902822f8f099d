-- Teams and who is in them. What is deleted is gone; the event log and the audit keep that it was.
create table teams.teams
(
    id          uuid primary key,
    name        text        not null,
    key         text        not null,
    description text        not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    version     integer     not null
);
create unique index teams_key on teams.teams (key);

create table teams.members
(
    team_id  uuid        not null references teams.teams (id) on delete cascade,
    user_id  uuid        not null,
    username text        not null,
    since    timestamptz not null,
    primary key (team_id, user_id)
);
create index members_user on teams.members (user_id);
