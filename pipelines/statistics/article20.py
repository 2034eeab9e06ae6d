"""Section 二: rules, licences, penalties and fees of article 20, row by its label and column by its header."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from crawler.records.report import Form
from crawler.reference.measures import form_of
from pipelines.statistics.cellvalue import is_value
from pipelines.statistics.columns import Aligned, Head, Heads, align
from pipelines.statistics.grid import Grid, Row
from pipelines.statistics.labels import plain
from pipelines.statistics.vocabulary import STANDARD, vocabulary


class Entry(NamedTuple):
    """A data row: `caption` and `row` of the form, the columns' headers and the cells under them."""

    caption: str
    row: str
    label: str
    heads: list[Head]
    cells: Aligned
    table: int


def row_of(row: Row) -> tuple[str, str, str] | None:
    """Caption, row and label as printed if the row begins with a label of section 二."""
    for cell in row.printed[:4]:
        known = vocabulary().article_rows.get(plain(cell.raw))
        if known is not None:
            return known[0], known[1], cell.raw.replace("\n", "")
        if is_value(cell.raw):
            return None
    return None


def is_header(row: Row) -> bool:
    """True for a row that names a column of section 二 and has no numbers."""
    named = False
    columns = vocabulary().article_columns
    for cell in row.printed:
        text = plain(cell.raw)
        if not text or (is_value(cell.raw) and any(sign.isdigit() for sign in cell.raw)):
            return False
        named = named or any(text in known for known in columns.values())
    return named


class Reader:
    """Reads the rows of section 二 one after another."""

    def __init__(self) -> None:
        self.found: list[Entry] = []
        self.tables: list[Grid] = []
        self.heads = Heads()

    def read(self, grid: Grid, rows: list[Row]) -> None:
        """Read the rows of one table, or of that part of it that belongs to section 二."""
        self.tables.append(grid)
        own = False
        width = max((len(row) for row in rows), default=0)
        for row in rows:
            if is_header(row):
                self.heads, own = _columns(row), True
                continue
            named = row_of(row)
            if named is None:
                continue
            caption, code, label = named
            heads = self.heads if self.heads.heads else _counted(row)
            aligned = align(row, heads, own or len(row) == heads.width, width)
            if own and aligned is not None and not aligned.by_position and _reaches_beyond(row, heads):
                aligned = None
            if aligned is None and any(
                is_value(place.cell.raw) and place.cell.raw for place in row.places if place.cell
            ):
                aligned = Aligned([None] * len(heads.heads), False, 0)
            if aligned is not None:
                self.found.append(Entry(caption, code, label, heads.heads, aligned, grid.number))

    def form(self) -> Form | None:
        """The form by the headers that only one of them has; None if that does not tell."""
        votes: Counter[Form] = Counter()
        for entry in self.found:
            for head in entry.heads:
                text = plain(head.label)
                for form in STANDARD:
                    votes[form] += text in _own_columns(form, entry.caption)
        best = votes.most_common(2)
        if not best or not best[0][1] or (len(best) == 2 and best[0][1] == best[1][1]):
            return None
        return best[0][0]


def _reaches_beyond(row: Row, heads: Heads) -> bool:
    """Whether a row is longer than the header's and has a number behind its last column: one that hangs down from the
    row above stands among its own."""
    last = heads.heads[-1].end if heads.heads else 0
    return len(row) > heads.width and any(
        place.start >= last and place.cell is not None and place.cell.raw and is_value(place.cell.raw)
        for place in row.places
    )


@lru_cache(maxsize=32)
def _own_columns(form: Form, caption: str) -> dict[str, str]:
    """The columns of a caption by plain label, as that form prints them."""
    columns = next((known.columns for known in form_of(form).captions if known.code == caption), ())
    return {plain(column.label): column.code for column in columns}


def column_of(form: Form, caption: str, header: str) -> str | None:
    """The column of a caption in a form that a header names; None if the form has no such column."""
    code = vocabulary().article_columns.get(caption, {}).get(plain(header))
    return code if code in _own_columns(form, caption).values() else None


def _columns(row: Row) -> Heads:
    heads = [
        Head(None, place.cell.raw.replace("\n", ""), place.start, place.end)
        for place in row.places
        if place.cell is not None and place.cell.raw
    ]
    while heads and not any(plain(heads[0].label) in known for known in vocabulary().article_columns.values()):
        heads.pop(0)
    return Heads(heads, len(row))


def _counted(row: Row) -> Heads:
    """Without any header: the cells after the label."""
    after: list[Head] = []
    for place in row.places:
        if place.cell is None or is_value(place.cell.raw):
            after.append(Head(None, "", place.start, place.end))
        else:
            after = []
    return Heads(after, len(row), by_position=True)
