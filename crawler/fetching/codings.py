"""Undoes Content-Encoding, and never gives out less than was sent: what Scrapy's own does with a stream that is cut."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from typing import Any

import brotli  # type: ignore[import-untyped]
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.archive.file.zstd import zstd

_CHUNK = 1 << 16
_CUT = "the packed body ends in the middle; nothing was kept"
_GZIP = b"\x1f\x8b\x08"
_MAGIC = {"gzip": _GZIP, "x-gzip": _GZIP, "zstd": b"\x28\xb5\x2f\xfd", "deflate": b"", "br": b""}
"""The codings that can be undone, and how a body in them begins; deflate and br have no mark."""
_GZIP_HEAD = re.compile(rb"\x1f\x8b\x08(?:[\x00\x01].{6}|[\x08\x09].{6}[^\0]{0,500}\0)", re.S)
"""Ten bytes, and a name where the fourth says so (RFC 1952 2.3); other fields no server writes."""
_GZIP_CHECK = 8
"""Bytes of check and length behind a member's data."""
_CHUNK_HEAD = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class BrokenCodingError(IgnoreRequest):
    """The body is not what Content-Encoding says, nor anything else that could be read."""


class TooLargeError(IgnoreRequest):
    """The body grows beyond the size limit as it is unpacked."""


class TruncatedCodingError(Exception):
    """A compressed body that ends in the middle of its stream."""


class ContentCoding(HttpCompressionMiddleware):
    """Scrapy's middleware, but for bodies that are cut, packed twice, or not packed at all."""

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        to_decode, to_keep = self._split_encodings(content_encoding)
        for coding in to_decode:
            body = unpacked(body, coding.decode("latin-1"), max_size)
        return body, to_keep


def undone(body: bytes, headers: list[tuple[str, str]], max_size: int) -> bytes:
    """A body as another crawler kept it without the codings that its headers name (RFC 9110 8.4, RFC 9112 6.1, 7.1).

    Many crawlers keep the headers as sent and the body unpacked: what is plainly not in a coding stays as it is. Raises
    TruncatedCodingError, TooLargeError, BrokenCodingError.
    """
    said: dict[str, list[str]] = {"transfer-encoding": [], "content-encoding": []}
    for name, value in headers:
        if name.lower() in said:
            said[name.lower()] += [one.strip().lower() for one in value.split(",")]
    if "chunked" in said["transfer-encoding"]:
        body = _without_chunks(body)
    for coding in reversed(said["content-encoding"]):
        known = coding in _MAGIC
        if not known or not body or (_MAGIC[coding] and not body.startswith(_MAGIC[coding])):
            continue
        try:
            body = unpacked(body, coding, max_size)
        except BrokenCodingError:
            # Without a mark at the beginning of such a body only its words can say that it is not packed.
            if _MAGIC[coding] or not _is_text(body):
                raise
    return body


def _without_chunks(body: bytes) -> bytes:
    """The body that was sent in chunks; as it is where it does not begin like one. Raises TruncatedCodingError."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK_HEAD.match(body, at):
        length = int(match[1], 16)
        if length == 0:
            return b"".join(parts)
        at = match.end() + length
        parts.append(body[match.end() : at])
        if at > len(body):
            break
        at += 2 if body[at : at + 2] == b"\r\n" else 0
    if not parts:
        return body
    raise TruncatedCodingError("the chunked body ends in the middle; nothing was kept")


def _is_text(body: bytes) -> bool:
    for charset in ("utf-8", "gb18030"):
        try:
            return "\0" not in body.decode(charset)
        except UnicodeDecodeError:
            continue
    return False


def unpacked(body: bytes, coding: str, max_size: int) -> bytes:
    """`body` without its coding. A page that says it is packed and is plain stays as it is; one packed twice is a page.

    Raises TruncatedCodingError, TooLargeError, BrokenCodingError.
    """
    if not body or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return body
    coding = _shown_by(body) or coding
    try:
        if coding in ("gzip", "x-gzip"):
            plain = _gunzipped(body, max_size)
            return _gunzipped(plain, max_size) if plain.startswith(_GZIP) else plain
        if coding == "deflate":
            return _inflated(body, max_size)
        return _unzstd(body, max_size) if coding == "zstd" else _unbrotli(body, max_size)
    except (zlib.error, zstd.ZstdError, brotli.error, OSError, ValueError) as error:
        raise BrokenCodingError(
            f"the body is not in the coding that Content-Encoding names, {coding} ({error})"
        ) from error


def _shown_by(body: bytes) -> str | None:
    """The coding that a body is in by its first bytes, whatever the header calls it: old servers name the other."""
    if body.startswith(_GZIP):
        return "gzip"
    zlib_head = body[:1] == b"\x78" and len(body) > 2 and int.from_bytes(body[:2], "big") % 31 == 0
    return "deflate" if zlib_head else None


def _gunzipped(body: bytes, max_size: int) -> bytes:
    """All members of a gzip stream; what follows the last is left out.

    A member whose data is whole and whose check behind it is cut off is taken, as browsers take it.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        stream = zlib.decompressobj(wbits=31)
        whole = len(parts)
        try:
            size = _stream(stream, body, parts, size, max_size)
        except (TruncatedCodingError, zlib.error):
            del parts[whole:]
            if (inner := _without_check(body, max_size)) is None:
                raise
            parts.append(inner)
            return b"".join(parts)
        body = stream.unused_data
        if not body.startswith(_GZIP):
            return b"".join(parts)


def _without_check(body: bytes, max_size: int) -> bytes | None:
    """What a gzip member's data is, where that ends by itself and less than a whole check stands behind
    it; None where the data is cut."""
    head = _GZIP_HEAD.match(body)
    if head is None:
        return None
    stream, parts = zlib.decompressobj(wbits=-15), list[bytes]()
    try:
        _stream(stream, body[head.end() :], parts, 0, max_size)
    except (TruncatedCodingError, zlib.error):
        return None
    return b"".join(parts) if len(stream.unused_data) < _GZIP_CHECK else None


def _inflated(body: bytes, max_size: int) -> bytes:
    """With zlib's header as RFC 9110 8.4.1.2 says, or without, as old servers of Microsoft send it."""
    parts: list[bytes] = []
    try:
        _stream(zlib.decompressobj(), body, parts, 0, max_size)
    except zlib.error:
        parts.clear()
        _stream(zlib.decompressobj(wbits=-15), body, parts, 0, max_size)
    return b"".join(parts)


def _unbrotli(body: bytes, max_size: int) -> bytes:
    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size, rest = 0, body
    while not stream.is_finished():
        part = stream.process(rest, output_buffer_limit=_CHUNK)
        rest = b""
        if not part and not stream.is_finished():
            raise TruncatedCodingError(_CUT)
        parts.append(part)
        size = _counted(size + len(part), max_size)
    return b"".join(parts)


def _unzstd(body: bytes, max_size: int) -> bytes:
    """All frames of a zstd body (RFC 8878 3)."""
    parts: list[bytes] = []
    size = 0
    with zstd.ZstdFile(BytesIO(body)) as stream:
        try:
            while part := stream.read(_CHUNK):
                parts.append(part)
                size = _counted(size + len(part), max_size)
        except EOFError as error:
            raise TruncatedCodingError(_CUT) from error
    return b"".join(parts)


def _counted(size: int, max_size: int) -> int:
    """The size so far. Raises TooLargeError beyond the limit."""
    if max_size and size > max_size:
        raise TooLargeError(f"the bytes of the body unpack to more than the limit of {max_size}; nothing was kept")
    return size


def _stream(stream: Any, body: bytes, parts: list[bytes], size: int, max_size: int) -> int:
    """Unpack one stream into `parts`; the number of bytes so far."""
    while not stream.eof:
        part = stream.decompress(body, _CHUNK)
        if not part and not stream.unconsumed_tail and not stream.eof:
            raise TruncatedCodingError(_CUT)
        parts.append(part)
        size = _counted(size + len(part), max_size)
        body = stream.unconsumed_tail
    return size
