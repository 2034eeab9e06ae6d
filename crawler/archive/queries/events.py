"""What runs found of reports: for `nianbao log`, the summary of a run and the feed."""

from __future__ import annotations

from typing import Any

from crawler.archive.queries.rows import Subject

_PLACED = """select events.id, events.run_id, events.at, events.kind, events.report_id, events.url, events.detail,
    reports.key, reports.title, reports.organ, reports.region, reports.report_year, captures.sha256,
    coalesce(portals.sample, 0) as sample
    from events left join reports on reports.id = events.report_id
    left join captures on captures.id = reports.capture_id
    left join portals on portals.id = reports.portal"""


class Events(Subject):
    """Rows of `events`, each with what its report says of itself now, its page's `sha256`, and whether it is made up
    (`sample`)."""

    def of_run(self, run_id: int) -> list[dict[str, Any]]:
        """What a run found, in the order of finding."""
        return [dict(row) for row in self._execute(f"{_PLACED} where events.run_id = ? order by events.id", (run_id,))]

    def newest(self, count: int) -> list[dict[str, Any]]:
        """The last events of the archive, newest first."""
        return [dict(row) for row in self._execute(f"{_PLACED} order by events.id desc limit ?", (count,))]
