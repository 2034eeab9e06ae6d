"""Where in the text each figure stands: its cell, or its sentence, as offsets.

A text has a table row on a line, its cells apart by tabs, so a row and column of a table are a line and a cell of it.
Rows are told by all their figures together, and tables by all their rows: a lonely 0 stands everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from crawler.records.report import Figure
from crawler.words.text import unspaced

_MOST_BEGINNINGS = 400
"""Lines of a text that are tried as the first of a table; with more rows than that a text is no report's."""


class _Line:
    """A row of a table as the text has it: `at`, where it begins, from 0; its cells, and these without white space."""

    __slots__ = ("at", "block", "cells", "keys")

    def __init__(self, at: int, block: int, words: str) -> None:
        self.at, self.block = at, block
        self.cells = words.split("\t")
        self.keys = self.cells if " " not in words else [unspaced(cell) for cell in self.cells]

    def span(self, column: int) -> tuple[int, int]:
        """Start, from 1, and length of a cell by its number from 1; of all of the row where it has no such cell."""
        if not 0 < column <= len(self.cells):
            return self.at + 1, sum(map(len, self.cells)) + len(self.cells) - 1
        before = sum(map(len, self.cells[: column - 1])) + column - 1
        return self.at + before + 1, len(self.cells[column - 1])


class _Row:
    """The figures of a row of a table, and what is printed in its cells."""

    __slots__ = ("figures", "number", "wanted")

    def __init__(self, number: int, figures: list[Figure]) -> None:
        self.number, self.figures = number, figures
        self.wanted = [((figure.place.column or 1) - 1, unspaced(figure.raw or "")) for figure in figures]

    def stands_in(self, line: _Line) -> bool:
        """Whether a line has all these cells."""
        keys, width = line.keys, len(line.keys)
        return all(column < width and keys[column] == words for column, words in self.wanted)


def locate(figures: Iterable[Figure], text: str | None, files: Mapping[str, str | None]) -> None:
    """Fill `start` and `length` of a report's figures, as far as they stand in its text or in that of their file, of
    which `files` has the words by address."""
    for file, group in groupby(figures, key=lambda figure: figure.place.file):
        words = text if file is None else files.get(file)
        if words:
            of_file = list(group)
            _sentences(words, (figure for figure in of_file if figure.place.words is not None))
            _cells(words, [figure for figure in of_file if figure.place.row is not None])


def _sentences(text: str, figures: Iterable[Figure]) -> None:
    for figure in figures:
        words = figure.place.words or ""
        at = text.find(words)
        if at < 0:  # several sentences that do not agree: the first of them
            words = words.partition("\n")[0]
            at = text.find(words)
        if at >= 0 and words:
            figure.start, figure.length = at + 1, len(words)


def _lines(text: str) -> Iterator[_Line]:
    at = block = 0
    for words in text.split("\n"):
        if "\t" in words:
            yield _Line(at, block, words)
        else:
            block += 1
        at += len(words) + 1


def _cells(text: str, figures: list[Figure]) -> None:
    lines = list(_lines(text))
    if not lines:
        return
    by_table: dict[int, dict[int, list[Figure]]] = {}
    for figure in figures:
        by_table.setdefault(figure.place.table or 0, {}).setdefault(figure.place.row or 0, []).append(figure)
    begin = 0
    for _, table in sorted(by_table.items()):
        rows = [_Row(number, of_row) for number, of_row in sorted(table.items())]
        places = _table(rows, lines, begin)
        for row, place in zip(rows, places, strict=True):
            if place is not None:
                begin = max(begin, place + 1)
                for figure in row.figures:
                    figure.start, figure.length = lines[place].span(figure.place.column or 0)


def _table(rows: Sequence[_Row], lines: Sequence[_Line], begin: int) -> list[int | None]:
    """The line of each row of a table, of which no line comes before `begin`; None for a row that stands nowhere.

    Of all lines that have the first row, that from which on most rows follow.
    """
    best: list[int | None] = [None] * len(rows)
    most = tried = 0
    for first, row in enumerate(rows):
        if len(rows) - first <= most:
            break
        for at in range(begin, len(lines)):
            if not row.stands_in(lines[at]):
                continue
            tried += 1
            places = [None] * first + _rows_from(rows[first:], lines, at)
            count = sum(place is not None for place in places)
            if count > most:
                best, most = places, count
            if count == len(rows) - first or tried >= _MOST_BEGINNINGS:
                return best
    return best


def _rows_from(rows: Sequence[_Row], lines: Sequence[_Line], at: int) -> list[int | None]:
    """The lines of rows, the first of which stands at `at`; the rows of one table follow each other without words
    between them, and a row without any cell has no line."""
    places: list[int | None] = [at]
    last, number = at, rows[0].number
    for row in rows[1:]:
        end = min(last + row.number - number, len(lines) - 1)
        # From the farthest: where no row is left out, that is its line.
        place = next(
            (
                line
                for line in range(end, last, -1)
                if lines[line].block == lines[at].block and row.stands_in(lines[line])
            ),
            None,
        )
        places.append(place)
        if place is not None:
            last, number = place, row.number
    return places
