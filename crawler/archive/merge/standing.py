"""What holds until the next run says otherwise: lists, what the law asks, addresses that led to nothing."""

from __future__ import annotations

import sqlite3

from crawler.archive.merge.course import Course
from crawler.archive.merge.rows import insert, values
from crawler.records.capture import RENDERED

_LATEST = """select portals.value, max(runs.id) from runs, json_each(runs.portals) as portals
    group by portals.value"""


def take_lists(target: sqlite3.Connection, source: sqlite3.Connection, course: Course) -> None:
    """Of each list the row of the run that walked it last."""
    for row in source.execute("select * from lists"):
        told = values(row, run_id=course.runs[row["run_id"]])
        known = target.execute(
            "select swept_at, run_id from lists where portal = ? and url = ?", (row["portal"], row["url"])
        ).fetchone()
        if known is None or (known["run_id"], known["swept_at"]) <= (told["run_id"], row["swept_at"]):
            insert(target, "lists", told, "insert or replace")


def take_expected(target: sqlite3.Connection, source: sqlite3.Connection, course: Course) -> None:
    """What is asked of a portal in the years of which its latest run speaks is what that run says."""
    ours = set(course.runs.values())
    last_there = {portal: course.runs[run] for portal, run in source.execute(_LATEST)}
    named = "select runs.id from runs, json_each(runs.portals) as portals where portals.value = ? order by runs.id desc"
    for portal, first, last in source.execute(
        "select portal, min(report_year), max(report_year) from expected group by portal"
    ).fetchall():
        rows = source.execute("select * from expected where portal = ?", (portal,)).fetchall()
        others = target.execute("select 1 from expected where portal = ? limit 1", (portal,)).fetchone()
        last_here = 0
        if others is not None:
            last_here = next((row[0] for row in target.execute(named, (portal,)) if row[0] not in ours), 0)
        if last_there.get(portal, 0) >= last_here:
            target.execute(
                "delete from expected where portal = ? and report_year between ? and ?", (portal, first, last)
            )
            here = range(0)
        else:
            span = target.execute(
                "select min(report_year), max(report_year) from expected where portal = ?", (portal,)
            ).fetchone()
            here = range(span[0], span[1] + 1)
        for row in rows:
            if row["report_year"] not in here:
                insert(target, "expected", values(row), "insert or replace")


def take_absences(target: sqlite3.Connection, source: sqlite3.Connection, course: Course) -> set[str]:
    """Where reports were missed since when; the addresses of which it is told anew, for both archives met them."""
    urls = {row[0] for row in source.execute("select url from absences")}
    for row in source.execute("select * from absences").fetchall():
        told = values(row, first_run_id=course.runs[row["first_run_id"]], last_run_id=course.runs[row["last_run_id"]])
        known = target.execute("select * from absences where url = ?", (row["url"],)).fetchone()
        if known is not None:
            told |= {
                "since": min(known["since"], row["since"]),
                "first_run_id": min(known["first_run_id"], told["first_run_id"]),
                "last_run_id": max(known["last_run_id"], told["last_run_id"]),
            }
        insert(target, "absences", told, "insert or replace")
    shared = {url for one in course.shared for url in (one, one + RENDERED)}
    for url in sorted(shared):
        _tell(target, url)
    return urls


def _tell(target: sqlite3.Connection, url: str) -> None:
    """The row of an address, as the captures there say it: missed by whom, after a report was last met."""
    met = target.execute("select max(last_run_id) from captures where url = ? and kind = 'report'", (url,)).fetchone()[
        0
    ]
    if met is None:
        return
    rows = target.execute(
        "select since, first_run_id, last_run_id from absences where url = ? and first_run_id > ?", (url, met)
    ).fetchall()
    missed = [tuple(row) for row in rows]
    for fetched_at, run_id, seen_at, last in target.execute(
        "select fetched_at, run_id, last_seen_at, last_run_id from captures join runs on runs.id = last_run_id"
        " where url in (?, ?) and kind = 'missing' and last_run_id > ? and runs.source is null",
        (url, url.removesuffix(RENDERED), met),
    ):
        missed.append((fetched_at, run_id, last) if run_id > met else (seen_at, last, last))
    target.execute("delete from absences where url = ?", (url,))
    if missed:
        target.execute(
            "insert into absences values (?, ?, ?, ?)",
            (url, min(one[0] for one in missed), min(one[1] for one in missed), max(one[2] for one in missed)),
        )
