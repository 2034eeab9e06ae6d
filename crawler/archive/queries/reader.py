"""Reads an archive: bodies, captures, reports, runs, problems."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from crawler.archive.derive.attachments import bodies, files_then
from crawler.archive.file.blobs import BlobReader, digest
from crawler.archive.file.captures import Derive, pages_again
from crawler.archive.file.tombstones import LIFTED, sentence
from crawler.archive.queries.addresses import KnownList, known_list
from crawler.archive.queries.search import Results, search
from crawler.archive.write.deaths import Caution, deaths_of
from crawler.archive.write.hand import Hand
from crawler.archive.write.samples import Holdings, holdings, sample_portals, sample_ports
from crawler.records.capture import Capture, Step, steps_of
from crawler.records.errors import ArchiveError, RedactedError
from crawler.records.report import Report

_SMALL = 8_000
"""Bytes below which a picture is an ornament."""
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_JSON_COLUMNS = frozenset(
    {"headers", "trail", "links_skipped", "context", "breadcrumb", "evidence", "portals", "yields"}
)


def as_dict(row: sqlite3.Row) -> dict[str, Any]:
    """A row by column name, JSON columns as what they hold."""
    return {
        name: json.loads(value) if name in _JSON_COLUMNS and value is not None else value
        for name, value in zip(row.keys(), row, strict=True)
    }


class Reader:
    """The reading half of an archive."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._execute = connection.execute
        self._blobs = BlobReader(connection)

    def body(self, what: str) -> bytes | None:
        """The exact bytes of a body by its SHA-256, or those last seen at an address; None where there are none.

        Raises ArchiveError where the stored bytes are damaged.
        """
        sha256 = self._sha256_of(what)
        return None if sha256 is None else self._blobs.get(sha256)

    def _sha256_of(self, what: str) -> str | None:
        if _SHA256.fullmatch(what):
            return what.lower()
        row = self._execute(
            "select sha256 from captures where url = ? order by last_run_id desc, last_seen_at desc, id desc", (what,)
        ).fetchone()
        return None if row is None else str(row[0])

    def redaction_of(self, what: str) -> dict[str, Any] | None:
        """The redaction of what `body` would give; None where there is none."""
        sha256 = self._sha256_of(what)
        return None if sha256 is None else self.redaction(sha256)

    def redaction(self, what: int | str) -> dict[str, Any] | None:
        """The redaction of a capture, by its id, or the last one of a body, by its SHA-256; None for none."""
        of = (
            "id = (select redaction_id from redacted_captures where capture_id = ?)"
            if isinstance(what, int)
            else ("sha256 = ?")
        )
        row = self._execute(f"select * from redactions where {of} order by id desc limit 1", (what,)).fetchone()
        return None if row is None else dict(row)

    def wordless(self, engine: str) -> list[tuple[int, str, str]]:
        """Scans and pictures that `engine` has not read: capture, address, SHA-256 of the body."""
        rows = self._execute(
            "select id, url, sha256 from captures where status = 200 and length >= ? and (kind = 'attachment'"
            " and media_type like 'image/%' or id in (select capture_id from problems where kind = 'document_no_text'))"
            " and id not in (select capture_id from ocr where engine = ?)"
            " and id not in (select capture_id from redacted_captures) order by id",
            (_SMALL, engine),
        )
        return [tuple(row) for row in rows]

    def captures(self, url: str | None = None) -> Iterator[dict[str, Any]]:
        """Rows of `captures` in the order in which they were made; all, or those of one address."""
        if url is None:
            rows = self._execute("select * from captures order by id")
        else:
            rows = self._execute("select * from captures where url = ? order by id", (url,))
        return map(as_dict, rows)

    def report(self, report_id: int) -> dict[str, Any] | None:
        """A report's row with the `sha256` of its page and whether it is made up (`sample`), its `urls`, `versions`,
        `sections`, `attachments`, `statistics` and `checks`, the `redaction` of that page, None where it was not
        redacted, and as `conflicts` the reports that claim the same identity with another text; None where there is
        none."""
        row = self._execute(
            "select reports.*, captures.sha256, coalesce(portals.sample, 0) as sample from reports"
            " join captures on captures.id = capture_id left join portals on portals.id = reports.portal"
            " where reports.id = ?",
            (report_id,),
        ).fetchone()
        if row is None:
            return None
        parts = {
            "urls": "select * from report_urls where report_id = ? order by first_seen_at, rowid",
            "versions": "select * from report_versions where report_id = ? order by version",
            "sections": "select * from sections where report_id = ? order by position",
            "attachments": "select * from attachments where report_id = ? order by rowid",
            "statistics": "select * from statistics where report_id = ? order by position",
            "checks": "select * from checks where report_id = ? order by rule, subject",
            "conflicts": "select other.id, other.url, other.title, other.published_on, other.gone_at from reports"
            " join reports as other on other.identity = reports.identity and other.text_sha256 <> reports.text_sha256"
            " where reports.id = ? order by other.id",
        }
        return (
            as_dict(row)
            | {"redaction": self.redaction(int(row["capture_id"]))}
            | {
                # No column of these is JSON; `evidence` of a figure is the sentence itself.
                name: [dict(part) for part in self._execute(query, (report_id,))]
                for name, query in parts.items()
            }
        )

    def find_report(self, what: str) -> int | None:
        """The id of a report by its number or by one of its addresses (the report that stands there now goes first)."""
        if what.isascii() and what.isdigit() and len(what) < 18:
            row = self._execute("select id from reports where id = ?", (int(what),)).fetchone()
        else:
            row = self._execute(
                "select report_id from report_urls where url = ? order by gone_at is not null, last_seen_at desc",
                (what,),
            ).fetchone()
        return None if row is None else int(row[0])

    def search(
        self, query: str, *, region: str | None = None, year: int | None = None, limit: int = 20, offset: int = 0
    ) -> Results:
        """Reports by what they say; see `crawler.archive.queries.search.search`."""
        return search(self.connection, query, region=region, year=year, limit=limit, offset=offset)

    def version(self, report_id: int, version: int, derive: Derive) -> dict[str, Any]:
        """What a version of a report said, its files with it: the fields of a report, `text`, `attachments` and `seen`.

        `attachments`: {url, label, sha256}, sha256 None for a file that is not archived. `seen`: version, observed_at,
        url, capture_id, sha256; those of the file where a file made the version. Derived again from the captures.
        Raises KeyError where there is no such version, RedactedError where it was redacted, ArchiveError where a body
        is damaged.
        """
        derive = Caution(derive, deaths_of(self.connection), Hand(None))
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
        ((_, page),) = pages_again(self.connection, derive, [page_id])
        if page.remains is not None:
            told = self.redaction(page_id)
            raise RedactedError(f"version {version} of report {report_id} was {sentence(told) if told else 'redacted'}")
        then = files_then(self.connection, report_id, version, [file.url for file in page.attachments])
        if then:
            ((_, page),) = pages_again(self.connection, derive, [page_id], bodies(self.connection, then))
        files = [
            {"url": file.url, "label": file.label, "sha256": self._sha256(then.get(file.url))}
            for file in page.attachments
        ]
        return asdict(page.report or Report()) | {"text": page.text, "attachments": files, "seen": as_dict(row)}

    def _sha256(self, capture_id: int | None) -> str | None:
        row = self._execute("select sha256 from captures where id = ?", (capture_id,)).fetchone()
        return None if row is None else str(row[0])

    def known_bytes(self, capture: Capture) -> dict[str, Any] | None:
        """The row of the capture that has these bytes with this status at this address; None if they are new there, or
        if a redaction that was lifted took them."""
        row = self._execute(
            "select id, sha256, fetched_at, last_seen_at from captures where url = ? and +sha256 = ? and status = ?"
            f" and id not in ({LIFTED}) order by id desc",
            (capture.address, digest(capture.body), capture.status),
        ).fetchone()
        return None if row is None else dict(row)

    def is_late(self, capture: Capture) -> bool:
        """Whether a newer capture of its address is archived already."""
        row = self._execute(
            "select 1 from captures where url = ? and fetched_at > ? limit 1", (capture.address, capture.fetched_at)
        )
        return row.fetchone() is not None

    def holdings(self) -> Holdings:
        """Whether it holds something of real portals, and whether something of the sample."""
        return holdings(self.connection)

    def sample_portals(self) -> list[str]:
        """Ids of the portals whose reports are made up, sorted; empty for an archive without the sample."""
        return sample_portals(self.connection)

    def sample_ports(self) -> tuple[int, int] | None:
        """The ports at which the archive last met the sample portal (write.samples.sample_ports)."""
        return sample_ports(self.connection)

    def report_count(self) -> int:
        """How many reports the archive holds."""
        return int(self._execute("select count(*) from reports").fetchone()[0])

    def reports_per_year(self, portal: str) -> dict[int, int]:
        """How many reports of a portal there are on each report year; those without a year are left out."""
        rows = self._execute(
            "select report_year, count(*) from reports where portal = ? and report_year is not null group by 1",
            (portal,),
        )
        return {row[0]: row[1] for row in rows}

    def run(self, run_id: int) -> dict[str, Any]:
        """The row of a run. Raises KeyError where there is none."""
        row = self._execute("select * from runs where id = ?", (run_id,)).fetchone()
        if row is None:
            raise KeyError(run_id)
        return as_dict(row)

    def last_run(self) -> int:
        """The number of the last run. Raises ArchiveError where there was none."""
        (number,) = self._execute("select max(id) from runs").fetchone()
        if number is None:
            raise ArchiveError("the archive has no run yet")
        return int(number)

    def page_kinds(self, run_id: int) -> dict[str, int]:
        """How many captures of each kind a run added."""
        rows = self._execute("select kind, count(*) from captures where run_id = ? group by 1 order by 1", (run_id,))
        return {row[0]: row[1] for row in rows}

    def problem_kinds(self, run_id: int) -> dict[str, int]:
        """How many problems of each kind a run met."""
        rows = self._execute("select kind, count(*) from problems where run_id = ? group by 1 order by 1", (run_id,))
        return {row[0]: row[1] for row in rows}

    def problems(self, run_id: int) -> list[dict[str, Any]]:
        """The problems of a run in the order in which they were met."""
        rows = self._execute("select * from problems where run_id = ? order by id", (run_id,))
        return [as_dict(row) for row in rows]

    def problems_before(self, run_id: int, runs: int) -> list[int]:
        """How many problems each of the last runs of the same portals as this one met, newest first; of those that came
        to their end, and no walk was stopped."""
        rows = self._execute(
            "select problems from runs where id < ?1 and status = 'finished' and not exists"
            " (select 1 from problems as spent where spent.run_id = runs.id and spent.kind = 'budget_spent')"
            " and portals = (select portals from runs where id = ?1) order by id desc limit ?2",
            (run_id, runs),
        )
        return [row[0] for row in rows]

    def known_list(self, portal: str, url: str) -> KnownList | None:
        """A list as last walked to its end; None if it never was."""
        return known_list(self.connection, portal, url)

    def list_pages(self, portal: str) -> int:
        """How many pages the lists of a portal had when last walked to their end."""
        row = self._execute("select coalesce(sum(pages), 0) from lists where portal = ?", (portal,)).fetchone()
        return int(row[0])

    def standing(self, portal: str) -> Iterator[tuple[tuple[Step, ...], int | None, bool]]:
        """The reports of a portal that are not gone: trail, report year, whether the text is there, or was until it
        was redacted."""
        rows = self._execute(
            "select trail, report_year, text is not null or capture_id in (select capture_id from redacted_captures)"
            " from reports where portal = ? and gone_at is null",
            (portal,),
        )
        for trail, report_year, has_text in rows:
            yield steps_of(json.loads(trail)), report_year, bool(has_text)

    def last_yield(self, portal: str) -> dict[str, Any] | None:
        """What a portal yielded when last walked to its end (crawler.runs.health.Yield); None if it never was."""
        row = self._execute(
            "select json_extract(yields, '$.' || json_quote(?1)) from runs"
            " where json_extract(yields, '$.' || json_quote(?1)) is not null order by id desc limit 1",
            (portal,),
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def coverage(self, portals: Sequence[str] = (), years: range | None = None) -> Iterator[dict[str, Any]]:
        """Rows of the view `coverage`, by region and year; where any are named, those that one of these portals should
        have, and of these report years."""
        for row in map(as_dict, self._execute("select * from coverage order by region_code, report_year")):
            if (not portals or set(portals) & set(row["portals"])) and (years is None or row["report_year"] in years):
                yield row

    def departments(self, portal: str, years: range | None = None) -> tuple[int, int]:
        """How many reports of departments a portal has, and how many of them were late (view `deadlines`)."""
        rows = self._execute(
            "select report_year, days_late from deadlines where portal = ? and organ_kind = 'department'", (portal,)
        )
        late = [days for year, days in rows if years is None or year in years]
        return len(late), sum(bool(days) for days in late)
