"""XLS, XLSX and Kingsoft's ET by calamine: each visible sheet one table, merged cells as they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from pipelines.documents.archives import check_zip
from pipelines.documents.codepages import Codec, in_single_bytes
from pipelines.marked.document import MAX_CELLS, Cell, Document, UnreadableError, Writer


def read_sheets(body: bytes) -> Document:
    """Raises UnreadableError for what is broken or encrypted."""
    import python_calamine as calamine

    if body.startswith(b"PK"):
        check_zip(body)
    try:
        body, codec = in_single_bytes(body)
        workbook = calamine.CalamineWorkbook.from_object(BytesIO(body))
    except calamine.PasswordError as error:
        raise UnreadableError("it is encrypted") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableError(f"it is broken ({error})"[:200]) from error
    document, writer = Document("xlsx" if body.startswith(b"PK") else "xls"), Writer()
    for told in workbook.sheets_metadata:
        if told.visible != calamine.SheetVisibleEnum.Visible or told.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        document.pages += 1
        try:
            cells = _cells(workbook.get_sheet_by_name(told.name), codec)
        except (calamine.CalamineError, ValueError) as error:
            document.problems.append(f"sheet «{codec(told.name)}» cannot be read ({error})"[:200])
            continue
        document.empty_pages += not cells
        if cells:
            writer.place(f"sheet «{codec(told.name)}»")
            writer.table(cells)
    document.marked = writer.marked
    return document


def _cells(sheet: Any, codec: Codec) -> list[Cell]:
    """The cells of a sheet from its first used row and column on; a merged one once, with all its fields.

    `codec`: makes words of a string.
    """
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise UnreadableError(f"a sheet of more than {MAX_CELLS:,} cells")
    rows = sheet.to_python(skip_empty_area=False)
    spans = {first: (last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in sheet.merged_cell_ranges or ()}
    hidden = {
        (first[0] + down, first[1] + across)
        for first, (high, wide) in spans.items()
        for down in range(min(high, len(rows)))
        for across in range(min(wide, MAX_CELLS // max(len(rows), 1)))
        if down or across
    }
    used = [(row, column) for row, line in enumerate(rows) for column, value in enumerate(line) if _words(value)]
    if not used:
        return []
    last_row, last_column = max(row for row, _ in used), max(column for _, column in used)
    top, left = min(row for row, _ in used), min(column for _, column in used)
    cells = []
    for row in range(top, last_row + 1):
        for column in range(left, last_column + 1):
            if (row, column) in hidden:
                continue
            high, wide = spans.get((row, column), (1, 1))
            value = rows[row][column] if column < len(rows[row]) else ""
            words = codec(value) if isinstance(value, str) else _words(value)
            cells.append(Cell(words.strip(), row - top, column - left, high, wide))
    return cells


def _words(value: object) -> str:
    """A value as a reader sees it where its format is the plain one: whole numbers without a point."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value).strip()
