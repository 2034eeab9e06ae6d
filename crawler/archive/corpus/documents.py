"""What stands in a search index: a document a report, its tokens those of the archive's own search."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from crawler.archive.queries.search import KINDS, within
from crawler.records.errors import NianbaoError
from crawler.words.installation import install_line
from crawler.words.tokens import tokens

if TYPE_CHECKING:
    from tantivy import Document, Index, Query, Schema

Field = Literal["title", "text"]
_COLUMNS = "id key title organ organ_kind region_code region report_year published_on url text_sha256"
SHOWN = tuple(_COLUMNS.split())
"""What is told of a report without its text; in this order the columns that a document is made of."""
NOWHERE, NO_YEAR = "-", 0
"""What stands for no region and no year."""
_ID_BITS, _KIND_BITS, _FIRST_YEAR, _YEARS = 53, 3, 1899, 255


@dataclass(frozen=True, slots=True)
class Listing:
    """A report as the index has it, or is to: its number, and a digest of all that is told of it."""

    id: int
    digest: str

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Listing:
        """`row`: the columns SHOWN."""
        return cls(row[0], hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).hexdigest()[:16])


def schema() -> Schema:
    """The fields. Raises NianbaoError where the package is missing."""
    try:
        import tantivy
    except ImportError as error:
        raise NianbaoError(f"a search index needs tantivy; `{install_line('index')}` installs it") from error
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True)
    for name in ("title", "text"):
        # A token a character, cut where `tokens` puts a space: the library's ngrams have no places, and break phrases.
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("within", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("region_code", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("report_year", indexed=True, fast=True)
    builder.add_unsigned_field("rank", fast=True)
    builder.add_bytes_field("shown", stored=True, indexed=False, fast=False)
    return builder.build()


def opened(folder: Path, *, create: bool = False) -> Index:
    """The index in a folder. Raises NianbaoError where there is none that this program can read."""
    import tantivy

    fields = schema()
    try:
        return tantivy.Index(fields, path=str(folder)) if create else tantivy.Index.open(str(folder))
    except (ValueError, OSError) as error:
        raise NianbaoError(
            f"{folder} holds no search index of this program ({str(error).strip().splitlines()[0]}); expected one that"
            " `nianbao index` made, or an empty folder"
        ) from error


def document(row: tuple[Any, ...], text: str | None) -> Document:
    """The document of a report: `row` are its columns SHOWN."""
    import msgpack  # type: ignore[import-untyped]
    import tantivy

    values = dict(zip(SHOWN, row, strict=True))
    code, year = values["region_code"], values["report_year"]
    built = tantivy.Document()
    built.add_unsigned("id", values["id"])
    built.add_text("title", _folded(values["title"]))
    built.add_text("text", _folded(text))
    built.add_text("region_code", code or NOWHERE)
    for length in range(1, len(code or "") + 1):
        built.add_text("within", code[:length])
    built.add_unsigned("report_year", year or NO_YEAR)
    built.add_unsigned("rank", _rank(year, values["organ_kind"], values["id"]))
    built.add_bytes("shown", msgpack.packb([*row, text], unicode_errors="surrogatepass"))
    return built


def phrase(fields: Schema, field: Field, term: str) -> Query:
    """The query for a string as it stands, in title or text."""
    import tantivy

    words = _folded(term).split(" ")
    if len(words) == 1:
        return tantivy.Query.term_query(fields, field, words[0])
    return tantivy.Query.phrase_query(fields, field, list(words))


def region(fields: Schema, code: str) -> Query:
    """The query for what lies within a region."""
    import tantivy

    return tantivy.Query.term_query(fields, "within", within(code))


def _folded(text: str | None) -> str:
    """Tokens of a text with letters small, as FTS5 folds them; all that is no ASCII letter is one of its own."""
    return tokens(text).lower()


def _rank(year: int | None, kind: str | None, number: int) -> int:
    """The greater, the further before: the newest year, then governments before departments, then by number."""
    since = min(max((year or _FIRST_YEAR) - _FIRST_YEAR, 0), _YEARS)
    kinds = (1 << _KIND_BITS) - 1 - KINDS.get(kind or "", 5)
    return (since << _KIND_BITS | kinds) << _ID_BITS | ((1 << _ID_BITS) - 1 - number)
