"""The addresses of reports (table `report_urls`): which of them leads, and which the report has left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from crawler.archive.file.captures import newest
from crawler.words.addresses import location

_MAX_HOPS = 5
_REDIRECTED = (
    "select report_id, report_urls.url, fetched_at, headers from report_urls cross join captures"
    f" on captures.id = ({newest(url='report_urls.url')}) where gone_at is null and status between 300 and 399"
)
_REDIRECT = f"select headers from captures where id = ({newest()}) and status between 300 and 399"


class Addresses:
    """Over one connection, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def settle(self, report_id: int) -> str:
        """Bring address, times and the verdict of a report up to what its addresses say; return the leading address."""
        addresses = self._execute(
            "select url, gone_at from report_urls where report_id = ?"
            " order by (select source from captures where id = capture_id) is not null, gone_at is not null,"
            " capture_id in (select capture_id from redacted_captures), text_sha256 is null, first_seen_at, rowid",
            (report_id,),
        ).fetchall()
        url, gone_at = addresses[0]
        if gone_at is not None:
            gone_at = max(row[1] for row in addresses if row[1] is not None)
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

    def left(self, run_id: int | None = None, reports: Collection[int] | None = None) -> None:
        """Let go of addresses that redirect to another address of the same report: the report has moved there.

        Looked at are redirects last met in run `run_id`, or in any; of `reports`, or of all.
        """
        query = _REDIRECTED + ("" if run_id is None else f" and last_run_id = {run_id:d}")
        if reports is None:
            rows = self._execute(query).fetchall()
        else:
            query += " and report_id in (select value from json_each(?))"
            rows = self._execute(query, (json.dumps(sorted(reports)),)).fetchall()
        for report_id, url, fetched_at, headers in rows:
            target = _target(url, headers)
            for _ in range(_MAX_HOPS):
                same = self._execute(
                    "select 1 from report_urls where report_id = ? and url = ? and gone_at is null", (report_id, target)
                ).fetchone()
                if same is not None and target != url:
                    self._execute(
                        "update report_urls set gone_at = ? where report_id = ? and url = ?",
                        (fetched_at, report_id, url),
                    )
                    self.settle(report_id)
                    break
                row = self._execute(_REDIRECT, (target,)).fetchone()
                if row is None:
                    break
                target = _target(target or "", row[0])

    def leave(self, url: str, staying: int | None) -> None:
        """The address shows another report than it did (one page overwritten every year): it left all but `staying`."""
        rows = self._execute(
            "select report_id from report_urls where url = ? and gone_at is null and report_id is not ?", (url, staying)
        ).fetchall()
        for (report_id,) in rows:
            self._execute(
                "update report_urls set gone_at = last_seen_at where report_id = ? and url = ?", (report_id, url)
            )
            self.settle(report_id)


def _target(url: str, headers: str) -> str | None:
    """Where a capture with these headers redirects to, in full; None where it says nothing that could be read."""
    return location(
        url, next((value for name, value in reversed(json.loads(headers)) if name.lower() == "location"), None)
    )
