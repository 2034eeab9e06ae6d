"""Puts an archive of the first form over into the second, some reports at a time: whenever it ends, the next goes on.

Nothing is read again: a figure's place is in the words that the first form kept of it, and where these say it
otherwise they are kept. Reports without a key are those that wait.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from crawler.archive.file import seals
from crawler.archive.file.codes import is_former
from crawler.archive.schema.figures import FORMER, PLANNING
from crawler.archive.write import panelrows
from crawler.archive.write.figurerows import FigureRows
from crawler.archive.write.keys import new_key
from crawler.records.report import Attachment, Figure, Place
from crawler.words.chapters import read_sections
from crawler.words.location import locate

_A_STEP = 200
"""Reports between two commits."""
_CELL = re.compile(
    r"(?:attachment «(?P<name>.*?)», )?(?:(?P<page>(?!table \d)[^«»]*?(?:«[^»]*»)?), )?table (?P<table>\d+)"
    r"(?:, row (?P<row>\d+))?(?: «(?P<row_label>.*?)»)?"
    r"(?:, column(?: (?P<column>\d+))?(?: «(?P<column_label>.*?)»)?)?(?:: «(?P<raw>.*)»)?",
    re.DOTALL,
)


def convert(connection: sqlite3.Connection) -> None:
    """Put over what is left of the first form. Each step is committed or has no trace."""
    if not is_former(connection):
        return
    rows = FigureRows(connection)
    while _waits(connection):
        with _transaction(connection, rows):
            _step(connection, rows)
    panelrows.refresh(connection, partial(_transaction, connection, rows))
    with _transaction(connection, rows):
        for former in FORMER.values():
            connection.execute(f"drop table if exists {former}")
        for statement in PLANNING:
            connection.execute(statement)
        seals.renew_statistics(connection)


@contextmanager
def _transaction(connection: sqlite3.Connection, rows: FigureRows) -> Iterator[None]:
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk ends it by itself
            connection.execute("rollback")
        rows.numbers.forget()
        raise
    connection.execute("commit")


def _waits(connection: sqlite3.Connection) -> bool:
    return connection.execute("select 1 from reports where key is null").fetchone() is not None


def _step(connection: sqlite3.Connection, rows: FigureRows) -> None:
    """Put over some reports."""
    waiting = connection.execute(
        "select id, identity, portal, url, text from reports where key is null order by id limit ?", (_A_STEP,)
    ).fetchall()
    for report_id, who, portal, url, text in waiting:
        founded = connection.execute(
            "select url from report_versions where report_id = ? and version = 1", (report_id,)
        ).fetchone()
        key = new_key(connection, who, portal, url if founded is None else founded[0])
        connection.execute("update reports set key = ? where id = ?", (key, report_id))
        files = [
            Attachment(*row)
            for row in connection.execute(
                "select url, label, media_type, text from attachments where report_id = ? order by position",
                (report_id,),
            )
        ]
        figures = _figures(connection, report_id, files)
        locate(figures, text, {file.url: file.text for file in reversed(files)})
        rows.write(report_id, figures, read_sections(text.split("\n")) if text else [], text, files)
        for former in FORMER.values():
            if connection.execute("select 1 from sqlite_master where name = ?", (former,)).fetchone():
                connection.execute(f"delete from {former} where report_id = ?", (report_id,))


def _figures(connection: sqlite3.Connection, report_id: int, files: Sequence[Attachment]) -> list[Figure]:
    former = FORMER["statistics"]
    if connection.execute("select 1 from sqlite_master where name = ?", (former,)).fetchone() is None:
        return []
    names = {file.label or file.url: file.url for file in reversed(files)}
    return [
        Figure(form, code, item, applicant, value, raw, unit, place_in(evidence, raw, names), method)
        for form, code, item, applicant, value, raw, unit, evidence, method in connection.execute(
            "select form, code, item, applicant, value, raw, unit, evidence, method"
            f" from {former} where report_id = ? order by position",
            (report_id,),
        )
    ]


def place_in(evidence: str, raw: str | None, names: Mapping[str, str]) -> Place:
    """The place that the words of the first form name, `names`: addresses of a report's files by their labels; the
    words themselves where they name none, or one that cannot be told."""
    match = _CELL.fullmatch(evidence)
    if match is None:
        return Place(evidence)
    number = {name: None if match[name] is None else int(match[name]) for name in ("table", "row", "column")}
    name = match["name"]
    place = Place(
        None, number["table"], number["row"], number["column"], match["row_label"] or "", match["column_label"] or "",
        match["page"] or "", None if name is None else names.get(name), name or "",
    )  # fmt: skip
    return place if place.in_words(raw) == evidence else Place(evidence)
