"""What runs found: for `nianbao log`, the summary of a run and the feed."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from crawler.problems import ATTENTION_KINDS

_PLACED = """select events.id, events.run_id, events.at, events.kind, events.report_id, events.url, events.detail,
    reports.title, reports.organ, reports.region, reports.report_year, captures.sha256
    from events left join reports on reports.id = events.report_id
    left join captures on captures.id = reports.capture_id"""


def last_runs(connection: sqlite3.Connection, count: int) -> list[dict[str, Any]]:
    """The last runs, newest first: the row, with `found` (its events) and `problem_kinds` (how many of each)."""
    rows = connection.execute("select * from runs order by id desc limit ?", (count,)).fetchall()
    told = []
    for row in rows:
        run = dict(row) | {"portals": json.loads(row["portals"])}
        del run["yields"]
        run["found"] = found_by(connection, row["id"])
        kinds = connection.execute(
            "select kind, count(*) from problems where run_id = ? group by 1 order by 1", (row["id"],)
        )
        run["problem_kinds"] = dict(kinds.fetchall())
        told.append(run)
    return told


def found_by(connection: sqlite3.Connection, run_id: int) -> list[dict[str, Any]]:
    """What a run found, in the order of finding: rows of `events` with what the report says of itself now."""
    return [dict(row) for row in connection.execute(f"{_PLACED} where events.run_id = ? order by events.id", (run_id,))]


def newest(connection: sqlite3.Connection, count: int) -> list[dict[str, Any]]:
    """The last events of the archive, newest first, in the form of `found_by`."""
    return [dict(row) for row in connection.execute(f"{_PLACED} order by events.id desc limit ?", (count,))]


def last_good(connection: sqlite3.Connection) -> dict[str, str | None]:
    """By portal the end of the last run that finished without anything that wants a person; None: there was none."""
    marks = ", ".join("?" * len(ATTENTION_KINDS))
    rows = connection.execute(
        "with troubled as materialized"
        f" (select distinct run_id, portal from problems where kind in ({marks}))"
        " select named.value, max(case when status = 'finished' and troubled.run_id is null"
        " then finished_at end) from runs cross join json_each(runs.portals) as named"
        " left join troubled on troubled.run_id = runs.id and troubled.portal = named.value group by 1 order by 1",
        sorted(ATTENTION_KINDS),
    )
    return {row[0]: row[1] for row in rows}
