"""What the archive knows of an address before it is asked again: read by the next run, over its own connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.archive.file.captures import newest
from crawler.archive.file.tombstones import LIFTED
from crawler.archive.queries.rows import Subject
from crawler.records.capture import Context, Kind, Step, steps_of


@dataclass(frozen=True, slots=True)
class Known:
    """The capture last seen at an address, or the one that last showed a report there.

    `answered_at`: UTC, when the address last answered, whatever it was. `stable_since`: since when the page is known to
    have said what it says: the last change that was seen, else the day of publication where a report prints one, else
    the first capture. `doubted`: a report's address led to nothing when last asked, and only then; `gone`: the report
    is no longer there. `lifted`: its redaction was lifted, so that its bytes are to be had again. `headers`,
    `context_json` and `trail_json` as the archive keeps them.
    """

    capture_id: int
    url: str
    status: int
    kind: Kind
    sha256: str
    headers_json: str
    context_json: str
    trail_json: str
    answered_at: str
    stable_since: str
    doubted: bool
    gone: bool
    lifted: bool

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers as they were served."""
        return [(name, value) for name, value in json.loads(self.headers_json)]

    @property
    def context(self) -> Context:
        """What profile and trail said of the page."""
        return Context(**json.loads(self.context_json))

    @property
    def trail(self) -> tuple[Step, ...]:
        """The way that led there."""
        return steps_of(json.loads(self.trail_json))

    @property
    def validators(self) -> dict[str, str]:
        """Headers for a conditional request, the server's own strings echoed (RFC 9110 13.1); empty where none fit.

        A page that says politely that there is nothing is asked for in full: each such answer counts towards `gone`.
        """
        if self.status != 200 or self.kind == "missing" or self.lifted:
            return {}
        said = {name.lower(): value for name, value in self.headers}
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {ask: said[name] for ask, name in pairs if said.get(name)}


_COLUMNS = f"""captures.id, captures.url, status, kind, sha256, headers, context, captures.trail, captures.fetched_at,
    absences.first_run_id is not null and absences.first_run_id = absences.last_run_id as doubted,
    report_urls.url is not null and report_urls.gone_at is not null as gone,
    captures.id in ({LIFTED}) as lifted,
    (select max(observed_at) from report_versions
        where report_versions.report_id = report_urls.report_id and version > 1) as changed_at,
    (select published_on from reports where id = report_urls.report_id) as published_on"""
_OURS = "stood.source is null"
"""What a web archive has of an address is no answer that it gave us."""
_LAST = f"""select {_COLUMNS}, captures.last_seen_at as answered_at from captures
    left join absences on absences.url = captures.url
    left join report_urls on report_urls.url = captures.url and report_urls.capture_id = captures.id
    where captures.id = ({newest(among=_OURS)})"""
_NEWEST = newest("kind, status, last_seen_at", among=_OURS)
_REPORTS = f"""select {_COLUMNS}, reports.report_year,
    (select max(every.last_seen_at) from captures as every where every.url = captures.url) as answered_at
    from captures
    cross join report_urls on report_urls.capture_id = captures.id
    cross join reports on reports.id = report_urls.report_id
    left join absences on absences.url = captures.url
    where captures.portal = ? and captures.source is null order by report_urls.report_id, report_urls.rowid"""

_ATTACHMENTS = f"""select {_COLUMNS}, captures.last_seen_at as answered_at, attachments.url as file_url, label
    from captures
    cross join reports on reports.capture_id = captures.id
    cross join attachments on attachments.report_id = reports.id
    left join report_urls on report_urls.report_id = reports.id and report_urls.url = captures.url
    left join absences on absences.url = captures.url
    where captures.portal = ? and captures.source is null and reports.gone_at is null
    order by reports.id, attachments.rowid"""


class Addresses(Subject):
    """What earlier runs met at addresses."""

    def last_seen(self, url: str) -> Known | None:
        """The capture last seen at `url`; None where there is none."""
        row = self._execute(_LAST, (url,)).fetchone()
        return None if row is None else _known(row)

    def kind_there(self, url: str) -> tuple[Kind, int, str] | None:
        """Kind, status and time of the capture last seen at `url`; None where there is none."""
        row = self._execute(_NEWEST, (url,)).fetchone()
        return None if row is None else tuple(row)

    def reports(self, portal: str) -> Iterator[tuple[Known, int | None]]:
        """Every address of a report that a portal led to, with the capture last seen there as that report; report
        year."""
        for row in self._execute(_REPORTS, (portal,)):
            yield _known(row), row["report_year"]

    def attachments(self, portal: str) -> Iterator[tuple[str, str | None, Known]]:
        """Every file of a portal's reports: address, label, and the report's capture that names it."""
        for row in self._execute(_ATTACHMENTS, (portal,)):
            yield row["file_url"], row["label"], _known(row)

    def ways(self, capture_id: int, seal: str | None = None) -> bytes | None:
        """What led on from a page under this seal, None: under any; None where that is not known."""
        row = self._execute(
            "select ways from ways where capture_id = ? and seal = coalesce(?, seal)", (capture_id, seal)
        ).fetchone()
        return None if row is None else row[0]

    def breadcrumb(self, capture_id: int) -> list[str]:
        """The place that a captured page itself says it has."""
        row = self._execute("select breadcrumb from captures where id = ?", (capture_id,)).fetchone()
        return [] if row is None else json.loads(row[0])

    def had_problem(self, url: str, kinds: frozenset[str]) -> bool:
        """Whether any run met a problem of these kinds at an address."""
        marks = ", ".join("?" * len(kinds))
        query = f"select 1 from problems where url = ? and kind in ({marks})"
        return self._execute(query, (url, *sorted(kinds))).fetchone() is not None


def _known(row: sqlite3.Row) -> Known:
    since = row["fetched_at"]
    if row["changed_at"] is not None:
        since = row["changed_at"]
    elif row["published_on"] is not None:
        since = min(since, row["published_on"] + "T00:00:00Z")
    return Known(
        capture_id=row["id"],
        url=row["url"],
        status=row["status"],
        kind=row["kind"],
        sha256=row["sha256"],
        headers_json=row["headers"],
        context_json=row["context"],
        trail_json=row["trail"],
        answered_at=row["answered_at"],
        stable_since=since,
        doubted=bool(row["doubted"]),
        gone=bool(row["gone"]),
        lifted=bool(row["lifted"]),
    )
