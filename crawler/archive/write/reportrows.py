"""The rows of one report: what its page says, its addresses, its versions; chapters, files, figures and checks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.archive.file.identity import Fingerprint
from crawler.archive.write import index
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
_ROW = ("portal", *_FIELDS, "breadcrumb", "trail", "text", "text_sha256", "capture_id", "identity", "evidence")
_INSERT = (
    f"insert into reports (id, url, first_seen_at, last_seen_at, {', '.join(_ROW)})"
    f" values (?, ?, ?, ?, {', '.join('?' * len(_ROW))})"
)
_SET = ", ".join("identity = coalesce(?, identity)" if name == "identity" else f"{name} = ?" for name in _ROW)
_UPDATE = f"update reports set {_SET} where id = ?"


class ReportRows:
    """Writes the rows of reports over one connection, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._executemany = connection.executemany
        self.wrote_figures = False
        """Whether the figures of any report were written: its checks against other years are to be made anew then."""

    def insert(self, report_id: int | None, page: Page, seen: Seen, who: str | None, print_: Fingerprint) -> int:
        """A new report by its first page, `who` its identity; its id, given or the next."""
        url = page.capture.address
        head = (report_id, url, seen.fetched_at, seen.last_seen_at)
        report_id = self._execute(_INSERT, (*head, *_row(page, seen, who, print_))).lastrowid
        assert report_id is not None
        index.add(self._connection, report_id, page)
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
        shown = self._execute("select capture_id from reports where id = ?", (report_id,)).fetchone()[0]
        if shown == seen.capture_id and seen.again:
            return
        title, text = self._execute("select title, text from reports where id = ?", (report_id,)).fetchone()
        self._execute(_UPDATE, (*_row(page, seen, who, print_), report_id))
        index.change(self._connection, report_id, (title, text), page)
        self._execute("delete from sections where report_id = ?", (report_id,))
        self._execute("delete from attachments where report_id = ?", (report_id,))
        self._execute("delete from statistics where report_id = ?", (report_id,))
        self._execute("delete from checks where report_id = ?", (report_id,))
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
        self._execute(
            "insert into report_versions values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                report_id, version, seen.capture_id, print_.text_sha256, seen.fetched_at, url, print_.squeezed,
                print_.attachments,
            ),
        )  # fmt: skip

    def _parts(self, report_id: int, page: Page, files: Mapping[str, int]) -> None:
        self.wrote_figures = True
        self._executemany(
            "insert into sections values (?, ?, ?, ?, ?)",
            [(report_id, part.position, part.level, part.heading, part.text) for part in page.sections],
        )
        self._executemany(
            "insert or ignore into attachments values (?, ?, ?, ?, ?, ?)",
            [
                (report_id, file.url, file.label, file.media_type, files.get(file.url), file.text)
                for file in page.attachments
            ],
        )
        self._executemany(
            "insert or ignore into statistics values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    report_id, at, figure.form, figure.code, figure.item, figure.applicant, figure.value, figure.raw,
                    figure.unit, figure.evidence, figure.method,
                )
                for at, figure in enumerate(page.figures)
            ],
        )  # fmt: skip
        self._executemany(
            "insert or ignore into checks values (?, ?, ?, ?, ?, ?)",
            [
                (report_id, check.rule, check.subject, check.holds, check.expected, check.actual)
                for check in page.checks
            ],
        )


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
