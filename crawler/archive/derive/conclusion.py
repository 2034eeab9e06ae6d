"""What only the whole shows, after all captures: the address that speaks for a report, its files, checks over years.

A crawl that ends, an import and a rebuild make it alike; where a run died, or is under way, it is not made yet.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import nullcontext

from crawler.archive.derive.attachments import note_changes, show_attached
from crawler.archive.derive.years import check_across_years
from crawler.archive.file.captures import Derive, Whole, newest_first, pages_again
from crawler.archive.file.identity import Fingerprint
from crawler.archive.write import derivations, panelrows
from crawler.archive.write.placement import Placing
from crawler.archive.write.reportrows import Seen
from crawler.archive.write.writer import FileChanged
from crawler.records.page import Page

_NOT_SHOWN = (
    "select reports.id, report_urls.capture_id from reports join report_urls"
    " on report_urls.report_id = reports.id and report_urls.url = reports.url"
    " where report_urls.capture_id <> reports.capture_id"
    " and report_urls.capture_id not in (select capture_id from redacted_captures){} order by reports.id"
)
"""Reports whose lead passed to another address after its page had its place. A tombstone shows nothing."""
_SILENT = _NOT_SHOWN.replace("report_urls.capture_id not in", "report_urls.capture_id in").replace(
    "select reports.id, report_urls.capture_id", "select reports.id, reports.capture_id"
)
"""Reports at whose leading address a tombstone stands, and the captures that they show, which are others."""
_AMONG = " and reports.id in (select value from json_each(?))"
_READABLE = (
    "select id from captures as stood where kind = 'report'"
    " and url in (select url from report_urls where report_id = ?)"
    f" and id not in (select capture_id from redacted_captures) order by {newest_first('stood')}"
)
"""The captures at a report's addresses of which words are left, the newest first; one page may have shown several
reports."""


def conclude(
    connection: sqlite3.Connection,
    placement: Placing,
    derive: Derive,
    run: tuple[int, FileChanged] | None = None,
    *,
    whole: Whole = nullcontext,
    years: bool = True,
    reports: frozenset[int] | None = None,
) -> None:
    """Make what only the whole shows: addresses that were left, leads, files, checks over years.

    `reports`: of these alone, and without checks over years, which the caller makes.

    `run`: the run that ends, by which files may have changed, and whom to tell of it; None: a rebuild, which has noted
    that between its runs. `years`: the checks over years are made anew, whether or not `placing` wrote figures. Within
    the caller's transaction, or in as many as `whole` gives. Raises ArchiveError where a body is damaged.
    """
    with whole():
        placement.addresses.left(None if run is None else run[0], reports)
    show_leads(connection, placement, derive, whole, reports)
    if run is not None:
        run_id, changed = run
        for report_id, url, at in note_changes(connection, placement, derive, run_id, whole):
            changed(report_id, url, at)
    show_attached(connection, placement, derive, whole, reports)
    if reports is not None:
        return
    if years or placement.rows.wrote_figures:
        with whole():
            check_across_years(connection)
    panelrows.refresh(connection, whole)
    with whole():
        derivations.tally(connection, placement.rows.written)
    placement.rows.written.clear()


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


def show_leads(
    connection: sqlite3.Connection,
    placement: Placing,
    derive: Derive,
    whole: Whole = nullcontext,
    reports: frozenset[int] | None = None,
) -> None:
    """Let each report show what its leading address says, where the lead has passed to another one; where that says
    nothing, the newest that is left of it. Which of its addresses led when is not kept: a rebuild could not tell."""
    among, listed = ("", ()) if reports is None else (_AMONG, (json.dumps(sorted(reports)),))
    for report_id, capture_id in connection.execute(_NOT_SHOWN.format(among), listed).fetchall():
        _show(connection, placement, derive, whole, (report_id, capture_id))
    for report_id, shown in connection.execute(_SILENT.format(among), listed).fetchall():
        for (capture_id,) in connection.execute(_READABLE, (report_id,)).fetchall():
            place = (report_id, capture_id)
            if capture_id == shown or _show(connection, placement, derive, whole, place, version=True):
                break


def _show(
    connection: sqlite3.Connection,
    placement: Placing,
    derive: Derive,
    whole: Whole,
    report: tuple[int, int],
    *,
    version: bool = False,
) -> bool:
    """Let a report, by its id, show the page of a capture; whether it is one that the report can show: with `version`
    only one of its versions."""
    report_id, capture_id = report
    ((row, page),) = pages_again(connection, derive, [capture_id])
    if page.kind != "report":
        return False  # not read (crawler.archive.write.deaths)
    if version and not _has_said(connection, report_id, page):
        return False
    with whole():
        placement.show(report_id, page, Seen(row["id"], row["fetched_at"], row["last_seen_at"], row["run_id"]))
    return True


def _has_said(connection: sqlite3.Connection, report_id: int, page: Page) -> bool:
    """Whether the text of a page is that of a version of the report."""
    row = connection.execute(
        "select 1 from report_versions where report_id = ? and squeezed_sha256 = ?",
        (report_id, Fingerprint.of(page).squeezed),
    ).fetchone()
    return row is not None
