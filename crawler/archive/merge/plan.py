"""Which reports of a source come as they are, and which are placed again with those that are here."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field

from crawler.archive.file.identity import hidden
from crawler.archive.merge.course import Course
from crawler.archive.merge.joins import joins
from crawler.archive.merge.origin import Origin
from crawler.archive.write.placement import Placing


@dataclass(slots=True)
class _Claim:
    """A report of the source: identity, key, its addresses, those of its files, and the captures of its versions."""

    who: str | None
    key: str
    founder: int
    urls: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """`copies`: reports there that come as they are, with the captures here that found them. `joins`: those that are
    one more address of a report here. `here`, `there`: reports
    that are placed again; `urls`: where they stand; nothing else does."""

    copies: dict[int, int] = field(default_factory=dict)
    joins: dict[int, int] = field(default_factory=dict)
    here: set[int] = field(default_factory=set)
    there: set[int] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)


class Planner:
    """Finds what has a part in one another: by address, by identity, by key, by a file."""

    def __init__(self, target: sqlite3.Connection, origin: Origin, course: Course, absent: set[str]) -> None:
        """`absent`: addresses of which it was told anew whether they are missed."""
        self._target, self._source, self._course = target, origin.connection, course
        self._claiming = Placing(target).claiming
        self._plan = Plan()
        self._claims = self._read()
        self._at: dict[str, set[int]] = defaultdict(set)
        self._named: dict[str, set[int]] = defaultdict(set)
        for number, claim in self._claims.items():
            for url in claim.urls:
                self._at[url].add(number)
            for name in (claim.key, *([hidden(claim.who)] if claim.who is not None else [])):
                self._named[name].add(number)
        self._hot = absent | self._written()
        (program,) = target.execute("select program from archive").fetchone()
        self._alike = origin.program == program

    def make(self) -> Plan:
        """The plan; nothing is written."""
        for url in sorted(self._hot):
            self._note_hot(url)
        joining: dict[int, int] = {}
        for number, claim in self._claims.items():
            if number in self._plan.there:
                continue
            hot = [url for url in (*claim.urls, *claim.files) if url in self._hot]
            if hot and not self._is_alone(claim):
                held = self._copied(number, claim)
                if held is None:
                    self._add_there(number)
                else:
                    joining[number] = held
        for number, held in joining.items():
            if held in self._plan.here:
                self._add_there(number)
        for number, claim in self._claims.items():
            if number in self._plan.there or not any(url in self._hot for url in claim.urls):
                continue
            if number in joining:
                self._plan.joins[number] = joining[number]
            else:
                self._plan.copies[number] = self._course.captures[claim.founder]
        return self._plan

    def _read(self) -> dict[int, _Claim]:
        claims = {
            row["id"]: _Claim(row["identity"], row["key"], row["founder"])
            for row in self._source.execute(
                "select id, identity, key, report_versions.capture_id as founder from reports"
                " join report_versions on report_id = id and version = 1 order by id"
            )
        }
        for number, url in self._source.execute("select report_id, url from report_urls order by rowid"):
            claims[number].urls.append(url)
        for number, url in self._source.execute("select report_id, url from attachments"):
            claims[number].files.append(url)
        return claims

    def _written(self) -> set[str]:
        """The addresses of captures that are new here, or say something else."""
        numbers = sorted(self._course.fresh | self._course.touched)
        query = "select url from captures where id = ?"
        return {self._target.execute(query, (number,)).fetchone()[0] for number in numbers}

    def _note_hot(self, url: str) -> None:
        """What is here and has to do with an address where something was written."""
        for (number,) in self._target.execute("select report_id from report_urls where url = ?", (url,)).fetchall():
            self._add_here(number)
        for (number,) in self._target.execute("select report_id from attachments where url = ?", (url,)).fetchall():
            self._add_here(number)
        if url in self._course.shared:
            query = "select 1 from captures where url = ? and kind = 'report'"
            if self._target.execute(query, (url,)).fetchone() is not None:
                self._add_url(url)

    def _copied(self, number: int, claim: _Claim) -> int | None:
        """The report here of which one there is nothing but a copy."""
        if not self._alike or claim.who is None or len(self._named[hidden(claim.who)]) > 1:
            return None
        if any(url in self._course.shared or url not in self._hot for url in claim.urls):
            return None
        claiming = self._claiming(claim.who)
        if len(claiming) != 1:
            return None
        held = claiming[0][0]
        return held if joins(self._target, self._source, self._course, number, held) else None

    def _is_alone(self, claim: _Claim) -> bool:
        """Whether nothing here has a part in a report, so that its rows hold as they are."""
        if not self._alike or self._plan.urls.intersection(claim.urls):
            return False
        if any(url in self._course.shared or url not in self._hot for url in claim.urls):
            return False
        for url in claim.urls:
            for (number,) in self._target.execute("select id from captures where url = ?", (url,)):
                if number not in self._course.fresh or number in self._course.tombstones:
                    return False
        for url in claim.files:
            if url in self._course.shared or (url not in self._hot and self._is_held(url)):
                return False
        if claim.who is not None and self._claiming(claim.who):
            return False
        return self._target.execute("select 1 from reports where key = ?", (claim.key,)).fetchone() is None

    def _is_held(self, url: str) -> bool:
        return self._target.execute("select 1 from captures where url = ?", (url,)).fetchone() is not None

    def _add_url(self, url: str) -> None:
        if url in self._plan.urls:
            return
        self._plan.urls.add(url)
        for (number,) in self._target.execute("select report_id from report_urls where url = ?", (url,)).fetchall():
            self._add_here(number)
        for number in self._at.get(url, ()):
            self._add_there(number)

    def _add_here(self, number: int) -> None:
        if number in self._plan.here:
            return
        self._plan.here.add(number)
        who, key = self._target.execute("select identity, key from reports where id = ?", (number,)).fetchone()
        for (url,) in self._target.execute("select url from report_urls where report_id = ?", (number,)).fetchall():
            self._add_url(url)
        self._add_named(who, key)

    def _add_there(self, number: int) -> None:
        if number in self._plan.there:
            return
        self._plan.there.add(number)
        claim = self._claims[number]
        for url in claim.urls:
            self._add_url(url)
        self._add_named(claim.who, claim.key)

    def _add_named(self, who: str | None, key: str) -> None:
        found = self._target.execute("select id from reports where key = ?", (key,)).fetchall()
        for (number,) in found:
            self._add_here(number)
        names = [key]
        if who is not None:
            names.append(hidden(who))
            for number, _ in self._claiming(who):
                self._add_here(number)
        for name in names:
            for number in self._named.get(name, ()):
                self._add_there(number)
