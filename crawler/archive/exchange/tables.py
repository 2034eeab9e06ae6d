"""Which tables are exported, with their columns, types and order: one list for every format.

Nothing here depends on the clock, so the same archive gives the same bytes: the view `coverage`, whose «not due»
passes, is that of the day on which the archive last saw a page.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.archive.exchange.columns import PLACE, Column, Measures, Row, type_of
from crawler.archive.exchange.wide import wide_columns, wide_rows
from crawler.archive.schema.comments import COMMENTS
from crawler.archive.schema.mementos import coverage_on
from crawler.archive.schema.panel import MEASURES
from crawler.archive.write.samples import holdings


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
            reports = f"(select id as report_id, * from reports where {self.where})"
            yield from wide_rows(connection, reports, self.columns, _WIDE_HEAD)
            return
        names = ", ".join(f"{self.name}.{column.name}" for column in self.columns)
        order = ", ".join(self.key)
        if self.name == "statistics":
            place = "reports.region_code, reports.region, reports.report_year, reports.organ"
            names = ", ".join(f"statistics.{column.name}" for column in self.columns[:-4])
            query = f"select {names}, {place} from statistics join reports on reports.id = report_id"
        elif self.name == "coverage":
            query = f"select {names} from ({coverage_on(last_day(connection))}) as coverage"
        else:
            query = f"select {names} from {self.source}"
        query += f" where {self.where} order by {order}"
        cursor = connection.cursor()
        cursor.row_factory = None
        yield from cursor.execute(query)


def last_day(connection: sqlite3.Connection) -> str:
    """The ISO date on which the archive last saw a page: the day that its files are of, whenever they are written.

    Of an archive without a page the first that there is, on which nothing is due.
    """
    (day,) = connection.execute("select date(max(last_seen_at)) from captures").fetchone()
    return day or "0001-01-01"


def _table(name: str, columns: str, key: str, refers: tuple[tuple[str, str, str], ...] = ()) -> Table:
    described = tuple(
        Column(column, type_of(name, column), COMMENTS[name].get(column, "")) for column in columns.split()
    )
    return Table(name, COMMENTS[name][""], described, tuple(key.split()), refers, name)


_REPORT = (("report_id", "reports", "id"),)
_WIDE_HEAD = (
    Column("report_id", "integer", COMMENTS["statistics"]["report_id"]),
    *PLACE,
    Column("form", "string", COMMENTS["reports"]["form"]),
)
_REAL = "(portal is null or portal not in (select id from portals where sample))"
"""The one condition that leaves out what is made up."""
_REAL_BY = {
    "portals": "not sample",
    "reviews": "key not in (select key from reports where key is not null and portal in"
    " (select id from portals where sample))",
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
            statistics.name, statistics.description, statistics.columns + PLACE, statistics.key, _REPORT, "statistics"
        ),
        Table(
            "statistics_wide",
            "The figures of `statistics` that have a value, one row a report; text__… is what the text says.",
            _WIDE_HEAD + wide_columns(measures),
            ("report_id",),
            _REPORT,
        ),
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
        _table(
            "coverage",
            "portal region_code region report_year status report_id published_on days_late portals conflict sample"
            " redacted",
            "region_code report_year",
            _REPORT,
        ),
        _table("reviews", "id key measure verdict note who at", "id"),
    )
