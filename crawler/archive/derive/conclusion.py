"""What only the whole shows, after all captures: the address that speaks for a report, its files, checks over years.

A crawl that ends, an import and a rebuild make it alike; where a run died, or is under way, it is not made yet.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext

from crawler.archive.derive.attachments import note_changes, show_attached
from crawler.archive.derive.years import check_across_years
from crawler.archive.file.captures import Derive, Whole, pages_again
from crawler.archive.write import panelrows
from crawler.archive.write.placement import Placing
from crawler.archive.write.reportrows import Seen
from crawler.archive.write.writer import FileChanged

_NOT_SHOWN = (
    "select reports.id, report_urls.capture_id from reports join report_urls"
    " on report_urls.report_id = reports.id and report_urls.url = reports.url"
    " where report_urls.capture_id <> reports.capture_id"
    " and report_urls.capture_id not in (select capture_id from redacted_captures) order by reports.id"
)
"""Reports whose lead passed to another address after its page had its place. A tombstone shows nothing."""


def conclude(
    connection: sqlite3.Connection,
    placing: Placing,
    derive: Derive,
    run: tuple[int, FileChanged] | None = None,
    *,
    whole: Whole = nullcontext,
    years: bool = True,
) -> None:
    """Make what only the whole shows: addresses that were left, leads, files, checks over years.

    `run`: the run that ends, by which files may have changed, and whom to tell of it; None: a rebuild, which has noted
    that between its runs. `years`: the checks over years are made anew, whether or not `placing` wrote figures. Within
    the caller's transaction, or in as many as `whole` gives. Raises ArchiveError where a body is damaged.
    """
    with whole():
        placing.left(None if run is None else run[0])
    show_leads(connection, placing, derive, whole)
    if run is not None:
        run_id, changed = run
        for report_id, url, at in note_changes(connection, placing, derive, run_id, whole):
            changed(report_id, url, at)
    show_attached(connection, placing, derive, whole)
    if years or placing.rows.wrote_figures:
        with whole():
            check_across_years(connection)
    panelrows.refresh(connection, whole)


def is_unsettled(connection: sqlite3.Connection, run_id: int) -> bool:
    """Whether runs before this one, which has written nothing yet, may have left figures that were not checked over
    years: one since the last that finished was broken off or interrupted, and had met any page by then."""
    (finished,) = connection.execute(
        "select coalesce(max(id), 0) from runs where id < ? and status = 'finished'", (run_id,)
    ).fetchone()
    between = connection.execute("select 1 from runs where id > ? and id < ?", (finished, run_id)).fetchone()
    if between is None:
        return False
    # Whatever a run does begins with a page, and every page that it stores or sees again is marked as met by it.
    met = connection.execute("select 1 from captures where last_run_id > ? limit 1", (finished,)).fetchone()
    return met is not None


def show_leads(connection: sqlite3.Connection, placing: Placing, derive: Derive, whole: Whole = nullcontext) -> None:
    """Let each report show what its leading address says, where the lead has passed to another one."""
    for report_id, capture_id in connection.execute(_NOT_SHOWN).fetchall():
        for row, page in pages_again(connection, derive, [capture_id]):
            seen = Seen(row["id"], row["fetched_at"], row["last_seen_at"], row["run_id"])
            if page.kind != "report":
                continue  # not read (crawler.archive.write.deaths)
            with whole():
                placing.show(report_id, page, seen)
