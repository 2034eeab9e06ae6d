"""Section 四: reviews and lawsuits, fifteen numbers under a header of three groups and five results."""

from __future__ import annotations

from typing import NamedTuple

from crawler.reference.measures import form_of
from pipelines.statistics.cellvalue import is_value
from pipelines.statistics.grid import Cell, Grid, Place, Row
from pipelines.statistics.labels import plain
from pipelines.statistics.vocabulary import vocabulary


class Entry(NamedTuple):
    """One number: its code, the header's path as printed, the cell (None: it cannot be told), how it was found."""

    code: str
    label: str
    cell: Cell | None
    table: int
    method: str


_GROUP_WORDS = ("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉")


def group_of(text: str) -> str | None:
    """The group that a plain header or a line before a table names."""
    known = vocabulary().groups.get(text)
    if known is not None:
        return known
    if "未经" in text and "直接起诉" in text:
        return "suit_direct"
    return "suit_after_review" if "复议后起诉" in text and "未经" not in text else None


def is_header(row: Row) -> bool:
    """True for a row that names at least two groups or results and holds no numbers."""
    named: set[str] = set()
    results = vocabulary().results
    for cell in row.printed:
        if is_value(cell.raw):
            return False
        text = plain(cell.raw)
        if text in results or text in _GROUP_WORDS or group_of(text):
            named.add(text)
    return len(named - {"总计", "合计"}) >= 2


class Reader:
    """Reads the rows of section 四; the tables it met, each with its numbers."""

    def __init__(self) -> None:
        self.found: list[list[Entry]] = []
        self.tables: list[Grid] = []
        self.waiting: list[Row] = []
        """The header rows whose numbers have not come."""

    def read(self, grid: Grid, rows: list[Row]) -> None:
        """Read the rows of one table, or of that part of it that belongs to section 四."""
        self.tables.append(grid)
        header = self.waiting
        blank: list[Entry] = []
        entries: list[Entry] = []
        for row in rows:
            if is_header(row) or _is_group(row):
                if entries:
                    break
                header = [*header, row]
                continue
            read = self._numbers(grid, header, row)
            if read and not any(entry.cell is None or entry.cell.raw for entry in read):
                blank = blank or read
            elif read and not entries:
                entries = read
            elif read and {entry.code for entry in read}.isdisjoint(entry.code for entry in entries):
                entries += read
        entries = entries or blank
        self.waiting = [] if entries else header
        if not entries:
            return
        codes = {entry.code for entry in entries}
        if self.found and codes.isdisjoint(entry.code for entry in self.found[-1]):
            self.found[-1] += entries  # a table for each group
        else:
            self.found.append(entries)

    def _numbers(self, grid: Grid, header: list[Row], row: Row) -> list[Entry]:
        cells = row.places
        group = None
        results = [_path(header, column, None).result for column in range(max(map(len, header), default=0))]
        while cells and (first := cells[0].cell) is not None:
            stub = any(results) and not any(results[cells[0].start : cells[0].end])
            if not (stub if not first.raw else not _countable(first)):
                break
            group, cells = group_of(plain(first.raw)) or group, cells[1:]
        if not cells or any(place.cell and place.cell.raw and not _countable(place.cell) for place in cells):
            return []
        over = group or next((known for line in reversed(grid.before) if (known := group_of(plain(line)))), None)
        asked = [_path(header, column, over) for column in range(max(map(len, header), default=0))]
        paths = [asked[place.start] if place.start < len(asked) else _NOWHERE for place in cells]
        form = form_of("f2021")
        if (
            all(path.code for path in paths)
            and len(paths) == len({path.code for path in asked if path.code})
            and len({path.code for path in paths}) == len(paths)
        ):
            return [
                Entry(path.code or "", path.words, place.cell, grid.number, "header")
                for path, place in zip(paths, cells, strict=True)
            ]
        order = [f"{one.code}_{result.code}" for one in form.groups for result in form.results]
        if len(cells) == len(order) and header and not _contradicted(header, cells):
            return [
                Entry(code, "", place.cell, grid.number, "position") for code, place in zip(order, cells, strict=True)
            ]
        if len(cells) > 3 and any(place.cell and place.cell.raw for place in cells):
            named = [path.code for path in paths if path.code]
            return [Entry(code, "", None, grid.number, "ambiguous") for code in dict.fromkeys(named)]
        return []


def _countable(cell: Cell) -> bool:
    return is_value(cell.raw) or any(sign.isdigit() for sign in cell.raw)


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
        group = group_of(text) or group
        result = vocabulary().results.get(text, result)
        words.append(cell.raw.replace("\n", ""))
    if group == "review" and any(plain(word) == "行政诉讼" for word in words):
        group = None
    return _Path(group, result, " / ".join(words))


def _contradicted(header: list[Row], cells: list[Place]) -> bool:
    """Whether what stands above fifteen cells is not of the form's order: another result, another group's name."""
    form = form_of("f2021")
    wanted = [(group.code, result.code) for group in form.groups for result in form.results]
    for place, (group, result) in zip(cells, wanted, strict=True):
        path = _path(header, place.start, None)
        named = {plain(word) for word in path.words.split(" / ")}
        if path.result not in (None, result):
            return True
        if path.group not in (None, group) and not (path.group == "suit_direct" and "行政诉讼" in named):
            return True
    return False
