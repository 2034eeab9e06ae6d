"""Search over titles and texts of reports: exact as a substring search, ranked, with snippets and facets."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from itertools import chain, islice
from typing import Any

from crawler.words.tokens import match, terms

BEFORE, AFTER = 30, 90
"""Characters of a snippet before and after the first place that was found."""
_KINDS = {"government": 0, "government_office": 1, "zone": 2, "department": 3, "township": 4}


@dataclass(slots=True)
class Hit:
    """One report. `pieces`: the snippet in order, True for what was asked for."""

    id: int
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
    within = _prefix(region)
    results = Results()
    kept: set[int] = set()
    place = facts.place
    for number, count in Counter(map(facts.kind.__getitem__, found)).items():
        code, its_year = facts.kinds[number]
        in_year, in_region = year is None or its_year == year, not within or (code or "").startswith(within)
        if in_year:
            results.regions[code] = results.regions.get(code, 0) + count
        if in_region:
            results.years[its_year] = results.years.get(its_year, 0) + count
        if in_year and in_region:
            kept.add(number)
            results.total += count
    if results.total < len(found):
        found = [report_id for report_id in found if facts.kind[report_id] in kept]
    titled = set(_ids(connection, *_titled(terms(query)))).intersection(found)
    first = sorted(titled, key=place.__getitem__)[: offset + limit]
    if len(first) < offset + limit:
        first += _first(facts, set(found) - titled, offset + limit - len(first))
    results.hits = _hits(connection, first[offset:], terms(query))
    return results


@dataclass(slots=True)
class _Facts:
    """What search needs to know of all reports. `kind`: by id, an index into `kinds` (region code, year).

    `ranked`: ids, the newest report year first, governments before departments; `place`: by id, the place in that.
    """

    kinds: list[tuple[str | None, int | None]]
    kind: dict[int, int]
    ranked: list[int]
    place: dict[int, int]


def _facts(connection: sqlite3.Connection) -> _Facts:
    (version,) = connection.execute("pragma data_version").fetchone()
    return _facts_at(connection, version, connection.total_changes)


@lru_cache(maxsize=8)
def _facts_at(connection: sqlite3.Connection, version: int, changes: int) -> _Facts:
    """As they stood at a `data_version` and after so many changes of our own."""
    numbers: dict[tuple[str | None, int | None], int] = {}
    kind: dict[int, int] = {}
    order = []
    for report_id, code, year, organ_kind in connection.execute(
        "select id, region_code, report_year, organ_kind from reports"
    ):
        kind[report_id] = numbers.setdefault((code, year), len(numbers))
        order.append((-(year or 0), _KINDS.get(organ_kind, 5), report_id))
    ranked = [report_id for *_, report_id in sorted(order)]
    return _Facts(list(numbers), kind, ranked, {report_id: place for place, report_id in enumerate(ranked)})


def _ids(connection: sqlite3.Connection, query: str, parameters: Iterable[object]) -> list[int]:
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: there may be tens of thousands
    return list(chain.from_iterable(cursor.execute(query, tuple(parameters))))


def _first(facts: _Facts, found: set[int], count: int) -> list[int]:
    """The first `count` of the hits by rank: along the ranks where there are many, else by sorting."""
    if len(found) * 20 > len(facts.ranked):
        return list(islice((report_id for report_id in facts.ranked if report_id in found), count))
    return nsmallest(count, found, key=facts.place.__getitem__)


def _prefix(region: str | None) -> str:
    """The part of a region's code that all within it share: 210000 is 21, 210100 is 2101."""
    if not region:
        return ""
    return region[:2] if region.endswith("0000") else region[:4] if region.endswith("00") else region


def _titled(asked: list[str]) -> tuple[str, list[str]]:
    """The query for reports that hold all that was asked for in their titles, and its parameters."""
    where = " and ".join(["title like ? escape '\\'"] * len(asked))
    return f"select id from reports indexed by reports_title where {where}", [like(term) for term in asked]


def like(term: str) -> str:
    """The LIKE pattern (escape '\\') for a string anywhere in a text."""
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _hits(connection: sqlite3.Connection, ids: Iterable[int], asked: list[str]) -> list[Hit]:
    found = []
    for report_id in ids:
        row: dict[str, Any] = dict(
            zip(
                ("id", "title", "organ", "region_code", "region", "report_year", "published_on", "url", "text"),
                connection.execute(
                    "select id, title, organ, region_code, region, report_year, published_on, url, text from reports"
                    " where id = ?",
                    (report_id,),
                ).fetchone(),
                strict=True,
            )
        )
        text = row.pop("text") or ""
        title = _folded(row["title"] or "")
        found.append(Hit(**row, in_title=all(_folded(term) in title for term in asked), pieces=snippet(text, asked)))
    return found


def snippet(text: str, asked: list[str]) -> list[tuple[str, bool]]:
    """The stretch around the first place of what was asked for, on one line, cut where it is found; [] for no text."""
    folded = _folded(text)
    places = [at for term in asked if (at := folded.find(_folded(term))) >= 0]
    at = min(places, default=0)
    start, end = max(0, at - BEFORE), min(len(text), at + AFTER)
    pieces = marked(text[start:end].replace("\n", " ").replace("\t", " "), asked)
    if start > 0:
        pieces.insert(0, ("…", False))
    if end < len(text):
        pieces.append(("…", False))
    return pieces


def marked(text: str, asked: list[str]) -> list[tuple[str, bool]]:
    """A text in pieces, True for those that hold what was asked for; together they are the text."""
    folded = _folded(text)
    flags = bytearray(len(text))
    for term in asked:
        wanted = _folded(term.replace("\n", " ").replace("\t", " "))
        at = folded.find(wanted)
        while at >= 0:
            flags[at : at + len(wanted)] = b"\1" * len(wanted)
            at = folded.find(wanted, at + 1)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or flags[place] != flags[start]:
            pieces.append((text[start:place], bool(flags[start])))
            start = place
    return pieces


_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def _folded(text: str) -> str:
    """ASCII letters small, as LIKE and the index take them; no other letter changes, and no length."""
    return text.translate(_FOLD)
