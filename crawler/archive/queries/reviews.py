"""Reviews: what people who compared reports with their pages say of them."""

from __future__ import annotations

from typing import Any

from crawler.archive.queries.rows import Subject

REVIEWS = """select reviews.id, reviews.key, measure, verdict, note, who, reviews.at,
    not exists (select 1 from reviews as later where later.key = reviews.key and later.measure is reviews.measure
        and later.id > reviews.id) as stands,
    reports.id as report_id, reports.title, reports.organ, reports.region, reports.report_year, reports.url
    from reviews left join reports on reports.key = reviews.key"""
"""Every review with what its report says of itself, NULL where the report is not there any more. `stands`: 1 for the
last word on that report or figure, 0 where a later review speaks of the same."""


class Reviews(Subject):
    """Rows of `reviews`, the oldest first, each with `stands` and its report's `report_id`, `title`, `organ`, `region`,
    `report_year` and `url`, None where the report is not there any more."""

    def rows(self) -> list[dict[str, Any]]:
        """All of them."""
        return [dict(row) for row in self._execute(f"{REVIEWS} order by reviews.id")]

    def of_report(self, key: str) -> list[dict[str, Any]]:
        """Those of one report and its figures."""
        return [dict(row) for row in self._execute(f"{REVIEWS} where reviews.key = ? order by reviews.id", (key,))]
