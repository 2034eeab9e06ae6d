"""Reports that one archive alone has: their rows as they are, by the numbers of this file; nothing is derived again."""

from __future__ import annotations

import sqlite3
from collections.abc import Container

from crawler.archive.merge.course import Course
from crawler.archive.merge.rows import insert, values
from crawler.archive.write import checkrows, index
from crawler.archive.write.codes import Numbers

_FIGURES = f"insert into figures values ({', '.join('?' * 17)})"
_CHAPTERS = "insert into chapters values (?, ?, ?, ?, ?, ?, ?)"


def free_number(target: sqlite3.Connection, capture_id: int) -> int:
    """The number of a report: that of the capture that founds it, or the next one free."""
    return free_in(_Reports(target), capture_id)


class _Reports:
    """The numbers of the reports of an archive."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __contains__(self, number: object) -> bool:
        return self._connection.execute("select 1 from reports where id = ?", (number,)).fetchone() is not None


def free_in(taken: Container[int], capture_id: int) -> int:
    """As `free_number`, among the numbers of reports that are `taken`."""
    number = capture_id
    while number in taken:
        number += 1
    return number


class Copies:
    """Copies reports out of the archive `source` into `target`, within the caller's transaction."""

    def __init__(self, target: sqlite3.Connection, source: sqlite3.Connection, course: Course) -> None:
        self._target, self._source, self._course = target, source, course
        self._numbers = Numbers(target)
        self._numbers.ready()
        self._forms: dict[int, str] = dict(map(tuple, source.execute("select id, name from forms")))
        self._codes: dict[int, str] = dict(map(tuple, source.execute("select id, code from measures")))
        self._methods: dict[int, str] = dict(map(tuple, source.execute("select id, name from methods")))

    def copy(self, there: int, founder: int) -> None:
        """Copy a report, by its number there; `founder`: the capture here that founds it."""
        row = self._source.execute("select * from reports where id = ?", (there,)).fetchone()
        here = self._course.reports[there] = free_number(self._target, founder)
        captures = self._course.captures
        insert(self._target, "reports", values(row, id=here, capture_id=captures[row["capture_id"]]))
        index.put(self._target, here, row["title"], row["text"])
        for table, order in (("report_urls", "rowid"), ("report_versions", "version"), ("attachments", "rowid")):
            for part in self._source.execute(f"select * from {table} where report_id = ? order by {order}", (there,)):
                capture_id = None if part["capture_id"] is None else captures[part["capture_id"]]
                insert(self._target, table, values(part, report_id=here, capture_id=capture_id))
        chapters = self._source.execute("select * from chapters where report_id = ?", (there,))
        self._target.executemany(_CHAPTERS, [(here, *tuple(part)[1:]) for part in chapters])
        checks = self._source.execute("select * from checks where report_id = ?", (there,))
        checkrows.write(self._target, self._numbers, ((here, *tuple(part)[1:]) for part in checks))
        self._target.executemany(_FIGURES, [self._figure(here, part) for part in self._source.execute(
            "select figures.*, row_label, column_label from figures left join labels on labels.id = labels"
            " where report_id = ? order by position", (there,)
        )])  # fmt: skip

    def _figure(self, here: int, part: sqlite3.Row) -> tuple[object, ...]:
        form = self._forms[part["form"]]
        code = None if part["measure"] is None else self._codes[part["measure"]]
        told = values(
            part,
            report_id=here,
            form=self._numbers.forms[form],
            measure=self._numbers.measure(code, form)[0],
            method=self._numbers.method(self._methods[part["method"]]),
            labels=self._numbers.labels(part["row_label"] or "", part["column_label"] or ""),
        )
        return tuple(told.values())[:-2]
