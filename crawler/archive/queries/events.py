"""What runs found: for `nianbao log`, the summary of a run and the feed."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from crawler.records.problems import ATTENTION_ABOVE, attention_kinds

_PLACED = """select events.id, events.run_id, events.at, events.kind, events.report_id, events.url, events.detail,
    reports.title, reports.organ, reports.region, reports.report_year, captures.sha256,
    coalesce(portals.sample, 0) as sample
    from events left join reports on reports.id = events.report_id
    left join captures on captures.id = reports.capture_id
    left join portals on portals.id = reports.portal"""


def last_runs(connection: sqlite3.Connection, count: int) -> list[dict[str, Any]]:
    """The last runs, newest first: the row, with `found` (its events), `problem_kinds` (how many of each), and which of
    these kinds `wants_a_person`."""
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
        run["wants_a_person"] = attention_kinds(run["problem_kinds"])
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
    marks = ", ".join(["(?, ?)"] * len(ATTENTION_ABOVE))
    rows = connection.execute(
        f"with attention (kind, above) as (values {marks}), wanting as materialized ("
        " select run_id, kind from problems join attention using (kind) group by 1, 2 having count(*) > max(above)),"
        " bad as materialized (select distinct run_id, portal from problems join wanting using (run_id, kind))"
        " select named.value, max(case when status = 'finished' and bad.run_id is null then finished_at end)"
        " from runs cross join json_each(runs.portals) as named"
        " left join bad on bad.run_id = runs.id and bad.portal = named.value group by 1 order by 1",
        [value for pair in ATTENTION_ABOVE.items() for value in pair],
    )
    return {row[0]: row[1] for row in rows}
