"""Gaps that a backfill is to fill, as coverage has them by now."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from crawler.archive.archive import Archive
from crawler.archive.queries.reader import Reader
from crawler.records.ways import Years

_STATUSES = ("missing", "gone", "blocked")


def open_years(reader: Reader, portal: str, years: Years) -> frozenset[int]:
    """The report years among `years` of which coverage says that a report of the portal is missing."""
    rows = reader.coverage.rows([portal])
    return frozenset(row["report_year"] for row in rows if row["status"] in _STATUSES and row["report_year"] in years)


class Gaps:
    """The gaps that a backfill is after: one that is filled is none any more."""

    def __init__(self, archive: Path, years: Mapping[str, range] | None) -> None:
        """`years`: by portal those among which gaps are filled; None: it is after every report."""
        self._archive, self._years = archive, years
        self._open: dict[str, frozenset[int]] = {}

    def renew(self) -> None:
        """Look anew what is a gap by now."""
        self._open.clear()

    def before(self, portal: str, at: str) -> frozenset[int] | None:
        """The years of gaps that what was captured at a time may fill: those before it. None: every year is wanted."""
        if self._years is None:
            return None
        if portal not in self._open:
            with Archive.read(self._archive) as reader:
                self._open[portal] = open_years(reader, portal, self._years[portal])
        return frozenset(year for year in self._open[portal] if year < int(at[:4]))
