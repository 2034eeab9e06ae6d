"""What web archives hold of portals, which of it was taken, and what was asked of them; reports that only they have."""

from __future__ import annotations

import sqlite3

from crawler.archive.schema.coverage import REFUSING
from crawler.archive.schema.standing import coverage_view
from crawler.archive.schema.tombstones import REDACTED

_TABLES = (
    "alter table captures add column source text",
    "alter table arrivals add column source text",
    """create table inquiries (
        id integer primary key,
        source text not null,
        portal text not null,
        url text not null,
        match text not null check (match in ('exact', 'prefix', 'host', 'walk')),
        since text not null,
        until text not null,
        asked_at text not null,
        finished integer not null check (finished in (0, 1)),
        rows integer not null default 0,
        unread integer not null default 0,
        left_out integer not null default 0,
        resume text,
        detail text,
        unique (source, portal, url, match, since, until)
    )""",
    """create table mementos (
        id integer primary key,
        source text not null,
        portal text not null,
        url text not null,
        key text not null,
        at text not null,
        status integer,
        media_type text,
        digest text,
        length integer,
        file text,
        offset integer,
        outcome text check (outcome in ('kept', 'refused')),
        detail text,
        sha256 text,
        taken_as text,
        unique (source, url, at)
    )""",
    "create index mementos_key on mementos (key, at)",
    "create index mementos_portal on mementos (portal, source, at)",
)

REFUSING_NOW = REFUSING.replace("as named group by 1", "as named where runs.source is null group by 1", 1)
"""A walk over captures says nothing of what a portal refuses today."""
_ARCHIVES = """,
held_there (portal, source, year, mementos) as materialized (
    select portal, source, cast(substr(at, 1, 4) as integer), count(*) from mementos group by 1, 2, 3
),
inquiry (portal, source, asked_at) as materialized (
    select portal, source, max(asked_at) from inquiries where match <> 'walk' group by 1, 2
)"""
_VIA = "(select source from captures where id = (select capture_id from reports where reports.id = held.report_id))"
_FURTHER = f"""{REDACTED},
    {_VIA} as via,
    (
        select nullif(json_group_array(json_object('source', source, 'asked_at', asked_at, 'mementos', mementos)), '[]')
        from (
            select inquiry.source, max(inquiry.asked_at) as asked_at, coalesce(sum((
                select sum(mementos) from held_there where held_there.portal = inquiry.portal
                and held_there.source = inquiry.source and held_there.year > place.report_year
            )), 0) as mementos
            from inquiry where inquiry.portal in (select value from json_each(place.portals))
            group by inquiry.source order by inquiry.source
        )
    ) as archives"""


def _coverage(today: str) -> str:
    gone = f"held.gone_at is not null and {_VIA} is null"
    return coverage_view(_FURTHER, today, REFUSING_NOW + _ARCHIVES, gone)


def coverage_on(day: str) -> str:
    """A query for the rows that the view `coverage` has on a `day` (ISO date), whatever the clock says."""
    return _coverage(f"'{day}'").partition(" as\n")[2]


def migrate(connection: sqlite3.Connection) -> None:
    """`captures.source`, `arrivals.source`, tables `inquiries` and `mementos`; `coverage` has `via` and `archives`."""
    for statement in _TABLES:
        connection.execute(statement)
    connection.execute("drop view coverage")
    connection.execute(_coverage("date('now')"))
