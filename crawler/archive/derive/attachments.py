"""Reports together with their attachments: what a report's row shows is what its page and its files say.

A page comes before its files, and files come again without it; so reports are put together when a run ends, and when
the archive is rebuilt. Which file was read is in `attachments.capture_id`. A file that says something new makes a
version of its report, of which the file's capture is the one that first said so.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Container, Iterator
from contextlib import nullcontext
from functools import partial

from crawler.archive.derive.filecaptures import FILE, IS_FILE, SENDS_ON, as_of, bodies, file_at, files_of
from crawler.archive.file.captures import Derive, Whole, newest, pages_again
from crawler.archive.write.placement import Placing
from crawler.archive.write.reportrows import Seen
from crawler.records.page import Page
from crawler.words.text import unspaced

_NEWEST = newest(url="attachments.url", among=IS_FILE)
"""The file last seen at an attachment's address; an error page in its place does not undo it."""
_SENT_ON = f"exists (select 1 from captures as stood where stood.url = attachments.url and {SENDS_ON})"
_AMONG = "report_id in (select value from json_each(?))"
_WAITING = f"""select distinct report_id from attachments where {{}}
    and not {_SENT_ON} and capture_id is not ({_NEWEST}) and ({_NEWEST}) is not null order by report_id"""
_REDIRECTED = f"select report_id, url, capture_id from attachments where {{}} and {_SENT_ON} order by report_id, rowid"
_MAX_ROUNDS = 60
"""Times that reports are put together: a further page of a report may name one more, which is then read, too."""


_CHANGED = f"""with changed as materialized (
        select id, url, fetched_at, trail, context, (
            select max(id) from captures as earlier where earlier.url = file.url and earlier.id < file.id and {FILE}
        ) as before from captures as file where run_id = ? and {FILE} and before is not null
        and id not in (select capture_id from redacted_captures)
        and before not in (select capture_id from redacted_captures)
    ), named as (
        select report_id, changed.id, changed.url, fetched_at, before from changed
        cross join attachments on attachments.url = changed.url
        union
        select report_id, changed.id, json_extract(trail, '$[#-1].url'), fetched_at, before from changed
        cross join report_urls on report_urls.url = json_extract(trail, '$[#-2].url')
        where json_extract(context, '$.attached')
    )
    select * from named
    where id > (select capture_id from report_versions where report_id = named.report_id and version = 1)
    and not exists (select 1 from report_versions where report_id = named.report_id and capture_id = named.id)
    order by report_id, id, url"""
"""Files that came in other bytes, by the reports that have them: by their address, or by the page that led there, from
which they may be reached over a redirect or a further page of the report."""


def note_changes(
    connection: sqlite3.Connection,
    placing: Placing,
    derive: Derive,
    run_id: int,
    whole: Whole = nullcontext,
    left: Container[int] = frozenset(),
) -> Iterator[tuple[int, str, str]]:
    """Make a version of each report of which a file says something new since the last run that ended in order.

    Yields report, the file's address, and when it was fetched. The same words in other bytes (a file that is made anew
    for everyone who asks, with the hour in it) are no change; of files without words the bytes decide. Of a redacted
    file it cannot be told. `left`: reports that are left alone.
    """
    (ended,) = connection.execute(
        "select coalesce(max(id), 0) from runs where id < ? and status in ('finished', 'interrupted')", (run_id,)
    ).fetchone()
    since = connection.execute("select id from runs where id > ? and id <= ? order by id", (ended, run_id)).fetchall()
    for (run,) in since:
        for report_id, capture_id, url, at, before in connection.execute(_CHANGED, (run,)).fetchall():
            if report_id in left:
                continue
            (shown,) = connection.execute("select capture_id from reports where id = ?", (report_id,)).fetchone()
            _, ids = whole_page(connection, derive, shown, partial(as_of, connection, run))
            new, old = (
                next(pages_again(connection, derive, [shown], bodies(connection, ids | {url: file})))[1]
                for file in (capture_id, before)
            )
            said = [file.text for page in (new, old) for file in page.attachments if file.url == url]
            if len(said) < 2:
                continue  # this program no longer finds the link
            if said[0] is None or said[1] is None or unspaced(said[0]) != unspaced(said[1]):
                with whole():
                    placing.file_changed(report_id, new, Seen(capture_id, at, at, run), url)
                    yield report_id, url, at


def show_attached(
    connection: sqlite3.Connection,
    placing: Placing,
    derive: Derive,
    whole: Whole = nullcontext,
    reports: frozenset[int] | None = None,
) -> None:
    """Let each report, or each of `reports`, show what its files say, where one of them is new.

    Raises ArchiveError for a damaged body.
    """
    for _ in range(_MAX_ROUNDS):
        if not (waiting := _waiting(connection, reports)):
            return
        for report_id in waiting:
            _show(connection, placing, derive, report_id, whole)


def _waiting(connection: sqlite3.Connection, reports: frozenset[int] | None) -> list[int]:
    """Reports, or those of `reports`, of which a file is here that their rows do not show yet."""
    among, listed = ("true", ()) if reports is None else (_AMONG, (json.dumps(sorted(reports)),))
    found = {report_id for (report_id,) in connection.execute(_WAITING.format(among), listed)}
    for report_id, url, shown in connection.execute(_REDIRECTED.format(among), listed).fetchall():
        if (there := file_at(connection, url)) is not None and there != shown:
            found.add(report_id)
    return sorted(found)


def _show(connection: sqlite3.Connection, placing: Placing, derive: Derive, report_id: int, whole: Whole) -> None:
    (capture_id,) = connection.execute("select capture_id from reports where id = ?", (report_id,)).fetchone()
    files, ids = files_of(connection, report_id)
    for row, page in pages_again(connection, derive, [capture_id], files):
        if page.kind != "report":
            continue  # not read (crawler.archive.write.deaths): what an earlier version made of it stands
        seen = Seen(row["id"], row["fetched_at"], row["last_seen_at"], row["run_id"])
        with whole():
            placing.show(report_id, page, seen, ids)
            _tell(connection, page, ids)


def _tell(connection: sqlite3.Connection, page: Page, ids: dict[str, int]) -> None:
    """The problems of the files are rows of the files' own captures, in place of those told before, of this file or of
    those that stood at its address."""
    for url, capture_id in ids.items():
        connection.execute(
            "delete from problems where capture_id in (select id from captures where url = ?1"
            " or url = (select url from captures where id = ?2)) and kind like 'document!_%' escape '!'",
            (url, capture_id),
        )
    for url, capture_id in ids.items():
        connection.executemany(
            "insert into problems (run_id, portal, kind, url, detail, at, capture_id)"
            " select run_id, portal, ?, ?, ?, fetched_at, id from captures where id = ?",
            [(one.kind, url, one.detail, capture_id) for one in page.problems if one.url == url],
        )


def whole_page(
    connection: sqlite3.Connection, derive: Derive, page_id: int, files: Callable[[list[str]], dict[str, int]]
) -> tuple[Page, dict[str, int]]:
    """The page of a capture read with its files, and the captures of these; `files` gives those at addresses.

    A further page of a report may name one more: it is read again until there is none. Raises ArchiveError for a
    damaged body.
    """
    ids: dict[str, int] = {}
    for _ in range(_MAX_ROUNDS):
        ((_, page),) = pages_again(connection, derive, [page_id], bodies(connection, ids))
        found = files([file.url for file in page.attachments])
        if found.keys() <= ids.keys():
            break
        ids |= found
    return page, ids
