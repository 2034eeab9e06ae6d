"""Undoes Content-Encoding, and never gives out less than was sent: what Scrapy's own does with a stream that is cut."""

from __future__ import annotations

import zlib
from typing import Any

import brotli  # type: ignore[import-untyped]
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils._compression import _DecompressionMaxSizeExceeded, _unbrotli, _unzstd

_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b\x08"


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


def unpacked(body: bytes, coding: str, max_size: int) -> bytes:
    """`body` without its coding. A page that says it is packed and is plain stays as it is; one packed twice is a page.

    Raises TruncatedCodingError, TooLargeError, BrokenCodingError.
    """
    if not body or body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return body
    try:
        if coding in ("gzip", "x-gzip"):
            plain = _gunzipped(body, max_size)
            return _gunzipped(plain, max_size) if plain.startswith(_GZIP) else plain
        if coding == "deflate":
            return _inflated(body, max_size)
        return _unzstd(body, max_size=max_size) if coding == "zstd" else _unbrotli(body, max_size=max_size)
    except _DecompressionMaxSizeExceeded as error:
        raise TooLargeError(
            f"{len(body)} bytes that unpack to more than the size limit of {max_size}; nothing was kept"
        ) from error
    except (zlib.error, brotli.error, OSError, ValueError) as error:
        raise BrokenCodingError(
            f"the body is not in the coding that Content-Encoding names, {coding} ({error})"
        ) from error


def _gunzipped(body: bytes, max_size: int) -> bytes:
    """All members of a gzip stream; what follows the last is left out."""
    parts: list[bytes] = []
    size = 0
    while True:
        stream = zlib.decompressobj(wbits=31)
        size = _stream(stream, body, parts, size, max_size)
        body = stream.unused_data
        if not body.startswith(_GZIP):
            return b"".join(parts)


def _inflated(body: bytes, max_size: int) -> bytes:
    """With zlib's header as RFC 9110 8.4.1.2 says, or without, as old servers of Microsoft send it."""
    parts: list[bytes] = []
    try:
        _stream(zlib.decompressobj(), body, parts, 0, max_size)
    except zlib.error:
        parts.clear()
        _stream(zlib.decompressobj(wbits=-15), body, parts, 0, max_size)
    return b"".join(parts)


def _stream(stream: Any, body: bytes, parts: list[bytes], size: int, max_size: int) -> int:
    """Unpack one stream into `parts`; the number of bytes so far."""
    while not stream.eof:
        part = stream.decompress(body, _CHUNK)
        if not part and not stream.unconsumed_tail and not stream.eof:
            raise TruncatedCodingError("the packed body ends in the middle; nothing was kept")
        parts.append(part)
        size += len(part)
        if max_size and size > max_size:
            raise _DecompressionMaxSizeExceeded(size, max_size)
        body = stream.unconsumed_tail
    return size
