-- Policies reach sessions that already run, at the times they are for; a recording may have an end from its start.
alter table policies add column windows jsonb not null default '[]';
alter table policies add column time_zone text not null default 'UTC';
alter table policies add column version integer not null default 1;
alter table recordings add column policy_id uuid;
alter table recordings add column stop_at timestamptz;
alter table recordings add column stop_reason text;
