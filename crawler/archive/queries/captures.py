"""Captures and their bodies: what was served, when, and what a redaction took of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

from crawler.archive.file.blobs import BlobReader, digest
from crawler.archive.file.captures import capture_of, newest, newest_first
from crawler.archive.file.tombstones import LIFTED
from crawler.archive.queries.rows import Subject, as_dict
from crawler.records.capture import RENDERED, Capture
from crawler.records.errors import ArchiveError

_SMALL = 8_000
"""Bytes below which a picture is an ornament."""
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_FACTS = (
    "select id, url, fetched_at, last_seen_at, sha256, length, status, kind, content_type, media_type, charset"
    " from captures where id = ?"
)


class Captures(Subject):
    """What was served at addresses."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._blobs = BlobReader(connection)

    def body(self, what: str) -> bytes | None:
        """The exact bytes of a body by its SHA-256, or those last seen at an address; None where there are none.

        Raises ArchiveError where the stored bytes are damaged.
        """
        sha256 = self._sha256_of(what)
        return None if sha256 is None else self._blobs.get(sha256)

    def _sha256_of(self, what: str) -> str | None:
        if _SHA256.fullmatch(what):
            return what.lower()
        row = self._execute(newest("sha256"), (what,)).fetchone()
        return None if row is None else str(row[0])

    def redaction_of(self, what: str) -> dict[str, Any] | None:
        """The redaction of what `body` would give; None where there is none."""
        sha256 = self._sha256_of(what)
        return None if sha256 is None else self.redaction(sha256)

    def redaction(self, what: int | str) -> dict[str, Any] | None:
        """The redaction of a capture, by its id, or the last one of a body, by its SHA-256; None for none."""
        of = (
            "id = (select redaction_id from redacted_captures where capture_id = ?)"
            if isinstance(what, int)
            else ("sha256 = ?")
        )
        row = self._execute(f"select * from redactions where {of} order by id desc limit 1", (what,)).fetchone()
        return None if row is None else dict(row)

    def wordless(self, engine: str) -> list[tuple[int, str, str]]:
        """Scans and pictures that `engine` has not read: capture, address, SHA-256 of the body."""
        rows = self._execute(
            "select id, url, sha256 from captures where status = 200 and length >= ? and (kind = 'attachment'"
            " and media_type like 'image/%' or id in (select capture_id from problems where kind = 'document_no_text'))"
            " and id not in (select capture_id from ocr where engine = ?)"
            " and id not in (select capture_id from redacted_captures) order by id",
            (_SMALL, engine),
        )
        return [tuple(row) for row in rows]

    def rows(self, url: str | None = None) -> Iterator[dict[str, Any]]:
        """Rows of `captures` in the order in which they were made; all, or those of one address."""
        if url is None:
            rows = self._execute("select * from captures order by id")
        else:
            rows = self._execute("select * from captures where url = ? order by id", (url,))
        return map(as_dict, rows)

    def facts(self, capture_id: int) -> dict[str, Any] | None:
        """What was served with a capture and what it is: id, url, fetched_at, last_seen_at, sha256, length, status,
        kind, content_type, media_type, charset; None where there is none."""
        row = self._execute(_FACTS, (capture_id,)).fetchone()
        return None if row is None else dict(row)

    def answers(self) -> Iterator[tuple[int, str]]:
        """The capture that stands for each address, its id and the address: the newest, but a challenge or a refusal
        only where nothing else ever came. Redacted ones are left out."""
        rows = self._execute(
            "select id, url from captures where id not in (select capture_id from redacted_captures)"
            " order by url, kind = 'challenge' or status in (403, 429) or status >= 500, " + newest_first()
        )
        last = None
        for capture_id, url in rows:
            if url != last:
                yield capture_id, url
            last = url

    def get(self, capture_id: int) -> Capture | None:
        """A capture with its body; None where there is none. Raises ArchiveError where it is damaged."""
        row = self._execute("select * from captures where id = ?", (capture_id,)).fetchone()
        body = None if row is None else self._blobs.get(row["sha256"])
        if body is None:
            return None
        try:
            capture = capture_of(row)
        except (ValueError, TypeError, KeyError) as error:
            raise ArchiveError(f"headers or trail of capture {capture_id} are damaged: {error}") from error
        capture.body = body
        return capture

    def served(self, capture: dict[str, Any]) -> int | None:
        """The capture of the bytes that a browser made this one of (a row of `facts`); None for one that is itself as
        it was served."""
        if not capture["url"].endswith(RENDERED):
            return None
        row = self._execute(
            "select max(id) from captures where url = ? and id < ?",
            (capture["url"].removesuffix(RENDERED), capture["id"]),
        ).fetchone()
        return None if row[0] is None else int(row[0])

    def bodies_at(self, url: str, at: str | None) -> list[tuple[str, str]]:
        """SHA-256 and time of every capture of an address, those of the time `at` first, then the last made."""
        rows = self._execute(
            "select sha256, fetched_at from captures where url = ? order by fetched_at <> ?, id desc", (url, at)
        )
        return [tuple(row) for row in rows]

    def known_bytes(self, capture: Capture) -> dict[str, Any] | None:
        """The row of the capture that has these bytes with this status at this address; None if they are new there, or
        if a redaction that was lifted took them."""
        row = self._execute(
            "select id, sha256, fetched_at, last_seen_at from captures where url = ? and +sha256 = ? and status = ?"
            f" and source is ? and id not in ({LIFTED}) order by id desc",
            (capture.address, digest(capture.body), capture.status, capture.source),
        ).fetchone()
        return None if row is None else dict(row)
