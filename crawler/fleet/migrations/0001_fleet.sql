-- The fleet's own tables; those of the queue are Procrastinate's. Times are of the database's clock, the only one that counts.
create schema fleet;

create table fleet.migrations (
    name text primary key,
    applied_at timestamptz not null default now()
);

-- One row: where archives are kept, which tables Procrastinate has, when the last tick was and what all ticks did.
create table fleet.facts (
    single boolean primary key default true check (single),
    store text not null,
    procrastinate text not null,
    ticked_at timestamptz,
    ticks bigint not null default 0,
    due bigint not null default 0,
    reaped bigint not null default 0,
    healed bigint not null default 0
);

-- `domain`: portals of one domain are never asked at a time. `by_hand`: a person named it, else it follows from the hosts.
-- `size`: requests of the last round that was done; null: none was. `every`: between two rounds.
create table fleet.portals (
    portal text primary key,
    profile text not null,
    profile_sha256 text not null,
    domain text not null,
    by_hand boolean not null default false,
    every interval not null check (every > interval '0'),
    next_due timestamptz not null default now(),
    paused boolean not null default false,
    size bigint,
    added_at timestamptz not null default now()
);
create index portals_domain on fleet.portals (domain);

-- A portal has one round queued at most. `tries`: attempts in a row that failed; `slices`: archives committed of it.
create table fleet.rounds (
    portal text not null,
    due timestamptz not null,
    job_id bigint,
    status text not null default 'queued' check (status in ('queued', 'done', 'failed')),
    tries integer not null default 0,
    slices integer not null default 0,
    requests bigint not null default 0,
    exit_code integer,
    problem text,
    summary jsonb,
    begun_at timestamptz not null default now(),
    finished_at timestamptz,
    primary key (portal, due)
);
create unique index rounds_queued on fleet.rounds (portal) where status = 'queued';
create index rounds_job on fleet.rounds (job_id);

-- Which generation is a portal's archive now; 0: none is yet. `drawn`: the last number that an attempt was given for one;
-- what was drawn and not committed is nobody's. `commits`: how often it was changed. `seal`: what the store is to say of
-- it, its archive's digest among it; `sealed`: the store does.
create table fleet.archives (
    portal text primary key,
    generation integer not null default 0,
    drawn integer not null default 0,
    commits integer not null default 0,
    seal jsonb,
    sealed boolean not null default false,
    committed_at timestamptz,
    check (generation <= drawn and (generation > 0) = (seal is not null))
);

-- `pinged_at`: when the database last confirmed to its worker that the job is still the worker's.
create table fleet.attempts (
    id bigint primary key generated always as identity,
    portal text not null,
    due timestamptz not null,
    domain text not null,
    worker text not null,
    worker_id bigint not null,
    job_id bigint not null,
    started_at timestamptz not null default now(),
    pinged_at timestamptz not null default now(),
    ended_at timestamptz,
    how text check (how in ('done', 'more', 'failed', 'again', 'stopped', 'lost'))
);
create index attempts_open on fleet.attempts (domain) where ended_at is null;
create index attempts_domain on fleet.attempts (domain, ended_at);
create index attempts_job on fleet.attempts (job_id);
