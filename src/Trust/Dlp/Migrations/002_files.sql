-- Incidents about files tell the file's name, never its content.
alter table incidents add column file text;
