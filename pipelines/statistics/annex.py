"""The annex 《政府信息公开情况统计表》 of report years 2014 to 2018: a label, a unit and a number in each row."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from crawler.records.report import Figure
from crawler.reference.measures import form_of
from crawler.words.text import squeeze, years_in
from pipelines.statistics.cellvalue import is_value, read_cell
from pipelines.statistics.figures import MAX_COUNT, Found, evidence_of, figure_of, in_one
from pipelines.statistics.grid import Cell, Grid, Row
from pipelines.statistics.labels import nearest, plain

_LEAST = 5
"""A table with fewer rows of the form than this is no annex."""
_ALL_OF = re.compile(r"(?:合计|总计|总数|汇总)")
_SIGNED = re.compile("电话|日期|填报|审核|负责人|联系")
"""Rows under the table that say who filled it in."""
_LOCAL = re.compile(r"小计|其中|区直|县直|市直|乡镇|街道|部门|单位|镇街|本级")


class Words(NamedTuple):
    """The form's rows by plain label, each a measure with the measure it stands under, and by what is left of labels
    without the words that all share; heading words by role."""

    rows: dict[str, list[tuple[str, str | None]]]
    cores: dict[str, list[tuple[str, str | None]]]
    headings: dict[str, frozenset[str]]
    order: list[str]


@lru_cache(maxsize=1)
def _words() -> Words:
    form = form_of("f2014")
    rows: dict[str, list[tuple[str, str | None]]] = {}
    for row in form.annex:
        for name in dict.fromkeys(plain(name) for name in (row.label, *row.variants)):
            rows.setdefault(name, []).append((row.code, row.block))
    headings = {role: frozenset(plain(name) for name in names) for role, names in form.headings.items()}
    return Words(rows, _cores(rows), headings, [row.code for row in form.annex])


def _cores(rows: dict[str, list[tuple[str, str | None]]]) -> dict[str, list[tuple[str, str | None]]]:
    cores: dict[str, list[tuple[str, str | None]]] = {}
    for name, places in rows.items():
        found = cores.setdefault(_core(name), [])
        found += [place for place in places if place not in found]
    return {core: places for core, places in cores.items() if len({block for _, block in places}) == len(places)}


_SHARED = re.compile(r"主动公开|政府信息|信息公开|政府|政务|信息|公开|发布|通过|举办|举行|各类|工作|的|班")
_PUBLISHED = re.compile("公开|发布|信息|^[^一-鿿]*其中")
_COUNT = re.compile(r"总?(?:数量|数目|条数|(?<!文)件数|次数|个数|期数|数)$|(?<=.)总$")


def _core(name: str) -> str:
    """What tells a plain label from others where local tables word it anew: 网站 of 政府网站公开政府信息数.

    Nothing but its count (数, 总数) and the words that most labels hold is taken off, and never all of it.
    """
    core = _SHARED.sub("", _COUNT.sub("", name))
    return core if len(core) >= 2 else name


def _places(label: str) -> list[tuple[str, str | None]]:
    """The measures that a label as printed may name.

    What is published is told from what merely is (政府网站数, 规范性文件数) by a word for it, or as part of a whole.
    """
    words, text = _words(), plain(label)
    if (found := words.rows.get(text)) is not None:
        return found
    found = words.cores.get(_core(text), [])
    published = _PUBLISHED.search(label) is not None
    return [place for place in found if published or not place[0].startswith("disc_")]


def read_annex(found: Found, grid: Grid, year: int | None) -> bool:
    """Read a table if it is the annex, whole or a part of it; True if it was one.

    Its number column is found by the heading: the only one, else the one of the report's year or 统计数, else the
    total; columns of other years and 累计 never. Rows of no form are kept under no code, their label as printed.
    """
    if sum(any(_places(cell.raw) for cell in row.printed[:3]) for row in grid.rows) < _LEAST:
        return False
    labels = {number: _label(row) for number, row in enumerate(grid.rows)}
    known = {number for number, cell in labels.items() if cell is not None and _places(cell.raw)}
    if len(known) < _LEAST or len({plain(cell.raw) for n in known if (cell := labels[n])}) < _LEAST:
        return False
    column, heading, method = _number_column(grid, known, year)
    if column is None:
        found.problem("table_unread", f"table {grid.number}: {method}")
    _rows(found, grid, labels, column, heading, method)
    return True


def _label(row: Row) -> Cell | None:
    """The cell that says what a row is about: the last before the unit and the numbers that has words."""
    units = _words().headings["unit"]
    best: Cell | None = None
    for place in row.places[:5]:
        cell = place.cell
        if cell is None or not cell.raw:
            continue
        text = plain(cell.raw)
        if _places(cell.raw):
            return cell
        if text in _UNITS or text in units or (is_value(cell.raw) and best is not None):
            break
        if not is_value(cell.raw):
            best = cell
    return best


_UNITS = frozenset(
    {"件", "条", "次", "篇", "个", "人", "人次", "万元", "元", "份", "家", "场", "期", "宗", "项", "件次"}
)


def _number_column(grid: Grid, known: set[int], year: int | None) -> tuple[int | None, str, str]:
    """The field of the numbers, its heading, and the method; or None, "" and what is wrong."""
    words = _words().headings
    first = min(known)
    width = max(len(row) for row in grid.rows)
    last_label = 0
    numeric = [0] * width
    for number in known:
        label = _label(grid.rows[number])
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


def _rows(
    found: Found, grid: Grid, labels: dict[int, Cell | None], column: int | None, heading: str, method: str
) -> None:
    words = _words()
    block: str | None = None
    seen: set[str] = {figure.code for figure in found.figures if figure.code and figure.form == "f2014"}
    begun = False
    for number, row in enumerate(grid.rows):
        label = labels[number]
        if label is None:
            continue
        text = plain(label.raw)
        code = _code(label.raw, block)
        if code is None and begun:
            open_ = {name: own for name in words.rows if (own := _code(name, block)) is not None and own not in seen}
            code = nearest(text, open_)
            if code is not None and code.startswith("disc_via_") and not _PUBLISHED.search(label.raw):
                code = None
        if code in ("review_total", "suit_total"):
            block = code
        begun = begun or code is not None
        if not begun:
            continue
        cell = row[column] if column is not None and column < len(row) else None
        if cell is label:
            cell = None
        if code is None:
            _local(found, grid, row, label, cell, heading, method)
            continue
        if cell is not None and not cell.raw and _is_heading_row(row, label):
            continue
        if code in seen:
            found.problem("table_unread", f"table {grid.number}: «{in_one(label.raw)}» stands twice")
            continue
        seen.add(code)
        if cell is None:
            evidence = f"table {grid.number}, row {number + 1} «{in_one(label.raw)}»"
            found.figures.append(figure_of(found, "f2014", code, None, evidence, "ambiguous"))
            continue
        evidence = evidence_of(grid.number, Cell(cell.raw, number + 1, cell.column, 1, 1), in_one(label.raw), heading)
        found.figures.append(figure_of(found, "f2014", code, cell.raw, evidence, method, _unit(row)))


def _is_heading_row(row: Row, label: Cell) -> bool:
    """A caption across the table: the label is all there is."""
    return len(row.places) == 1


def _unit(row: Row) -> str | None:
    return next((text for cell in row if cell is not None and (text := squeeze(cell.raw)) in _UNITS), None)


def _code(label: str, block: str | None) -> str | None:
    rows = _places(label)
    if not rows:
        return None
    inside = [code for code, under in rows if under == block and under is not None]
    free = [code for code, under in rows if under is None]
    if inside:
        return inside[0]
    return free[0] if len(free) == 1 else None


def _local(found: Found, grid: Grid, row: Row, label: Cell, cell: Cell | None, heading: str, method: str) -> None:
    """A row that the form does not have: kept verbatim under no code, unless it is a heading or a footer."""
    if cell is None or _SIGNED.search(label.raw):
        return
    said = read_cell(cell.raw)
    if said.value is None:
        return
    name = in_one(label.raw)
    evidence = evidence_of(grid.number, cell, name, heading)
    unit = said.unit or _unit(row)
    value = said.value if 0 <= said.value < MAX_COUNT else None
    if value is None:
        found.problem("figure_implausible", f"«{name}»: {evidence}")
        method += ", implausible"
    found.figures.append(Figure("f2014", None, name, None, value, in_one(cell.raw), unit, evidence, method))
