"""The checks of reports as narrow rows: a number for rule and subject, numbers for what is written as one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from crawler.archive.write.codes import Numbers

Row = tuple[int, str, str, bool | int | None, str | None, str | None]
"""Report, rule, subject, whether it holds, what was expected and what is said, as view `checks` has them."""
_INSERT = "insert or ignore into findings values (?, ?, ?, ?, ?)"
_LARGEST = 1 << 63
"""Above what SQLite holds as a whole number."""


def write(connection: sqlite3.Connection, numbers: Numbers, rows: Iterable[Row]) -> None:
    """Write checks within the caller's transaction; of a rule and subject that a report has, the first stays."""
    criterion = numbers.criterion
    connection.executemany(
        _INSERT,
        (
            (report_id, criterion(rule, subject), holds, _narrow(expected), _narrow(actual))
            for report_id, rule, subject, holds, expected, actual in rows
        ),
    )


def _narrow(said: str | None) -> str | int | None:
    """A number where it is written as SQLite writes it."""
    if said is None:
        return None
    try:
        number = int(said)
    except ValueError:
        return said
    return number if str(number) == said and -_LARGEST <= number < _LARGEST else said
