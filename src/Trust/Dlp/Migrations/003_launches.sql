-- Exceptions that loosen restrictions until they expire; approvals to launch; whom an incident was about.
alter table dlp.policies add column kind text not null default 'restriction';
alter table dlp.policies alter column kind drop default;
alter table dlp.policies add column reason text;
alter table dlp.policies add column expires_at timestamptz;
alter table dlp.policies add column expiry_told boolean not null default false;
alter table dlp.policies alter column expiry_told drop default;
alter table dlp.policies add column notify_admin boolean not null default false;
alter table dlp.policies alter column notify_admin drop default;

-- Empty for incidents from before this column.
alter table dlp.incidents add column template text not null default '';
alter table dlp.incidents alter column template drop default;
alter table dlp.incidents add column notify boolean not null default false;
alter table dlp.incidents alter column notify drop default;

create index incidents_notify on dlp.incidents (at) where notify and status = 'open';

create table dlp.approvals (
    id               uuid        primary key,
    user_id          uuid        not null,
    username         text        not null,
    template         text        not null,
    template_title   text        not null,
    template_version text        not null,
    reason           text        not null,
    policy_id        uuid        not null,
    policy_name      text        not null,
    status           text        not null,
    asked_at         timestamptz not null,
    expires_at       timestamptz not null,
    once             boolean     not null,
    uses             int         not null,
    session_id       uuid,
    decided_by       uuid,
    decided_by_name  text,
    decided_at       timestamptz,
    answer           text
);

-- One question at a time per person and template.
create unique index approvals_waiting on dlp.approvals (user_id, template) where status = 'pending';
create index approvals_open on dlp.approvals (expires_at) where status in ('pending', 'granted');
create index approvals_user on dlp.approvals (user_id, asked_at);
create index approvals_asked on dlp.approvals (asked_at, id);
create index approvals_session on dlp.approvals (session_id);
