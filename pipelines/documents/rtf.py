"""RTF by striprtf, which writes a table's cells with a bar after each and a row on a line."""

from __future__ import annotations

import re

from pipelines.documents.reading import Cell, Document, UnreadableError, Writer

_BAR = "\ufdcf"
"""A noncharacter in place of a bar that stands in the text itself: striprtf's are the cells' ends."""
_GBK = re.compile(rb"\\ansicpg(\d+)")


def read_rtf(body: bytes) -> Document:
    """Raises UnreadableError for what is broken."""
    from striprtf.striprtf import rtf_to_text

    page = _GBK.search(body[:2000])
    # RTF is ASCII; what is not was put there by writers who forgot to escape it, in the document's own code page.
    charset = "gb18030" if page is None or page[1] in (b"936", b"54936") else "latin-1"
    try:
        words = rtf_to_text(  # type: ignore[no-untyped-call]
            body.decode(charset, "replace").replace("|", _BAR), encoding="gb18030", errors="replace"
        )
    except (ValueError, LookupError, TypeError, IndexError, OverflowError) as error:
        raise UnreadableError(f"it is broken ({type(error).__name__}: {error})"[:200]) from error
    writer = Writer()
    rows: list[list[str]] = []
    for line in [*words.split("\n"), ""]:
        if line.endswith("|"):
            rows.append([cell.replace(_BAR, "|") for cell in line.split("|")[:-1]])
            continue
        if rows:
            writer.table(Cell(cell, row, column) for row, cells in enumerate(rows) for column, cell in enumerate(cells))
            rows = []
        writer.paragraph(line.replace(_BAR, "|"))
    return Document("rtf", writer.marked)
