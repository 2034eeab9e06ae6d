"""Reports: what each says, its versions, and how those of a portal stand."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from crawler.archive.file.captures import Derive
from crawler.archive.file.tombstones import sentence
from crawler.archive.queries.captures import Captures
from crawler.archive.queries.reviews import Reviews
from crawler.archive.queries.rows import Subject, as_dict
from crawler.archive.queries.submissions import Submissions
from crawler.records.capture import RENDERED, Step, steps_of
from crawler.records.errors import RedactedError
from crawler.records.report import Report

KEY = re.compile("[0-9a-f]{16}")
"""The public name of a report, as crawler.archive.write.keys makes it."""


_FIGURES = (
    "select statistics.*, document, page, table_no, row_no, column_no, start, length from statistics"
    " join figures using (report_id, position) where report_id = ? order by position"
)
"""Figures as the view has them, with their places."""


class Reports(Subject):
    """Reports with all that hangs on them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._captures = Captures(connection)
        self._reviews = Reviews(connection)
        self._submissions = Submissions(connection)

    def get(self, report_id: int) -> dict[str, Any] | None:
        """A report's row with the `sha256` of its page and whether it is made up (`sample`), its `urls`, `versions`,
        `sections`, `attachments`, `statistics`, `checks`, `reviews` and `submissions`, the `redaction` of that
        page, None where it was not redacted, and as `conflicts` the reports that claim the same identity with another
        text; None where there is none."""
        row = self._execute(
            "select reports.*, captures.sha256, captures.source as via, captures.fetched_at as captured_at,"
            " coalesce(portals.sample, 0) as sample from reports"
            " join captures on captures.id = capture_id left join portals on portals.id = reports.portal"
            " where reports.id = ?",
            (report_id,),
        ).fetchone()
        if row is None:
            return None
        parts = {
            "urls": "select * from report_urls where report_id = ? order by first_seen_at, rowid",
            "versions": "select * from report_versions where report_id = ? order by version",
            "checks": "select * from checks where report_id = ? order by rule, subject",
            "conflicts": "select other.id, other.key, other.url, other.title, other.published_on, other.gone_at"
            " from reports join reports as other"
            " on other.identity = reports.identity and other.text_sha256 <> reports.text_sha256"
            " where reports.id = ? order by other.id",
        }
        # No column of these is JSON; `evidence` of a figure is the sentence itself.
        held = {name: [dict(part) for part in self._execute(query, (report_id,))] for name, query in parts.items()}
        held |= self.contents(report_id)
        addresses = [place["url"].removesuffix(RENDERED) for place in held["urls"] + held["attachments"]]
        return (
            as_dict(row)
            | {"redaction": self._captures.redaction(int(row["capture_id"]))}
            | {"reviews": self._reviews.of_report(row["key"])}
            | {"submissions": self._submissions.of(addresses)}
            | held
        )

    def contents(self, report_id: int) -> dict[str, Any]:
        """What a report says beside its row: `sections`, `attachments`, `statistics`."""
        parts = {
            "sections": "select * from sections where report_id = ? order by position",
            "attachments": "select * from attachments where report_id = ? order by position",
            "statistics": _FIGURES,
        }
        return {name: [dict(part) for part in self._execute(query, (report_id,))] for name, query in parts.items()}

    def text(self, report_id: int) -> str | None:
        """The text of a report."""
        row = self._execute("select text from reports where id = ?", (report_id,)).fetchone()
        return None if row is None else row[0]

    def find(self, what: str) -> int | None:
        """The id of a report by its key, its number, or one of its addresses (the report that stands there now goes
        first)."""
        row = None
        if KEY.fullmatch(what):
            row = self._execute("select id from reports where key = ?", (what,)).fetchone()
        if row is not None:
            return int(row[0])
        if what.isascii() and what.isdigit() and len(what) < 18:
            row = self._execute("select id from reports where id = ?", (int(what),)).fetchone()
        else:
            row = self._execute(
                "select report_id from report_urls where url = ? order by gone_at is not null, last_seen_at desc",
                (what,),
            ).fetchone()
        return None if row is None else int(row[0])

    def key(self, report_id: int) -> str | None:
        """The key of a report by its number; None where there is none."""
        row = self._execute("select key from reports where id = ?", (report_id,)).fetchone()
        return None if row is None else str(row[0])

    def version(self, report_id: int, version: int, derive: Derive) -> dict[str, Any]:
        """What a version of a report said, its files with it: the fields of a report, `text`, `attachments` and `seen`.

        `attachments`: {url, label, sha256}, sha256 None for a file that is not archived. `seen`: version, observed_at,
        url, capture_id, sha256; those of the file where a file made the version. Derived again from the captures.
        Raises KeyError where there is no such version, RedactedError where it was redacted, ArchiveError where a body
        is damaged.
        """
        # What derives is imported here: those who ask anything else start without it.
        from crawler.archive.derive.attachments import whole_page
        from crawler.archive.derive.filecaptures import files_then
        from crawler.archive.write.deaths import Caution, deaths_of

        derive = Caution(derive, deaths_of(self._connection))
        row = self._execute(
            "select version, observed_at, report_versions.url, capture_id, sha256 from report_versions"
            " join captures on captures.id = capture_id where report_id = ? and version = ?",
            (report_id, version),
        ).fetchone()
        if row is None:
            raise KeyError(version)
        (page_id,) = self._execute(
            "select capture_id from report_versions where report_id = ?1 and version <= ?2 and url in"
            " (select url from report_urls where report_id = ?1) order by version desc limit 1",
            (report_id, version),
        ).fetchone()
        then = partial(files_then, self._connection, report_id, version)
        page, ids = whole_page(self._connection, derive, page_id, then)
        if page.remains is not None:
            removal = self._captures.redaction(page_id)
            words = sentence(removal) if removal else "redacted"
            raise RedactedError(f"version {version} of report {report_id} was {words}")
        files = [
            {"url": file.url, "label": file.label, "sha256": self._sha256(ids.get(file.url))}
            for file in page.attachments
        ]
        return asdict(page.report or Report()) | {"text": page.text, "attachments": files, "seen": as_dict(row)}

    def _sha256(self, capture_id: int | None) -> str | None:
        row = self._execute("select sha256 from captures where id = ?", (capture_id,)).fetchone()
        return None if row is None else str(row[0])

    def files_read(self, report_id: int) -> list[dict[str, Any]]:
        """The files that were read with a report, {url, fetched_at, sha256}: its words and figures may stand there."""
        rows = self._execute(
            "select captures.url, captures.fetched_at, captures.sha256 from attachments"
            " join captures on captures.id = attachments.capture_id"
            " where report_id = ? and attachments.text is not null order by attachments.rowid",
            (report_id,),
        )
        return [dict(row) for row in rows]

    def days_late(self, report_id: int) -> int | None:
        """How many days after its deadline a report was published; None where that is not known."""
        row = self._execute("select days_late from deadlines where report_id = ?", (report_id,)).fetchone()
        return None if row is None else row[0]

    def of_region(self, code: str) -> list[dict[str, Any]]:
        """The reports of a region, the newest year first, each with `days_late` and, made up or not,
        `sample`."""
        rows = self._execute(
            "select reports.id, reports.key, title, reports.organ, reports.organ_kind, reports.report_year,"
            " reports.published_on, gone_at, days_late, coalesce(portals.sample, 0) as sample from reports"
            " left join deadlines on deadlines.report_id = reports.id left join portals on portals.id = reports.portal"
            " where reports.region_code = ? order by reports.report_year desc, reports.organ_kind, reports.id",
            (code,),
        )
        return [dict(row) for row in rows]

    def region_names(self) -> dict[str, str | None]:
        """Name by code of every region that has a report; of one that changed its name the newest one."""
        rows = self._execute(
            "select region_code, region, max(report_year) from reports where region_code is not null group by 1"
        )
        return {code: name for code, name, _ in rows}

    def region_name(self, code: str) -> str | None:
        """The name of one region, as in `region_names`: a few are found by their index, where all take a whole scan."""
        row = self._execute(
            "select region from reports where region_code = ? order by report_year desc, id limit 1", (code,)
        ).fetchone()
        return None if row is None else row[0]

    def count(self) -> int:
        """How many reports the archive holds."""
        return int(self._execute("select count(*) from reports").fetchone()[0])

    def per_year(self, portal: str) -> dict[int, int]:
        """How many reports of a portal there are on each report year; those without a year are left out."""
        rows = self._execute(
            "select report_year, count(*) from reports where portal = ? and report_year is not null group by 1",
            (portal,),
        )
        return {row[0]: row[1] for row in rows}

    def standing(self, portal: str) -> Iterator[tuple[tuple[Step, ...], list[tuple[str, int | None, bool]]]]:
        """The reports of a portal that are not gone, by the way that ended in them, each way once: the way, home page
        first, and of each report its address at the end of the way, report year, and whether the text is there, or was
        until it was redacted. Of a report whose trail is empty the address is "".
        """
        # A few hundred ways lead to all the reports of a portal: SQLite takes the last step off, and the JSON of each
        # way is read once.
        rows = self._execute(
            "select json_remove(trail, '$[#-1]'), coalesce(json_extract(trail, '$[#-1].url'), ''), report_year,"
            " text is not null or capture_id in (select capture_id from redacted_captures)"
            " from reports where portal = ? and gone_at is null",
            (portal,),
        )
        ways: dict[str, list[tuple[str, int | None, bool]]] = {}
        for way, url, report_year, has_text in rows:
            ways.setdefault(way, []).append((url, report_year, bool(has_text)))
        for way, reports in ways.items():
            yield steps_of(json.loads(way)), reports

    def departments(self, portal: str, years: range | None = None) -> tuple[int, int]:
        """How many reports of departments a portal has, and how many of them were late (view `deadlines`)."""
        rows = self._execute(
            "select report_year, days_late from deadlines where portal = ? and organ_kind = 'department'", (portal,)
        )
        late = [days for year, days in rows if years is None or year in years]
        return len(late), sum(bool(days) for days in late)
