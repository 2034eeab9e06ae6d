"""Section 四: reviews and lawsuits, fifteen numbers under a header of three groups and five results."""

from __future__ import annotations

from typing import NamedTuple

from crawler.reference.measures import form_of
from pipelines.statistics.cellvalue import is_value, read_cell
from pipelines.statistics.grid import Cell, Grid, Place, Row
from pipelines.statistics.groups import group_before, group_of
from pipelines.statistics.labels import plain
from pipelines.statistics.shift import keeps_sum
from pipelines.statistics.stubs import count_of, years_of
from pipelines.statistics.tablefigures import OTHER_YEAR
from pipelines.statistics.textorder import groups_in_order
from pipelines.statistics.vocabulary import vocabulary


class Entry(NamedTuple):
    """One number: its code, the header's path as printed, the cell (None: it cannot be told), how it was found."""

    code: str
    label: str
    cell: Cell | None
    table: int
    method: str


_GROUP_WORDS = ("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉")
_COUNTED = 5
"""Cells from which on 1, 2, 3 … under a header are the numbers of its columns."""


def is_header(row: Row) -> bool:
    """True for a row that names at least two groups or results and holds no numbers."""
    named: set[str] = set()
    results = vocabulary().results
    for cell in row.printed:
        if is_value(cell.raw):
            return False
        text = plain(cell.raw)
        if text in results or text in _GROUP_WORDS or group_of(cell.raw):
            named.add(text)
    return len(named - {"总计", "合计"}) >= 2


class Reader:
    """Reads the rows of section 四; the tables it met, each with its numbers."""

    def __init__(self, year: int | None = None) -> None:
        self.year = year
        self.found: list[list[Entry]] = []
        self.tables: list[Grid] = []
        self.waiting: list[Row] = []
        """The header rows whose numbers have not come."""
        self._adrift = False
        """Numbers stood under results of no group: the lines between tables may be captions of the tables over them."""

    def read(self, grid: Grid, rows: list[Row]) -> None:
        """Read the rows of one table, or of that part of it that belongs to section 四."""
        self.tables.append(grid)
        header = self.waiting
        blank: list[Entry] = []
        stated: list[tuple[str, list[Entry]]] = []
        for row in rows:
            if is_header(row) or _is_group(row):
                if stated:
                    break
                header = [*header, row]
                continue
            if _numbers_columns(row):
                continue
            stub, read = self._numbers(grid, header, row)
            if (
                read
                and not any(entry.cell is None or entry.cell.raw for entry in read)
                and count_of(stub, self.year) != "now"
            ):
                blank = blank or read
            elif read:
                stated.append((stub, read))
            elif header and sum(is_value(cell.raw) for cell in row.printed) >= _COUNTED:
                self._adrift = True
        entries = self._settled(stated) or blank
        self.waiting = [] if entries else header
        if not entries:
            return
        codes = {entry.code for entry in entries}
        if self.found and codes.isdisjoint(entry.code for entry in self.found[-1]):
            self.found[-1] += entries  # a table for each group
        else:
            self.found.append(entries)

    def _settled(self, stated: list[tuple[str, list[Entry]]]) -> list[Entry]:
        """The numbers of the rows that state the same measures: those of the row that is called this year's; none where
        rows differ and none is, and where all are another year's or say how much it changed."""
        by_codes: dict[str, list[tuple[str, list[Entry]]]] = {}
        for stub, read in stated:
            code = next((code for code in by_codes if any(entry.code == code for entry in read)), read[0].code)
            by_codes.setdefault(code, []).append((count_of(stub, self.year), read))
        entries: list[Entry] = []
        for rows in by_codes.values():
            counted = [row for row in rows if row[0] == "now"] or [row for row in rows if row[0] != "change"]
            first = (counted or rows)[0][1]
            if not counted or any(_values(read) != _values(first) for _, read in counted):
                first = [entry._replace(cell=None, method="ambiguous") for entry in first]
            elif all(count == OTHER_YEAR for count, _ in counted):
                first = [entry._replace(method=OTHER_YEAR) for entry in first]
            entries += first
        return entries

    def _numbers(self, grid: Grid, header: list[Row], row: Row) -> tuple[str, list[Entry]]:
        """The words before the numbers of a row, and the numbers; none if it cannot be told whose they are."""
        cells = row.places
        before = list[str]()
        group = None
        results = [_path(header, column, None).result for column in range(max(map(len, header), default=0))]
        while cells and (first := cells[0].cell) is not None:
            beside = any(results) and not any(results[cells[0].start : cells[0].end])
            if not (beside if not first.raw or years_of(first.raw) else not _countable(first)):
                break
            before.append(first.raw)
            group, cells = group_of(first.raw) or group, cells[1:]
        stub = " ".join(before)
        if not cells or any(place.cell and place.cell.raw and not _countable(place.cell) for place in cells):
            return stub, []
        over = group or (None if self._adrift else group_before(grid.before))
        asked = [_path(header, column, over) for column in range(max(map(len, header), default=0))]
        paths = [asked[place.start] if place.start < len(asked) else _NOWHERE for place in cells]
        form = form_of("f2021")
        if (
            all(path.code for path in paths)
            and len(paths) == len({path.code for path in asked if path.code})
            and len({path.code for path in paths}) == len(paths)
        ):
            return stub, [
                Entry(path.code or "", path.words, place.cell, grid.number, "header")
                for path, place in zip(paths, cells, strict=True)
            ]
        order = [f"{one.code}_{result.code}" for one in form.groups for result in form.results]
        known = _is_in_order(grid, header, cells) if header else is_headless(grid) and _keep_sums(cells)
        if len(cells) == len(order) and known:
            return stub, [
                Entry(code, "", place.cell, grid.number, "position") for code, place in zip(order, cells, strict=True)
            ]
        if len(cells) > 3 and any(place.cell and place.cell.raw for place in cells):
            named = [path.code for path in paths if path.code]
            return stub, [Entry(code, "", None, grid.number, "ambiguous") for code in dict.fromkeys(named)]
        return stub, []


def _countable(cell: Cell) -> bool:
    return is_value(cell.raw) or any(sign.isdigit() for sign in cell.raw)


def _values(entries: list[Entry]) -> dict[str, float | None]:
    return {entry.code: read_cell(entry.cell.raw).value if entry.cell else None for entry in entries}


def _numbers_columns(row: Row) -> bool:
    """Whether a row counts the columns of a table: 1, 2, 3 and so on, words at most before them."""
    cells = row.printed
    while cells and not is_value(cells[0].raw):
        cells = cells[1:]
    return len(cells) >= _COUNTED and [cell.raw for cell in cells] == [str(at + 1) for at in range(len(cells))]


def _is_group(row: Row) -> bool:
    """A header row of one group: 行政诉讼 over all its columns."""
    texts = {plain(cell.raw) for cell in row if cell is not None and cell.raw}
    return bool(texts) and all(text in _GROUP_WORDS for text in texts)


class _Path(NamedTuple):
    """What the header cells above a column name together, and their words."""

    group: str | None
    result: str | None
    words: str

    @property
    def code(self) -> str | None:
        return f"{self.group}_{self.result}" if self.group and self.result else None


_NOWHERE = _Path(None, None, "")


def _path(header: list[Row], column: int, over: str | None) -> _Path:
    group, result, words = over, None, list[str]()
    seen: set[int] = set()
    for row in header:
        cell = row[column] if column < len(row) else None
        if cell is None or not cell.raw or id(cell) in seen:
            continue
        seen.add(id(cell))
        text = plain(cell.raw)
        group = group_of(cell.raw) or group
        result = vocabulary().results.get(text, result)
        words.append(cell.raw.replace("\n", ""))
    if group == "review" and any(plain(word) == "行政诉讼" for word in words):
        group = None
    return _Path(group, result, " / ".join(words))


def is_headless(grid: Grid) -> bool:
    """Whether a table is nothing but numbers, fifteen in a row, as where the header of section 四 is a picture."""
    form = form_of("f2021")
    lengths = [len(row.places) for row in grid.rows if row.printed]
    printed = [cell for row in grid.rows for cell in row.printed]
    return len(form.groups) * len(form.results) in lengths and all(is_value(cell.raw) for cell in printed)


def _keep_sums(cells: list[Place]) -> bool:
    """Whether in each group the last number is the sum of the others."""
    each = len(form_of("f2021").results)
    stated = [place.cell for place in cells]
    return all(keeps_sum(stated[at : at + each]) for at in range(0, len(stated), each))


def _is_in_order(grid: Grid, header: list[Row], cells: list[Place]) -> bool:
    """Whether so many cells stand in the form's order, by what their header and the lines before the table name."""
    if _contradicted(header, cells):
        return False
    named = any(_path(header, place.start, None).group for place in cells)
    return named or groups_in_order("\n".join(grid.before))


def _contradicted(header: list[Row], cells: list[Place]) -> bool:
    """Whether what stands above so many cells is not of the form's order: another result, another group's name."""
    form = form_of("f2021")
    wanted = [(group.code, result.code) for group in form.groups for result in form.results]
    for place, (group, result) in zip(cells, wanted, strict=False):
        path = _path(header, place.start, None)
        if path.result not in (None, result) or path.group not in (None, group):
            return True
    return False
