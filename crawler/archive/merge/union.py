"""What follows from the captures of both: reports that one of them alone has are copied, the others placed again."""

from __future__ import annotations

import sqlite3
from collections import defaultdict

from crawler.archive.derive.conclusion import conclude
from crawler.archive.derive.rebuild import Scope, clear, replay
from crawler.archive.derive.years import check_across_years
from crawler.archive.file.captures import Derive
from crawler.archive.file.neighbours import neighbours
from crawler.archive.merge.copies import Copies, free_number
from crawler.archive.merge.course import Course
from crawler.archive.merge.joins import join
from crawler.archive.merge.origin import Origin
from crawler.archive.merge.plan import Plan, Planner
from crawler.archive.write import panelrows
from crawler.archive.write.keys import Name, new_key
from crawler.archive.write.placement import Placing


class _Names:
    """Hands out numbers and keys: the key that the report of a founder had, in either archive, unless an earlier one
    has it. `made`: the reports that were named."""

    def __init__(self, target: sqlite3.Connection) -> None:
        self._target = target
        self._keys: dict[int, list[str]] = defaultdict(list)
        self.made: set[int] = set()

    def remember(self, founder: int, key: str) -> None:
        """The report that this capture founded had this key."""
        self._keys[founder].append(key)

    def take(self, url: str, who: str | None, capture_id: int) -> Name:
        """Number and key of the report that this capture founds."""
        number = free_number(self._target, capture_id)
        self.made.add(number)
        for key in sorted(set(self._keys.pop(capture_id, []))):
            if self._target.execute("select 1 from reports where key = ?", (key,)).fetchone() is None:
                return number, key
        (portal,) = self._target.execute("select portal from captures where id = ?", (capture_id,)).fetchone()
        return number, new_key(self._target, who, portal, url)


class _Others:
    """Every report but some."""

    def __init__(self, some: set[int]) -> None:
        self._some = some

    def __contains__(self, number: object) -> bool:
        return number not in self._some


class Union:
    """Writes what follows from the captures of a source and of those that were here, within the caller's transaction.

    `counts`: reports copied, and reports placed again.
    """

    def __init__(self, target: sqlite3.Connection, origin: Origin, course: Course, derive: Derive) -> None:
        self._target, self._origin, self._course, self._derive = target, origin, course, derive

    def make(self, absent: set[str]) -> tuple[int, int]:
        """Reports that were copied, and that were placed again; `absent` as of Planner."""
        plan = Planner(self._target, self._origin, self._course, absent).make()
        copies = Copies(self._target, self._origin.connection, self._course)
        later = neighbours(self._target, plan.here, 1)
        placed = self._place(plan)
        for number, founder in plan.copies.items():
            copies.copy(number, founder)
        for number, here in plan.joins.items():
            join(self._target, self._origin.connection, self._course, number, here)
        written = placed | {self._course.reports[number] for number in plan.copies}
        if placed:
            conclude(self._target, Placing(self._target), self._derive, reports=frozenset(placed))
        there = {row[0] for number in later for row in self._target.execute(
            "select id from reports where id = ?", (number,)
        )}  # fmt: skip
        check_across_years(self._target, written | there | neighbours(self._target, written, 1))
        panelrows.refresh(self._target)
        return len(plan.copies) + len(plan.joins), len(placed)

    def report(self, there: int, url: str) -> int | None:
        """The number here of a report there, which was at an address."""
        if there in self._course.reports:
            return self._course.reports[there]
        row = self._origin.connection.execute(
            "select capture_id from report_versions where report_id = ? and version = 1", (there,)
        ).fetchone()
        return self._at(self._course.captures[row[0]], url)

    def _place(self, plan: Plan) -> set[int]:
        """Place the reports of both again; their numbers."""
        names = _Names(self._target)
        founders: dict[int, tuple[int, str]] = {}
        for number in sorted(plan.here):
            key, founder, url = self._target.execute(
                "select key, report_versions.capture_id, reports.url from reports"
                " join report_versions on report_id = id and version = 1 where id = ?",
                (number,),
            ).fetchone()
            names.remember(founder, key)
            founders[number] = (founder, url)
        for number in sorted(plan.there):
            key, founder = self._origin.connection.execute(
                "select key, report_versions.capture_id from reports"
                " join report_versions on report_id = id and version = 1 where id = ?",
                (number,),
            ).fetchone()
            names.remember(self._course.captures[founder], key)
        captures = sorted(
            number
            for url in plan.urls
            for (number,) in self._target.execute("select id from captures where url = ?", (url,))
        )
        urls = frozenset(plan.urls)
        clear(self._target, Scope(captures, frozenset(plan.here), urls, frozenset()))
        placing = Placing(self._target, names.take)
        if captures:
            replay(self._target, placing, self._derive, captures, urls, _Others(names.made))
        self._rename(founders)
        return names.made

    def _rename(self, founders: dict[int, tuple[int, str]]) -> None:
        """Let events name the reports by their numbers of now."""
        numbers = {number: self._at(*founder) for number, founder in founders.items()}
        changed = {number: now for number, now in numbers.items() if now != number}
        for number, now in changed.items():
            self._target.execute(
                "update events set report_id = ? where report_id = ?", (None if now is None else -now, number)
            )
        self._target.execute("update events set report_id = -report_id where report_id < 0")

    def _at(self, founder: int, url: str) -> int | None:
        """The report that a capture founded or is a version of, else the one at an address."""
        row = self._target.execute(
            "select report_urls.report_id from captures join report_urls on report_urls.url in (captures.url, ?2)"
            " left join report_versions on report_versions.report_id = report_urls.report_id"
            " and report_versions.capture_id = captures.id where captures.id = ?1"
            " order by version is null, gone_at is not null, report_urls.report_id limit 1",
            (founder, url),
        ).fetchone()
        return None if row is None else int(row[0])
