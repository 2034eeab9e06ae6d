"""The rows of one report: what its page says, its addresses, its versions; chapters, files, figures and checks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.archive.file.codes import fill_townships
from crawler.archive.file.identity import Fingerprint
from crawler.archive.write import checkrows
from crawler.archive.write.figurerows import FigureRows
from crawler.archive.write.index import Index
from crawler.archive.write.keys import Name, new_key
from crawler.records.capture import as_told
from crawler.records.page import Page
from crawler.records.report import Report

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def dumps(value: Any) -> str:
    """JSON as the archive keeps it: compact, characters as they are."""
    return _ENCODER.encode(value)


@dataclass(frozen=True, slots=True)
class Seen:
    """The capture that a page stands in: its row, when it was fetched, and when the same bytes were last seen.

    `run_id`: the run that sees it. `again`: nothing about it is new. Then it makes no version, even if a later program
    reads the bytes otherwise: what the program says of old bytes changes by a rebuild, for all of them at once.
    """

    capture_id: int
    fetched_at: str
    last_seen_at: str
    run_id: int
    again: bool = False


_FIELDS = (
    "title", "organ", "organ_kind", "region_code", "region", "report_year", "published_on", "signed_on", "source",
    "index_no", "doc_no", "form",
)  # fmt: skip
_WAITS = (
    "insert or ignore into panel_waiting select region_code, report_year from reports"
    " where id = ? and region_code is not null and report_year is not null"
)
"""A report whose figures changed, though its row may not have."""
_ROW = ("portal", *_FIELDS, "breadcrumb", "trail", "text", "text_sha256", "capture_id", "identity", "evidence")
_INSERT = (
    f"insert into reports (id, key, url, first_seen_at, last_seen_at, {', '.join(_ROW)})"
    f" values (?, ?, ?, ?, ?, {', '.join('?' * len(_ROW))})"
)
_SET = ", ".join("identity = coalesce(?, identity)" if name == "identity" else f"{name} = ?" for name in _ROW)
_UPDATE = f"update reports set {_SET} where id = ?"


class ReportRows:
    """Writes the rows of reports over one connection, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, index: Index) -> None:
        self._connection = connection
        self._index = index
        self._execute = connection.execute
        self._executemany = connection.executemany
        self.figures = FigureRows(connection)
        self._counties: set[str] = set()
        """Counties whose townships are in the list of regions."""
        self.wrote_figures = False
        """Whether the figures of any report were written: its checks against other years are to be made anew then."""
        self.written: set[int] = set()
        """Reports whose rows were written since these were last tallied."""

    def insert(self, name: Name | None, page: Page, seen: Seen, who: str | None, print_: Fingerprint) -> int:
        """A new report by its first page, `who` its identity; its id. `name`: the id and key that it had before."""
        url = page.capture.address
        report_id, key = name or (None, new_key(self._connection, who, page.capture.portal, url))
        head = (report_id, key, url, seen.fetched_at, seen.last_seen_at)
        report_id = self._execute(_INSERT, (*head, *_row(page, seen, who, print_))).lastrowid
        assert report_id is not None
        self._index.add(report_id, page)
        self.address(report_id, url, seen, print_)
        self.version(report_id, 1, url, seen, print_)
        self._parts(report_id, page, {})
        return report_id

    def show(
        self,
        report_id: int,
        page: Page,
        seen: Seen,
        who: str | None,
        print_: Fingerprint,
        files: Mapping[str, int] | None = None,
    ) -> None:
        """Let the row show what a page says; `files`: the captures of its attachments."""
        self.written.add(report_id)
        shown = self._execute("select capture_id from reports where id = ?", (report_id,)).fetchone()[0]
        if shown == seen.capture_id and seen.again:
            return
        title, text = self._execute("select title, text from reports where id = ?", (report_id,)).fetchone()
        self._execute(_UPDATE, (*_row(page, seen, who, print_), report_id))
        self._index.change(report_id, (title, text), page)
        self._execute("delete from chapters where report_id = ?", (report_id,))
        self._execute("delete from attachments where report_id = ?", (report_id,))
        self._execute("delete from figures where report_id = ?", (report_id,))
        self._execute("delete from findings where report_id = ?", (report_id,))
        self._parts(report_id, page, files or {})

    def address(self, report_id: int, url: str, seen: Seen, print_: Fingerprint) -> None:
        """A report's page stands at this address."""
        self._execute(
            "insert into report_urls (report_id, url, first_seen_at, last_seen_at, capture_id, text_sha256)"
            " values (?, ?, ?, ?, ?, ?) on conflict (report_id, url) do update set capture_id = excluded.capture_id,"
            " text_sha256 = excluded.text_sha256, gone_at = null,"
            " last_seen_at = max(last_seen_at, excluded.last_seen_at)",
            (report_id, url, seen.fetched_at, seen.last_seen_at, seen.capture_id, print_.text_sha256),
        )

    def version(self, report_id: int, version: int, url: str, seen: Seen, print_: Fingerprint) -> None:
        """A version of a report by number, and the address that first said so."""
        self.written.add(report_id)
        self._execute(
            "insert into report_versions values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                report_id, version, seen.capture_id, print_.text_sha256, seen.fetched_at, url, print_.squeezed,
                print_.attachments,
            ),
        )  # fmt: skip

    def forget(self) -> None:
        """Know nothing any more of numbers in the file: what was written may have been undone."""
        self.figures.numbers.forget()
        self._counties.clear()

    def _parts(self, report_id: int, page: Page, files: Mapping[str, int]) -> None:
        self.wrote_figures = True
        if page.report is not None and page.report.organ_kind == "township" and page.report.region_code is not None:
            self._townships(page.report.region_code)
        self._executemany(
            "insert or ignore into attachments (report_id, url, label, media_type, capture_id, text, position)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [
                (report_id, file.url, file.label, file.media_type, files.get(file.url), file.text, position)
                for position, file in enumerate(page.attachments)
            ],
        )
        self.figures.write(report_id, page.figures, page.sections, page.text, page.attachments)
        self._execute(_WAITS, (report_id,))
        checkrows.write(
            self._connection,
            self.figures.numbers,
            [
                (report_id, check.rule, check.subject, check.holds, check.expected, check.actual)
                for check in page.checks
            ],
        )

    def _townships(self, county: str) -> None:
        if county not in self._counties:
            fill_townships(self._connection, county)
            self._counties.add(county)


def _row(page: Page, seen: Seen, who: str | None, print_: Fingerprint) -> tuple[Any, ...]:
    evidence = {name: (reason.rule, reason.detail) for name, reason in page.report_evidence.items()}
    report = page.report or Report()
    return (
        page.capture.portal,
        *(getattr(report, name) for name in _FIELDS),
        dumps(page.breadcrumb),
        dumps(as_told(page.capture.trail)),
        page.text,
        None if page.remains is not None else print_.text_sha256,
        seen.capture_id,
        who,
        dumps(evidence),
    )
