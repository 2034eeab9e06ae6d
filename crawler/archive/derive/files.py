"""Files of reports that are noted and were not fetched, or were fetched and belong to no report."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from crawler.records.problems import Problem
from crawler.words.counts import counted

_UNFETCHED = """select reports.url, count(*), min(attachments.url) from attachments
    join reports on reports.id = report_id
    where reports.portal is not null and (?1 is null or reports.portal = ?1) and gone_at is null
    and attachments.capture_id is null
    and not exists (select 1 from captures where captures.url = attachments.url)
    and not exists (select 1 from problems where problems.url = attachments.url)
    group by report_id order by report_id"""
_UNJOINED = """select captures.url, json_extract(trail, '$[#-2].url') from captures
    where portal is not null and (?1 is null or portal = ?1) and (?2 is null or run_id = ?2)
    and kind = 'attachment' and status = 200 and json_extract(context, '$.attached')
    and url not in (select joined.url from attachments join captures as joined on joined.id = attachments.capture_id)
    and url not in (select url from attachments) and id not in (select capture_id from redacted_captures)
    and exists (
        select 1 from captures as page where page.url = json_extract(captures.trail, '$[#-2].url')
        and page.kind = 'report' and page.id not in (select capture_id from redacted_captures)
    )
    and not exists (
        select 1 from captures as page where page.url = json_extract(captures.trail, '$[#-2].url')
        and page.id > captures.id
    )
    order by id"""
_NOTED = "select 1 from problems where kind = ? and url = ?"
_CUT_SHORT = """select 1 from reports join captures on captures.id = reports.capture_id
    join runs on runs.id = captures.last_run_id where reports.url = ? and (runs.status <> 'finished' or exists (
        select 1 from problems where run_id = runs.id and kind = 'budget_spent'))"""


def loose_files(
    connection: sqlite3.Connection, portal: str | None = None, run_id: int | None = None
) -> Iterator[Problem]:
    """A problem for each report with files that are noted and were never asked for, and for each file that was fetched
    for a report and is joined with none.

    `portal`, `run_id`: of these only. A file whose asking failed has a problem of its own. A page that came anew
    since then may have its file no more, and one that was redacted has none.
    """
    for url, count, first in connection.execute(_UNFETCHED, (portal,)).fetchall():
        yield Problem("file_not_fetched", url, f"{counted(count, 'file')} noted and not asked for, the first {first}")
    for url, page in connection.execute(_UNJOINED, (portal, run_id)).fetchall():
        yield Problem("file_not_joined", url, f"fetched for {page}, and no report has it among its files")


def silent_files(connection: sqlite3.Connection) -> Iterator[str]:
    """The loose files of which no run has told, in words; what a run that was cut short left, the next one asks for."""
    for problem in loose_files(connection):
        noted = connection.execute(_NOTED, (problem.kind, problem.url)).fetchone()
        if noted is None and connection.execute(_CUT_SHORT, (problem.url,)).fetchone() is None:
            yield f"{problem.url}: {problem.detail}"
