"""What web archives hold of portals, and what was asked of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from crawler.archive.queries.rows import Subject
from crawler.records.mementos import Inquiry, Memento

_COLUMNS = "source, portal, url, key, at, status, media_type, digest, length, file, offset"
_INQUIRY = (
    "select source, portal, url, match, since, until, asked_at, finished, rows, unread, left_out, resume, detail"
    " from inquiries where source = ? and portal = ? and url = ? and match = ?"
)
_GOOD = f"select {_COLUMNS} from mementos where outcome is not 'refused'"
_REMAINDER = f"""{_GOOD} and outcome is null and portal = ? and source = ? and coalesce(status, 200) = 200
    and not exists (
        select 1 from mementos as twin where twin.key = mementos.key and twin.outcome = 'kept'
        and (twin.digest = mementos.digest or abs(julianday(twin.at) - julianday(mementos.at)) < ?)
    )
    and not exists (
        select 1 from captures where captures.url = mementos.url and captures.source = mementos.source
        and captures.fetched_at = mementos.at
    )
    order by key, at"""
"""Rows of good answers not taken yet, of addresses of which nothing was taken that is the same, or as old."""
_GONE = """select distinct report_urls.url from report_urls join reports on reports.id = report_id
    where reports.portal = ? and report_urls.gone_at is not null
    union select url from captures where portal = ? and kind = 'missing' and source is null order by 1"""
_LISTS = """select url from lists where portal = ?1
    union select url from captures where portal = ?1 and kind = 'list' and status = 200"""


class Mementos(Subject):
    """Rows of `mementos` and `inquiries`."""

    def near(self, key: str, at: str) -> Iterator[Memento]:
        """Those of an address (words.mementos.key) that were not refused, the nearest to a time first."""
        rows = self._execute(f"{_GOOD} and key = ? order by abs(julianday(at) - julianday(?)), at, source", (key, at))
        for row in rows.fetchall():
            yield Memento(*row)

    def kept(self, memento: Memento) -> int | None:
        """The capture that was made of a memento, or of another of its archive, of the same address and with the same
        digest; None: none was."""
        row = self._execute(
            "select captures.id from mementos join captures on captures.url = mementos.taken_as"
            " and captures.sha256 = mementos.sha256 and captures.source = mementos.source"
            " where mementos.key = ?1 and outcome = 'kept' and mementos.source = ?4"
            " and (mementos.at = ?2 or (mementos.digest = ?3 and captures.status = 200))"
            " order by mementos.at <> ?2, captures.fetched_at <> ?2, captures.id limit 1",
            (memento.key, memento.at, memento.digest, memento.source),
        ).fetchone()
        return None if row is None else int(row[0])

    def remainder(self, portal: str, source: str, days: int) -> list[Memento]:
        """Good answers of a portal that were not taken, nor any like them of the same address within so many days."""
        return [Memento(*row) for row in self._execute(_REMAINDER, (portal, source, days))]

    def inquiry(self, inquiry: Inquiry) -> Inquiry | None:
        """The row of what is to be asked, as it was left; None: it never was asked."""
        row = self._execute(f"{_INQUIRY} and since = ? and until = ?", inquiry.what).fetchone()
        return None if row is None else Inquiry(*row)

    def wider(self, inquiry: Inquiry) -> Inquiry | None:
        """The latest that came to its end and was about all years of this one; None: there is none."""
        row = self._execute(
            f"{_INQUIRY} and since <= ? and until >= ? and finished order by asked_at desc limit 1", inquiry.what
        ).fetchone()
        return None if row is None else Inquiry(*row)

    def inquiries(self, portal: str | None = None) -> Iterator[dict[str, Any]]:
        """Every row of `inquiries`, by portal, source and address; of one portal where it is named."""
        rows = self._execute(
            "select * from inquiries where ?1 is null or portal = ?1 order by portal, source, url, match, since",
            (portal,),
        )
        return map(_plain, rows)

    def gone(self, portal: str) -> list[str]:
        """Addresses at which a portal had reports and has none, or that led to nothing."""
        return [row[0] for row in self._execute(_GONE, (portal, portal))]

    def lists(self, portal: str) -> list[str]:
        """Addresses of a portal's lists that the archive knows from any time."""
        return [row[0] for row in self._execute(f"{_LISTS} order by 1", (portal,))]

    def columns(self, portal: str) -> list[str]:
        """Those, and the addresses of the columns on the way to them."""
        further = "union select url from captures where portal = ?1 and kind = 'column' and status = 200"
        return [row[0] for row in self._execute(f"{_LISTS} {further} order by 1", (portal,))]


def _plain(row: sqlite3.Row) -> dict[str, Any]:
    return dict(row)
