"""The lists of codes in the file, forms, measures and regions, as the program's data has them; the archive's name."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import astuple
from functools import cache
from itertools import chain

from crawler.archive.file.program import program_name
from crawler.archive.schema.figures import FORMER
from crawler.reference.codes import MeasureCode, measure_codes
from crawler.reference.measures import TABLE_FORMS, form_of
from crawler.reference.regions import RegionCode, region_codes, township_codes

FORM = 2
"""The form of the tables; what an archive of the first has is put over when it is opened for writing."""
_NARRATIVE = "narrative"
_NOW = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"


def _upsert(table: str, columns: str) -> str:
    """The statement that writes a row, or brings the one of the same code up to date."""
    names = columns.split(", ")
    return (
        f"insert into {table} ({columns}) values ({', '.join('?' * len(names))}) on conflict (code) do update"
        f" set {', '.join(f'{name} = excluded.{name}' for name in names)}"
    )


MEASURE_COLUMNS = (
    "code, item, applicant, forms, section, row, label_zh, label_en, unit, series, comparable, since, until, sums"
)
REGION_COLUMNS = "code, name, full_name, parent, level, valid_from, valid_to, former_names, predecessors, successors"
MEASURE, _REGION = _upsert("measures", MEASURE_COLUMNS), _upsert("regions", REGION_COLUMNS)


def is_filled(connection: sqlite3.Connection) -> bool:
    """Whether the lists are those of this program."""
    row = connection.execute("select program from archive").fetchone()
    return row is not None and row[0] == program_name()


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
        f"insert into archive select ?, ?, {_NOW}, ? where not exists (select 1 from archive)",
        (str(uuid.uuid4()), FORM, program_name()),
    )
    connection.execute("update archive set program = ?", (program_name(),))
    connection.execute(f"insert or ignore into programs (name, since) values (?, {_NOW})", (program_name(),))
    connection.executemany("insert or replace into forms values (?, ?, ?, ?)", _forms())
    connection.executemany(MEASURE, _measures())
    connection.executemany(_REGION, _regions())


def _forms() -> list[tuple[int, str, int | None, int | None]]:
    forms = ((number, form_of(name)) for number, name in enumerate(TABLE_FORMS, start=1))
    return [
        (0, _NARRATIVE, None, None),
        *((number, form.id, form.first_year, form.last_year) for number, form in forms),
    ]


_JSON = json.JSONEncoder(ensure_ascii=False)
_DEPTH = {"province": 0, "prefecture": 1, "county": 2, "township": 3}


@cache
def _measures() -> list[tuple[object, ...]]:
    return [_measure(measure) for measure in measure_codes()]


@cache
def _regions() -> list[tuple[object, ...]]:
    """Provinces first: a region refers to the one that it lies in."""
    return [_region(region) for region in sorted(region_codes(), key=lambda region: _DEPTH[region.level])]


def _measure(measure: MeasureCode) -> tuple[object, ...]:
    return tuple(json.dumps(value) if isinstance(value, tuple) else value for value in astuple(measure))


def _region(region: RegionCode) -> tuple[object, ...]:
    lists = (region.former_names, region.predecessors, region.successors)
    years = (region.valid_from, region.valid_to)
    texts = map(_JSON.encode, lists)
    return (region.code, region.name, region.full_name, region.parent, region.level, *years, *texts)


def fill_townships(connection: sqlite3.Connection, county: str) -> None:
    """Write the townships of a county, a report of one of which is here."""
    connection.executemany(_REGION, map(_region, township_codes(county)))


def failures(connection: sqlite3.Connection) -> Iterator[str]:
    """A sentence for each row of the lists that is not what the program's data say, and for each that lacks; of an
    archive that another version filled nothing is said."""
    if not is_filled(connection):
        return
    counties = {code[:6] for (code,) in connection.execute("select code from regions where level = 'township'")}
    townships = map(_region, chain.from_iterable(map(township_codes, sorted(counties))))
    lists = (
        ("measures", MEASURE_COLUMNS, _measures()),
        ("regions", REGION_COLUMNS, [*_regions(), *townships]),
    )
    for table, columns, rows in lists:
        held = {row[0]: tuple(row) for row in connection.execute(f"select {columns} from {table}")}
        for values in rows:
            if held.pop(values[0], None) != values:
                yield f"{table} row {values[0]} is not what this version's list says{_ADVICE}"
        for code in held:
            if connection.execute(_STRANGE[table], (code,)).fetchone() is None:
                yield f"{table} row {code} is in no list, and nothing refers to it{_ADVICE}"
    if [tuple(row) for row in connection.execute("select id, name, since, until from forms order by id")] != _forms():
        yield f"forms is not what this version's list says{_ADVICE}"


_ADVICE = "; `nianbao rebuild` writes the lists anew"
_STRANGE = {
    "measures": "select 1 from measures join figures on measure = measures.id where code = ? and section = ''",
    "regions": "select 1 from regions where code = ?1 and name in (select coalesce(region, region_code) from reports"
    " where region_code = ?1 union select region from expected where region_code = ?1)"
    " and (full_name, parent, level, valid_from, valid_to) is (null, null, null, null, null)"
    " and former_names || predecessors || successors = '[][][]'",
}
"""What is in no list, and has a reason to be here: a measure of another version, a region out of a profile."""
