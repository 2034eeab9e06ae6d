"""Section 三: the requests by outcome (23 or 25 rows) and applicant (7 columns), out of the rows of its tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.records.report import Form
from crawler.reference.measures import form_of
from pipelines.statistics.cellvalue import is_value
from pipelines.statistics.columns import Aligned, Head, Heads, align
from pipelines.statistics.figures import in_one
from pipelines.statistics.grid import Cell, Grid, Row
from pipelines.statistics.labels import nearest, plain
from pipelines.statistics.requestcolumns import columns_of, counted, is_header, is_incomplete, names_applicant
from pipelines.statistics.shift import is_shifted, joined, moved_back
from pipelines.statistics.vocabulary import vocabulary

_SHIFTED = "its numbers stand beside their columns and no other order keeps its sum"
_NEAR = 60
"""Rows before a row of 其他处理 that may belong to the same block; the whole form has 25."""
_FIRST = form_of("f2021").request_rows[0].code
"""The row that begins the form: rows of another table before it, as of one about complaints, are none of its own."""
_OTHERS = ("other_no_correction", "other_fee_unpaid", "other_other")


@dataclass(slots=True)
class Line:
    """A row with numbers: `code` None where its label is missing, cut short or of no form."""

    code: str | None
    label: str
    labelled: bool
    """A label of its own stands there, whole or cut; rows without one may be told by their place."""
    cells: Aligned
    heads: list[Head]
    table: int
    method: str = ""


@dataclass(slots=True)
class Requests:
    """One table of requests, whole or put together from its parts."""

    lines: list[Line] = field(default_factory=list)
    tables: list[Grid] = field(default_factory=list)

    @property
    def form(self) -> Form | None:
        """By the rows that only one form has; None where they are missing."""
        codes = {line.code for line in self.lines}
        if codes & set(_OTHERS):
            return "f2021"
        return "f2019" if "other" in codes else None


class Reader:
    """Reads the rows of section 三 one after another; a row that comes twice begins another table."""

    def __init__(self) -> None:
        self.found: list[Requests] = []
        self.heads = Heads()
        self.block: str | None = None
        self._codes: set[str] = set()
        self.unread: list[tuple[int, str]] = []
        """Tables with what could not be told about them."""
        self.tables: list[int] = []
        """Numbers of the tables of which rows were read."""
        self._open: list[Row] = []

    def read(self, grid: Grid, rows: list[Row]) -> None:
        """Read the rows of one table, or of that part of it that belongs to section 三."""
        self._open = []
        self.tables.append(grid.number)
        own = False
        above: Row | None = None
        widths = Counter(map(len, rows))
        width, usual = max(widths, default=0), max(widths, key=widths.__getitem__, default=0)
        for row in rows:
            if is_header(row):
                if not self._open and above is not None:
                    self._open.append(above)
                self._open.append(row)
                continue
            above = row if names_applicant(row) else None
            if self._open:
                heads = columns_of(self._open)
                if heads is not None and is_incomplete(heads):
                    heads = counted(rows) or heads
                if heads is not None:
                    self.heads, own = heads, True
                self._open = []
            elif not own and not self.heads.heads:
                if not any(is_value(cell.raw) for cell in row.printed):
                    self._enter(row.printed)
                    continue
                places = counted(rows)
                if places is None:
                    self.unread.append((grid.number, "requests without a header, and not seven columns of numbers"))
                    return
                self.heads, own = places, True
            same = own or len(row) == self.heads.width
            self._row(grid, row, same, width, len(row) > usual)

    def _row(self, grid: Grid, row: Row, same: bool, width: int, longer: bool) -> None:
        first = self.heads.heads[0].start if self.heads.heads else 0
        found = row.places
        aligned = align(row, self.heads, same, width)
        if is_shifted(row, self.heads, aligned, longer):
            aligned = moved_back(row, self.heads)
            if aligned is None:
                label = in_one(found[0].cell.raw) if found[0].cell else ""
                self.unread.append((grid.number, f"row {row.printed[0].row} «{label}»: {_SHIFTED}"))
                aligned = Aligned([None] * len(self.heads.heads), False, first)
        if aligned is not None:
            aligned, first = joined(aligned), aligned.start
        labels = [place.cell for place in found if place.start < first and place.cell is not None and place.cell.raw]
        if aligned is None and not any(place.cell and place.cell.raw for place in found if place.start >= first):
            self._beside(row, labels)
            return
        code, label, labelled = self._label(labels)
        if aligned is None:
            numbers = [cell.raw for cell in row.printed if is_value(cell.raw)]
            if code is None and len(numbers) > 1:
                self.unread.append((grid.number, f"row {row.printed[0].row} «{label}»: cannot be told apart"))
            if code is None or not numbers:
                return
            aligned = Aligned([None] * len(self.heads.heads), False, first)
        line = Line(code, label, labelled, aligned, self.heads.heads, grid.number)
        self._add(line, grid)

    def _beside(self, row: Row, labels: list[Cell]) -> None:
        """A row without anything under the columns: a block's heading, or one whose cells stand beside them."""
        words = [cell for cell in labels if not is_value(cell.raw)]
        code = None
        if words and labels[-1] is not words[-1]:
            code = self._label(words)[0]
        elif words and len(row.places) > len(self.heads.heads):
            code = self._code(plain(words[-1].raw), words[-1].raw)
        if code is not None and code != "other":
            self.unread.append((self.tables[-1], f"row {labels[0].row} «{in_one(words[-1].raw)}»: {_SHIFTED}"))
        else:
            self._enter(words)

    def _enter(self, labels: list[Cell]) -> None:
        for cell in labels:
            self.block = vocabulary().blocks.get(plain(cell.raw), self.block)

    def _label(self, labels: list[Cell]) -> tuple[str | None, str, bool]:
        """The row that the label cells name, the label as printed, whether there is one of the row's own."""
        words = vocabulary()
        for cell in labels:
            block = words.blocks.get(plain(cell.raw))
            if block is not None and not (block == "other" and _is_leaf(cell) and cell is labels[-1]):
                self.block = block if block != "results" else self.block if cell is not labels[-1] else None
        if not labels:
            return None, "", False
        last = labels[-1]
        label = last.raw.replace("\n", "")
        text = plain(last.raw)
        if last.rows > 1 and not (text in words.request_rows and text not in words.blocks):
            return None, label, False
        if words.blocks.get(text) in ("denied", "unable", "refused", "results"):
            return None, label, False
        code = self._code(text, last.raw)
        if code is None:
            for name, block in words.blocks.items():  # block and row in one cell
                if text.startswith(name) and len(text) > len(name) + 1:
                    self.block, text = block, plain(text[len(name) :])
                    code = self._code(text, text)
                    break
        if code is None:
            names = {name: own for name in words.request_rows if (own := self._code(name, last.raw)) is not None}
            inside = {name: own for name, own in names.items() if _BLOCKS[own] == self.block}
            code = nearest(text, inside) or nearest(text, names)
        if code is not None:
            self.block = _BLOCKS.get(code)
        return code, label, True

    def _code(self, text: str, raw: str) -> str | None:
        rows = vocabulary().request_rows.get(text)
        if not rows:
            return None
        if len(rows) > 1:
            inside = [code for code, block in rows if block == self.block]
            return inside[0] if len(inside) == 1 else None
        code = rows[0][0]
        if code == "other_other" and ("六" in raw[:3] or self.block != "other"):
            return "other"
        return code

    def _add(self, line: Line, grid: Grid) -> None:
        if self.found and line.code and line.code.startswith("other"):
            label = plain(line.label)
            mine = [
                other
                for other in self.found[-1].lines[-_NEAR:]
                if other.code in ("other", *_OTHERS) or (other.code is None and plain(other.label) == label)
            ]
            if any(other.code != line.code or line.code == "other" for other in mine):
                # 其他处理 is the block over three rows here, not a row: those without a label of their own have none
                for other in (line, *mine):
                    if other.code == "other":
                        other.code, other.labelled = None, False
        first = line.code == _FIRST and bool(self.found) and self.found[-1].tables[-1] is not grid
        if not self.found or first or (line.code and line.code in self._codes):
            self.found.append(Requests())
            self._codes = set()
        table = self.found[-1]
        table.lines.append(line)
        if line.code:
            self._codes.add(line.code)
        if not table.tables or table.tables[-1] is not grid:
            table.tables.append(grid)


def _is_leaf(cell: Cell) -> bool:
    return cell.rows == 1


_BLOCKS: dict[str, str | None] = {
    row.code: row.block for form in ("f2019", "f2021") for row in form_of(form).request_rows
}


def fill_gaps(table: Requests, form: Form) -> None:
    """Rows whose label is missing or cut beyond reading: told by place where between two known rows of the form just
    as many rows are wanting as stand there."""
    order = [row.code for row in form_of(form).request_rows]
    at = {code: number for number, code in enumerate(order)}
    lines = [line for line in table.lines if line.code in at or not line.labelled]
    bounds = [-1, *(number for number, line in enumerate(lines) if line.code in at), len(lines)]
    for low, high in pairwise(bounds):
        between = lines[low + 1 : high]
        if not between or low < 0 or high == len(lines):
            continue
        start, end = at[lines[low].code or ""], at[lines[high].code or ""]
        if end - start - 1 == len(between):
            for line, code in zip(between, order[start + 1 : end], strict=True):
                line.code, line.method = code, "position"
