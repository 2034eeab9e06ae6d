"""The search index of a corpus, a folder of tantivy's: built from the tables, and kept up report by report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive.corpus.corpus import Corpus
from crawler.archive.corpus.documents import SHOWN, Listing, document, opened
from crawler.archive.exchange.columns import Column
from crawler.archive.exchange.formats import PARQUET
from crawler.records.errors import NianbaoError

if TYPE_CHECKING:
    from tantivy import Index

STATE, _LISTING = "nianbao.json", "documents.parquet"
_FORM = 2
_AT_ONCE = 10_000
_HEAP = 256 << 20
"""Bytes of documents that are held before a segment is written."""
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
    state = state_of(folder) if folder.exists() and any(folder.iterdir()) else None
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
    (folder / f"{STATE}.part").write_text(json.dumps(fields, ensure_ascii=False, indent=1), "utf-8")
    (folder / f"{STATE}.part").replace(folder / STATE)
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


def state_of(folder: Path) -> dict[str, Any]:
    """What is noted of an index. Raises NianbaoError where there is none."""
    try:
        fields = json.loads((folder / STATE).read_text("utf-8"))
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
