"""Puts a page that is a report into the derived tables: which report it is, what of it is new, what the row shows.

The row of `reports` shows what the leading address says: of the addresses not gone the first that has the text, else
the first seen. When the lead passes to another address (the first is gone), the row follows as soon as that is seen.
`store` places pages as they come, `rebuild` places them again in the same order.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crawler.archive.file.captures import newest
from crawler.archive.file.identity import (
    Fingerprint,
    Version,
    hidden,
    identity_of,
    is_new_version,
    same_identity,
    same_text,
)
from crawler.archive.write import index
from crawler.records.capture import as_told
from crawler.records.page import Page
from crawler.records.report import Report
from crawler.words.addresses import location

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


@dataclass(frozen=True, slots=True)
class Placed:
    """`report_id`; whether the report is `new`, whether it is an old one whose text or files `changed`;
    `conflict` names the address of another report that claims the same identity with a different text.

    `moved`: a report of an earlier run is at an address where it was not before; `returned`: it was gone. `halved`: its
    text has less than half of the characters that it had.
    """

    report_id: int
    new: bool
    changed: bool
    conflict: str | None = None
    moved: bool = False
    returned: bool = False
    halved: bool = False


NewId = Callable[[str, str | None, int], int | None]
"""The id of a new report by address, identity and capture, or None to let SQLite count on."""

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
_MAX_HOPS = 5
_REDIRECTED = (
    "select report_id, report_urls.url, fetched_at, headers from report_urls cross join captures"
    f" on captures.id = ({newest(url='report_urls.url')}) where gone_at is null and status between 300 and 399"
)
_THERE = f"select headers from captures where id = ({newest()}) and status between 300 and 399"
_BEFORE = (
    "select gone_at, coalesce(length(text), 0), captures.run_id, identity from reports"
    " join report_versions on report_versions.report_id = reports.id and version = 1"
    " join captures on captures.id = report_versions.capture_id where reports.id = ?"
)
_UPDATE = f"update reports set {_SET} where id = ?"


class Placing:
    """Places pages over one connection, inside the caller's transaction.

    `new_id`: `rebuild` hands out the ids that were.
    """

    def __init__(self, connection: sqlite3.Connection, new_id: NewId = lambda url, who, capture_id: None) -> None:
        self._connection = connection
        self._execute = connection.execute
        self._executemany = connection.executemany
        self._new_id = new_id
        self.wrote_figures = False
        """Whether the figures of any report were written: its checks against other years are to be made anew then."""

    def place(self, page: Page, seen: Seen) -> Placed:
        """Write all rows that follow from a report's page."""
        url, report = page.capture.address, page.report or Report()
        who, print_ = self._who(page), Fingerprint.of(page)
        report_id, conflict = self._find(url, who, print_)
        if report_id is None:
            return Placed(self._insert(page, seen, report, who, print_), True, False, conflict)
        versions = self._versions(report_id)
        changed = not seen.again and is_new_version(print_, url, versions)
        gone_at, length, run_id, known_as = self._execute(_BEFORE, (report_id,)).fetchone()
        known = self._execute("select 1 from report_urls where report_id = ? and url = ?", (report_id, url)).fetchone()
        if changed:
            self._version(report_id, len(versions) + 1, url, seen, print_)
        self._address(report_id, url, seen, print_)
        leading = self.settle(report_id) == url
        if self._takes_over(report_id, page, leading):
            self._show(report_id, page, seen, report, who, print_)
        elif leading and who is not None and not same_identity(known_as, who):
            # The row goes on showing what was not redacted; what comes next is told by who spoke here last.
            self._execute("update reports set identity = ? where id = ?", (who, report_id))
        return Placed(
            report_id,
            False,
            changed,
            conflict,
            moved=known is None and run_id != seen.run_id,
            returned=gone_at is not None,
            # A page that leaves the text to its files, or to further pages, says nothing of how long that is.
            halved=changed
            and page.remains is None
            and len(page.text or "") * 2 < length
            and not (page.text is None and page.attachments)
            and not any(file.part for file in page.attachments),
        )

    def show(self, report_id: int, page: Page, seen: Seen, files: Mapping[str, int] | None = None) -> None:
        """Let the row show what a page says that has its place already; `files`: the captures of its attachments."""
        self._show(report_id, page, seen, page.report or Report(), self._who(page), Fingerprint.of(page), files)

    def file_changed(self, report_id: int, page: Page, seen: Seen, url: str) -> None:
        """A version by a file of the report: `page` is the report with it, `seen` and `url` are the file's.

        It has no part in telling copies and changes of pages, which is by what the pages themselves say.
        """
        print_ = replace(Fingerprint.of(page), squeezed=None)
        self._version(report_id, len(self._versions(report_id)) + 1, url, seen, print_)

    def settle(self, report_id: int) -> str:
        """Bring address, times and the verdict of a report up to what its addresses say; return the leading address."""
        addresses = self._execute(
            "select url, gone_at from report_urls where report_id = ?"
            " order by gone_at is not null, capture_id in (select capture_id from redacted_captures),"
            " text_sha256 is null, first_seen_at, rowid",
            (report_id,),
        ).fetchall()
        url, gone_at = addresses[0]
        if gone_at is not None:
            gone_at = max(row[1] for row in addresses)
        self._execute(
            "update reports set url = ?1, gone_at = ?2,"
            " first_seen_at = (select min(first_seen_at) from report_urls where report_id = ?3),"
            " last_seen_at = (select max(last_seen_at) from report_urls where report_id = ?3) where id = ?3",
            (url, gone_at, report_id),
        )
        return str(url)

    def gone(self, url: str, since: str) -> list[int]:
        """Note that `url` has led to nothing since then; return the reports that are gone from all their addresses."""
        rows = self._execute("select report_id from report_urls where url = ? and gone_at is null", (url,)).fetchall()
        gone = []
        for (report_id,) in rows:
            self._execute("update report_urls set gone_at = ? where report_id = ? and url = ?", (since, report_id, url))
            self.settle(report_id)
            if self._execute("select gone_at from reports where id = ?", (report_id,)).fetchone()[0] is not None:
                gone.append(report_id)
        return gone

    def left(self, run_id: int | None = None) -> None:
        """Let go of addresses that redirect to another address of the same report: the report has moved there.

        Looked at are redirects last met in run `run_id`, or in any.
        """
        rows = self._execute(_REDIRECTED + ("" if run_id is None else f" and last_run_id = {run_id:d}")).fetchall()
        for report_id, url, fetched_at, headers in rows:
            target = _target(url, headers)
            for _ in range(_MAX_HOPS):
                there = self._execute(
                    "select 1 from report_urls where report_id = ? and url = ? and gone_at is null", (report_id, target)
                ).fetchone()
                if there is not None and target != url:
                    self._execute(
                        "update report_urls set gone_at = ? where report_id = ? and url = ?",
                        (fetched_at, report_id, url),
                    )
                    self.settle(report_id)
                    break
                row = self._execute(_THERE, (target,)).fetchone()
                if row is None:
                    break
                target = _target(target or "", row[0])

    def _who(self, page: Page) -> str | None:
        """The identity of the report that a page is; one of its own where its portal is marked as made up."""
        marked = self._execute("select 1 from portals where id = ? and sample", (page.capture.portal,)).fetchone()
        return identity_of(page, sample=marked is not None)

    def _find(self, url: str, who: str | None, print_: Fingerprint) -> tuple[int | None, str | None]:
        """The report that the page is, or None; and the address of one that claims the same with another text."""
        here = self._execute(
            "select reports.id, identity from report_urls join reports on reports.id = report_id"
            " where report_urls.url = ? order by report_urls.gone_at is not null, reports.id",
            (url,),
        ).fetchall()
        # None is like None here: of a page that does not say who speaks, the address decides.
        here.sort(key=lambda row: row[1] != who and not same_identity(row[1], who))
        for report_id, its in here:
            if its is None or who is None or same_identity(its, who) or self._shares_text(report_id, print_):
                if len(here) > 1:
                    self._leave(url, report_id)
                return report_id, None
        if here:
            self._leave(url, None)
        if who is None:
            return None, None
        conflict = None
        for report_id, its_url in self._claiming(who):
            if same_text(print_, self._versions(report_id)):
                return report_id, None
            conflict = conflict or its_url
        return None, conflict

    def _claiming(self, who: str) -> list[tuple[int, str]]:
        """Id and address of the reports of an identity, whether that or theirs is hidden."""
        veiled = hidden(who)
        if veiled != who or "sha256:" not in who:
            query = "select id, url from reports where identity in (?, ?) order by id"
            return [tuple(row) for row in self._execute(query, (who, veiled))]
        query = "select id, url, identity from reports where substr(identity, 1, ?) = ? order by id"
        codes = who[: who.index("sha256:")]
        return [(row[0], row[1]) for row in self._execute(query, (len(codes), codes)) if same_identity(row[2], who)]

    def _takes_over(self, report_id: int, page: Page, leading: bool) -> bool:
        """Whether the row is to show a page: the leading one, but no tombstone in the place of words; of words instead
        of a tombstone any."""
        if leading and page.remains is None:
            return True
        query = "select 1 from reports where id = ? and capture_id in (select capture_id from redacted_captures)"
        bare = self._execute(query, (report_id,)).fetchone() is not None
        return bare and (leading or page.remains is None)

    def _shares_text(self, report_id: int, print_: Fingerprint) -> bool:
        return print_.squeezed is not None and any(
            version.squeezed == print_.squeezed for version in self._versions(report_id)
        )

    def _leave(self, url: str, staying: int | None) -> None:
        """The address shows another report than it did (one page overwritten every year): it left all but `staying`."""
        rows = self._execute(
            "select report_id from report_urls where url = ? and gone_at is null and report_id is not ?", (url, staying)
        ).fetchall()
        for (report_id,) in rows:
            self._execute(
                "update report_urls set gone_at = last_seen_at where report_id = ? and url = ?", (report_id, url)
            )
            self.settle(report_id)

    def _versions(self, report_id: int) -> list[Version]:
        rows = self._execute(
            "select url, squeezed_sha256, attachments_sha256 from report_versions where report_id = ?", (report_id,)
        )
        return [Version(*row) for row in rows]

    def _insert(self, page: Page, seen: Seen, report: Report, who: str | None, print_: Fingerprint) -> int:
        url = page.capture.address
        head = (self._new_id(url, who, seen.capture_id), url, seen.fetched_at, seen.last_seen_at)
        report_id = self._execute(_INSERT, (*head, *self._row(page, seen, report, who, print_))).lastrowid
        assert report_id is not None
        index.add(self._connection, report_id, page)
        self._address(report_id, url, seen, print_)
        self._version(report_id, 1, url, seen, print_)
        self._parts(report_id, page, {})
        return report_id

    def _show(
        self,
        report_id: int,
        page: Page,
        seen: Seen,
        report: Report,
        who: str | None,
        print_: Fingerprint,
        files: Mapping[str, int] | None = None,
    ) -> None:
        shown = self._execute("select capture_id from reports where id = ?", (report_id,)).fetchone()[0]
        if shown == seen.capture_id and seen.again:
            return
        title, text = self._execute("select title, text from reports where id = ?", (report_id,)).fetchone()
        self._execute(_UPDATE, (*self._row(page, seen, report, who, print_), report_id))
        index.change(self._connection, report_id, (title, text), page)
        self._execute("delete from sections where report_id = ?", (report_id,))
        self._execute("delete from attachments where report_id = ?", (report_id,))
        self._execute("delete from statistics where report_id = ?", (report_id,))
        self._execute("delete from checks where report_id = ?", (report_id,))
        self._parts(report_id, page, files or {})

    def _row(self, page: Page, seen: Seen, report: Report, who: str | None, print_: Fingerprint) -> tuple[Any, ...]:
        evidence = {name: (found.rule, found.detail) for name, found in page.report_evidence.items()}
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

    def _address(self, report_id: int, url: str, seen: Seen, print_: Fingerprint) -> None:
        self._execute(
            "insert into report_urls (report_id, url, first_seen_at, last_seen_at, capture_id, text_sha256)"
            " values (?, ?, ?, ?, ?, ?) on conflict (report_id, url) do update set capture_id = excluded.capture_id,"
            " text_sha256 = excluded.text_sha256, gone_at = null,"
            " last_seen_at = max(last_seen_at, excluded.last_seen_at)",
            (report_id, url, seen.fetched_at, seen.last_seen_at, seen.capture_id, print_.text_sha256),
        )

    def _version(self, report_id: int, version: int, url: str, seen: Seen, print_: Fingerprint) -> None:
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
            [(report_id, one.rule, one.subject, one.holds, one.expected, one.actual) for one in page.checks],
        )


def _target(url: str, headers: str) -> str | None:
    """Where a capture with these headers redirects to, in full; None where it says nothing that could be read."""
    return location(
        url, next((value for name, value in reversed(json.loads(headers)) if name.lower() == "location"), None)
    )
