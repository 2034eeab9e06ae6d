"""The tables of one archive as Parquet, as a store keeps them: those of `export parquet` that questions need, with the
numbers that a merge would give, and what tells which reports of several archives are one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from crawler.archive.exchange.columns import Column, Measures, Row, type_of
from crawler.archive.exchange.formats import PARQUET
from crawler.archive.exchange.tables import Table, tables_of
from crawler.archive.file.identity import hidden
from crawler.archive.merge.copies import free_in
from crawler.archive.merge.order import places
from crawler.archive.schema.mementos import REFUSING_NOW
from crawler.archive.schema.panel import MEASURES
from crawler.archive.write.panelrows import stated_of, values_of

EXPORTED = ("portals", "measures", "regions", "reports", "report_urls", "statistics", "checks", "expected")
"""Tables of `export parquet` that are kept."""
_NUMBER = Column("report_id", "integer", "the report")
CLAIMS = (
    _NUMBER,
    Column("who", "string", "its identity, the name of the organ hidden; NULL: it does not say"),
    Column("identity", "string", "its identity"),
    Column("founded_url", "string", "the address at which it was met first"),
    Column("lead_since", "string", "UTC, when it was first met at its leading address"),
    Column("via", "integer", "1: only a web archive has its leading address; 0: no"),
    Column("redacted", "integer", "1: what its leading address said was removed on a legal demand; 0: no"),
    Column("versions", "integer", "how many versions of it there are"),
)
WORDINGS = (
    _NUMBER,
    Column("squeezed_sha256", "string", "SHA-256 of a version's text without white space; NULL: it had none"),
)
MEASURED = (
    _NUMBER,
    *(
        Column(name, type_of("panel", name), f"as in `panel`: {measure.meaning}")
        for measure in MEASURES
        for name in (measure.name, f"{measure.name}_source")
    ),
)
REFUSALS = (
    Column("portal", "string", "the portal"),
    Column("host", "string", "a host that refused in its latest run"),
    Column("whole", "integer", "1: the portal refused as a whole; 0: no"),
)
ABSENCES = (Column("url", "string", "an address that led to nothing where a report was, or was to be"),)
NAMES = (*EXPORTED, "claims", "wordings", "measured", "refusals", "absences")
"""Every table of a generation."""

_CLAIMS = """
select reports.id, identity, founding.url, lead.first_seen_at,
    (select source from captures where id = lead.capture_id) is not null,
    reports.capture_id in (select capture_id from redacted_captures),
    (select count(*) from report_versions as every_version where every_version.report_id = reports.id)
from reports join report_versions as founding on founding.report_id = reports.id and founding.version = 1
left join report_urls as lead on lead.report_id = reports.id and lead.url = reports.url
order by reports.id
"""
_FIGURES = """
select reports.id, forms.name, measures.item, measures.applicant, figures.value
from reports left join figures on figures.report_id = reports.id
left join measures on measures.id = figures.measure left join forms on forms.id = figures.form
where organ_kind in ('government', 'government_office') and region_code is not null and report_year is not null
order by reports.id
"""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that captures and reports have among those of all archives, by the ones that they have in theirs."""

    captures: dict[int, int]
    reports: dict[int, int]

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Numbers:
        """Those of one archive."""
        merged = connection.execute("select 1 from sources limit 1").fetchone() is not None
        captures = {row["id"]: place for row, place in places(connection, merged)}
        reports: dict[int, int] = {}
        used: set[int] = set()
        for number, founder in connection.execute(
            "select report_id, capture_id from report_versions where version = 1 order by report_id"
        ):
            reports[number] = free_in(used, captures[founder])
            used.add(reports[number])
        return cls(captures, reports)

    def rows(self, table: Table, connection: sqlite3.Connection) -> Iterator[Row]:
        """The rows of an exported table with these numbers."""
        maps: list[dict[int, int] | None] = []
        for column in table.columns:
            if column.name == "report_id" or (table.name, column.name) == ("reports", "id"):
                maps.append(self.reports)
            else:
                maps.append(self.captures if column.name == "capture_id" else None)
        for row in table.rows(connection):
            yield tuple(
                value if numbers is None or value is None else numbers[value]
                for value, numbers in zip(row, maps, strict=True)
            )


def write_parts(connection: sqlite3.Connection, measures: Measures, folder: Path) -> dict[str, int]:
    """Write the tables of an archive into a folder, a file each; rows by table.

    What is made up comes, too: `panel` and `coverage` say so. The same archive gives the same bytes.
    """
    numbers = Numbers.of(connection)
    counts = {}
    for table in tables_of(connection, measures, with_sample=True):
        if table.name in EXPORTED:
            rows = numbers.rows(table, connection)
            counts[table.name] = PARQUET.write(table.columns, rows, _file(folder, table.name))
    for name, columns, rows in (
        ("claims", CLAIMS, _claims(connection, numbers)),
        ("wordings", WORDINGS, _wordings(connection, numbers)),
        ("measured", MEASURED, _measured(connection, numbers)),
        ("refusals", REFUSALS, _refusals(connection)),
        ("absences", ABSENCES, _plain(connection, "select url from absences order by url")),
    ):
        counts[name] = PARQUET.write(columns, rows, _file(folder, name))
    return counts


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.parquet"


def _plain(connection: sqlite3.Connection, query: str) -> Iterator[Row]:
    cursor = connection.cursor()
    cursor.row_factory = None
    yield from cursor.execute(query)


def _claims(connection: sqlite3.Connection, numbers: Numbers) -> Iterator[Row]:
    for number, who, *rest in _plain(connection, _CLAIMS):
        yield (numbers.reports[number], None if who is None else hidden(who), who, *rest)


def _wordings(connection: sqlite3.Connection, numbers: Numbers) -> Iterator[Row]:
    query = "select distinct report_id, squeezed_sha256 from report_versions order by 1, 2"
    for number, wording in _plain(connection, query):
        yield numbers.reports[number], wording


def _measured(connection: sqlite3.Connection, numbers: Numbers) -> Iterator[Row]:
    """A row for each report of a government: what it would give to `panel`."""
    before: int | None = None
    figures: list[Row] = []
    for number, *figure in chain(_plain(connection, _FIGURES), [(None,)]):
        if number != before:
            if before is not None:
                yield (numbers.reports[before], *values_of(stated_of(figures)))
            before, figures = number, []
        figures.append(tuple(figure))


def _refusals(connection: sqlite3.Connection) -> Iterator[Row]:
    yield from _plain(
        connection,
        f"with {REFUSING_NOW} select distinct portal, host, portal in (select portal from closed) from refusing"
        " order by 1, 2",
    )
