"""Workbooks of Excel 95 and before, whose words are in the code page of the machine that wrote them.

calamine reads those code pages that give a letter one byte; of Chinese ones it makes signs without a meaning. So such a
workbook is given to it as one of single bytes, and its strings are put together to letters afterwards.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO

from crawler.records.media import signature

_CODE_PAGE, _END = 0x42, 0x0A
"""Records of [MS-XLS]: 2.4.52 CodePage, 2.4.103 EOF, which ends the part that the sheets share."""
_SINGLE = 1252
_WIDE = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950", 54936: "gb18030"}
"""Code pages with letters of two bytes, by their numbers."""

Codec = Callable[[str], str]
"""Makes words of a string as calamine gives it."""


def in_single_bytes(body: bytes) -> tuple[bytes, Codec]:
    """The workbook to give to calamine, and how its strings become words. Raises OSError for what is broken."""
    import olefile  # type: ignore[import-untyped]

    if signature(body[:8]) != "ole":
        return body, str
    copy = BytesIO(body)
    with olefile.OleFileIO(copy, write_mode=True) as container:
        if container.exists("Workbook") or not container.exists("Book"):
            return body, str
        book = bytearray(container.openstream("Book").read())
        place = _code_page(book)
        codec = _WIDE.get(struct.unpack_from("<H", book, place)[0]) if place is not None else None
        if place is None or codec is None:
            return body, str
        struct.pack_into("<H", book, place, _SINGLE)
        container.write_stream("Book", bytes(book))
    return copy.getvalue(), lambda words: _bytes_of(words).decode(codec, "replace")


def _code_page(book: bytearray) -> int | None:
    """Where the number of the code page stands in the stream; None where it does not say one."""
    at = 0
    while at + 6 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == _CODE_PAGE and length == 2:
            return at + 4
        if kind == _END:
            return None
        at += 4 + length
    return None


def _bytes_of(words: str) -> bytes:
    """The bytes that were read as Windows-1252, in which five are none of its letters and stand for themselves."""
    found = bytearray()
    for sign in words:
        try:
            found += sign.encode("cp1252")
        except UnicodeEncodeError:
            found += bytes([ord(sign)]) if sign < "\u0100" else b"?"
    return bytes(found)
