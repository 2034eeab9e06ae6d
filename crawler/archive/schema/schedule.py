"""What a run leaves for the next, and when a report was due."""

from __future__ import annotations

import sqlite3
import zlib

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


def migrate(connection: sqlite3.Connection) -> None:
    """What a run leaves for the next: lists walked to their end, what was found, what the portals yielded."""
    connection.create_function("nianbao_crc32", 1, zlib.crc32, deterministic=True)
    for statement in (*_SCHEDULE, _DEADLINES):
        connection.execute(statement)
