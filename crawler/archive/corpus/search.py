"""A search index, asked: the hits, their order and their counts that the archives' own search would give, merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive.corpus import documents
from crawler.archive.corpus.documents import NO_YEAR, NOWHERE, SHOWN, opened, phrase
from crawler.archive.corpus.index import STATE, state_of
from crawler.archive.queries.places import EVERYTHING, Sieve
from crawler.archive.queries.search import Hit, Results
from crawler.archive.queries.snippets import folded, snippet
from crawler.words.tokens import terms

if TYPE_CHECKING:
    from tantivy import Query, Schema, Searcher

_FACETS = {"regions": "region", "years": "report_year", "kinds": "kind", "forms": "form"}
"""Fields by the names that their values have among results."""
_MOST_PLACES = 65_000
"""Regions or years of a facet."""
_KEPT: dict[Path, tuple[tuple[int, ...], SearchIndex]] = {}
"""Indexes that are open, by folder, with their versions."""


class SearchIndex:
    """An index to be asked. Raises NianbaoError where there is none."""

    def __init__(self, folder: Path) -> None:
        state = state_of(folder)
        self.samples: list[str] = list(state["sample"])
        self.generations: dict[str, int] = dict(state["generations"])
        """Of which it is, by portal."""
        self._index = opened(folder)

    @classmethod
    def at(cls, folder: Path) -> SearchIndex:
        """The index in a folder, opened once until it is brought up to date. Raises NianbaoError."""
        version = cls.version(folder)
        held = _KEPT.get(folder)
        if held is None or held[0] != version:
            held = _KEPT[folder] = version, cls(folder)
        return held[1]

    @staticmethod
    def version(folder: Path) -> tuple[int, ...]:
        """What changes whenever an index is brought up to date. Raises NianbaoError where there is none."""
        try:
            stat = (folder / STATE).stat()
        except OSError:
            state_of(folder)
            raise
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def search(
        self,
        query: str,
        *,
        sieve: Sieve = EVERYTHING,
        sort: str = "relevance",
        limit: int = 20,
        offset: int = 0,
    ) -> Results:
        """The reports that hold all that was asked for: the same, in the same order, as `queries.search.search` gives
        of an archive merged of the same sources. Raises QueryError, as that."""
        asked = terms(query)
        if not asked and sieve == EVERYTHING:
            return Results()
        fields, searcher = self._index.schema, self._index.searcher()
        titled = _all([phrase(fields, "title", term) for term in asked])
        matches = _all([_any([phrase(fields, "title", term), phrase(fields, "text", term)]) for term in asked])
        filters = _filters(fields, sieve)

        results = Results(**_facets(searcher, matches, filters))
        kept = _all([matches, *filters.values()])
        numbers: list[Any] = []
        for stretch, count in _stretches(fields, searcher, sort, kept, _all([titled, *filters.values()])):
            lack, skipped = limit - len(numbers), max(0, offset - results.total)
            if count is None or (lack and skipped < count):
                count, more = _page(searcher, stretch, lack, skipped)
                numbers += more
            results.total += count
        results.hits = [_hit(searcher, number, asked) for number in numbers]
        return results

    def among(self, query: str, sieve: Sieve, numbers: list[int]) -> dict[int, Hit]:
        """The hits that have one of these numbers, by it. Raises QueryError."""
        import tantivy

        asked = terms(query)
        if not asked and sieve == EVERYTHING:
            return {}
        fields, searcher = self._index.schema, self._index.searcher()
        matches = [_any([phrase(fields, "title", term), phrase(fields, "text", term)]) for term in asked]
        wanted = tantivy.Query.term_set_query(fields, "id", numbers)
        _, addresses = _page(searcher, _all([*matches, *_filters(fields, sieve).values(), wanted]), len(numbers), 0)
        return {hit.id: hit for hit in (_hit(searcher, address, asked) for address in addresses)}


def _stretches(
    fields: Schema, searcher: Searcher, sort: str, kept: Query, titled: Query
) -> Iterator[tuple[Query, int | None]]:
    """What is `kept`, in stretches that stand one behind the other, each in the order of `rank`, and how many each has
    where that is known. `titled`: those of it with all that was asked for in the title."""
    if sort == "newest":
        yield kept, None
    elif sort == "relevance":
        yield titled, None
        yield _without(kept, titled), None
    else:
        import tantivy

        field, nothing = {"oldest": ("report_year", NO_YEAR), "region": ("region", NOWHERE)}[sort]
        counts = _counts(searcher, kept, [field])[field]
        for value in sorted(counts, key=lambda value: (value is None, value)):
            of = tantivy.Query.term_query(fields, field, nothing if value is None else value)
            yield _all([kept, of]), counts[value]


def _filters(fields: Schema, sieve: Sieve) -> dict[str, Query]:
    """By the field whose values they choose from, the queries for what a sieve asks."""
    import tantivy

    filters = {}
    if sieve.region:
        filters["region"] = _any(documents.region(fields, sieve.region))
    if sieve.year is not None:
        filters["report_year"] = tantivy.Query.term_query(fields, "report_year", max(sieve.year, 0))
    for field, value in (("kind", sieve.kind), ("form", sieve.form)):
        if value is not None:
            filters[field] = tantivy.Query.term_query(fields, field, value)
    return filters


def _all(queries: list[Query]) -> Query:
    """All reports where nothing is asked."""
    import tantivy

    if not queries:
        return tantivy.Query.all_query()
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any(queries: list[Query]) -> Query:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _without(query: Query, other: Query) -> Query:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, other)])


def _facets(searcher: Searcher, matches: Query, filters: Mapping[str, Query]) -> dict[str, Any]:
    """Hits by value of each facet, without its own filter; those that have none are counted in one go, for finding
    what matches is most of the work."""
    unfiltered = [field for field in _FACETS.values() if field not in filters]
    counted: dict[str, dict[Any, int]] = {}
    for fields in filter(None, (unfiltered, *([field] for field in filters))):
        others = [chosen for name, chosen in filters.items() if name not in fields]
        counted |= _counts(searcher, _all([matches, *others]), fields)
    return {facet: counted[field] for facet, field in _FACETS.items()}


def _counts(searcher: Searcher, query: Query, fields: list[str]) -> dict[str, dict[Any, int]]:
    """Hits by value of each field."""
    wanted = {field: {"terms": {"field": field, "size": _MOST_PLACES}} for field in fields}
    counted = searcher.aggregate(query, wanted)
    return {
        field: {_value(field, bucket["key"]): int(bucket["doc_count"]) for bucket in counted[field]["buckets"]}
        for field in fields
    }


def _value(field: str, key: Any) -> Any:
    """None for what stands for nothing."""
    if key in (NOWHERE, NO_YEAR):
        return None
    return int(key) if field == "report_year" else key


def _page(searcher: Searcher, query: Query, limit: int, offset: int) -> tuple[int, list[Any]]:
    """How many there are, and the addresses of a page of them in the order of `rank`."""
    page = searcher.search(query, max(limit, 1), offset=offset, order_by_field="rank")
    return page.count or 0, [address for _, address in page.hits[:limit]]  # type: ignore[attr-defined]


def _hit(searcher: Searcher, address: Any, asked: list[str]) -> Hit:
    import msgpack  # type: ignore[import-untyped]

    row = msgpack.unpackb(bytes(searcher.doc(address)["shown"][0]), unicode_errors="surrogatepass")
    values = dict(zip((*SHOWN, "text"), row, strict=True))
    title, text = folded(values["title"] or ""), values.pop("text") or ""
    del values["text_sha256"]
    return Hit(**values, in_title=all(folded(term) in title for term in asked), pieces=snippet(text, asked))
