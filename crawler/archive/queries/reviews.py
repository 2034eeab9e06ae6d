"""Reviews: what people who compared reports with their pages say of them."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from crawler.archive.queries.rows import Subject

REVIEWS = """select reviews.id, reviews.key, measure, verdict, note, who, reviews.at,
    not exists (select 1 from reviews as later where later.key = reviews.key and later.measure is reviews.measure
        and later.id > reviews.id) as stands,
    reports.id as report_id, reports.title, reports.organ, reports.region, reports.report_year, reports.url
    from reviews left join reports on reports.key = reviews.key"""
"""Every review with what its report says of itself, NULL where the report is not there any more. `stands`: 1 for the
last word on that report or figure, 0 where a later review speaks of the same."""


@dataclass(slots=True)
class Verdicts:
    """What stands of a report. `report`: the verdict on it as a whole, None for none; `doubted`: how many of its
    figures are disputed or wrong."""

    report: str | None = None
    doubted: int = 0


class Reviews(Subject):
    """Rows of `reviews`, the oldest first, each with `stands` and its report's `report_id`, `title`, `organ`, `region`,
    `report_year` and `url`, None where the report is not there any more."""

    def rows(self) -> list[dict[str, Any]]:
        """All of them."""
        return [dict(row) for row in self._execute(f"{REVIEWS} order by reviews.id")]

    def of_report(self, key: str) -> list[dict[str, Any]]:
        """Those of one report and its figures."""
        return [dict(row) for row in self._execute(f"{REVIEWS} where reviews.key = ? order by reviews.id", (key,))]

    def verdicts(self, keys: Collection[str]) -> dict[str, Verdicts]:
        """What stands of those of some reports that were reviewed, by key."""
        rows = self._execute(
            "select key, measure, verdict, max(id) from reviews where key in (select value from json_each(?))"
            " group by key, measure",
            (json.dumps([*keys]),),
        )
        standing: dict[str, Verdicts] = {}
        for key, measure, verdict, _ in rows:
            entry = standing.setdefault(key, Verdicts())
            if measure is None:
                entry.report = verdict
            else:
                entry.doubted += verdict != "checked"
        return standing
