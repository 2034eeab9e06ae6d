"""The figures and chapters of a report as narrow rows: numbers of codes, places, words only where no text has them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.archive.write.codes import Numbers
from crawler.records.report import Attachment, Figure, Place, Section

_INSERT = f"insert into figures values ({', '.join('?' * 17)})"
_NUMBERED = re.compile("page ([1-9][0-9]{0,8})")


class FigureRows:
    """Writes figures and chapters over one connection, inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._executemany = connection.executemany
        self.numbers = Numbers(connection)

    def write(
        self,
        report_id: int,
        figures: Sequence[Figure],
        sections: Sequence[Section],
        text: str | None,
        files: Sequence[Attachment],
    ) -> None:
        """Write those of a report that has none: `text` is the report's, `files` its attachments in order."""
        self.numbers.ready()
        documents: dict[str, int] = {}
        for number, file in enumerate(files):
            documents.setdefault(file.url, number)
        rows, measures = [], set()
        for at, figure in enumerate(figures):
            values = self._values(figure, text or "", documents)
            form, measure = values[:2]
            if measure is None or (form, measure) not in measures:  # what is said twice stands once
                rows.append((report_id, at, *values))
            measures.add((form, measure))
        self._executemany(_INSERT, rows)
        self._executemany(
            "insert into chapters values (?, ?, ?, ?, ?, ?, ?)",
            [
                (report_id, part.position, part.level, *_heading(part, text or ""), part.start, part.length)
                for part in sections
            ],
        )

    def _values(self, figure: Figure, text: str, documents: Mapping[str, int]) -> tuple[Any, ...]:
        place, value = figure.place, figure.value
        measure, unit = self.numbers.measure(figure.code, figure.form)
        return (
            self.numbers.forms[figure.form],
            measure,
            value,
            _raw(value, figure.raw),
            figure.unit if figure.unit != unit else None,
            self.numbers.method(figure.method),
            None if place.file is None else documents.get(place.file),
            _page(place.page),
            place.table if place.words is None else None,
            place.row,
            place.column,
            self.numbers.labels(*_labels(figure, place)),
            figure.start,
            figure.length,
            _words(figure, text),
        )


def _heading(part: Section, text: str) -> tuple[str | None, int | None]:
    """The heading where the text does not have it one character before the words under it, else its length."""
    words, end = part.heading, part.start - 2
    if words and len(words) <= end and text[end - len(words) : end] == words:
        return None, len(words)
    return words, None


def _labels(figure: Figure, place: Place) -> tuple[str, str]:
    """The labels as printed; a figure without a code is called by its row's."""
    return (place.row_label or (figure.item if figure.code is None else "")), place.column_label


def _raw(value: float | None, raw: str | None) -> str | None:
    """See crawler.archive.schema.figures.RAW."""
    if value is None:
        return raw
    if raw is None:
        return ""
    return None if raw == str(value) and isinstance(value, int) else raw


def _page(page: str) -> int | str | None:
    number = _NUMBERED.fullmatch(page)
    return int(number[1]) if number else page or None


def _words(figure: Figure, text: str) -> str | None:
    """The sentence where the text does not have it at its place."""
    words = figure.place.words
    if words is None or figure.start is None or figure.length is None:
        return words
    return None if words == text[figure.start - 1 : figure.start - 1 + figure.length] else words
