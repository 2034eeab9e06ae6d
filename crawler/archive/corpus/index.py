"""The search index of a corpus, a folder of tantivy's: built from the tables, kept up report by report, and asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive.corpus import documents
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.documents import NO_YEAR, NOWHERE, SHOWN, Listing, document, opened, phrase
from crawler.archive.exchange.columns import Column
from crawler.archive.exchange.formats import PARQUET
from crawler.archive.queries.places import EVERYTHING, Sieve
from crawler.archive.queries.search import Hit, Results
from crawler.archive.queries.snippets import folded, snippet
from crawler.records.errors import NianbaoError, QueryError
from crawler.words.tokens import terms

if TYPE_CHECKING:
    from tantivy import Index, Query, Schema, Searcher

_STATE, _LISTING = "nianbao.json", "documents.parquet"
_FORM = 2
_SORTS = ("relevance", "newest")
_FACETS = {"regions": "region", "years": "report_year", "kinds": "kind", "forms": "form"}
"""Fields by the names that their values have among results."""
_AT_ONCE = 10_000
_HEAP = 256 << 20
"""Bytes of documents that are held before a segment is written."""
_MOST_PLACES = 65_000
"""Regions or years of a facet."""
_COLUMNS = (Column("id", "integer", "the report"), Column("digest", "string", "of what is told of it"))


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an index: reports written, reports taken out, and reports in it."""

    written: int
    removed: int
    reports: int


def build(corpus: Corpus, folder: Path, generations: Mapping[str, int], store: str) -> Change:
    """Bring the index in a folder up to a corpus: only what is new there or told otherwise is read and written.

    `generations`: by portal, `store`: where they are from; what is asked later says so. It may be ended at any moment
    and begun again. Raises NianbaoError.
    """
    state = _state(folder) if folder.exists() and any(folder.iterdir()) else None
    folder.mkdir(parents=True, exist_ok=True)
    index = opened(folder, create=state is None)
    before = _listing(folder)
    after = {listing.id: listing.digest for listing in map(Listing.of, corpus.reports(SHOWN))}
    gone = [number for number in before if number not in after]
    changed = [number for number, digest in after.items() if before.get(number) != digest]
    if gone or changed or state is None:
        _write(index, corpus, gone, changed)
        PARQUET.write(_COLUMNS, after.items(), folder / f"{_LISTING}.part")
        (folder / f"{_LISTING}.part").replace(folder / _LISTING)
    fields = {"form": _FORM, "store": store, "generations": dict(generations), "sample": corpus.samples()}
    (folder / f"{_STATE}.part").write_text(json.dumps(fields, ensure_ascii=False, indent=1), "utf-8")
    (folder / f"{_STATE}.part").replace(folder / _STATE)
    return Change(len(changed), len(gone), len(after))


def _write(index: Index, corpus: Corpus, gone: list[int], changed: list[int]) -> None:
    import tantivy

    try:
        writer = index.writer(heap_size=_HEAP)
        stale = [*gone, *changed]  # those that are new, too: a build that was ended may have written them
        for some in (stale[at : at + _AT_ONCE] for at in range(0, len(stale), _AT_ONCE)):
            # By query: a term of the library's is of a signed number, and finds no unsigned one.
            writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "id", some))
        for *row, text in corpus.reports([*SHOWN, "text"], changed):
            writer.add_document(document(tuple(row), text))
        writer.commit()
        writer.wait_merging_threads()
    except (ValueError, OSError) as error:
        raise NianbaoError(f"the search index cannot be written: {str(error).strip().splitlines()[0]}") from error


def _state(folder: Path) -> dict[str, Any]:
    """What is noted of an index. Raises NianbaoError where there is none."""
    try:
        fields = json.loads((folder / _STATE).read_text("utf-8"))
        if fields["form"] != _FORM:
            raise ValueError
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NianbaoError(
            f"{folder} holds no search index of this program; expected one that `nianbao index` made, or an empty"
            " folder"
        ) from error
    return dict(fields)


def _listing(folder: Path) -> dict[int, str]:
    from pyarrow import parquet  # type: ignore[import-untyped]

    if not (folder / _LISTING).exists():
        return {}
    table = parquet.read_table(folder / _LISTING)
    return dict(zip(table["id"].to_pylist(), table["digest"].to_pylist(), strict=True))


class SearchIndex:
    """An index to be asked. Raises NianbaoError where there is none."""

    def __init__(self, folder: Path) -> None:
        self.samples: list[str] = list(_state(folder)["sample"])
        self._index = opened(folder)

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
        of an archive merged of the same sources. Raises QueryError, as that, and for an order that no index has."""
        if sort not in _SORTS:
            raise QueryError(f"an index sorts by {' or '.join(_SORTS)}, not by {sort}; an archive does")
        asked = terms(query)
        if not asked and sieve == EVERYTHING:
            return Results()
        fields, searcher = self._index.schema, self._index.searcher()
        titled = _all([phrase(fields, "title", term) for term in asked])
        matches = _all([_any([phrase(fields, "title", term), phrase(fields, "text", term)]) for term in asked])
        filters = _filters(fields, sieve)

        results = Results(**_facets(searcher, matches, filters))
        kept = _all([matches, *filters.values()])
        if sort == "newest":
            results.total, numbers = _page(searcher, kept, limit, offset)
        else:
            ahead, numbers = _page(searcher, _all([titled, *filters.values()]), limit, offset)
            behind, more = _page(searcher, _without(kept, titled), limit - len(numbers), max(0, offset - ahead))
            results.total = ahead + behind
            numbers += more
        results.hits = [_hit(searcher, number, asked) for number in numbers]
        return results


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
    counted: dict[str, Any] = {}
    for fields in filter(None, (unfiltered, *([field] for field in filters))):
        others = [chosen for name, chosen in filters.items() if name not in fields]
        wanted = {field: {"terms": {"field": field, "size": _MOST_PLACES}} for field in fields}
        counted |= searcher.aggregate(_all([matches, *others]), wanted)
    return {
        facet: {_value(field, bucket["key"]): int(bucket["doc_count"]) for bucket in counted[field]["buckets"]}
        for facet, field in _FACETS.items()
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
