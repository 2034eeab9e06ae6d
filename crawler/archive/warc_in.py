"""Reads WARC files of any crawler: each HTTP response with its own time, what is broken said and passed over."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from base64 import b32encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from crawler.archive.exports.warc import METADATA_TYPE
from crawler.errors import NianbaoError

MAX_BODY = 64 * 1024 * 1024
"""Bytes of a body; a longer one is said and passed over."""
_TRAILING = 8
"""Bytes after the last record that say nothing: line ends, and what the reader has not looked at yet."""
_OWN = 1024 * 1024
"""Bytes of a metadata record of ours at most."""


@dataclass(slots=True)
class Found:
    """One response. `known`: what the metadata record of our own export says beside it, empty for other crawlers."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: str
    record_id: str = ""
    known: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Broken:
    """A record that could not be used: where it begins in the file (-1: not known), its address, and why."""

    offset: int
    url: str
    why: str


Look = Callable[[str, str, str], bytes | None]
"""The body of an earlier capture by its payload digest, address and time; None where there is none."""


def read(path: Path, look: Look) -> Iterator[Found | Broken]:
    """Responses and revisits of a WARC in the order of the file. Raises NianbaoError for what is no WARC at all."""
    _check(path)
    waiting: Found | None = None
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(file, arc2warc=True, check_digests=True)
            for record in records:
                if waiting is not None:
                    if _speaks_of(record, waiting):
                        waiting.known = _own(record)
                        yield waiting
                        waiting = None
                        continue
                    yield waiting
                    waiting = None
                one = _one(record, look, records.offset)
                if isinstance(one, Broken):
                    yield one
                elif one is not None:
                    waiting = one
            left = path.stat().st_size - records.offset
    except (ArchiveLoadFailed, zlib.error, EOFError, gzip.BadGzipFile, ValueError) as error:
        if waiting is not None:
            yield waiting
        yield Broken(-1, "", f"the file cannot be read on: {_words(error)}")
        return
    if waiting is not None:
        yield waiting
    if left > _TRAILING:
        yield Broken(path.stat().st_size - left, "", f"the file ends within a record: {left:,} bytes are left over")


def _check(path: Path) -> None:
    """Raise NianbaoError where a file does not begin like a WARC (or an ARC, which warcio reads as well)."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as unpacked:
                head = unpacked.read(12)
    except (OSError, EOFError, zlib.error) as error:
        raise NianbaoError(f"{path} cannot be read: {_words(error)}") from error
    if not head.startswith((b"WARC/", b"filedesc://")):
        raise NianbaoError(f"{path} is not a WARC; expected a file that begins with WARC/1.0 or WARC/1.1, or its gzip")


def _words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _one(record: Any, look: Look, offset: int) -> Found | Broken | None:
    """A response or revisit as it is, why it cannot be used, or None for records of other types."""
    told = record.rec_headers
    if told.get_header("Content-Length") is None:
        return Broken(offset, told.get_header("WARC-Target-URI") or "", "the head of the record is cut off")
    if record.rec_type not in ("response", "revisit"):
        return None
    url, at = told.get_header("WARC-Target-URI") or "", told.get_header("WARC-Date") or ""
    url = url.strip("<>")
    if not url.startswith(("http://", "https://")):
        return None
    if record.http_headers is None:
        return Broken(offset, url, "no HTTP headers: the record is cut off or is of another kind")
    if told.get_header("WARC-Truncated"):
        return Broken(offset, url, f"the crawler cut the record off ({told.get_header('WARC-Truncated')})")
    status = record.http_headers.get_statuscode()
    if not status.isdigit():
        return Broken(offset, url, f"no HTTP status: {record.http_headers.statusline!r}")
    time = _time(at)
    if time is None:
        return Broken(offset, url, f"no time: WARC-Date is {at!r}")
    digest = (told.get_header("WARC-Payload-Digest") or "").lower()
    if record.rec_type == "revisit":
        body = look(
            digest, told.get_header("WARC-Refers-To-Target-URI") or url, told.get_header("WARC-Refers-To-Date") or ""
        )
        if body is None:
            return Broken(offset, url, "a revisit of bytes that are neither in this file nor in the archive")
    else:
        try:
            body = record.content_stream().read(MAX_BODY + 1)
        except (OSError, EOFError, zlib.error, ValueError) as error:
            return Broken(offset, url, f"the body cannot be read: {_words(error)}")
        if len(body) > MAX_BODY:
            return Broken(offset, url, f"a body of more than {MAX_BODY:,} bytes")
        if getattr(record.raw_stream, "limit", 0) > 0:
            return Broken(offset, url, "the record is cut off before its end")
        if any("block" in problem for problem in record.digest_checker.problems):
            return Broken(offset, url, "the digest of the record is another: it was changed or damaged")
    headers = [(name, value) for name, value in record.http_headers.headers]
    return Found(url, int(status), headers, body, time, told.get_header("WARC-Record-ID") or "")


def _time(words: str) -> str | None:
    """WARC-Date as the archive writes times: UTC, whole seconds or finer, a trailing Z."""
    try:
        at = datetime.fromisoformat(words.replace("Z", "+00:00"))
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def _speaks_of(record: Any, found: Found) -> bool:
    told = record.rec_headers
    return bool(
        record.rec_type == "metadata"
        and found.record_id
        and told.get_header("WARC-Refers-To") == found.record_id
        and (told.get_header("Content-Type") or "") == METADATA_TYPE
    )


def _own(record: Any) -> dict[str, Any]:
    """What our own metadata record says; {} where it is not ours after all."""
    try:
        told = json.loads(record.content_stream().read(_OWN))
    except (ValueError, OSError):
        return {}
    return told if isinstance(told, dict) and {"portal", "trail", "context", "headers"} <= told.keys() else {}


def digest_of(body: bytes) -> str:
    """The payload digest as crawlers write it, in small letters."""
    return "sha1:" + b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode().lower()
