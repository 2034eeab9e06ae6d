"""Which column of the annex holds the report's numbers: by the headings over it."""

from __future__ import annotations

import re

from crawler.words.text import squeeze, years_in
from pipelines.statistics.annexlabels import annex_words
from pipelines.statistics.cellvalue import is_value, read_cell
from pipelines.statistics.figures import in_one
from pipelines.statistics.grid import Cell, Grid
from pipelines.statistics.labels import plain

_ALL_OF = re.compile(r"(?:合计|总计|总数|汇总)")
_LOCAL = re.compile(r"小计|其中|区直|县直|市直|乡镇|街道|部门|单位|镇街|本级")


def number_column(
    grid: Grid, labels: dict[int, Cell | None], known: set[int], year: int | None
) -> tuple[int | None, str, str]:
    """The field of the numbers, its heading, and the method; or None, "" and what is wrong.

    `labels`: the label of each row; `known`: the rows of which it names a measure.
    """
    words = annex_words().headings
    first = min(known)
    width = max(len(row) for row in grid.rows)
    last_label = 0
    numeric = [0] * width
    for number in known:
        label = labels[number]
        for place in grid.rows[number].places:
            if place.cell is label:
                last_label = max(last_label, place.end)
    for number in known:
        for place in grid.rows[number].places:
            cell = place.cell
            if (
                place.start >= last_label
                and cell is not None
                and (is_value(cell.raw) or any(map(str.isdigit, cell.raw)))
            ):
                for column in range(place.start, place.end):
                    numeric[column] += 1
    columns = [column for column in range(width) if numeric[column] * 2 > len(known)]
    heads = {column: _headings(grid, column, first) for column in columns}
    open_: list[int] = []
    for column in columns:
        texts = heads[column]
        role = {name for name, known_words in words.items() for text in texts if text in known_words}
        if role & {"serial", "unit", "label"} and not role & {"number", "total"}:
            continue
        if "never" in role or any("累计" in text or "备注" in text for text in texts):
            continue
        years = [one for text in texts for one in years_in(text + "年" if text.isdecimal() else text)]
        if years and year is not None and year not in years:
            continue
        open_.append(column)
    open_ = _distinct(grid, open_, known)
    if not open_:
        return None, "", "no column of numbers that is this year's"
    if len(open_) == 1:
        if len(_distinct(grid, columns, known)) > 1 and not heads[open_[0]]:
            return None, "", "several columns of numbers, the headings do not tell which is meant"
        return open_[0], _printed(grid, open_[0], first), "label+header" if heads[open_[0]] else "label+position"
    for role_name in ("total", "number"):
        fit = [column for column in open_ if any(text in words[role_name] for text in heads[column][:1])]
        if len(fit) == 1:
            return fit[0], _printed(grid, fit[0], first), "label+header"
    fit = [
        column for column in open_ if heads[column] and _ALL_OF.search(heads[column][0])
        and not _LOCAL.search(heads[column][0])
    ]  # fmt: skip
    if len(fit) == 1:
        return fit[0], _printed(grid, fit[0], first), "label+header"
    dated = [column for column in open_ if year is not None and any(str(year) in text for text in heads[column])]
    if len(dated) == 1:
        return dated[0], _printed(grid, dated[0], first), "label+header"
    return None, "", "several columns of numbers, the headings do not tell which is meant"


def _distinct(grid: Grid, columns: list[int], known: set[int]) -> list[int]:
    """Columns without those that only repeat their left neighbour's merged cells."""
    kept: list[int] = []
    for column in columns:
        if kept and all(len(row := grid.rows[number]) > column and row[column] is row[kept[-1]] for number in known):
            continue
        kept.append(column)
    return kept


def _headings(grid: Grid, column: int, first: int) -> list[str]:
    """The plain headings over a column, the lowest first; rows across the whole table are none."""
    texts: list[str] = []
    for row in reversed(grid.rows[:first]):
        cell = row[column] if column < len(row) else None
        if cell is None or not cell.raw or len(row.places) < 2 or _dashes(cell.raw):
            continue
        if (text := plain(cell.raw) or squeeze(cell.raw)) not in texts:
            texts.append(text)
    return texts


def _printed(grid: Grid, column: int, first: int) -> str:
    for row in reversed(grid.rows[:first]):
        cell = row[column] if column < len(row) else None
        if cell is not None and cell.raw and len(row.places) > 1 and not _dashes(cell.raw):
            return in_one(cell.raw)
    return ""


def _dashes(raw: str) -> bool:
    return read_cell(raw).how == "blank"
