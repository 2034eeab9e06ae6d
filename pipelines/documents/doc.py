"""DOC and WPS: the words and tables of the binary Word format, after Microsoft's description of it, [MS-DOC].

The text stands in pieces (2.9.38, Clx); which paragraph ends a cell or a row is told by the paragraphs' properties
(2.9.174, PapxFkp); where the columns are and which cells are merged, by those of a row's end (2.9.321).
Nothing is known of nested tables but their words.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from pipelines.documents.rows import Row, put_rows
from pipelines.marked.document import Document, UnreadableError, Writer

_FLAGS, _CCP_TEXT, _FC_PAPX, _FC_CLX = 0x0A, 0x4C, 0x102, 0x1A2
"""Places in the file information block, the same since Word 97."""
_MAX = 256 * 1024 * 1024
_IN_TABLE, _ROW_END, _TABLE, _HUGE = 0x2416, 0x2417, 0xD608, 0x6646
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes of an operand by the last three bits of its code (2.2.5.1); 6: the operand says its own length."""


class _Piece(NamedTuple):
    """A run of the text: where it begins in the text and in the stream, and whether a character takes one byte."""

    start: int
    end: int
    offset: int
    narrow: bool


def read_doc(body: bytes) -> Document:
    """Raises UnreadableError for what is broken or encrypted."""
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(BytesIO(body)) as container:
            main = _stream(container, "WordDocument")
            if len(main) < 0x200 or main[:2] not in (b"\xec\xa5", b"\xdc\xa5"):
                raise UnreadableError("it is broken (no Word 97 head)")
            (flags,) = struct.unpack_from("<H", main, _FLAGS)
            if flags & 0x0100:
                raise UnreadableError("it is encrypted")
            table = _stream(container, "1Table" if flags & 0x0200 else "0Table")
            data = _stream(container, "Data") if container.exists("Data") else b""
            writer = Writer()
            _write(writer, main, table, data)
    except (OSError, struct.error, IndexError, UnicodeDecodeError) as error:
        raise UnreadableError(f"it is broken ({type(error).__name__}: {error})"[:200]) from error
    return Document("doc", writer.marked)


def _stream(container: object, name: str) -> bytes:
    if not container.exists(name):  # type: ignore[attr-defined]
        raise UnreadableError(f"it is broken (no stream {name})")
    return bytes(container.openstream(name).read(_MAX))  # type: ignore[attr-defined]


def _write(writer: Writer, main: bytes, table: bytes, data: bytes) -> None:
    properties = _Properties(main, table, data)
    rows: list[Row] = []
    cells: list[str] = []
    inside: list[str] = []
    for words, end, mark in _paragraphs(main, table):
        codes = properties.at(mark)
        if _flag(codes, _ROW_END) and end == "\x07":
            rows.append(_row(cells, codes.get(_TABLE)))
            cells, inside = [], []
        elif end == "\x07":
            cells.append("\n".join([*inside, words]))
            inside = []
        elif _flag(codes, _IN_TABLE):
            inside.append(words)
        else:
            if rows:
                put_rows(writer, rows)
                rows = []
            writer.paragraph("\n".join([*cells, *inside, words]))
            cells, inside = [], []
    if rows:
        put_rows(writer, rows)
    if cells or inside:
        writer.paragraph("\n".join([*cells, *inside]))


def _flag(codes: dict[int, bytes], code: int) -> bool:
    return codes.get(code, b"\0")[:1] == b"\1"


def _pieces(main: bytes, table: bytes) -> list[_Piece]:
    start, length = struct.unpack_from("<II", main, _FC_CLX)
    clx = table[start : start + length]
    at = 0
    while at < len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != 2:
        raise UnreadableError("it is broken (no table of pieces)")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    pieces = []
    for number in range(count):
        (offset,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * number + 2)
        narrow = bool(offset & 0x40000000)
        offset = (offset & 0x3FFFFFFF) // 2 if narrow else offset & 0x3FFFFFFF
        pieces.append(_Piece(places[number], places[number + 1], offset, narrow))
    return pieces


def _paragraphs(main: bytes, table: bytes) -> Iterator[tuple[str, str, int]]:
    """The paragraphs of the main text: words, the character that ends each, and where that stands in the stream."""
    (length,) = struct.unpack_from("<I", main, _CCP_TEXT)
    parts: list[str] = []
    for piece in _pieces(main, table):
        count = min(piece.end, length) - piece.start
        if count <= 0:
            continue
        width = 1 if piece.narrow else 2
        raw = main[piece.offset : piece.offset + count * width]
        # One byte a character keeps places and characters in step; so do halves of surrogate pairs.
        text = raw.decode("cp1252", "replace") if piece.narrow else raw.decode("utf-16-le", "surrogatepass")
        begin = 0
        for at, sign in enumerate(text):
            if sign in "\r\x07\x0c":
                parts.append(text[begin:at])
                yield _clean("".join(parts)), sign, piece.offset + at * width
                parts, begin = [], at + 1
        parts.append(text[begin:])
    if rest := _clean("".join(parts)):
        yield rest, "\r", -1


def _clean(text: str) -> str:
    """Without the codes of fields (what stands between 0x13 and 0x14) and the marks of pictures."""
    if "\x13" in text:
        kept, depth = [], 0
        for sign in text:
            if sign == "\x13":
                depth += 1
            elif sign in "\x14\x15":
                depth = max(depth - 1, 0) if sign == "\x14" or depth else 0
            elif not depth:
                kept.append(sign)
        text = "".join(kept)
    return text.translate(_SPECIAL).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_SPECIAL = {
    0x01: "",
    0x02: "",
    0x05: "",
    0x08: "",
    0x0B: "\n",
    0x0E: "\n",
    0x14: "",
    0x15: "",
    0x1E: "-",
    0x1F: "",
    0xA0: " ",
}


class _Properties:
    """What is said of each paragraph: codes and operands, by the place of its last character in the stream."""

    def __init__(self, main: bytes, table: bytes, data: bytes) -> None:
        self._main = main
        self._data = data
        start, length = struct.unpack_from("<II", main, _FC_PAPX)
        plc = table[start : start + length]
        count = max((len(plc) - 4) // 8, 0)
        self._starts = list(struct.unpack_from(f"<{count}I", plc)) if count else []
        self._pages = [
            struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * number)[0] & 0x3FFFFF for number in range(count)
        ]

    def at(self, place: int) -> dict[int, bytes]:
        """The codes of the paragraph that ends at `place`; {} where nothing is said."""
        number = bisect_right(self._starts, place) - 1
        if place < 0 or number < 0:
            return {}
        page = self._main[self._pages[number] * 512 : self._pages[number] * 512 + 512]
        if len(page) < 512:
            return {}
        runs = page[511]
        if 4 * (runs + 1) + 13 * runs > 511:
            return {}
        bounds = struct.unpack_from(f"<{runs + 1}I", page)
        run = bisect_right(bounds, place) - 1
        if not 0 <= run < runs:
            return {}
        at = 2 * page[4 * (runs + 1) + 13 * run]
        if at == 0:
            return {}
        size = 2 * page[at] - 1
        if page[at] == 0:
            at += 1
            size = 2 * page[at]
        codes = _codes(page[at + 3 : at + 1 + size])
        if _HUGE in codes:
            # What takes more than a page's room stands in the stream Data (2.9.214, PrcData).
            (position,) = struct.unpack("<I", codes[_HUGE])
            (length,) = struct.unpack_from("<H", self._data, position)
            codes |= _codes(self._data[position + 2 : position + 2 + length])
        return codes


def _codes(data: bytes) -> dict[int, bytes]:
    codes: dict[int, bytes] = {}
    at = 0
    while at + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, at)
        at += 2
        size = _OPERAND.get(code >> 13)
        if code == _TABLE and at + 2 <= len(data):
            size = struct.unpack_from("<H", data, at)[0] - 1
            at += 2
        elif size is None:
            size = data[at] if at < len(data) else 0
            at += 1
        codes[code] = data[at : at + size]
        at += size
    return codes


def _row(words: list[str], definition: bytes | None) -> Row:
    """A row with what its end says of its columns; without that where it does not fit the cells that are there."""
    if not definition or definition[0] != len(words) or len(definition) < 1 + 2 * (len(words) + 1):
        return Row(words)
    count = definition[0]
    edges = list(struct.unpack_from(f"<{count + 1}h", definition, 1))
    joins = []
    for number in range(count):
        at = 1 + 2 * (count + 1) + 20 * number
        flags = struct.unpack_from("<H", definition, at)[0] if at + 2 <= len(definition) else 0
        joins.append((flags & 3 == 2, flags & 0x60 == 0x20))
    return Row(words, edges, joins)
