"""The tables of a release that are parted: texts by province, figures by report year."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from crawler.archive.exchange.tables import last_day
from crawler.archive.release.columns import EXTRA, KEY, REPORT, Holdings, Source, described, source
from crawler.archive.release.resource import Resource

FIRST_YEAR = 2008
"""The first report year (条例 2007 came into force on 1 May 2008); figures of none or of others stand in one file."""
NO_PROVINCE, OTHER_YEARS = "00", "other"


def texts(connection: sqlite3.Connection, held: Holdings) -> Iterator[Source]:
    """Texts of reports and of their files, a file a province."""
    names = dict(connection.execute("select substr(code, 1, 2), name from regions where level = 'province'").fetchall())
    province = "coalesce((select substr(code, 1, 2) from regions where level = 'province'"
    province += f" and code = substr(reports.region_code, 1, 2) || '0000'), '{NO_PROVINCE}')"
    query = f"select distinct {province} from {held.reports} as reports order by 1"
    for (code,) in connection.execute(query).fetchall():
        words = f"Texts of reports and of their attachments: {names.get(code, 'of no province')}."
        resource = Resource(f"texts-{code}", "texts", words, (KEY, EXTRA["document"], EXTRA["text"]),
                            ("key", "document"), refers=REPORT)  # fmt: skip
        yield source(
            resource,
            f"select key, 0, text from {held.reports} as reports where text is not null and {province} = ?1"
            " union all select reports.key, a.position + 1, a.text from attachments as a"
            f" join {held.reports} as reports on reports.id = a.report_id"
            f" where a.text is not null and {province} = ?1 order by 1, 2",
            code,
        )


def figures(connection: sqlite3.Connection, held: Holdings) -> Iterator[Source]:
    """Figures with their evidence, a file a report year."""
    figure = "position form code item applicant value raw unit evidence method"
    place = "region_code region report_year organ"
    columns = f"key {figure} " + " ".join(f"reports.{name}" for name in place.split())
    picked = ", ".join([f"s.{name}" for name in figure.split()] + [f"reports.{name}" for name in place.split()])
    last = int(last_day(connection)[:4])
    range_ = f"reports.report_year between {FIRST_YEAR} and {last}"
    query = f"select distinct iif({range_}, report_year, null) from {held.reports} as reports order by 1 is null, 1"
    for (year,) in connection.execute(query).fetchall():
        words = f"Figures, each with its evidence: of report year {year}." if year else "Figures of no or other years."
        name = f"statistics-{year or OTHER_YEARS}"
        resource = described(name, columns, "key position", "statistics", refers=REPORT, description=words)
        where = f"reports.report_year = {year}" if year else f"({range_}) is not true"
        yield source(
            replace(resource, table="statistics"),
            f"select reports.key, {picked} from {held.reports} as reports join statistics as s"
            f" on s.report_id = reports.id where {where} order by reports.key, s.position",
        )
