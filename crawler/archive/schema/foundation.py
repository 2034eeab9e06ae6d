"""The first version: what is observed of a portal, and what is derived from it."""

from __future__ import annotations

import sqlite3

_TABLES = (
    """create table runs (
        id integer primary key autoincrement,
        started_at text not null,
        finished_at text,
        status text not null check (status in ('running', 'finished', 'interrupted', 'broken_off')),
        portals text not null,
        requests integer not null default 0,
        not_modified integer not null default 0,
        bytes integer not null default 0,
        reports_new integer not null default 0,
        reports_changed integer not null default 0,
        reports_gone integer not null default 0,
        problems integer not null default 0
    )""",
    """create table blobs (
        sha256 text primary key,
        length integer not null,
        coding text not null check (coding in ('raw', 'zstd')),
        dictionary_id integer references dictionaries (id),
        body blob not null
    )""",
    """create table dictionaries (
        id integer primary key,
        host text not null,
        first_sha256 text not null references blobs (sha256),
        second_sha256 text not null references blobs (sha256)
    )""",
    """create table captures (
        id integer primary key autoincrement,
        run_id integer not null references runs (id),
        portal text,
        url text not null,
        fetched_at text not null,
        status integer not null,
        headers text not null,
        content_type text,
        length integer not null,
        sha256 text not null references blobs (sha256),
        trail text not null,
        links_skipped text not null,
        context text not null,
        last_seen_at text not null,
        last_run_id integer not null references runs (id),
        kind text not null,
        media_type text,
        charset_declared text,
        charset text,
        title text,
        breadcrumb text not null,
        lookalike text,
        evidence text not null
    )""",
    """create table absences (
        url text primary key,
        since text not null,
        first_run_id integer not null references runs (id),
        last_run_id integer not null references runs (id)
    )""",
    """create table reports (
        id integer primary key autoincrement,
        portal text,
        url text not null,
        title text,
        organ text,
        organ_kind text,
        region_code text,
        region text,
        report_year integer,
        published_on text,
        signed_on text,
        source text,
        index_no text,
        doc_no text,
        breadcrumb text not null,
        trail text not null,
        form text,
        text text,
        text_sha256 text,
        first_seen_at text not null,
        last_seen_at text not null,
        gone_at text,
        capture_id integer not null references captures (id),
        identity text,
        evidence text not null
    )""",
    """create table report_urls (
        report_id integer not null references reports (id),
        url text not null,
        first_seen_at text not null,
        last_seen_at text not null,
        gone_at text,
        capture_id integer not null references captures (id),
        text_sha256 text,
        primary key (report_id, url)
    )""",
    """create table report_versions (
        report_id integer not null references reports (id),
        version integer not null,
        capture_id integer not null references captures (id),
        text_sha256 text,
        observed_at text not null,
        url text not null,
        squeezed_sha256 text,
        attachments_sha256 text not null,
        primary key (report_id, version)
    )""",
    """create table sections (
        report_id integer not null references reports (id),
        position integer not null,
        level integer not null,
        heading text,
        text text not null,
        primary key (report_id, position)
    )""",
    """create table attachments (
        report_id integer not null references reports (id),
        url text not null,
        label text,
        media_type text,
        capture_id integer references captures (id),
        text text,
        primary key (report_id, url)
    )""",
    """create table statistics (
        report_id integer not null references reports (id),
        form text not null,
        code text not null,
        item text not null,
        applicant text,
        value real,
        raw text,
        unit text,
        evidence text,
        method text not null,
        primary key (report_id, code)
    )""",
    """create table checks (
        report_id integer not null references reports (id),
        rule text not null,
        subject text not null,
        holds integer check (holds in (0, 1)),
        expected text,
        actual text,
        primary key (report_id, rule, subject)
    )""",
    """create table problems (
        id integer primary key,
        run_id integer not null references runs (id),
        portal text,
        url text not null,
        kind text not null,
        detail text not null,
        at text not null,
        capture_id integer references captures (id)
    )""",
    """create table expected (
        portal text not null,
        region_code text not null,
        region text not null,
        report_year integer not null,
        due_on text not null,
        primary key (portal, region_code, report_year)
    )""",
)

_INDEXES = (
    "create index captures_url on captures (url)",
    "create index captures_run on captures (run_id, kind)",
    "create index captures_sha256 on captures (sha256)",
    "create index dictionaries_host on dictionaries (host)",
    "create index reports_place on reports (region_code, report_year)",
    "create index reports_portal on reports (portal, report_year)",
    "create index reports_identity on reports (identity)",
    "create index report_urls_url on report_urls (url)",
    "create index problems_run on problems (run_id, kind)",
    "create index problems_capture on problems (capture_id)",
    "create index statistics_code on statistics (code)",
)

_COVERAGE = """
create view coverage as
with latest (portal, run_id) as (
    select named.value, max(runs.id) from runs, json_each(runs.portals) as named group by 1
),
blocked (portal) as (
    select distinct problems.portal from problems join latest using (portal, run_id)
    where problems.kind in ('challenge', 'block_page', 'robots')
),
ranked as (
    select id, region_code, report_year, published_on, gone_at, row_number() over (
        partition by region_code, report_year
        order by organ_kind = 'government' desc, gone_at is null desc, text is not null desc, id
    ) as rank
    from reports where organ_kind in ('government', 'government_office')
)
select
    expected.portal, expected.region_code, expected.region, expected.report_year,
    case
        when ranked.id is not null and ranked.gone_at is not null then 'gone'
        when ranked.id is not null then 'archived'
        when expected.due_on >= date('now') then 'not_due'
        when blocked.portal is not null then 'blocked'
        else 'missing'
    end as status,
    ranked.id as report_id,
    ranked.published_on,
    max(0, cast(julianday(ranked.published_on) - julianday(expected.due_on) as integer)) as days_late
from expected
left join ranked on ranked.region_code = expected.region_code
    and ranked.report_year = expected.report_year and ranked.rank = 1
left join blocked on blocked.portal = expected.portal
"""


def migrate(connection: sqlite3.Connection) -> None:
    """Every table, index and view of the first version."""
    for statement in (*_TABLES, *_INDEXES, _COVERAGE):
        connection.execute(statement)
