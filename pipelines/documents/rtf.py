"""RTF by striprtf for the words; where rows and cells begin and end is marked in the source before it is read.

striprtf itself ends a cell with a bar and a row with a line's end, which the text of a cell may have as well.
"""

from __future__ import annotations

import re

from pipelines.documents.rows import Row, put_rows
from pipelines.documents.rtfruns import shown, without_binary
from pipelines.marked.document import Document, UnreadableError, Writer

_BAR, _ROW, _DEFINED, _ROW_END, _CELL_END = "\ufdcf", "\ufdc0", "\ufdc3", "\ufdc1", "\ufdc2"
"""Noncharacters: a bar of the text itself, a row's definition from and to, the ends of rows and cells."""
_CODE_PAGE = re.compile(rb"\\ansicpg(\d+)")
_DEFINITION = re.compile(r"\\trowd((?:\s*\\[a-zA-Z]+-?\d*|\s*\{\\\*[^{}]*\})*\\cellx-?\d+)")
_EDGE = re.compile(r"\\(clmrg|clvmrg|cellx|trleft)(-?\d*)(?![a-zA-Z])")
_ENDS = (
    (re.compile(r"\\row(?![a-zA-Z])"), f"\\\\row {_ROW_END}"),
    (re.compile(r"\\cell(?![a-zA-Z])"), f"\\\\cell {_CELL_END}"),
)


def read_rtf(body: bytes) -> Document:
    """Raises UnreadableError for what is broken."""
    from striprtf.striprtf import rtf_to_text

    page = _CODE_PAGE.search(body[:2000])
    # RTF is ASCII; what is not was put there by writers who forgot to escape it, in the document's own code page.
    charset = "gb18030" if page is None or page[1] in (b"936", b"54936") else "latin-1"
    source = shown(without_binary(body).decode(charset, "replace")).replace("|", _BAR)
    # striprtf writes the address of a link behind its words, where a field's code is one; that is no part of them.
    source = source.replace("\\*\\fldinst", "\\*\\fldtype")
    source = _DEFINITION.sub(lambda match: f"{match[0]} {_ROW}{_told(match[1])}{_DEFINED}", source)
    for pattern, mark in _ENDS:
        source = pattern.sub(mark, source)
    try:
        words: str = rtf_to_text(source, encoding="gb18030", errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        raise UnreadableError(f"it is broken ({type(error).__name__}: {error})"[:200]) from error
    writer = Writer()
    _write(writer, words.replace("|", ""))
    return Document("rtf", writer.marked)


def _told(definition: str) -> str:
    """A row's definition in short: its left edge, then (joins, right edge) of each cell."""
    left, joins, cells = "0", "", []
    for name, number in _EDGE.findall(definition):
        if name == "trleft":
            left = number or "0"
        elif name == "cellx":
            cells.append(f"{joins}{number or 0}")
            joins = ""
        else:
            joins += "l" if name == "clmrg" else "u"
    return " ".join([left, *cells])


def _write(writer: Writer, words: str) -> None:
    rows: list[Row] = []
    definition = ""
    for part in re.split(f"({_ROW}[^{_DEFINED}]*{_DEFINED})", words):
        if part.startswith(_ROW):
            definition = part[1:-1]
            continue
        *ended, rest = part.split(_ROW_END)
        for row in ended:
            cells = row.split(_CELL_END)[:-1]
            if cells:
                rows.append(_row(cells, definition))
        if _CELL_END in rest:
            # The definition stands again before the end of the row, as Word writes it.
            cells = rest.split(_CELL_END)
            rows.append(_row(cells[:-1], definition))
            rest = cells[-1]
        if rest.strip():
            if rows:
                put_rows(writer, rows)
                rows = []
            for line in rest.split("\n"):
                writer.paragraph(line.replace(_BAR, "|"))
    if rows:
        put_rows(writer, rows)


def _row(cells: list[str], definition: str) -> Row:
    words = [cell.strip("\n").replace(_BAR, "|") for cell in cells]
    left, *told = definition.split() or ["0"]
    if len(told) != len(cells):
        return Row(words)
    edges = [int(left), *(int(one.lstrip("lu")) for one in told)]
    return Row(words, edges, [("l" in one, "u" in one) for one in told])
