"""The tables of an archive, made by migrations. What each column holds is said in `comments.py`.

Observed and never rewritten: runs, captures (their first columns), blobs, dictionaries, expected, absences, lists,
events, problems of a portal. Derived from captures, and derived again by `rebuild`: all else.
"""

from __future__ import annotations

import sqlite3
import zlib

import sqlite_utils

from crawler.archive import panel

APPLICATION_ID = 0x6E69616E
"""`nian`, in the SQLite file header: tells an archive from any other SQLite file."""

VERSION = 6
"""`PRAGMA user_version` of an archive that has every migration below; a higher one is from a newer program."""

MIGRATIONS = sqlite_utils.Migrations("nianbao")

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


@MIGRATIONS(name="0001_foundation")
def _foundation(db: sqlite_utils.Database) -> None:
    """Every table, index and view of the first version."""
    for statement in (*_TABLES, *_INDEXES, _COVERAGE):
        db.conn.execute(statement)
    db.conn.execute(f"pragma application_id = {APPLICATION_ID}")
    db.conn.execute("pragma user_version = 1")


_SCHEDULE = (
    """create table lists (
        portal text not null,
        url text not null,
        plan text not null,
        swept_at text not null,
        run_id integer not null references runs (id),
        pages integer not null,
        items integer not null,
        stated integer,
        primary key (portal, url)
    )""",
    """create table events (
        id integer primary key autoincrement,
        run_id integer not null references runs (id),
        at text not null,
        kind text not null check (kind in ('new', 'changed', 'moved', 'gone', 'returned')),
        report_id integer references reports (id),
        url text not null,
        detail text not null
    )""",
    """create table ways (
        capture_id integer primary key references captures (id),
        seal text not null,
        ways blob not null
    )""",
    "create index report_urls_capture on report_urls (capture_id)",
    "create index events_run on events (run_id)",
    "create index events_report on events (report_id)",
    "alter table runs add column yields text not null default '{}'",
    "alter table blobs add column packed_crc32 integer",
    "update blobs set packed_crc32 = nianbao_crc32(body)",
)

_DEADLINES = """
create view deadlines as
select
    id as report_id, portal, organ, organ_kind, region_code, region, report_year, due_on, published_on,
    max(0, cast(julianday(published_on) - julianday(due_on) as integer)) as days_late
from (
    select *, (report_year + 1) || case
        when organ_kind = 'department' and report_year >= 2019 then '-01-31' else '-03-31'
    end as due_on
    from reports where report_year is not null
)
"""


@MIGRATIONS(name="0002_schedule")
def _schedule(db: sqlite_utils.Database) -> None:
    """What a run leaves for the next: lists walked to their end, what was found, what the portals yielded."""
    db.conn.create_function("nianbao_crc32", 1, zlib.crc32, deterministic=True)
    for statement in (*_SCHEDULE, _DEADLINES):
        db.conn.execute(statement)
    db.conn.execute("pragma user_version = 2")


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Every table and view of the archive with its columns, in the order in which they were made; no search index."""
    names = connection.execute(
        "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite%'"
        " and name not like '%\\_fts%' escape '\\' and name not like '\\_%' escape '\\' order by type, rowid"
    )
    return {
        name: [row[1] for row in connection.execute(f"pragma table_info([{name}])")] for (name,) in names.fetchall()
    }


_AFTER = "substr({0}, instr({0}, '//') + 2)"
_HOST = f"substr({_AFTER}, 1, instr({_AFTER} || '/', '/') - 1)"
"""Host and port of an address, as it is written."""

_COVERAGE_BY_HOST = f"""
create view coverage as
with latest (portal, run_id) as (
    select named.value, max(runs.id) from runs, json_each(runs.portals) as named group by 1
),
refusing (portal, host) as (
    select distinct problems.portal, {_HOST.format("problems.url")} from problems join latest using (portal, run_id)
    where problems.kind in ('challenge', 'block_page', 'host_resting')
        or (problems.kind = 'robots' and problems.url like '%://%/' and problems.url not like '%://%/%/')
),
homes (portal, host) as (
    select distinct portal, {_HOST.format("json_extract(trail, '$[0].url')")} from captures
),
closed (portal) as (
    select distinct refusing.portal from refusing
    where exists (select 1 from homes where homes.portal = refusing.portal and homes.host = refusing.host)
        or not exists (select 1 from homes where homes.portal = refusing.portal)
),
closed_to (portal, region_code) as (
    select distinct refusing.portal, reports.region_code from refusing
    join report_urls on {_HOST.format("report_urls.url")} = refusing.host
    join reports on reports.id = report_urls.report_id
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
        when closed.portal is not null or closed_to.portal is not null then 'blocked'
        else 'missing'
    end as status,
    ranked.id as report_id,
    ranked.published_on,
    max(0, cast(julianday(ranked.published_on) - julianday(expected.due_on) as integer)) as days_late
from expected
left join ranked on ranked.region_code = expected.region_code
    and ranked.report_year = expected.report_year and ranked.rank = 1
left join closed on closed.portal = expected.portal
left join closed_to on closed_to.portal = expected.portal and closed_to.region_code = expected.region_code
"""


@MIGRATIONS(name="0003_coverage")
def _coverage_by_host(db: sqlite_utils.Database) -> None:
    """A missing report is blocked where the portal's own host refused, or the host of that region's other reports."""
    db.conn.execute("drop view coverage")
    db.conn.execute(_COVERAGE_BY_HOST)
    db.conn.execute("pragma user_version = 3")


_STATISTICS = (
    "drop table statistics",
    """create table statistics (
        report_id integer not null references reports (id),
        position integer not null,
        form text not null,
        code text,
        item text not null,
        applicant text,
        value numeric,
        raw text,
        unit text,
        evidence text not null,
        method text not null,
        primary key (report_id, position)
    ) without rowid""",
    "create unique index statistics_measure on statistics (report_id, form, code) where code is not null",
    "create index statistics_code on statistics (code, value)",
    "create index checks_rule on checks (rule, holds)",
)


@MIGRATIONS(name="0004_statistics")
def _statistics(db: sqlite_utils.Database) -> None:
    """A measure may be told by the text and by a table, and a local row has no code. The table was empty until now."""
    for statement in (*_STATISTICS, panel.VIEW):
        db.conn.execute(statement)
    db.conn.execute("pragma user_version = 4")


_SEARCH = (
    # Contents are read from reports; what stands in the index are the tokens that nianbao_tokens makes of them.
    # The text is the first column: the places of any other take two bytes more for each character of each report.
    """create virtual table reports_fts using fts5(
        text, title, content="reports", content_rowid="id", columnsize = 0,
        tokenize = 'unicode61 remove_diacritics 0'
    )""",
    "insert into reports_fts (rowid, title, text) select id, nianbao_tokens(title), nianbao_tokens(text) from reports",
    "create index reports_title on reports (title)",
)
"""crawler.archive.index keeps the index, not triggers: those would need our function in every program that writes."""


@MIGRATIONS(name="0005_search")
def _search(db: sqlite_utils.Database) -> None:
    """Search in Chinese (crawler.archive.tokens), in an ordinary FTS5 table that plain SQLite reads."""
    for statement in _SEARCH:
        db.conn.execute(statement)
    db.conn.execute("pragma user_version = 5")


_OCR = """create table ocr (
    capture_id integer not null references captures (id),
    position integer not null,
    place text not null,
    text text,
    confidence real,
    engine text not null,
    primary key (capture_id, position)
) without rowid"""


@MIGRATIONS(name="0006_ocr")
def _ocr(db: sqlite_utils.Database) -> None:
    """What a model makes out in scans and pictures: neither captured nor derived, and in no other table."""
    db.conn.execute(_OCR)
    db.conn.execute("pragma user_version = 6")
