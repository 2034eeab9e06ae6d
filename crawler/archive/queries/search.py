"""Search over titles and texts of reports: exact as a substring search, ranked, with snippets and facets."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from crawler.archive.queries.places import EVERYTHING, ORDERS, Place, Sieve
from crawler.archive.queries.snippets import folded, snippet
from crawler.reference.heirs import heir
from crawler.words.tokens import match, terms

_SHOWN = (
    "id", "key", "title", "organ", "organ_kind", "region_code", "region", "report_year", "form", "published_on", "url",
    "portal", "text",
)  # fmt: skip


@dataclass(slots=True)
class Hit:
    """One report. `pieces`: the snippet in order, True for what was asked for."""

    id: int
    key: str
    title: str | None
    organ: str | None
    organ_kind: str | None
    region_code: str | None
    region: str | None
    report_year: int | None
    form: str | None
    published_on: str | None
    url: str
    portal: str | None
    in_title: bool
    pieces: list[tuple[str, bool]]

    @property
    def snippet(self) -> str:
        """The snippet as plain text."""
        return "".join(text for text, _ in self.pieces)


@dataclass(slots=True)
class Results:
    """`total`: hits in all, with the filters; `regions`, `years`, `kinds`, `forms`: hits by each value, without the own
    filter; a region is the one of today (crawler.reference.heirs)."""

    total: int = 0
    hits: list[Hit] = field(default_factory=list)
    regions: dict[str | None, int] = field(default_factory=dict)
    years: dict[int | None, int] = field(default_factory=dict)
    kinds: dict[str | None, int] = field(default_factory=dict)
    forms: dict[str | None, int] = field(default_factory=dict)


def search(
    connection: sqlite3.Connection,
    query: str,
    *,
    sieve: Sieve = EVERYTHING,
    sort: str = "relevance",
    limit: int = 20,
    offset: int = 0,
) -> Results:
    """The reports that hold all that was asked for, in title or text, sorted by one of ORDERS. Without words all that
    pass the sieve; nothing asked for at all gives no hits."""
    facts = _facts(connection)
    found = _found(connection, facts, query, sieve)
    results = Results()
    counts = Counter(map(facts.kind.__getitem__, found))
    kept: dict[int, int] = {}
    facets: tuple[dict[Any, int], ...] = (results.regions, results.years, results.kinds, results.forms)
    for number, count in counts.items():
        place = facts.places[number]
        passes = sieve.passes(place)
        values = heir(place.region) if place.region else None, *place[1:]
        failing = passes.count(False)
        for facet, value, one in zip(facets, values, passes, strict=True):
            if failing == 0 or (failing == 1 and not one):
                facet[value] = facet.get(value, 0) + count
        if failing == 0:
            kept[number] = count
    results.total = sum(kept.values())
    if len(kept) < len(counts):
        found = [report_id for report_id in found if facts.kind[report_id] in kept]
    first = facts.first(found, kept, sort, terms(query), offset + limit)
    results.hits = _hits(connection, first[offset:], terms(query))
    return results


def latest(connection: sqlite3.Connection, query: str, sieve: Sieve, count: int) -> list[tuple[str, Hit]]:
    """The hits that were new or changed last, each with the time of that, the latest first."""
    facts = _facts(connection)
    passing = {number for number, place in enumerate(facts.places) if all(sieve.passes(place))}
    found = [one for one in _found(connection, facts, query, sieve) if facts.kind[one] in passing]
    rows = connection.execute(
        "select max(observed_at), report_id from report_versions where report_id in (select value from json_each(?))"
        " group by report_id order by 1 desc, 2 desc limit ?",
        (json.dumps(found), count),
    ).fetchall()
    hits = _hits(connection, [report_id for _, report_id in rows], terms(query))
    return [(row[0], hit) for row, hit in zip(rows, hits, strict=True)]


@dataclass(slots=True)
class _Facts:
    """What search needs to know of all reports, out of indexes alone: to read their rows, texts beside them, takes ten
    times as long, and a crawl commits twice a second.

    `kind`: by id, an index into `places`. `title`: by id, its letters small. `titles`: all of them.
    """

    places: list[Place]
    kind: dict[int, int]
    title: dict[int, str]
    titles: str

    def first(self, ids: list[int], sizes: Mapping[int, int], sort: str, asked: list[str], count: int) -> list[int]:
        """The first `count` of some reports, of which so many are of each place."""
        if sort != "relevance":
            return self._sorted(ids, sizes, sort, count)
        wanted = [folded(term) for term in asked]
        if not all(term in self.titles for term in wanted):
            return self._sorted(ids, sizes, sort, count)
        ahead = self._titled(self._sorted(ids, sizes, sort, 4 * count), wanted)
        if len(ahead) >= count:
            return ahead[:count]  # those behind are sorted behind
        titled = self._titled(ids, wanted)
        first = self._sorted(titled, Counter(map(self.kind.__getitem__, titled)), sort, count)
        if len(first) < count:
            others = list(set(ids).difference(titled))
            first += self._sorted(others, Counter(map(self.kind.__getitem__, others)), sort, count - len(first))
        return first

    def _titled(self, ids: list[int], wanted: list[str]) -> list[int]:
        for term in wanted:
            ids = [report_id for report_id in ids if term in self.title[report_id]]
        return ids

    def _sorted(self, ids: Collection[int], sizes: Mapping[int, int], sort: str, count: int) -> list[int]:
        """The first `count` of some reports, looked for among the places that come first alone."""
        order = ORDERS[sort]
        keys = sorted((order(self.places[number]), number) for number in sizes)
        wanted: dict[int, tuple[Any, ...]] = {}
        left, last = count, None
        for key, number in keys:
            if left <= 0 and key != last:
                break
            wanted[number] = last = key
            left -= sizes[number]
        chosen = [report_id for report_id in ids if self.kind[report_id] in wanted]
        return nsmallest(count, chosen, key=lambda one: (wanted[self.kind[one]], one))


def _facts(connection: sqlite3.Connection) -> _Facts:
    (version,) = connection.execute("pragma data_version").fetchone()
    return _facts_at(connection, version, connection.total_changes)


@lru_cache(maxsize=8)
def _facts_at(connection: sqlite3.Connection, version: int, changes: int) -> _Facts:
    """As they stood at a `data_version` and after so many changes of our own."""
    cursor = connection.cursor()
    cursor.row_factory = None
    rows = cursor.execute("select id, region_code, report_year, organ_kind, form from reports indexed by reports_place")
    numbers: dict[tuple[Any, ...], int] = {}
    kind = {report_id: numbers.setdefault(tuple(place), len(numbers)) for report_id, *place in rows}
    named = cursor.execute("select id, title from reports indexed by reports_title where title is not null").fetchall()
    # All in one go: no title holds half of a pair of UTF-16.
    titles = folded("\ud800".join(title for _, title in named))
    # No title at all gives one piece, and no report to it.
    title = dict.fromkeys(kind, "") | dict(zip((one for one, _ in named), titles.split("\ud800"), strict=False))
    return _Facts([Place(*place) for place in numbers], kind, title, titles)


def _found(connection: sqlite3.Connection, facts: _Facts, query: str, sieve: Sieve) -> list[int]:
    """The ids of all hits, whatever the sieve lets pass. As one value: a step of SQLite for each of tens of thousands
    lets go of Python's lock."""
    asked = match(query)
    if asked is None:
        return [] if sieve == EVERYTHING else [*facts.kind]
    (ids,) = connection.execute(
        "select json_group_array(rowid) from reports_fts where reports_fts match ?", (asked,)
    ).fetchone()
    found: list[int] = json.loads(ids)
    return found


def _hits(connection: sqlite3.Connection, ids: Iterable[int], asked: list[str]) -> list[Hit]:
    found = []
    for report_id in ids:
        values = connection.execute(f"select {', '.join(_SHOWN)} from reports where id = ?", (report_id,)).fetchone()
        row: dict[str, Any] = dict(zip(_SHOWN, values, strict=True))
        text = row.pop("text") or ""
        title = folded(row["title"] or "")
        found.append(Hit(**row, in_title=all(folded(term) in title for term in asked), pieces=snippet(text, asked)))
    return found
