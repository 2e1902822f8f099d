-- Why it was launched, in the owner's words; null when nobody asked.
alter table sessions.sessions add column launch_reason text;
