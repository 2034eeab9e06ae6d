"""Questions over the tables of many archives, in SQL, by DuckDB: read-only, and nothing else is in reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from crawler.archive.corpus.parts import NAMES
from crawler.archive.corpus.union import Claim, United, unite
from crawler.archive.corpus.views import TABLES, views
from crawler.archive.corpus.years import DIGITS
from crawler.records.errors import NianbaoError, QueryError
from crawler.words.installation import install_line

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 1_000
"""Rows of an answer that are held at a time."""
_SETTINGS = (
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "enable_external_access = false",
    "lock_configuration = true",
)
"""Of all files those of the store's current tables are left, and a SELECT can but read them."""
_SHARED = """
with place as (
    select url, holder from parts.report_urls union all select url, holder from parts.absences
),
parted as (
    select url from place group by url having count(distinct holder) > 1
),
shared as (
    select who from parts.claims where who is not null group by who having count(distinct holder) > 1
),
claimed as (
    select key from parts.reports group by key having count(distinct holder) > 1
),
missed as (
    select distinct part.holder, part.report_id from parts.report_urls as part
    join parts.absences as absent on absent.url = part.url and absent.holder <> part.holder
),
addresses as (
    select holder, report_id, list(url) as urls from parts.report_urls where url in (from parted) group by all
),
wording as (
    select holder, report_id, list(squeezed_sha256) as wordings from parts.wordings group by all
)
select claims.holder, claims.report_id, who, identity, key, portal, founded_url, lead_since, via, redacted, versions,
    text_sha256 is null, first_seen_at, last_seen_at, gone_at, missed.report_id is not null, wordings, urls
from parts.claims as claims
join parts.reports as reports on reports.holder = claims.holder and reports.id = claims.report_id
join wording on wording.holder = claims.holder and wording.report_id = claims.report_id
left join addresses on addresses.holder = claims.holder and addresses.report_id = claims.report_id
left join missed on missed.holder = claims.holder and missed.report_id = claims.report_id
where who in (from shared) or key in (from claimed) or urls is not null
"""
_UNITED = {
    "holder": "varchar", "number": "bigint", "report": "bigint", "key": "varchar", "leads": "boolean",
    "first_seen_at": "varchar", "last_seen_at": "varchar", "gone_at": "varchar",
}  # fmt: skip
"""Columns of parts.united."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Names and types (of DuckDB) of the columns, and the rows, one after another."""

    columns: Sequence[tuple[str, str]]
    rows: Iterator[tuple[Any, ...]]


class Corpus:
    """The archives as one. Made by `open`; closed at the end of a `with`. Needs the extra `query`.

    `doubtful`: keys of reports whose place among others takes a merge to be sure.
    """

    def __init__(self, connection: DuckDBPyConnection, doubtful: list[str]) -> None:
        self._connection, self.doubtful = connection, doubtful

    @classmethod
    def open(cls, holders: Mapping[str, Mapping[str, Path]], scratch: Path) -> Self:
        """Over the tables of each archive, files by name; each in …/HOLDER/GENERATION/TABLE.parquet.

        `scratch`: a folder for what does not fit into memory. Raises NianbaoError.
        """
        try:
            import duckdb
        except ImportError as error:
            raise NianbaoError(f"questions over a store need duckdb; `{install_line('query')}` installs it") from error
        connection = duckdb.connect(":memory:")
        with _said(connection):
            connection.execute("create schema parts")
            for name in NAMES:
                files = ", ".join(_quoted(str(tables[name])) for tables in holders.values())
                connection.execute(
                    f"create view parts.{name} as select split_part(filename, '/', -3) as holder, * exclude (filename)"
                    f" from read_parquet([{files}], filename = true, union_by_name = true)"
                )
            columns = ", ".join(f"{name} {kind}" for name, kind in _UNITED.items())
            connection.execute(f"create table parts.united ({columns})")
            connection.execute(DIGITS)
            doubtful = _fill(connection)
            for name, query in views(datetime.now(UTC).date().isoformat()):
                connection.execute(f"create {'table' if name in TABLES else 'view'} {name} as {query}")
            paths = [str(path) for tables in holders.values() for path in tables.values()]
            connection.execute(f"set temp_directory = {_quoted(str(scratch))}")
            connection.execute(f"set allowed_paths = [{', '.join(map(_quoted, paths))}]")
            for setting in _SETTINGS:
                connection.execute(f"set {setting}")
        return cls(connection, doubtful)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def ask(self, sql: str) -> Answer:
        """The answer to one SELECT. Raises QueryError for anything else, and for what DuckDB says against it."""
        import duckdb

        with _said(self._connection):
            statements = duckdb.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise QueryError("the question is no single SELECT; expected one statement that reads")
            cursor = self._connection.execute(statements[0])
            columns = [(column[0], str(column[1])) for column in cursor.description or ()]
        return Answer(columns, self._rows())

    def reports(self, columns: Sequence[str], numbers: Sequence[int] | None = None) -> Iterator[tuple[Any, ...]]:
        """These columns of all reports, or of those with such `numbers`, one after another. Raises QueryError."""
        query = f"select {', '.join(columns)} from reports"
        with _said(self._connection):
            if numbers is not None:
                self._connection.execute(
                    "create or replace temp table wanted as select unnest($1::bigint[]) as number", [numbers]
                )
                query += " where id in (select number from wanted)"
            self._connection.execute(query)
        yield from self._rows()

    def united(self) -> dict[tuple[str, int], tuple[int, bool]]:
        """Of the reports that several archives have, by holder and the number there: the number that the report has,
        and whether its words are that archive's."""
        query = "select holder, number, report, leads from parts.united"
        with _said(self._connection):
            rows = self._connection.execute(query).fetchall()
        return {(holder, number): (report, leads) for holder, number, report, leads in rows}

    def samples(self) -> list[str]:
        """Ids of the portals whose reports are made up."""
        with _said(self._connection):
            return [
                row[0] for row in self._connection.execute("select id from portals where sample order by id").fetchall()
            ]

    def _rows(self) -> Iterator[tuple[Any, ...]]:
        while True:
            with _said(self._connection):
                rows = self._connection.fetchmany(_AT_ONCE)
            if not rows:
                return
            yield from rows


@contextmanager
def _said(connection: DuckDBPyConnection) -> Iterator[None]:
    """Let errors of DuckDB be QueryError, one sentence."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        words = re.sub(r"\s+", " ", str(error).partition("\n\nLINE")[0]).strip()
        raise QueryError(f"the question cannot be answered: {words[:500]}") from error


def _fill(connection: DuckDBPyConnection) -> list[str]:
    """Note which reports of several archives are one; keys of those that are doubtful."""
    claims = []
    names = [field.name for field in fields(Claim)]
    for row in connection.execute(_SHARED).fetchall():
        values = dict(zip(names, row, strict=True))
        values |= {"wordings": frozenset(values["wordings"]), "urls": frozenset(values["urls"] or ())}
        claims.append(Claim(**values))
    reports = unite(claims)
    rows = [row for report in reports for row in _rows(report)]
    if rows:
        # By columns: DuckDB takes half a millisecond for each statement.
        lists = ", ".join(f"unnest(${number}::{kind}[])" for number, kind in enumerate(_UNITED.values(), 1))
        connection.execute(
            f"insert into parts.united select {lists}", [list(column) for column in zip(*rows, strict=True)]
        )
    return sorted(report.key for report in reports if report.doubtful)


def _rows(report: United) -> Iterator[tuple[Any, ...]]:
    first = min(claim.first_seen_at for claim in report.members)
    last = max(claim.last_seen_at for claim in report.members)
    lead = report.lead
    for claim in report.members:
        yield (
            claim.holder, claim.number, report.founder.number, report.key, claim is lead, first, last, report.gone_at,
        )  # fmt: skip


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
