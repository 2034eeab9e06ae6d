"""What a source notes beside its captures: what belongs to one of them, problems, events, portals, deaths."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable

from crawler.archive.file import tombstones
from crawler.archive.merge.course import Course
from crawler.archive.merge.rows import insert, values
from crawler.archive.write.captures import keep_request
from crawler.archive.write.samples import KEEP
from crawler.records.capture import Sent
from crawler.records.problems import DERIVED_KINDS

_LATEST = ("requisites", "ways", "ocr")
"""Tables of which a capture has what was noted last."""


def take_parts(target: sqlite3.Connection, source: sqlite3.Connection, course: Course) -> None:
    """The request of each capture that the source met first; what it noted of one later, where it met it last."""
    for row in source.execute(
        "select requests.*, run_id, captures.url as address from requests join captures on captures.id = capture_id"
    ):
        here = course.captures[row["capture_id"]]
        told = target.execute("select run_id from captures where id = ?", (here,)).fetchone()
        known = target.execute("select 1 from request_lines where capture_id = ?", (here,)).fetchone()
        if told[0] == course.runs[row["run_id"]] and known is None:
            headers = tuple((name, value) for name, value in json.loads(row["headers"]))
            keep_request(target, here, row["address"], Sent(row["line"], headers, row["ip_address"]))
    bare = {row[0] for row in target.execute("select capture_id from redacted_captures")}
    for table in _LATEST:
        noted = source.execute(f"select distinct capture_id, last_run_id from {table} join captures on id = capture_id")
        for there, run_id in noted.fetchall():
            here = course.captures[there]
            told = target.execute("select last_run_id from captures where id = ?", (here,)).fetchone()
            known = target.execute(f"select 1 from {table} where capture_id = ? limit 1", (here,)).fetchone()
            if here in bare or (known is not None and told[0] != course.runs[run_id]):
                continue
            target.execute(f"delete from {table} where capture_id = ?", (here,))
            for row in source.execute(f"select * from {table} where capture_id = ?", (there,)):
                insert(target, table, values(row, capture_id=here))


def take_problems(target: sqlite3.Connection, source: sqlite3.Connection, course: Course) -> None:
    """The problems of each run that are not here; those that follow from captures only with a capture that is new."""
    silent = target.execute("select 1 from redactions limit 1").fetchone() is not None
    for there, here in course.runs.items():
        known = Counter(
            map(
                tuple,
                target.execute(
                    "select portal, url, kind, detail, at, capture_id from problems where run_id = ?", (here,)
                ),
            )
        )
        for row in source.execute("select * from problems where run_id = ? order by id", (there,)):
            capture_id = None if row["capture_id"] is None else course.captures[row["capture_id"]]
            if row["kind"] in DERIVED_KINDS and capture_id is not None and capture_id not in course.fresh:
                continue
            detail = row["detail"]
            if (
                silent
                and row["kind"] != tombstones.WITHHELD
                and target.execute(tombstones.SILENT, (capture_id, row["url"])).fetchone() is not None
            ):
                detail = tombstones.SILENCE
            words = (row["portal"], row["url"], row["kind"], detail, row["at"], capture_id)
            if known[words] > 0:
                known[words] -= 1
                continue
            target.execute(
                "insert into problems (run_id, portal, url, kind, detail, at, capture_id) values (?, ?, ?, ?, ?, ?, ?)",
                (here, *words),
            )


def take_events(
    target: sqlite3.Connection, source: sqlite3.Connection, course: Course, report: Callable[[int, str], int | None]
) -> None:
    """What the runs of a source found; `report` gives the number here of a report there that is at an address."""
    for there, here in course.runs.items():
        known = Counter(map(tuple, target.execute("select at, kind, url from events where run_id = ?", (here,))))
        for row in source.execute("select * from events where run_id = ? order by id", (there,)):
            words = (row["at"], row["kind"], row["url"])
            if known[words] > 0:
                known[words] -= 1
                continue
            number = None if row["report_id"] is None else report(row["report_id"], row["url"])
            target.execute(
                "insert into events (run_id, at, kind, report_id, url, detail) values (?, ?, ?, ?, ?, ?)",
                (here, *words[:2], number, row["url"], row["detail"]),
            )


def take_portals(target: sqlite3.Connection, source: sqlite3.Connection) -> None:
    """Portals, and whether they are made up; what readers were lost over, as of the first time."""
    target.executemany(KEEP, map(tuple, source.execute("select id, sample from portals")))
    for row in source.execute("select * from deaths"):
        told = values(row)
        known = target.execute(
            "select at, cause from deaths where url = ? and sha256 = ? and program = ?",
            (row["url"], row["sha256"], row["program"]),
        ).fetchone()
        if known is None or (row["at"], row["cause"] or "") < (known[0], known[1] or ""):
            insert(target, "deaths", told, "insert or replace")


def take_testimony(target: sqlite3.Connection, source: sqlite3.Connection) -> None:
    """What web archives said they hold and were handed, and what people said of reports: each once, by what it says. A
    note that was emptied anywhere is."""
    for table in ("inquiries", "mementos", "submissions"):
        for row in source.execute(f"select * from {table} order by id"):
            told = values(row)
            del told["id"]
            insert(target, table, told, "insert or ignore")
    said = "key = ? and measure is ? and verdict = ? and who = ? and at = ?"
    for row in source.execute("select key, measure, verdict, who, at, note from reviews order by id").fetchall():
        *words, note = tuple(row)
        notes = {one[0] for one in target.execute(f"select note from reviews where {said}", words)}
        if note == tombstones.SILENCE and notes:
            target.execute(f"update reviews set note = ? where note is not null and {said}", (note, *words))
        elif note not in notes and (note is None or tombstones.SILENCE not in notes):
            insert(target, "reviews", values(row))
