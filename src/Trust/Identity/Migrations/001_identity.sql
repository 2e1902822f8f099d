-- People, their logins, and the keys that sign their tokens. Secrets are hashed, or sealed with a key that is not in here.
create table users (
    id                   uuid        primary key,
    username             text        not null,
    email                text,
    display_name         text        not null,
    state                text        not null,
    roles                text[]      not null,
    sources              text[]      not null,
    locale               text        not null,
    time_zone            text        not null,
    password_hash        text,
    must_change_password boolean     not null,
    lock_reason          text,
    preferences          jsonb       not null,
    last_login_at        timestamptz,
    created_at           timestamptz not null,
    updated_at           timestamptz not null,
    deleted_at           timestamptz,
    version              int         not null
);

-- Names are stored in lower case; a deleted person's are free again.
create unique index users_username on users (username) where state <> 'deleted';
create unique index users_email on users (email) where state <> 'deleted' and email is not null;

create table logins (
    id           uuid        primary key,
    user_id      uuid        not null references users (id),
    device       text        not null,
    address      text,
    agent        text        not null,
    by_cookie    boolean     not null,
    remember     boolean     not null,
    created_at   timestamptz not null,
    last_used_at timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    end_reason   text
);

create index logins_user on logins (user_id) where ended_at is null;
create index logins_expiry on logins (expires_at) where ended_at is null;

-- One family per login. The token itself is nowhere: only its SHA-256. For the grace of a race between two tabs, the
-- token that follows is kept sealed beside the one just used.
create table refresh_tokens (
    hash             bytea       primary key,
    login_id         uuid        not null references logins (id) on delete cascade,
    created_at       timestamptz not null,
    used_at          timestamptz,
    sealed_successor text
);

create index refresh_tokens_login on refresh_tokens (login_id);

-- Failed logins by SHA-256 of the name that was tried, whether or not there is such a person: both are slowed down alike.
create table login_failures (
    name_hash      bytea       primary key,
    failures       int         not null,
    last_failed_at timestamptz not null,
    blocked_until  timestamptz
);

create table signing_keys (
    kid            text        primary key,
    public_key     bytea       not null,
    sealed_private text        not null,
    created_at     timestamptz not null,
    signs_from     timestamptz not null
);

-- Secrets of the installation that all replicas share: the set-up code, the key behind anti-forgery tokens.
create table shared_secrets (
    name       text        primary key,
    sealed     text        not null,
    created_at timestamptz not null
);
