"""SQL functions over the archive's own tables, for every connection that asks for them.

`nianbao_body(sha256)`: the bytes of a body. `nianbao_text(capture_id)`: a captured page as text, in the charset that
it was read in. Both are NULL where there is no such row, and in a database that is no archive. `nianbao_match(query)`:
what a person typed, for `reports_fts match`. `nianbao_tokens(text)`: a text as the index holds it.
"""

from __future__ import annotations

import codecs
import sqlite3

from crawler.archive.blobs import BlobReader
from crawler.archive.tokens import NOTHING, match, tokens


def register(connection: sqlite3.Connection) -> None:
    """Give `connection` the functions. They read over the connection itself, so they see what it sees."""
    reader = BlobReader(connection)

    def nianbao_body(sha256: object) -> bytes | None:
        if not isinstance(sha256, str):
            return None
        try:
            return reader.get(sha256)
        except sqlite3.OperationalError:  # no such table: not an archive
            return None

    def nianbao_text(capture_id: object) -> str | None:
        if not isinstance(capture_id, int):
            return None
        try:
            row = connection.execute("select sha256, charset from captures where id = ?", (capture_id,)).fetchone()
            body = reader.get(row[0]) if row is not None else None
        except sqlite3.OperationalError:
            return None
        return decoded(body, row[1]) if body is not None else None

    def nianbao_tokens(text: object) -> str:
        return tokens(text) if isinstance(text, str) else ""

    def nianbao_match(query: object) -> str:
        return (match(query) if isinstance(query, str) else None) or NOTHING

    connection.create_function("nianbao_tokens", 1, nianbao_tokens, deterministic=True)
    connection.create_function("nianbao_match", 1, nianbao_match, deterministic=True)
    connection.create_function("nianbao_body", 1, nianbao_body)
    connection.create_function("nianbao_text", 1, nianbao_text)


def decoded(body: bytes, charset: str | None) -> str | None:
    """`body` as text in the charset that `captures.charset` names; None where it names none (a PDF, a picture)."""
    if charset is None:
        return None
    try:
        codec = codecs.lookup(charset).name
    except LookupError:
        return None
    return body.decode(codec, "replace").removeprefix("\ufeff")
