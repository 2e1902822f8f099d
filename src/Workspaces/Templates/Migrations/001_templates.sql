create table templates.favourites (
    user_id  uuid        not null,
    template text        not null,
    at       timestamptz not null,
    primary key (user_id, template)
);

create table templates.uses (
    user_id      uuid        not null,
    template     text        not null,
    launches     bigint      not null,
    last_used_at timestamptz not null,
    primary key (user_id, template)
);

create index uses_template on templates.uses (template);

-- One row per measured launch, by the position of its event: counting the same event twice is impossible.
create table templates.starts (
    position bigint      primary key,
    template text        not null,
    runtime  text        not null,
    ms       bigint      not null,
    at       timestamptz not null
);

create index starts_template on templates.starts (template, position desc);

-- Events whose launches are counted already.
create table templates.counted (
    position bigint primary key
);
