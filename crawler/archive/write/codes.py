"""By what numbers figures and checks refer to the lists of codes in the file."""

from __future__ import annotations

import json
import sqlite3

from crawler.archive.file.codes import MEASURE
from crawler.reference.methods import SENTENCE_METHODS, TABLE_METHODS

_MEANINGS = TABLE_METHODS | SENTENCE_METHODS
_MOST_LABELS = 50_000
"""Labels remembered by their numbers; more are asked of the file again."""


class Numbers:
    """By what numbers figures and checks refer to forms, measures, methods, labels and criteria of this file; new ones
    are written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute
        self.forms: dict[str, int] = {}
        self.measures: dict[str, tuple[int, str | None]] = {}
        """By code the number and the unit."""
        self._methods: dict[str, int] = {}
        self._labels: dict[tuple[str, str], int] = {}
        self._criteria: dict[tuple[str, str], int] = {}

    def ready(self) -> None:
        """Ask the file for its numbers, if that was not done since `forget`."""
        if not self.forms:
            self.forms = {name: number for number, name in self._execute("select id, name from forms")}
            rows = self._execute("select code, id, unit from measures")
            self.measures = {code: (number, unit) for code, number, unit in rows}

    def forget(self) -> None:
        """Know nothing any more: what was written may have been undone."""
        self.forms, self.measures = {}, {}
        self._methods.clear()
        self._labels.clear()
        self._criteria.clear()

    def measure(self, code: str | None, form: str) -> tuple[int | None, str | None]:
        """Number and unit of a measure by its code; one of another version of the program is written as it is."""
        if code is None:
            return None, None
        measure = self.measures.get(code)
        if measure is None:
            item, _, applicant = code.partition("__")
            row = (
                code, item, applicant or None, json.dumps([form]), "", 0, code, code, None, code, "other", None, None,
                "[]",
            )  # fmt: skip
            number = self._execute(MEASURE, row).lastrowid
            assert number is not None
            measure = self.measures[code] = number, None
        return measure

    def method(self, name: str) -> int:
        """The number of a method by its name; what follows a comma qualifies it."""
        number = self._methods.get(name)
        if number is None:
            number = self._number("methods", ("name",), (name,), ("meaning", _meaning(name)))
            self._methods[name] = number
        return number

    def labels(self, row: str, column: str) -> int | None:
        """The number of a pair of labels; None where both are empty."""
        if not row and not column:
            return None
        number = self._labels.get((row, column))
        if number is None:
            if len(self._labels) >= _MOST_LABELS:
                self._labels.clear()
            number = self._number("labels", ("row_label", "column_label"), (row, column))
            self._labels[row, column] = number
        return number

    def criterion(self, rule: str, subject: str) -> int:
        """The number of a rule with what it is applied to."""
        number = self._criteria.get((rule, subject))
        if number is None:
            number = self._number("criteria", ("rule", "subject"), (rule, subject))
            self._criteria[rule, subject] = number
        return number

    def _number(
        self, table: str, key: tuple[str, ...], values: tuple[str, ...], more: tuple[str, str | None] | None = None
    ) -> int:
        where = " and ".join(f"{name} = ?" for name in key)
        row = self._execute(f"select id from {table} where {where}", values).fetchone()
        if row is not None:
            return int(row[0])
        names, words = (key, values) if more is None else ((*key, more[0]), (*values, more[1]))
        marks = ", ".join("?" * len(names))
        number = self._execute(f"insert into {table} ({', '.join(names)}) values ({marks})", words).lastrowid
        assert number is not None
        return number


def _meaning(method: str) -> str | None:
    """What a method's name means, as docs/codebook.md has it; None for a name that no rule gives."""
    return _MEANINGS.get(method) or _MEANINGS.get(method.partition(",")[0])
