"""Which rows of a page's tables belong to which section of a form; one table may hold several, one section many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from pipelines.statistics import article20, requestcolumns, reviews
from pipelines.statistics.cellvalue import is_value
from pipelines.statistics.grid import Grid, Row
from pipelines.statistics.labels import plain
from pipelines.statistics.vocabulary import vocabulary

Kind = Literal["article20", "requests", "reviews"]


class Part(NamedTuple):
    """Consecutive rows of one table that belong to one section."""

    kind: Kind
    grid: Grid
    rows: list[Row]


def parts_of(grid: Grid, expecting: Kind | None = None) -> Iterator[Part]:
    """The parts of a table in order; rows that say nothing belong with those before them.

    `expecting`: the section whose header stood at the end of the table before and has had no numbers yet.
    """
    kind: Kind | None = expecting
    rows: list[Row] = []
    for row in grid.rows:
        own = _kind(row)
        if own is not None and own != kind:
            following = _unlabelled(rows) if kind == "article20" and own == "requests" else []
            if kind is not None and rows:
                yield Part(kind, grid, rows)
                rows = following
            kind = own  # rows at the top that say nothing belong with the first that do
        rows.append(row)
    if kind is not None and rows:
        yield Part(kind, grid, rows)


def _unlabelled(rows: list[Row]) -> list[Row]:
    """Take the last rows off that are numbers only: section 二 has none, and the first rows of section 三 may have lost
    their labels."""
    taken: list[Row] = []
    while rows and len(rows[-1].printed) >= 4 and all(is_value(cell.raw) for cell in rows[-1].printed):
        taken.insert(0, rows.pop())
    return taken


def _kind(row: Row) -> Kind | None:
    words = vocabulary()
    printed = row.printed
    if not printed:
        return None
    for cell in printed[:3]:
        text = plain(cell.raw)
        if text.isdecimal():
            break
        if text in words.article_rows or text.startswith("第二十条第"):
            return "article20"
        if (text in words.request_rows and text not in _COMMON) or (text in words.blocks and text not in _COMMON):
            return "requests"
        if len(text) >= _CUT and any(name.startswith(text) for name in words.request_rows):
            return "requests"
        if text in ("申请人情况", "自然人") or "勾稽关系" in text:
            return "requests"
    if any(cell.raw.isdecimal() for cell in printed):
        return None
    if article20.is_header(row):
        return "article20"
    if requestcolumns.is_header(row):
        return "requests"
    if reviews.is_header(row):
        return "reviews"
    return None


_CUT = 6
"""Characters of a label that was cut short by which a row of section 三 is still told: 本年新收政府信息公开."""
_COMMON = frozenset({"其他", "其它", "总计", "合计"})
