"""The search index of a corpus, a folder of tantivy's: built from the tables, kept up report by report, and asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive.corpus import documents
from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.documents import NOWHERE, SHOWN, Listing, document, opened, phrase
from crawler.archive.exchange.columns import Column
from crawler.archive.exchange.formats import PARQUET
from crawler.archive.queries.search import Hit, Results
from crawler.archive.queries.snippets import folded, snippet
from crawler.records.errors import NianbaoError
from crawler.words.tokens import terms

if TYPE_CHECKING:
    from tantivy import Index, Query, Searcher

_STATE, _LISTING = "nianbao.json", "documents.parquet"
_FORM = 1
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
        self, query: str, *, region: str | None = None, year: int | None = None, limit: int = 20, offset: int = 0
    ) -> Results:
        """The reports that hold all that was asked for: the same, in the same order, as `queries.search.search` gives
        of an archive merged of the same sources. Raises QueryError, as that."""
        import tantivy

        asked = terms(query)
        if not asked:
            return Results()
        fields, searcher = self._index.schema, self._index.searcher()
        titled = _all([phrase(fields, "title", term) for term in asked])
        matches = _all([_any([phrase(fields, "title", term), phrase(fields, "text", term)]) for term in asked])
        in_year = [] if year is None else [tantivy.Query.term_query(fields, "report_year", max(year, 0))]
        in_region = [documents.region(fields, region)] if region else []
        results = Results(
            regions=_facet(searcher, _all([matches, *in_year]), "region_code"),
            years=_facet(searcher, _all([matches, *in_region]), "report_year"),
        )
        filters = [*in_year, *in_region]
        results.total = _count(searcher, _all([matches, *filters]))
        first = _all([titled, *filters])
        count = _count(searcher, first)
        rest = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, _all([matches, *filters])), (tantivy.Occur.MustNot, titled)]
        )
        wanted = min(limit, max(0, count - offset))
        numbers = _numbers(searcher, first, wanted, offset)
        numbers += _numbers(searcher, rest, limit - len(numbers), max(0, offset - count))
        results.hits = [_hit(searcher, number, asked) for number in numbers]
        return results


def _all(queries: list[Query]) -> Query:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any(queries: list[Query]) -> Query:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _count(searcher: Searcher, query: Query) -> int:
    return searcher.search(query, 1).count or 0  # type: ignore[attr-defined]


def _facet(searcher: Searcher, query: Query, field: str) -> dict[Any, int]:
    """Hits by value of a field, None for what stands for nothing."""
    counted = searcher.aggregate(query, {"facet": {"terms": {"field": field, "size": _MOST_PLACES}}})
    return {
        None if bucket["key"] in (NOWHERE, 0) else bucket["key"] if field == "region_code" else int(bucket["key"]): int(
            bucket["doc_count"]
        )
        for bucket in counted["facet"]["buckets"]
    }


def _numbers(searcher: Searcher, query: Query, limit: int, offset: int) -> list[Any]:
    if limit <= 0:
        return []
    return [address for _, address in searcher.search(query, limit, offset=offset, order_by_field="rank").hits]


def _hit(searcher: Searcher, address: Any, asked: list[str]) -> Hit:
    import msgpack  # type: ignore[import-untyped]

    row = msgpack.unpackb(bytes(searcher.doc(address)["shown"][0]), unicode_errors="surrogatepass")
    values = dict(zip((*SHOWN, "text"), row, strict=True))
    title, text = folded(values["title"] or ""), values.pop("text") or ""
    for name in ("organ_kind", "text_sha256"):
        del values[name]
    return Hit(**values, in_title=all(folded(term) in title for term in asked), pieces=snippet(text, asked))
