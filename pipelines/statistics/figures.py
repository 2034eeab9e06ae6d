"""Figures from cells: value, unit and evidence of one measure, and what no count can be."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite

from crawler.records.report import Figure, Form, Place
from crawler.reference.measures import form_of
from pipelines.statistics.cellvalue import read_cell
from pipelines.statistics.grid import Cell

_MOST_PROBLEMS = 20
MAX_COUNT = 1_000_000_000
MAX_VALUE = 1_000_000_000_000
"""No figure of a report is beyond this: a number that is has lost the gap between two, or is no number."""


@dataclass(slots=True)
class Found:
    """What the readers of one page find. `problems`: kind and detail, each once."""

    figures: list[Figure] = field(default_factory=list)
    problems: dict[tuple[str, str], None] = field(default_factory=dict)
    cells: set[tuple[int | None, int | None, int | None]] = field(default_factory=set)
    """Table, row and column of every cell that was read, also where another one counts."""

    def problem(self, kind: str, detail: str) -> None:
        """Note a problem; the same one twice counts once, and no more than 20 of a kind in detail."""
        if sum(known == kind for known, _ in self.problems) < _MOST_PROBLEMS:
            self.problems.setdefault((kind, detail))
        else:
            self.problems.setdefault((kind, "and more of the same"))


def place_of(table: int, cell: Cell, row_label: str, column_label: str) -> Place:
    """Where a person finds the cell: table, row and column with their labels."""
    return Place(None, table, cell.row, cell.column, row_label, column_label)


def in_one(raw: str) -> str:
    """The words of a cell on one line, as they are read."""
    return raw.replace("\n", "") if "\n" in raw else raw


def figure_of(
    found: Found, form: Form, code: str, raw: str | None, place: Place, method: str, unit: str | None = None
) -> Figure:
    """One figure of a form; what cannot be a value of its measure is NULL, its raw text kept and a problem noted.

    `unit`: what the header of the column prints, where the form prints none.
    """
    measure = form_of(form).measures[code]
    if not raw:
        return Figure(
            form, code, measure.item, measure.applicant, None, raw, measure.unit or unit, place, method
        )  # fmt: skip
    said = read_cell(raw)
    value, own = said.value, measure.unit or said.unit or unit
    if said.how == "number" and type(value) is int and 0 <= value < MAX_COUNT and said.unit is None:
        return Figure(form, code, measure.item, measure.applicant, value, in_one(raw), own, place, method)
    if said.how == "unread":
        found.problem("table_unread", f"{code}: {place.in_words(in_one(raw))}")
        method += ", unread"
    elif said.how != "number":
        method = "words for none" if said.how == "words for none" else method
        method += ", signed words" if said.how == "signed words" else ""
    if value is not None:
        if own == "万元" and said.unit == "元":
            value, method = round(value / 10_000, 6), method + ", 元 to 万元"
        if not _plausible(code, value, own) or (said.how == "signed words" and not code.endswith("_items_change")):
            found.problem("figure_implausible", f"{code}: {place.in_words(in_one(raw))}")
            value, method = None, method + ", implausible"
    return Figure(
        form, code, measure.item, measure.applicant, value, in_one(raw), own, place, method
    )  # fmt: skip


def _plausible(code: str, value: float, unit: str | None) -> bool:
    """Counts are whole, below 10^9 and, but for 本年增/减, not negative; money may have decimals."""
    if not isfinite(value):
        return False
    if unit in ("万元", "元") or code.endswith(("_amount", "_wan")):
        return 0 <= value <= MAX_VALUE
    if value < 0 and not code.endswith("_items_change"):
        return False
    return abs(value) < MAX_COUNT and value == int(value)
