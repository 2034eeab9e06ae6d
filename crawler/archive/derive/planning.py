"""Which captures go with those that a demand names: the same page in other bytes, copies, files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from crawler.archive.file import tombstones
from crawler.archive.file.captures import Derive, pages_again
from crawler.archive.file.identity import Fingerprint
from crawler.records.capture import RENDERED
from crawler.records.errors import ArchiveError
from crawler.records.page import Page

_TOMBSTONES = "select capture_id from redacted_captures"


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
        return None if page.death is not None else page

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
        asked |= self._led_to()
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

    def _led_to(self) -> set[str]:
        """Addresses of what was asked for as a file of the pages: where files redirect to, further pages of a report
        that only these name."""
        addresses = json.dumps([self._row(number)["url"] for number in self.plan.pages])
        rows = self._connection.execute(
            "select distinct url from captures where json_extract(context, '$.attached')"
            " and json_extract(trail, '$[#-2].url') in (select value from json_each(?))",
            (addresses,),
        )
        return {url for (url,) in rows}

    def _kept_files(self) -> dict[str, str]:
        """By address, the page that stays and has the file: what reports show, and other captures of the same pages."""
        kept = {}
        for url, place, report_id, capture_id in self._connection.execute(
            "select attachments.url, captures.url, reports.id, reports.capture_id from attachments"
            " join reports on reports.id = report_id left join captures on captures.id = attachments.capture_id"
            " order by reports.id"
        ):
            if capture_id not in self.plan.pages:
                kept[url] = f"report {report_id}"
                if place is not None:
                    kept[place] = f"report {report_id}"
        for url in {self._row(number)["url"] for number in self.plan.pages}:
            for (number,) in self._connection.execute("select id from captures where url = ?", (url,)).fetchall():
                page = self._page(number) if number not in self.plan.pages else None
                for file in page.attachments if page is not None else ():
                    kept[file.url] = f"capture {number}"
        return kept
