"""Which tables are exported, with their columns, types and order: one list for every format.

Nothing here depends on the clock, so the same archive gives the same bytes: the view `coverage`, whose «not due»
passes, is left out for the table `expected` that it is made of.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from crawler.archive.schema.comments import COMMENTS
from crawler.archive.schema.panel import MEASURES
from crawler.archive.write.samples import holdings

Type = Literal["integer", "number", "string", "date", "json"]

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `description`: a sentence of `crawler.archive.schema.comments`, or the label of a measure."""

    name: str
    type: Type
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key`: what tells its rows apart, and their order; `refers`: (column, other table, its column)."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: tuple[tuple[str, str, str], ...] = ()
    source: str | None = None
    """The table or view of the archive; None for the wide table."""
    where: str = "true"
    """Which rows, in SQL over the source, or for the wide table over `reports`."""

    def rows(self, connection: sqlite3.Connection) -> Iterator[Row]:
        """The rows, as SQLite holds them, one after another."""
        if self.source is None:
            yield from _wide(connection, self)
            return
        names = ", ".join(f"{self.source}.{column.name}" for column in self.columns)
        order = ", ".join(self.key)
        if self.name == "statistics":
            place = "reports.region_code, reports.region, reports.report_year, reports.organ"
            names = ", ".join(f"statistics.{column.name}" for column in self.columns[:-4])
            query = f"select {names}, {place} from statistics join reports on reports.id = report_id"
        else:
            query = f"select {names} from {self.source}"
        query += f" where {self.where} order by {order}"
        cursor = connection.cursor()
        cursor.row_factory = None
        yield from cursor.execute(query)


_INTEGERS = frozenset(
    {
        "id", "report_id", "capture_id", "run_id", "version", "position", "level", "length", "report_year", "holds",
        "days_late", "status", "conflict", "sample", "redaction_id", "row", "since", "until", "valid_from", "valid_to",
    }
)  # fmt: skip
_WORDS = {("portals", "id"), ("regions", "level")}
"""Columns of such a name that hold words."""
_DATES = frozenset({"published_on", "signed_on", "due_on"})
_JSON = {
    "reports": frozenset({"breadcrumb", "trail", "evidence"}),
    "measures": frozenset({"forms", "sums"}),
    "regions": frozenset({"former_names", "predecessors", "successors"}),
}


def _table(name: str, columns: str, key: str, refers: tuple[tuple[str, str, str], ...] = ()) -> Table:
    described = tuple(Column(column, _type(name, column), COMMENTS[name].get(column, "")) for column in columns.split())
    return Table(name, COMMENTS[name][""], described, tuple(key.split()), refers, name)


def _type(table: str, column: str) -> Type:
    if column in _INTEGERS and (table, column) not in _WORDS:
        return "integer"
    if column in _DATES:
        return "date"
    if column in _JSON.get(table, ()):
        return "json"
    return "number" if column == "value" or (table == "panel" and column in _MEASURES) else "string"


_MEASURES = frozenset(measure.name for measure in MEASURES)
_REPORT = (("report_id", "reports", "id"),)
_PLACE = tuple(
    Column(name, _type("reports", name), COMMENTS["reports"][name])
    for name in ("region_code", "region", "report_year", "organ")
)


Measures = Sequence[tuple[str, str]]
"""Code and label of the measures of all forms; the archive itself knows none."""


_REAL = "(portal is null or portal not in (select id from portals where sample))"
"""The one condition that leaves out what is made up."""
_REAL_BY = {
    "portals": "not sample",
    "redacted_captures": f"capture_id in (select id from captures where {_REAL})",
    "statistics": "(reports.portal is null or reports.portal not in (select id from portals where sample))",
}


def tables_of(connection: sqlite3.Connection, measures: Measures, with_sample: bool) -> tuple[Table, ...]:
    """Every table of an archive; beside what is real without what is made up, unless `with_sample`."""
    every = tables(measures)
    return every if with_sample or not holdings(connection).mixed else tuple(map(_real, every))


def _real(table: Table) -> Table:
    """A table without the rows of made-up portals, for an archive that holds real ones, too."""
    names = {column.name for column in table.columns}
    if table.name in _REAL_BY:
        return replace(table, where=_REAL_BY[table.name])
    if table.source is None or "portal" in names:
        return replace(table, where=_REAL)
    if "report_id" in names:
        return replace(table, where=f"report_id in (select id from reports where {_REAL})")
    return table


def tables(measures: Measures) -> tuple[Table, ...]:
    """Every table, those that others refer to first."""
    statistics = _table(
        "statistics", "report_id position form code item applicant value raw unit evidence method",
        "report_id position", _REPORT,
    )  # fmt: skip
    panel = "report_id portal region_code region report_year organ url published_on"
    panel += "".join(f" {measure.name} {measure.name}_source" for measure in MEASURES)
    panel += " conflict sample break"
    return (
        _table("portals", "id sample", "id"),
        _table(
            "measures",
            "code item applicant forms section row label_zh label_en unit series comparable since until sums",
            "code",
        ),
        _table(
            "regions",
            "code name full_name parent level valid_from valid_to former_names predecessors successors",
            "code",
            (("parent", "regions", "code"),),
        ),
        _table("captures", "id run_id portal url fetched_at status content_type length sha256 kind last_seen_at", "id"),
        _table(
            "reports",
            "id key portal url title organ organ_kind region_code region report_year published_on signed_on source"
            " index_no doc_no breadcrumb trail form text text_sha256 first_seen_at last_seen_at gone_at capture_id"
            " evidence",
            "id",
            (("capture_id", "captures", "id"),),
        ),
        _table("report_urls", "report_id url first_seen_at last_seen_at gone_at capture_id", "report_id url", _REPORT),
        _table(
            "report_versions", "report_id version capture_id text_sha256 observed_at url", "report_id version", _REPORT
        ),
        _table("attachments", "report_id url label media_type capture_id text", "report_id url", _REPORT),
        Table(
            statistics.name, statistics.description, statistics.columns + _PLACE, statistics.key, _REPORT, "statistics"
        ),
        _wide_table(measures),
        _table("checks", "report_id rule subject holds expected actual", "report_id rule subject", _REPORT),
        _table("panel", panel, "region_code report_year report_id", _REPORT),
        _table("redactions", "id sha256 length reason rule at copy_of lifted_at lifted_reason", "id"),
        _table(
            "redacted_captures",
            "capture_id redaction_id organ_kind region_code report_year",
            "capture_id",
            (("capture_id", "captures", "id"), ("redaction_id", "redactions", "id")),
        ),
        _table("expected", "portal region_code region report_year due_on", "portal region_code report_year"),
    )


def _wide_table(measures: Measures) -> Table:
    """One row a report, one column a measure; the columns follow from the forms, not from what the archive holds."""
    head = (
        Column("report_id", "integer", COMMENTS["statistics"]["report_id"]),
        *_PLACE,
        Column("form", "string", COMMENTS["reports"]["form"]),
    )
    wide = tuple(Column(name, "number", label) for name, label in measures)
    words = "The figures of `statistics` that have a value, one row a report; text__… is what the text says."
    return Table("statistics_wide", words, head + wide, ("report_id",), _REPORT)


def _wide(connection: sqlite3.Connection, table: Table) -> Iterator[Row]:
    places = {column.name: number for number, column in enumerate(table.columns)}
    heads = connection.cursor()
    heads.row_factory = None
    rows = connection.cursor()
    rows.row_factory = None
    figures = groupby(
        rows.execute("select report_id, form, code, value from statistics where code is not null order by report_id"),
        key=itemgetter(0),
    )
    waiting = next(figures, None)
    query = f"select id, region_code, region, report_year, organ, form from reports where {table.where} order by id"
    for head in heads.execute(query):
        row: list[Any] = [*head, *[None] * (len(table.columns) - len(head))]
        while waiting is not None and waiting[0] <= head[0]:
            for report_id, form, code, value in waiting[1]:
                place = places.get(f"text__{code}" if form == "narrative" else code)
                if place is not None and report_id == head[0]:
                    row[place] = value
            waiting = next(figures, None)
        yield tuple(row)


def plain(value: Any, kind: Type) -> Any:
    """A value as JSON has it: what a JSON column holds, and a whole number without a point."""
    if value is None:
        return None
    if kind == "json":
        return json.loads(value)
    return int(value) if kind == "number" and isinstance(value, float) and value.is_integer() else value
