-- What a viewer's line carries now, and how good a picture it gets.
alter table viewers
    add column bytes_per_second   real    not null default 0,
    add column messages_in        bigint  not null default 0,
    add column updates            bigint  not null default 0,
    add column frames_per_second  real    not null default 0,
    add column quality_level      integer,
    add column quality_best       integer,
    add column quality_automatic  boolean not null default false;
