"""DOC and WPS: the words and tables of the binary Word format, after Microsoft's description of it, [MS-DOC].

The text stands in pieces (2.9.38, Clx); which paragraph ends a cell or a row is told by the paragraphs' properties;
where the columns are and which cells are merged, by those of a row's end (2.9.321); what is deleted, hidden or struck
out, by the characters'. Nothing is known of nested tables but their words.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from pipelines.documents.docproperties import TABLE, Characters, Paragraphs, of_piece, setting
from pipelines.documents.notes import is_note
from pipelines.documents.rows import Row, put_rows
from pipelines.marked.document import Document, UnreadableError, Writer

_FLAGS, _CCP_TEXT, _FC_CLX = 0x0A, 0x4C, 0x1A2
"""Places in the file information block, the same since Word 97."""
_MAX = 256 * 1024 * 1024
_IN_TABLE, _ROW_END = 0x2416, 0x2417
_ENDS = "\r\x07\x0c"
_PART = re.compile(f"[{_ENDS}]|[^{_ENDS}]+")


class _Piece(NamedTuple):
    """A run of the text: where it begins in the text and in the stream, whether a character takes one byte, and what
    is said of all of it."""

    start: int
    end: int
    offset: int
    narrow: bool
    told: dict[int, bytes]


class _Paragraph(NamedTuple):
    """Words, the character that ends them, whether that is deleted, and where it stands in the stream."""

    words: str
    end: str
    gone: bool
    place: int


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
    properties = Paragraphs(main, table, data)
    rows: list[Row] = []
    cells: list[str] = []
    inside: list[str] = []
    for words, end, gone, mark in _paragraphs(main, table):
        told = properties.at(mark)
        if _flag(told, _ROW_END) and end == "\x07":
            if not gone:
                rows.append(_row(cells, told.get(TABLE)))
            cells, inside = [], []
        elif end == "\x07":
            cells.append("\n".join([*inside, words]))
            inside = []
        elif _flag(told, _IN_TABLE):
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


def _flag(told: dict[int, bytes], code: int) -> bool:
    return told.get(code, b"\0")[:1] == b"\1"


def _pieces(main: bytes, table: bytes) -> list[_Piece]:
    start, length = struct.unpack_from("<II", main, _FC_CLX)
    clx = table[start : start + length]
    at, lists = 0, list[bytes]()
    while at < len(clx) and clx[at] == 1:
        (size,) = struct.unpack_from("<H", clx, at + 1)
        lists.append(clx[at + 3 : at + 3 + size])
        at += 3 + size
    if at >= len(clx) or clx[at] != 2:
        raise UnreadableError("it is broken (no table of pieces)")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plc)
    pieces = []
    for number in range(count):
        offset, modifier = struct.unpack_from("<IH", plc, 4 * (count + 1) + 8 * number + 2)
        narrow = bool(offset & 0x40000000)
        offset = (offset & 0x3FFFFFFF) // 2 if narrow else offset & 0x3FFFFFFF
        told = of_piece(modifier, lists)
        pieces.append(_Piece(places[number], places[number + 1], offset, narrow, told))
    return pieces


def _paragraphs(main: bytes, table: bytes) -> Iterator[_Paragraph]:
    """The paragraphs of the main text as they are shown; one whose end is deleted goes on in the next."""
    parts: list[str] = []
    raised = before = ""

    def put(words: str) -> None:
        nonlocal raised, before
        if raised and not is_note(raised, before):
            parts.append(raised)
        raised, before = "", words[-1:]
        parts.append(words)

    for text, how, start, width in _runs(main, table):
        for part in _PART.finditer(text):
            words = part[0]
            if words in _ENDS:
                if how != "gone" or words == "\x07":
                    put("")
                    yield _Paragraph(_clean("".join(parts)), words, how == "gone", start + part.start() * width)
                    parts.clear()
            elif how == "raised":
                raised += words
            elif how == "":
                put(words)
    put("")
    if rest := _clean("".join(parts)):
        yield _Paragraph(rest, "\r", False, -1)


def _runs(main: bytes, table: bytes) -> Iterator[tuple[str, str, int, int]]:
    """The main text run by run: words, how they are shown, where they begin in the stream, bytes of a character."""
    (length,) = struct.unpack_from("<I", main, _CCP_TEXT)
    characters = Characters(main, table)
    for piece in _pieces(main, table):
        count = min(piece.end, length) - piece.start
        if count <= 0:
            continue
        width = 1 if piece.narrow else 2
        raw = main[piece.offset : piece.offset + count * width]
        # One byte a character keeps places and characters in step; so do halves of surrogate pairs.
        text = raw.decode("cp1252", "replace") if piece.narrow else raw.decode("utf-16-le", "surrogatepass")
        for begin, end, told in characters.spans(piece.offset, piece.offset + len(text) * width):
            first, last = (begin - piece.offset) // width, (end - piece.offset) // width
            yield text[first:last], setting(told | piece.told), piece.offset + first * width, width


def _clean(text: str) -> str:
    """Without the codes of fields (from 0x13 to 0x14, to 0x15 where there is no result) and the marks of pictures."""
    if "\x13" in text:
        kept = list[str]()
        fields = list[bool]()
        codes = 0
        for sign in text:
            if sign == "\x13":
                fields.append(True)
                codes += 1
            elif sign in "\x14\x15":
                if fields:
                    codes -= fields.pop()
                    if sign == "\x14":
                        fields.append(False)
            elif not codes:
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


def _row(words: list[str], told: bytes | None) -> Row:
    """A row with what its end says of its columns; without that where it does not fit the cells that are there."""
    if not told or told[0] != len(words) or len(told) < 1 + 2 * (len(words) + 1):
        return Row(words)
    count = told[0]
    edges = list(struct.unpack_from(f"<{count + 1}h", told, 1))
    joins = []
    for number in range(count):
        at = 1 + 2 * (count + 1) + 20 * number
        flags = struct.unpack_from("<H", told, at)[0] if at + 2 <= len(told) else 0
        joins.append((flags & 3 == 2, flags & 0x60 == 0x20))
    return Row(words, edges, joins)
