"""Which captures a demand is about: those named, and those that cannot stay without them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.archive import schema
from crawler.archive.file import tombstones
from crawler.archive.file.blobs import BlobReader
from crawler.archive.file.captures import Derive, pages_again
from crawler.archive.file.functions import decoded
from crawler.archive.file.identity import Fingerprint, unspaced
from crawler.archive.write.deaths import is_unread
from crawler.records.capture import RENDERED
from crawler.records.errors import ArchiveError
from crawler.records.page import Page

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_TOMBSTONES = "select capture_id from redacted_captures"
LEAST_QUOTE = 12
"""Characters of a title or line, white space aside, that are looked for elsewhere: shorter ones stand everywhere."""
_QUOTES = 12
"""Lines looked for beside the title: the longest."""
A_FEW = 5
"""Pages that may quote a page; a line that more of them have is a phrase of the law or the portal."""


@dataclass(slots=True)
class Plan:
    """`pages`: by capture, the page that follows from it, None where its body is damaged or fatal (see
    deaths). `why`: by capture, why it is in the plan. `left`: sentences on what stays, though it may
    hold the same words. `known`: redacted before."""

    pages: dict[int, Page | None] = field(default_factory=dict)
    why: dict[int, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    known: list[int] = field(default_factory=list)


class Planning:
    """Makes a plan: `add` what is named, and all follows; `copies`: the same text at other addresses, too."""

    def __init__(self, connection: sqlite3.Connection, derive: Derive, copies: bool) -> None:
        self._connection = connection
        self._derive = derive
        self._copies = copies
        self.plan = Plan()

    def add(self, ids: Iterable[int]) -> Plan:
        """Plan the captures `ids`, then whatever goes with them."""
        self._take(ids, "named")
        done: set[int] = set()
        while waiting := [number for number in self.plan.pages if number not in done]:
            for number in waiting:
                done.add(number)
                row = self._row(number)
                self._take(self._others(row), "the same page, by its address, in a browser's or other bytes")
                self._copies_of(row)
        # Files come last: which of them another page still needs is only known now.
        self._files()
        return self.plan

    def _row(self, number: int) -> sqlite3.Row:
        row: sqlite3.Row = self._connection.execute("select * from captures where id = ?", (number,)).fetchone()
        return row

    def _take(self, ids: Iterable[int], why: str) -> None:
        for number in ids:
            row = self._row(number)
            if not row["length"]:
                continue  # nothing to remove: such a body is everyone's
            for (same,) in self._connection.execute(
                "select id from captures where sha256 = ? order by id", (row["sha256"],)
            ).fetchall():
                if same in self.plan.pages or same in self.plan.known:
                    continue
                if self._connection.execute(f"select ? in ({tombstones.ACTIVE})", (same,)).fetchone()[0]:
                    self.plan.known.append(same)
                    continue
                self.plan.pages[same] = self._page(same)
                self.plan.why[same] = why if same == number else f"the same bytes as capture {number}"

    def _page(self, number: int) -> Page | None:
        try:
            page = next(pages_again(self._connection, self._derive, [number]))[1]
        except ArchiveError:
            return None
        return None if is_unread(page) else page

    def _others(self, row: sqlite3.Row) -> Iterator[int]:
        """Captures of the same address that say the same, and what a browser made of it at the time, or was served."""
        page = self.plan.pages[row["id"]]
        squeezed = Fingerprint.of(page).squeezed if page is not None else None
        url = row["url"].removesuffix(RENDERED)
        for other in self._connection.execute(
            "select * from captures where url in (?, ?) and id <> ? and length > 0 order by id",
            (url, url + RENDERED, row["id"]),
        ).fetchall():
            if other["id"] in self.plan.pages or other["id"] in self.plan.known:
                continue
            twin = other["url"] != row["url"] and (
                other["run_id"] == row["run_id"]
                or (other["fetched_at"] <= row["last_seen_at"] and row["fetched_at"] <= other["last_seen_at"])
            )
            if twin or (squeezed is not None and self._squeezed(other["id"]) == squeezed):
                yield other["id"]

    def _squeezed(self, number: int) -> str | None:
        page = self._page(number)
        return None if page is None else Fingerprint.of(page).squeezed

    def _copies_of(self, row: sqlite3.Row) -> None:
        page = self.plan.pages[row["id"]]
        squeezed = Fingerprint.of(page).squeezed if page is not None else None
        if squeezed is None:
            return
        found = self._connection.execute(
            "select captures.id, captures.url, report_id from report_urls join captures using (url)"
            " where report_id in (select report_id from report_versions where squeezed_sha256 = ?)"
            f" and captures.length > 0 and captures.id not in ({_TOMBSTONES}) order by captures.id",
            (squeezed,),
        ).fetchall()
        copies = [one for one in found if one["id"] not in self.plan.pages and self._squeezed(one["id"]) == squeezed]
        if self._copies:
            self._take([one["id"] for one in copies], f"the same text as capture {row['id']}")
            return
        for one in copies:
            told = (
                f"capture {one['id']} of {one['url']} (report {one['report_id']}) has the same text; --copies takes it"
            )
            if told not in self.plan.left:
                self.plan.left.append(told)

    def _files(self) -> None:
        """The files of the pages, but for those that another page still has."""
        asked = {file.url for page in self.plan.pages.values() if page is not None for file in page.attachments}
        marks = ", ".join("?" * len(asked))
        rows = self._connection.execute(
            f"select id, url, sha256 from captures where url in ({marks}) and length > 0"
            f" and (kind = 'attachment' or media_type <> 'text/html') and id not in ({_TOMBSTONES}) order by id",
            sorted(asked),
        ).fetchall()
        kept = self._kept_files()
        for number, url, sha256 in rows:
            if number in self.plan.pages:
                continue
            same = {
                row[0] for row in self._connection.execute("select url from captures where sha256 = ?", (sha256,))
            } | {url}
            if other := next((kept[one] for one in sorted(same) if one in kept), None):
                self.plan.left.append(f"capture {number} of {url} stays: {other} has the same file")
            else:
                self._take([number], "a file of the page")

    def _kept_files(self) -> dict[str, str]:
        """By address, the page that stays and has the file: what reports show, and other captures of the same pages."""
        kept = {}
        for url, report_id, capture_id in self._connection.execute(
            "select attachments.url, reports.id, reports.capture_id from attachments"
            " join reports on reports.id = report_id order by reports.id"
        ):
            if capture_id not in self.plan.pages:
                kept[url] = f"report {report_id}"
        for url in {self._row(number)["url"] for number in self.plan.pages}:
            for (number,) in self._connection.execute("select id from captures where url = ?", (url,)).fetchall():
                page = self._page(number) if number not in self.plan.pages else None
                for file in page.attachments if page is not None else ():
                    kept[file.url] = f"capture {number}"
        return kept


def quotes(pages: Iterable[Page | None]) -> list[str]:
    """What of the pages is looked for elsewhere: titles and the longest lines."""
    found: dict[str, None] = {}
    for page in pages:
        if page is None:
            continue
        lines = sorted((page.text or "").replace("\t", "\n").split("\n"), key=len, reverse=True)[:_QUOTES]
        for line in (page.title or "", *lines):
            if len(unspaced(line)) >= LEAST_QUOTE:
                found[line.strip()] = None
    return list(found)


class Demands:
    """What is asked of the archive at `path` before anything is removed, and after."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def plan(self, derive: Derive, ids: Iterable[int], copies: bool) -> Plan:
        """What goes with the captures `ids`; `copies`: the same text at other addresses, too."""
        return Planning(self._connection, derive, copies).add(ids)

    def named(self, what: str) -> list[int]:
        """The captures that a person names by the number of one, by the address they came from, or by the SHA-256 of
        their body. Raises ArchiveError where there are none."""
        if _SHA256.fullmatch(what):
            query, parameters = "select id from captures where sha256 = ?", (what.lower(),)
        elif what.isascii() and what.isdigit():
            query, parameters = "select id from captures where id = ?", (what if len(what) < 18 else "0",)
        else:
            url = what.removesuffix(RENDERED)
            found = self._connection.execute(
                "select id from captures where url in (?, ?) order by id", (url, url + RENDERED)
            ).fetchall()
            if not found:
                raise ArchiveError(
                    f"{self._path} has no capture of {what!r}; expected a capture's number, an address or a SHA-256"
                )
            return [row[0] for row in found]
        ids = [row[0] for row in self._connection.execute(query + " order by id", parameters)]
        if not ids:
            raise ArchiveError(
                f"{self._path} has no capture {what!r}; expected a capture's number, an address or a SHA-256"
            )
        return ids

    def quoting(self, said: list[str], without: Iterable[int]) -> list[str]:
        """One sentence for each capture, other than `without`, whose page holds one of the lines `said`; a line that
        more than a few have is the form's. Reads all bodies that are text; what only a reader of documents sees is
        found in the tables (`held`)."""
        reader, left = BlobReader(self._connection), set(without)
        found: dict[str, list[tuple[int, str]]] = {unspaced(line): [] for line in said}
        for sha256, number, url, charset in self._connection.execute(
            "select sha256, min(id), url, charset from captures where charset is not null group by sha256 order by 2"
        ).fetchall():
            if number in left or not found:
                continue
            try:
                squeezed = unspaced(decoded(reader.get(sha256) or b"", charset) or "")
            except ArchiveError:
                continue
            for line, pages in found.items():
                if line in squeezed:
                    pages.append((number, url))
        captures = sorted({page for pages in found.values() if len(pages) <= A_FEW for page in pages})
        return [f"capture {number} of {url} quotes the page" for number, url in captures]

    def held(self, said: list[str]) -> list[str]:
        """One sentence for each column of a table that still holds one of the lines `said`, in no more than a few
        rows."""
        views = {row[0] for row in self._connection.execute("select name from sqlite_master where type = 'view'")}
        told = []
        for table, columns in schema.tables(self._connection).items():
            if table in views or table == "redactions":
                continue
            for column in columns:
                counts = [
                    self._connection.execute(
                        f"select count(*) from [{table}] where typeof([{column}]) = 'text' and (instr([{column}], ?1)"
                        f" or instr([{column}], ?2))",
                        (line, json.dumps(line, ensure_ascii=False)[1:-1]),
                    ).fetchone()[0]
                    for line in said
                ]
                if few := [count for count in counts if 0 < count <= A_FEW]:
                    told.append(f"{max(few)} rows of {table} hold a line of the page in {column}")
        return told

    def described(self, plan: Plan) -> list[dict[str, Any]]:
        """The captures of a plan as rows to show: id, url, kind, fetched_at, length, sha256, why, and their reports."""
        told = []
        for number in sorted(plan.pages):
            row = self._connection.execute(
                "select id, url, kind, fetched_at, length, sha256 from captures where id = ?", (number,)
            ).fetchone()
            reports = self._connection.execute(
                "select distinct report_id from report_versions where capture_id = ?1"
                " union select id from reports where capture_id = ?1 order by 1",
                (number,),
            )
            told.append(dict(row) | {"why": plan.why[number], "reports": [one[0] for one in reports]})
        return told
