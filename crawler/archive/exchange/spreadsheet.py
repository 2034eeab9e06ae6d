"""A table as a workbook (XLSX): the same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.archive.exchange.columns import Column, Row
from crawler.records.errors import NianbaoError
from crawler.words.installation import install_line

ROWS_A_SHEET = 1_048_576
"""Rows that a sheet takes, its header among them (Excel specifications and limits, Microsoft)."""
SIGNS_A_CELL = 32_767
"""Characters that a cell takes (as above)."""
_MADE = datetime(1980, 1, 1)
"""When every workbook says that it was made: the first day that its ZIP can name."""


def spreadsheet(columns: Sequence[Column], rows: Iterable[Row], path: Path, rows_a_sheet: int = ROWS_A_SHEET) -> int:
    """Write a workbook; rows. Codes, dates and addresses are strings, as they stand; NULL is an empty cell.

    Rows that a sheet does not take go on in the next, under the same header. Words that a cell does not take are cut,
    and the cell says so in its end. Raises NianbaoError where XlsxWriter is missing.
    """
    try:
        from xlsxwriter import Workbook  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError as error:
        raise NianbaoError(f"XLSX needs XlsxWriter; `{install_line('xlsx')}` installs it") from error
    options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_urls": False}
    count = 0
    with Workbook(str(path), options) as workbook:
        workbook.set_properties({"created": _MADE})
        bold = workbook.add_format({"bold": True})
        sheet = None
        for row in rows:
            if sheet is None or count % (rows_a_sheet - 1) == 0:
                sheet = _sheet(workbook, columns, bold)
            _put(sheet, 1 + count % (rows_a_sheet - 1), columns, row)
            count += 1
        if sheet is None:
            _sheet(workbook, columns, bold)
    return count


def _sheet(workbook: Any, columns: Sequence[Column], bold: Any) -> Any:
    """A further sheet with its header, which stays in view."""
    sheet = workbook.add_worksheet()
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.name, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _put(sheet: Any, line: int, columns: Sequence[Column], row: Row) -> None:
    for at, (column, value) in enumerate(zip(columns, row, strict=True)):
        if value is None:
            continue
        if column.type in ("integer", "number"):
            sheet.write_number(line, at, value)
        else:
            sheet.write_string(line, at, _short(str(value)))


def _short(words: str) -> str:
    if len(words) <= SIGNS_A_CELL:
        return words
    end = f" […, {len(words)} characters in all, cut here]"
    return words[: SIGNS_A_CELL - len(end)] + end
