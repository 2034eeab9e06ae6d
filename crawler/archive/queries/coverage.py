"""Coverage and panel: what should be there and is, and the measures of governments by region and year."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from crawler.archive.queries.rows import Subject, as_dict

_COVERAGE = "select coverage.*, (select key from reports where id = report_id) as key from coverage"
"""With the key of the report, NULL for none."""


class Coverage(Subject):
    """Rows of the view `coverage`, one a region and report year."""

    def rows(self, portals: Sequence[str] = (), years: range | None = None) -> Iterator[dict[str, Any]]:
        """By region and year; where any are named, those that one of these portals should have, and of these report
        years."""
        for row in map(as_dict, self._execute(f"{_COVERAGE} order by region_code, report_year")):
            if (not portals or set(portals) & set(row["portals"])) and (years is None or row["report_year"] in years):
                yield row

    def of_region(self, code: str) -> list[dict[str, Any]]:
        """Those of one region, by year."""
        return self.of_regions([code])

    def of_regions(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """Those of some regions, by region and year."""
        marks = ", ".join("?" * len(codes))
        rows = self._execute(
            f"{_COVERAGE} where region_code in ({marks}) order by region_code, report_year", tuple(codes)
        )
        return [as_dict(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many `reports`, `captures` and `statistics` there are in all."""
        return {
            table: int(self._execute(f"select count(*) from {table}").fetchone()[0])
            for table in ("reports", "captures", "statistics")
        }


class Panel(Subject):
    """Rows of the table `panel`, one a government's report, with a column for each measure."""

    def rows(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """Those of some regions, by year, then region."""
        marks = ", ".join("?" * len(codes))
        rows = self._execute(
            "select panel.*, (select key from reports where id = report_id) as key from panel"
            f" where region_code in ({marks}) order by report_year, region_code",
            tuple(codes),
        )
        return [dict(row) for row in rows]

    def at(self, places: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
        """Those of some regions and years, code and year each, in no order."""
        rows = self._execute(
            "select panel.*, (select key from reports where id = report_id) as key from json_each(?) as wanted"
            " cross join panel on panel.region_code = json_extract(wanted.value, '$[0]')"
            " and panel.report_year = json_extract(wanted.value, '$[1]')",
            (json.dumps(places),),
        )
        return [dict(row) for row in rows]

    def regions(self) -> dict[str, Any]:
        """Name by code of every region with a report, by code; of one that changed its name, the newest."""
        rows = self._execute(
            "select region_code, coalesce(region, region_code), max(report_year) from panel group by region_code"
        )
        return {code: name for code, name, _ in rows}
