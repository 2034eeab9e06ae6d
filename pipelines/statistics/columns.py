"""Which cell of a row stands under which header: by the grid, where the row agrees with it, else from the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.statistics.cellvalue import is_value
from pipelines.statistics.grid import Cell, Place, Row


@dataclass(slots=True)
class Head:
    """One number column: its code (None: a column of no form), its header as printed, the fields it covers."""

    code: str | None
    label: str
    start: int
    end: int


@dataclass(slots=True)
class Heads:
    """The number columns of a table from left to right. `width`: of the grid that the header stands in."""

    heads: list[Head] = field(default_factory=list)
    width: int = 0
    numbers: frozenset[int] = frozenset()
    """The grids these columns were read in or carried over to."""
    by_position: bool = False
    """No header was printed; the columns were counted."""


class Aligned(NamedTuple):
    """The cells of a row under the columns, in their order; None where it cannot be told which cell it is."""

    cells: list[Cell | None]
    by_position: bool
    start: int
    """The field where the numbers begin; the labels stand before it."""
    by_sum: bool = False
    """The cells stand beside their columns; this order is the one that keeps the row's sum."""


def align(row: Row, heads: Heads, same_grid: bool, width: int) -> Aligned | None:
    """The cells of a data row under its columns; None if the row has no numbers or does not fit the header.

    The same number of cells as headers, each overlapping its own: in order (a cell may be wider than its header).
    Otherwise, a row whose last cells are as many as the headers, with nothing but words before them: from the right;
    `width`: how many fields the longest row has, for a row that lacks some.
    """
    wanted = heads.heads
    found = row.places
    if not wanted:
        return None
    if same_grid:
        tail = [place for place in found if place.end > wanted[0].start]
        if _begins_with_label(tail, wanted):
            pass  # a span too many pushed the row's label, and its numbers with it, under the columns
        elif len(tail) == len(wanted) and all(
            place.start < head.end and head.start < place.end for place, head in zip(tail, wanted, strict=True)
        ):
            return _unless_words(tail, heads.by_position)
        else:
            cells = [_only(row, head) for head in wanted]
            if len(tail) > len(wanted) and len({id(cell) for cell in cells if cell}) == len(wanted):
                return Aligned(list(cells), heads.by_position, wanted[0].start) if not _wordy(cells) else None
    tail = found[-len(wanted) :]
    before = found[: -len(wanted)]
    if len(tail) < len(wanted) or not before:
        return None
    label, first = before[-1].cell, tail[0].cell
    if label is None or not label.raw or is_value(label.raw) or not all(_numeric(place.cell) for place in tail):
        return None
    if len(row) < width and (first is None or not first.raw):
        return None  # a label cell without words, and one number wanting?
    return _unless_words(tail, True)


def _begins_with_label(tail: list[Place], wanted: list[Head]) -> bool:
    """Whether what stands under the columns begins with words that reach there from the left or are one cell too many:
    the row's label."""
    first = tail[0].cell if tail else None
    if first is None or is_value(first.raw) or any(map(str.isdigit, first.raw)):
        return False
    return tail[0].start < wanted[0].start or len(tail) > len(wanted)


def _numeric(cell: Cell | None) -> bool:
    return cell is None or is_value(cell.raw) or not any("\u2e80" < sign < "\uff00" for sign in cell.raw)


def _unless_words(tail: list[Place], by_position: bool) -> Aligned | None:
    cells = [place.cell for place in tail]
    return None if _wordy(cells) else Aligned(cells, by_position, tail[0].start)


def _wordy(cells: Sequence[Cell | None]) -> bool:
    """True if most of what is printed under the numbers is words: a header, a caption, a footer."""
    if all(cell is not None and cell.raw.isdecimal() for cell in cells):
        return False
    printed = [cell for cell in cells if cell is not None and cell.raw]
    words = sum(1 for cell in printed if not is_value(cell.raw) and not any(sign.isdigit() for sign in cell.raw))
    return words > 0 and words * 2 >= len(printed)


def _only(row: Row, head: Head) -> Cell | None:
    """The one cell under a header, or the one of several that is not blank."""
    under = {id(cell): cell for cell in row[head.start : head.end] if cell is not None}
    if len(under) > 1:
        under = {key: cell for key, cell in under.items() if cell.raw} or dict([next(iter(under.items()))])
    return next(iter(under.values())) if len(under) == 1 else None
