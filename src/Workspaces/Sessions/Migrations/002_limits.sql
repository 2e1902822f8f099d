-- Whether the processes of a session have the limits that its row says: applied, pending (the reconciler gives them), next_start (they cannot be given while it runs).
alter table sessions.sessions add column limits_state text not null default 'applied';
alter table sessions.sessions alter column limits_state drop default;
