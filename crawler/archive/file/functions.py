"""SQL functions over the archive's own tables, for every connection that asks for them.

`nianbao_body(sha256)`: the bytes of a body. `nianbao_text(capture_id)`: a captured page as text, in the charset that
it was read in. Both are NULL where there is no such row, and in a database that is no archive. `nianbao_match(query)`:
what a person typed, for `reports_fts match`. `nianbao_tokens(text)`: a text as the index holds it.

A value that is too long is refused: SQLite says «string or blob too big» (OverflowError is its only sign of that from
within a function), and `Functions.refusal` holds the sentence.
"""

from __future__ import annotations

import codecs
import sqlite3

from crawler.archive.file.blobs import BlobReader
from crawler.records.errors import ArchiveError, QueryError
from crawler.words.tokens import NOTHING, match, tokens

LONGEST_TEXT = 2_000_000
"""Characters that `nianbao_tokens` takes, some 0.3 s of work: SQLite cannot interrupt a function."""
LONGEST_BODY = 65 * 1024 * 1024
"""Bytes that `nianbao_body` and `nianbao_text` unpack; a crawl keeps bodies of up to 64 MiB."""


class Functions:
    """The functions over one connection. They read over the connection itself, so they see what it sees."""

    def __init__(self, connection: sqlite3.Connection, longest_text: int) -> None:
        self.refusal: str | None = None
        """Why a function refused its argument, since this was last set to None."""
        self._connection = connection
        self._longest_text = longest_text
        self._reader = BlobReader(connection)

    def body(self, sha256: object) -> bytes | None:
        """`nianbao_body`. Raises OverflowError."""
        if not isinstance(sha256, str):
            return None
        try:
            row = self._connection.execute("select length from blobs where sha256 = ?", (sha256,)).fetchone()
            if row is not None and row[0] > LONGEST_BODY:
                raise self._refused(f"the body {sha256} has {row[0]} bytes; expected at most {LONGEST_BODY}")
            return self._reader.get(sha256)
        except sqlite3.OperationalError:  # no such table: not an archive
            return None
        except ArchiveError as error:
            self.refusal = str(error)
            raise

    def text(self, capture_id: object) -> str | None:
        """`nianbao_text`. Raises OverflowError."""
        if not isinstance(capture_id, int):
            return None
        try:
            row = self._connection.execute(
                "select sha256, charset from captures where id = ?", (capture_id,)
            ).fetchone()
        except sqlite3.OperationalError:
            return None
        if row is None or row[1] is None:  # no charset: no text, so nothing to unpack
            return None
        body = self.body(row[0])
        return decoded(body, row[1]) if body is not None else None

    def tokens(self, text: object) -> str:
        """`nianbao_tokens`. Raises OverflowError."""
        if not isinstance(text, str):
            return ""
        if len(text) > self._longest_text:
            raise self._refused(f"nianbao_tokens: {len(text)} characters; expected at most {self._longest_text}")
        return tokens(text)

    def match(self, query: object) -> str:
        """`nianbao_match`. Raises OverflowError."""
        try:
            return (match(query) if isinstance(query, str) else None) or NOTHING
        except QueryError as error:
            raise self._refused(str(error)) from error

    def _refused(self, sentence: str) -> OverflowError:
        self.refusal = sentence
        return OverflowError(sentence)


def register(connection: sqlite3.Connection, *, longest_text: int = LONGEST_TEXT) -> Functions:
    """Give `connection` the functions."""
    functions = Functions(connection, longest_text)
    connection.create_function("nianbao_tokens", 1, functions.tokens, deterministic=True)
    connection.create_function("nianbao_match", 1, functions.match, deterministic=True)
    connection.create_function("nianbao_body", 1, functions.body)
    connection.create_function("nianbao_text", 1, functions.text)
    return functions


def decoded(body: bytes, charset: str | None) -> str | None:
    """`body` as text in the charset that `captures.charset` names; None where it names none (a PDF, a picture)."""
    if charset is None:
        return None
    try:
        codec = codecs.lookup(charset).name
    except LookupError:
        return None
    return body.decode(codec, "replace").removeprefix("\ufeff")
