"""What was handed to web archives for keeping, and what is to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crawler.archive.queries.rows import Subject
from crawler.records.capture import RENDERED
from crawler.records.submissions import Submission

_COLUMNS = "source, portal, url, at, outcome, status, memento, memento_at, job, detail"
_PAGES = f"""select portal, key, iif(url like '%{RENDERED}', substr(url, 1, length(url) - {len(RENDERED)}), url) as url,
    (select max(observed_at) from report_versions where report_id = reports.id) as changed_at, 0 as place
    from reports where gone_at is null
    and portal not in (select id from portals where sample)
    and capture_id in (select id from captures where source is null)
    and capture_id not in (select capture_id from redacted_captures)"""
"""Reports that stand at their portals today; not those of which only a web archive has a page, nor redacted ones."""
_FILES = f"""select page.portal, page.key, attachments.url, page.changed_at, 1
    from ({_PAGES}) as page join reports on reports.key = page.key
    join attachments on attachments.report_id = reports.id
    join captures on captures.id = attachments.capture_id
    where captures.source is null and captures.status = 200
    and captures.id not in (select capture_id from redacted_captures)"""
_DUE = f"""with page as ({_PAGES}), wanted as (select * from page union all {_FILES}),
    subject as (
        select portal, url, max(changed_at) as changed_at, min(place) as place from wanted
        where changed_at >= ?2 group by url
    ),
    latest as (
        select *, max(at) from submissions where source = ?1 group by url
    )
    select subject.portal, subject.url, latest.outcome, latest.at from subject
    left join latest on latest.url = subject.url and latest.at >= subject.changed_at
    where (?3 = '[]' or subject.portal in (select value from json_each(?3)))
    and (latest.url is null or latest.outcome = 'failed')
    order by latest.at is not null, latest.at, subject.changed_at, subject.place, subject.url"""
"""What was never handed in since it last changed, oldest first; then what failed, the longest ago first."""


class Submissions(Subject):
    """Rows of `submissions`."""

    def due(self, source: str, portals: str, since: str) -> list[tuple[str, str]]:
        """Portal and address of each page and file of a report that is to be handed to a web archive: it is new, it
        changed, or the web archive could not take it. `portals`: a JSON list of ids, all where it is empty. `since`: a
        day or time (ISO); only reports that are new or changed from then on."""
        return [tuple(row)[:2] for row in self._execute(_DUE, (source, since, portals))]

    def pending(self, source: str, portals: str) -> list[Submission]:
        """Those that a web archive was at work on when it was last asked."""
        rows = self._execute(
            f"select {_COLUMNS} from submissions where source = ?1 and outcome = 'pending'"
            " and (?2 = '[]' or portal in (select value from json_each(?2))) order by id",
            (source, portals),
        )
        return [Submission(*row) for row in rows]

    def of(self, urls: Sequence[str]) -> list[dict[str, Any]]:
        """The latest row of each web archive about each of these addresses."""
        places = ", ".join("?" * len(urls))
        rows = self._execute(
            f"select {_COLUMNS}, max(at) from submissions where url in ({places}) group by url, source"
            " order by at desc, source, url",
            tuple(urls),
        )
        return [{name: row[name] for name in _COLUMNS.split(", ")} for row in rows]
