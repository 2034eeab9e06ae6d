"""Gaps that a backfill is to fill, as coverage has them by now."""

from __future__ import annotations

from crawler.archive.queries.reader import Reader
from crawler.records.ways import Years

_STATUSES = ("missing", "gone", "blocked")


def open_years(reader: Reader, portal: str, years: Years) -> frozenset[int]:
    """The report years among `years` of which coverage says that a report of the portal is missing."""
    rows = reader.coverage.rows([portal])
    return frozenset(row["report_year"] for row in rows if row["status"] in _STATUSES and row["report_year"] in years)
