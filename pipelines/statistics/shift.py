"""Rows whose numbers stand beside their columns: a blank cell more than the header has, before them or among them.

By the grid such a row gives each column its neighbour's number. Its own sum (the kinds of applicants make the total,
sources/forms#sums) tells which order was meant; where none keeps it, or two do, no number of the row is known.
"""

from __future__ import annotations

import re

from crawler.words.text import squeeze
from pipelines.statistics.cellvalue import read_cell
from pipelines.statistics.columns import Aligned, Heads
from pipelines.statistics.grid import Cell, Row

_CUT = re.compile(r"\d{1,9}\s*\n\s*\d{1,9}")
"""Digits on two lines: two numbers, or one that a narrow column or a break cut."""
_LEAST = 4
"""Columns besides the total from which a sum tells anything."""


def is_shifted(row: Row, heads: Heads, aligned: Aligned | None, longer: bool = False) -> bool:
    """Whether numbers of a row reach beyond its last column, or the sum does not hold and its first one is blank or the
    row has more cells than the others have (`longer`)."""
    wanted = heads.heads
    if len(wanted) <= _LEAST:
        return False
    if wanted[-1].code != "total":
        return longer and aligned is not None and any(map(_is_number, aligned.cells))
    last = max(wanted[0].start, wanted[-1].end)
    beyond = [place.cell for place in row.places if place.start >= last and place.cell is not None and place.cell.raw]
    if any(map(_is_number, beyond)):
        return longer or aligned is None or not keeps_sum(aligned.cells)
    if aligned is None or not aligned.cells:
        return False
    if longer and any(map(_is_number, aligned.cells)) and not keeps_sum(aligned.cells):
        return True
    if aligned.cells[0] is not None and aligned.cells[0].raw:
        return False
    later = aligned.cells[1:]
    return all(_is_number(cell) for cell in later) and not keeps_sum(aligned.cells)


def moved_back(row: Row, heads: Heads) -> Aligned | None:
    """The row's cells in the one order that keeps its sum and leaves out no number; None where there is none, or
    several that differ.

    Tried: the cells that are not blank, and each run of as many neighbours as there are columns.
    """
    wanted = heads.heads
    if wanted[-1].code != "total":
        return None
    first = wanted[0].start
    cells = [place.cell for place in row.places if place.end > first]
    if cells and cells[0] is not None and not _is_blank_or_number(cells[0]):
        cells = cells[1:]
    orders = [cells[at : at + len(wanted)] for at in range(len(cells) - len(wanted) + 1)]
    orders.append([cell for cell in cells if cell is not None and cell.raw])
    numbers = sum(map(_is_number, cells))
    kept = {
        tuple(value_of(cell) for cell in order): order
        for order in orders
        if len(order) == len(wanted) and sum(map(_is_number, order)) == numbers and keeps_sum(order)
    }
    if len(kept) != 1:
        return None
    return Aligned(list(next(iter(kept.values()))), True, first, by_sum=True)


def joined(aligned: Aligned) -> Aligned:
    """The cells with each number whose digits stand on two lines as one, where the row's sum holds only so."""
    cut = any(cell is not None and "\n" in cell.raw and _CUT.fullmatch(cell.raw) for cell in aligned.cells)
    if not cut or keeps_sum(aligned.cells):
        return aligned
    whole = [
        Cell(squeeze(cell.raw), cell.row, cell.column, cell.rows, cell.columns)
        if cell is not None and _CUT.fullmatch(cell.raw)
        else cell
        for cell in aligned.cells
    ]
    return aligned._replace(cells=whole, by_sum=True) if keeps_sum(whole) else aligned


def keeps_sum(cells: list[Cell | None]) -> bool:
    """Whether the last of the numbers is the sum of the others; blank ones are none, the last one is not blank."""
    values = [value_of(cell) for cell in cells]
    if any(value is None and cell is not None and cell.raw for value, cell in zip(values, cells, strict=True)):
        return False
    return values[-1] is not None and sum(value or 0 for value in values[:-1]) == values[-1]


def value_of(cell: Cell | None) -> float | None:
    """The number of a cell; None without any."""
    return read_cell(cell.raw).value if cell is not None else None


def _is_number(cell: Cell | None) -> bool:
    return value_of(cell) is not None


def _is_blank_or_number(cell: Cell) -> bool:
    return not cell.raw or read_cell(cell.raw).how != "unread"
