"""Archives that saw the same things in parts, and what they hold told without a number of their own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from crawler.archive.archive import Archive
from crawler.archive.merge.merge import Merger
from crawler.records.capture import Context
from tests.support.archive_small import derive
from tests.support.archive_toy import capture

_CAPTURE = "captures.url || ' ' || captures.fetched_at || ' ' || captures.sha256"
ROWS = {
    "reports": f"""select reports.*, {_CAPTURE} as shown from reports join captures on captures.id = capture_id""",
    "report_urls": f"""select reports.key, report_urls.*, {_CAPTURE} as shown from report_urls
        join reports on reports.id = report_id join captures on captures.id = report_urls.capture_id""",
    "report_versions": f"""select reports.key, report_versions.*, {_CAPTURE} as shown from report_versions
        join reports on reports.id = report_id join captures on captures.id = report_versions.capture_id""",
    "attachments": f"""select reports.key, attachments.*, {_CAPTURE} as shown from attachments
        join reports on reports.id = report_id left join captures on captures.id = attachments.capture_id""",
    "statistics": "select reports.key, statistics.* from statistics join reports on reports.id = report_id",
    "places": """select reports.key, position, document, page, table_no, row_no, column_no, start, length from figures
        join reports on reports.id = report_id""",
    "chapters": "select reports.key, chapters.* from chapters join reports on reports.id = report_id",
    "checks": "select reports.key, checks.* from checks join reports on reports.id = report_id",
    "panel": "select reports.key, panel.* from panel join reports on reports.id = report_id",
    "coverage": "select reports.key, coverage.* from coverage left join reports on reports.id = report_id",
    "found": """select reports.key, reports.title from reports_fts join reports on reports.id = reports_fts.rowid
        where reports_fts match '"收"'""",
    "captures": """select captures.*, runs.started_at as first_run, last.started_at as last_run from captures
        join runs on runs.id = run_id join runs as last on last.id = last_run_id""",
    "runs": "select started_at, portals, status, requests from runs",
    "absences": """select url, since, first.started_at as first, last.started_at as last from absences
        join runs as first on first.id = first_run_id join runs as last on last.id = last_run_id""",
    "expected": "select * from expected",
    "lists": "select lists.*, started_at from lists join runs on runs.id = run_id",
    "portals": "select * from portals",
    "deaths": "select * from deaths",
    "blobs": "select sha256, length, nianbao_body(sha256) as body from blobs",
    "redactions": "select sha256, length, reason, rule, at, lifted_at from redactions",
    "redacted": f"""select {_CAPTURE} as capture, redacted_captures.* from redacted_captures
        join captures on captures.id = capture_id""",
    "requests": f"select {_CAPTURE} as capture, requests.* from requests join captures on captures.id = capture_id",
    "ways": f"select {_CAPTURE} as capture, ways.* from ways join captures on captures.id = capture_id",
    "ocr": f"select {_CAPTURE} as capture, ocr.* from ocr join captures on captures.id = capture_id",
}
"""Questions whose answers two archives share that hold the same."""
NUMBERS = {"id", "report_id", "capture_id", "run_id", "last_run_id", "redaction_id"}


def told(path: Path, *tables: str) -> dict[str, list[Any]]:
    """The rows of these tables, or all, without numbers that are one archive's own, in an order of their own."""
    with Archive.read(path) as archive:
        return {name: _rows(archive.connection, ROWS[name]) for name in tables or ROWS}


def _rows(connection: sqlite3.Connection, query: str) -> list[Any]:
    found = [
        [(name, row[name]) for name in row.keys() if name not in NUMBERS]  # noqa: SIM118
        for row in connection.execute(query)
    ]
    return sorted(found, key=repr)


@dataclass(frozen=True)
class Sight:
    """What one run met: `at`: seconds after the beginning of 2026; `says`: what the page says (archive_toy)."""

    at: int
    path: str
    says: dict[str, Any] = field(default_factory=dict, hash=False)
    status: int = 200

    @property
    def time(self) -> str:
        """When it was met."""
        return f"2026-01-01T{self.at // 3600:02}:{self.at // 60 % 60:02}:{self.at % 60:02}Z"


def archive_of(path: Path, sights: Iterable[Sight], portal: str = "somewhere") -> Path:
    """An archive that met these in the order of time, a run each."""
    with Archive.open(path) as archive:
        for sight in sorted(sights, key=lambda one: one.at):
            with mock.patch("crawler.archive.write.runs.now", return_value=sight.time):
                run = archive.begin_run([portal])
                page = derive(capture(sight.path, sight.time, sight.status, **sight.says), Context(region="210100"))
                archive.store(page)
                archive.settle(run, derive)
                archive.finish_run(run, "finished")
    return path


def merged(target: Path, sources: Sequence[Path], **more: Any) -> list[Merger]:
    """Merge archives in this order."""
    with Archive.open(target) as archive:
        archive.lock()
        mergers = [archive.merge(source, derive, **more) for source in sources]
        archive.wipe()
        return mergers


def numbers(path: Path) -> dict[str, list[Any]]:
    """All rows of all tables with their numbers, but for those that say when something was merged."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '%fts%'"
        )]  # fmt: skip
        return {
            name: sorted(map(tuple, connection.execute(f"select * from [{name}]")), key=repr)
            for name in tables
            if name not in ("sources", "seals", "archive", "_sqlite_migrations", "merged_ids")
        }
