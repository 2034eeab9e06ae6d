"""Search over titles and texts of reports: exact as a substring search, ranked, with snippets and facets."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from itertools import chain
from typing import Any

from crawler.archive.queries.snippets import folded, snippet
from crawler.words.tokens import match, terms

_AT_ONCE = 500
"""Reports whose kind of organ is asked for in one statement."""
_SHOWN = ("id", "key", "title", "organ", "region_code", "region", "report_year", "published_on", "url", "text")
KINDS = {"government": 0, "government_office": 1, "zone": 2, "department": 3, "township": 4}


@dataclass(slots=True)
class Hit:
    """One report. `pieces`: the snippet in order, True for what was asked for."""

    id: int
    key: str
    title: str | None
    organ: str | None
    region_code: str | None
    region: str | None
    report_year: int | None
    published_on: str | None
    url: str
    in_title: bool
    pieces: list[tuple[str, bool]]

    @property
    def snippet(self) -> str:
        """The snippet as plain text."""
        return "".join(text for text, _ in self.pieces)


@dataclass(slots=True)
class Results:
    """`total`: hits in all, with the filters; `regions`, `years`: hits by code and by year, without the own filter."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    regions: dict[str | None, int] = field(default_factory=dict)
    years: dict[int | None, int] = field(default_factory=dict)


def search(
    connection: sqlite3.Connection,
    query: str,
    *,
    region: str | None = None,
    year: int | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """The reports that hold all that was asked for, in title or text: titles first, then the newest, governments first.

    `region`: a GB/T 2260 code; a province or prefecture takes in what lies within. Nothing asked for gives no hits.
    """
    asked = match(query)
    if asked is None:
        return Results()
    facts = _facts(connection)
    found = _ids(connection, "select rowid from reports_fts where reports_fts match ?", (asked,))
    prefix = within(region or "")
    results = Results()
    kept: set[int] = set()
    for number, count in Counter(map(facts.kind.__getitem__, found)).items():
        code, its_year = facts.kinds[number]
        in_year, in_region = year is None or its_year == year, (code or "").startswith(prefix)
        if in_year:
            results.regions[code] = results.regions.get(code, 0) + count
        if in_region:
            results.years[its_year] = results.years.get(its_year, 0) + count
        if in_year and in_region:
            kept.add(number)
            results.total += count
    if results.total < len(found):
        found = [report_id for report_id in found if facts.kind[report_id] in kept]
    first = _first(connection, facts, found, terms(query), offset + limit)
    results.hits = _hits(connection, first[offset:], terms(query))
    return results


@dataclass(slots=True)
class _Facts:
    """What search needs to know of all reports, out of indexes alone: to read their rows, texts beside them, takes ten
    times as long, and a crawl commits twice a second.

    `kind`: by id, an index into `kinds` (region code, year). `title`: by id, its letters small. `rank`: by id, the
    place of its kind of organ, of those that were asked for so far.
    """

    kinds: list[tuple[str | None, int | None]]
    kind: dict[int, int]
    title: dict[int, str]
    rank: dict[int, int]

    def newest(self, connection: sqlite3.Connection, ids: Collection[int], count: int) -> list[int]:
        """The first `count` of some reports: the newest report year first, governments before departments, then by id.

        Organs are asked for of the newest years alone that have so many.
        """
        sizes = Counter(map(self.kind.__getitem__, ids))
        years: dict[int, list[int]] = {}
        for number in sizes:
            years.setdefault(self.kinds[number][1] or 0, []).append(number)
        wanted: dict[int, int] = {}
        left = count
        for year in sorted(years, reverse=True):
            if left <= 0:
                break
            wanted |= dict.fromkeys(years[year], -year)
            left -= sum(sizes[number] for number in years[year])
        chosen = [report_id for report_id in ids if self.kind[report_id] in wanted]
        unranked = [report_id for report_id in chosen if report_id not in self.rank]
        for some in (unranked[at : at + _AT_ONCE] for at in range(0, len(unranked), _AT_ONCE)):
            marks = ",".join("?" * len(some))
            rows = connection.execute(f"select id, organ_kind from reports where id in ({marks})", some)
            self.rank.update((report_id, KINDS.get(organ_kind, 5)) for report_id, organ_kind in rows)
        return nsmallest(count, chosen, key=lambda one: (wanted[self.kind[one]], self.rank[one], one))


def _facts(connection: sqlite3.Connection) -> _Facts:
    (version,) = connection.execute("pragma data_version").fetchone()
    return _facts_at(connection, version, connection.total_changes)


@lru_cache(maxsize=8)
def _facts_at(connection: sqlite3.Connection, version: int, changes: int) -> _Facts:
    """As they stood at a `data_version` and after so many changes of our own."""
    cursor = connection.cursor()
    cursor.row_factory = None
    places = cursor.execute("select id, region_code, report_year from reports indexed by reports_place")
    numbers: dict[tuple[str | None, int | None], int] = {}
    kind = {report_id: numbers.setdefault((code, year), len(numbers)) for report_id, code, year in places}
    named = cursor.execute("select id, title from reports indexed by reports_title where title is not null").fetchall()
    # All in one go: no title holds half of a pair of UTF-16.
    titles = folded("\ud800".join(title for _, title in named)).split("\ud800")
    # No title at all gives one piece, and no report to it.
    title = dict.fromkeys(kind, "") | dict(zip((report_id for report_id, _ in named), titles, strict=False))
    return _Facts(list(numbers), kind, title, {})


def _ids(connection: sqlite3.Connection, query: str, parameters: Iterable[object]) -> list[int]:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: there may be tens of thousands
    return list(chain.from_iterable(cursor.execute(query, tuple(parameters))))


def _first(connection: sqlite3.Connection, facts: _Facts, found: list[int], asked: list[str], count: int) -> list[int]:
    """The first `count` of the hits: those with all that was asked for in the title, then the others."""
    titled = found
    for term in map(folded, asked):
        titled = [report_id for report_id in titled if term in facts.title[report_id]]
    first = facts.newest(connection, titled, count)
    if len(first) < count:
        others = set(found).difference(titled)
        first += facts.newest(connection, others, count - len(first))
    return first


def within(region: str) -> str:
    """The part of a region's code that all within it share: 210000 is 21, 210100 is 2101."""
    return region[:2] if region.endswith("0000") else region[:4] if region.endswith("00") else region


def _hits(connection: sqlite3.Connection, ids: Iterable[int], asked: list[str]) -> list[Hit]:
    found = []
    for report_id in ids:
        values = connection.execute(f"select {', '.join(_SHOWN)} from reports where id = ?", (report_id,)).fetchone()
        row: dict[str, Any] = dict(zip(_SHOWN, values, strict=True))
        text = row.pop("text") or ""
        title = folded(row["title"] or "")
        found.append(Hit(**row, in_title=all(folded(term) in title for term in asked), pieces=snippet(text, asked)))
    return found
