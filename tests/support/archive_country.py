"""A made-up archive of the whole country, written as rows: real counties, a portal for every ten of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.archive.file.connection import open_for_writing
from tests.support.archive_grown import YEARS, grown

EXPECTED = range(2008, 2026)
"""Report years that are due; reports of YEARS of them, from 2010 on, are held."""


def country(path: Path, reports: int) -> None:
    """An archive of so many reports, a hundred of each portal, over counties of all provinces in turn.

    A third of what is expected is of years that nobody has; every report has a row of the panel and a
    check that fails; the hosts of one portal in ten rest.
    """
    with closing(grown(path, reports)) as connection:
        execute = connection.execute
        execute("pragma foreign_keys = off")
        execute("begin")
        _place(connection, -(-reports // YEARS))
        execute(
            "insert or ignore into panel (report_id, portal, region_code, region, report_year, organ, url,"
            " published_on, received, processed, granted, denied, refused, conflict, sample)"
            " select id, portal, region_code, region,"
            " report_year, organ, url, published_on, 20 + id % 60, 18 + id % 60, 9 + id % 20, id % 7, id % 3, 0, 0"
            " from reports"
        )
        execute("insert or ignore into portals select distinct portal, 0 from expected")
        execute("delete from problems where kind = 'host_resting' and portal not like '%7'")
        execute("commit")
        execute("analyze")


def expectation(path: Path, portals: int) -> None:
    """An archive of which nothing is known but what so many portals of ten counties each should have."""
    with closing(open_for_writing(path)) as connection:
        connection.execute("pragma foreign_keys = off")
        connection.execute("begin")
        connection.executemany("insert into portals values (?, 0)", [(f"p{n}",) for n in range(portals)])
        connection.executemany(
            "insert into expected values (?, ?, 'r', ?, ?)",
            [(f"p{n // 10}", f"{n:06}", year, f"{year + 1}-03-31") for n in range(10 * portals) for year in EXPECTED],
        )
        _place(connection, 10 * portals)
        connection.execute("commit")


def _place(connection: sqlite3.Connection, organs: int) -> None:
    """Put made-up codes, numbers from zero, into real counties, neighbours in the same portal's ten."""
    execute = connection.execute
    execute("create temp table place (organ text primary key, code text unique, name text)")
    counties = execute("select code, name from regions where level = 'county' order by code").fetchall()
    step = max(len(counties) // organs, 1)
    chosen = [counties[n * step % len(counties)] for n in range(min(organs, len(counties)))]
    made = [(f"9{n:05}", f"虚县{n}") for n in range(organs - len(chosen))]
    connection.executemany(
        "insert into place values (?, ?, ?)",
        [(f"{n:06}", code, name) for n, (code, name) in enumerate([*chosen, *made])],
    )
    execute(
        "insert into expected select portal, region_code, region, year.value, (year.value + 1) || '-03-31'"
        " from (select distinct portal, region_code, region from expected), json_each(?) as year"
        " where true on conflict do nothing",
        (str(list(EXPECTED)),),
    )
    for table in ("expected", "reports"):
        execute(
            f"update {table} set region = (select name from place where organ = region_code),"
            " region_code = (select code from place where organ = region_code)"
        )
    execute(
        "update reports set title = region || report_year || '年政府信息公开工作年度报告', organ = region || '人民政府'"
    )
    execute(
        "update reports set identity = 'government/' || region_code || '/' || report_year, key = printf('%016x', id)"
    )
    execute("delete from regions where level is null and code not in (select region_code from expected)")
    execute("drop table place")
