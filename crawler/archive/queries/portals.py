"""Portals: whether their reports are made up, and what a walk over one met."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from crawler.archive import schema
from crawler.archive.queries.rows import Subject
from crawler.archive.write.samples import Holdings, holdings, sample_portals, sample_ports


class Portals(Subject):
    """The portals that runs asked."""

    def holdings(self) -> Holdings:
        """Whether the archive holds something of real portals, and whether something of the sample."""
        return holdings(self._connection)

    def known(self) -> list[str]:
        """Ids of all, sorted."""
        return [row[0] for row in self._connection.execute("select id from portals order by id")]

    def samples(self) -> list[str]:
        """Ids of those whose reports are made up, sorted; empty for an archive without the sample."""
        return sample_portals(self._connection)

    def sample_ports(self) -> tuple[int, int] | None:
        """The ports at which the archive last met the sample portal (write.samples.sample_ports)."""
        return sample_ports(self._connection)

    def walked(self, portal: str) -> Walked:
        """What the walk over one met."""
        return Walked(self._connection, portal)


class Walked(Subject):
    """What was met on one portal."""

    def __init__(self, connection: sqlite3.Connection, portal: str) -> None:
        super().__init__(connection)
        self._portal = portal

    def home(self) -> str | None:
        """SHA-256 of the home page; None where it could not be had.

        The longest of those before the first step: "/" may only be a script that leads to the page proper.
        """
        row = self._execute(
            "select sha256 from captures where portal = ? and kind = 'home'"
            " order by json_array_length(trail), length desc, id limit 1",
            (self._portal,),
        ).fetchone()
        return None if row is None else str(row[0])

    def first_problem(self) -> tuple[str, str] | None:
        """Kind and detail of the first problem; None where there was none."""
        row = self._execute(
            "select kind, detail from problems where portal = ? order by id limit 1", (self._portal,)
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def reports(self) -> list[tuple[str, int | None, str]]:
        """Address, year and trail (as JSON) of every report that the portal showed, be it a copy of another's."""
        rows = self._execute(
            "select captures.url, report_year, captures.trail, min(captures.id) from reports"
            " join report_urls on report_urls.report_id = reports.id"
            " join captures on captures.id = report_urls.capture_id"
            " where captures.portal = ? group by reports.id order by reports.id",
            (self._portal,),
        )
        return [(url, year, trail) for url, year, trail, _ in rows]

    def details(self, kind: str) -> list[str]:
        """The details of its problems of a kind, in the order in which they were met."""
        rows = self._execute(
            "select detail from problems where portal = ? and kind = ? order by id", (self._portal, kind)
        )
        return [detail for (detail,) in rows]

    def places(self, kind: str) -> list[str]:
        """The addresses at which a problem of a kind was met, each once."""
        rows = self._execute("select distinct url from problems where portal = ? and kind = ?", (self._portal, kind))
        return [url for (url,) in rows.fetchall()]

    def ways(self) -> Iterator[bytes]:
        """What led on from each of its pages, packed (crawler.navigation.serialization)."""
        rows = self._execute(
            "select ways from ways join captures on captures.id = ways.capture_id where portal = ?", (self._portal,)
        )
        for (packed,) in rows:
            yield packed

    def labels(self, run_id: int) -> tuple[set[str], set[str]]:
        """The labels of all trails, without the last step of a report's: of what was last seen before a run, and of
        what that run saw."""
        then: set[str] = set()
        now: set[str] = set()
        rows = self._execute("select trail, kind, last_run_id from captures where portal = ?", (self._portal,))
        for trail, kind, seen in rows:
            steps = json.loads(trail)
            (now if seen == run_id else then).update(
                step["label"] for step in (steps[:-1] if kind == "report" else steps)
            )
        return then, now

    def trails(self, run_id: int) -> list[tuple[str, ...]]:
        """The labels between home page and report, of every report that a run before this one met."""
        query = "select trail from captures where portal = ? and kind = 'report' and run_id < ? order by id"
        rows = self._execute(query, (self._portal, run_id))
        return [tuple(step["label"] for step in json.loads(trail)[1:-1]) for (trail,) in rows]

    def page_at(self, labels: tuple[str, ...], run_id: int) -> tuple[int, str] | None:
        """The page that these labels led a run to from the home page: capture and address; None: it led to none."""
        rows = self._execute(
            "select id, url, trail from captures where portal = ? and last_run_id = ? and kind <> 'redirect'"
            " order by length desc",
            (self._portal, run_id),
        )
        for capture_id, url, trail in rows:
            if tuple(step["label"] for step in json.loads(trail)[1:]) == labels:
                return capture_id, url
        return None

    def sizes(self) -> list[tuple[int, str, str, int]]:
        """Every capture of it: id, address, kind, bytes of the body."""
        rows = self._execute("select id, url, kind, length from captures where portal = ? order by id", (self._portal,))
        return [tuple(row) for row in rows]

    def problems(self) -> list[dict[str, Any]]:
        """Its problems in the order in which they were met: portal, kind, url, detail."""
        rows = self._execute(
            "select portal, kind, url, detail from problems where portal = ? order by id", (self._portal,)
        )
        return [dict(row) for row in rows]

    def findings(self) -> list[dict[str, Any]]:
        """Its reports: what identifies each, and the digest of its text."""
        rows = self._execute(
            "select portal, url, title, organ, organ_kind, region_code, report_year, published_on, text_sha256"
            " from reports where portal = ? order by url",
            (self._portal,),
        )
        return [dict(row) for row in rows]

    def pages(self, most: int) -> list[tuple[str, str]]:
        """Address and SHA-256 of at most so many of its pages, dead links and files left out."""
        rows = self._execute(
            "select url, sha256 from captures"
            " where portal = ? and kind in ('home', 'column', 'list', 'report', 'article') limit ?",
            (self._portal, most),
        )
        return [(url, sha256) for url, sha256 in rows.fetchall()]


def marked_samples(connection: sqlite3.Connection) -> list[str]:
    """As `Portals.samples`, of any database: none for what is no archive, or one that no later version has opened
    yet."""
    table = connection.execute("select 1 from sqlite_master where name = 'portals'").fetchone()
    return sample_portals(connection) if table is not None and schema.is_archive(connection) else []
