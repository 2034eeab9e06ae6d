"""The lists of codes in the file, forms, measures and regions, as the program's data has them; the archive's name."""

from __future__ import annotations

import json
import sqlite3
import uuid
from dataclasses import astuple
from datetime import UTC, datetime

import crawler
from crawler.archive.schema.figures import FORMER
from crawler.reference.codes import MeasureCode, measure_codes
from crawler.reference.measures import TABLE_FORMS, form_of
from crawler.reference.regions import RegionCode, region_codes, township_codes

FORM = 2
"""The form of the tables; what an archive of the first has is put over when it is opened for writing."""
_NARRATIVE = "narrative"


def _upsert(table: str, columns: str) -> str:
    """The statement that writes a row, or brings the one of the same code up to date."""
    names = columns.split(", ")
    return (
        f"insert into {table} ({columns}) values ({', '.join('?' * len(names))}) on conflict (code) do update"
        f" set {', '.join(f'{name} = excluded.{name}' for name in names)}"
    )


MEASURE = _upsert(
    "measures",
    "code, item, applicant, forms, section, row, label_zh, label_en, unit, series, comparable, since, until, sums",
)
_REGION = _upsert(
    "regions",
    "code, name, full_name, parent, level, valid_from, valid_to, former_names, predecessors, successors",
)


def is_filled(connection: sqlite3.Connection) -> bool:
    """Whether the lists are those of this program."""
    row = connection.execute("select program from archive").fetchone()
    return row is not None and row[0] == crawler.__version__


def is_former(connection: sqlite3.Connection) -> bool:
    """Whether an archive is between the two forms: crawler.archive.write.conversion has not come to its end."""
    marks = ", ".join("?" * len(FORMER))
    query = f"select 1 from sqlite_master where type = 'table' and name in ({marks})"
    if connection.execute(query, tuple(FORMER.values())).fetchone() is not None:
        return True
    return connection.execute("select 1 from reports where key is null").fetchone() is not None


def fill(connection: sqlite3.Connection) -> None:
    """Write the lists of forms, measures and regions as this program has them, and the archive's name if it has none.

    A measure keeps the number that it has in this file, whatever stands before it in the program's list.
    """
    connection.execute(
        "insert into archive select ?, ?, ?, ? where not exists (select 1 from archive)",
        (
            str(uuid.uuid4()),
            FORM,
            datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            crawler.__version__,
        ),
    )
    connection.execute("update archive set program = ?", (crawler.__version__,))
    forms: list[tuple[int, str, int | None, int | None]] = [(0, _NARRATIVE, None, None)]
    for number, name in enumerate(TABLE_FORMS, start=1):
        form = form_of(name)
        forms.append((number, name, form.first_year, form.last_year))
    connection.executemany("insert or replace into forms values (?, ?, ?, ?)", forms)
    connection.executemany(MEASURE, map(_measure, measure_codes()))
    # Provinces first: a region refers to the one that it lies in.
    connection.executemany(_REGION, map(_region, sorted(region_codes(), key=lambda region: _DEPTH[region.level])))


_DEPTH = {"province": 0, "prefecture": 1, "county": 2, "township": 3}


def _measure(measure: MeasureCode) -> tuple[object, ...]:
    return tuple(json.dumps(value) if isinstance(value, tuple) else value for value in astuple(measure))


def _region(region: RegionCode) -> tuple[object, ...]:
    lists = (region.former_names, region.predecessors, region.successors)
    years = (region.valid_from, region.valid_to)
    told = (json.dumps(names, ensure_ascii=False) for names in lists)
    return (region.code, region.name, region.full_name, region.parent, region.level, *years, *told)


def fill_townships(connection: sqlite3.Connection, county: str) -> None:
    """Write the townships of a county, a report of one of which is here."""
    connection.executemany(_REGION, map(_region, township_codes(county)))
