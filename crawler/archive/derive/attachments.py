"""Reports together with their attachments: what a report's row shows is what its page and its files say.

A page comes before its files, and files come again without it; so reports are put together when a run ends, and when
the archive is rebuilt. Which file was read is in `attachments.capture_id`. A file that says something new makes a
version of its report, of which the file's capture is the one that first said so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import nullcontext

from crawler.archive.file.blobs import BlobReader
from crawler.archive.file.captures import Derive, Whole, newest, pages_again
from crawler.archive.write.placement import Placing, Seen
from crawler.records.page import Page
from crawler.words.text import unspaced

_NEWEST = newest(
    url="attachments.url",
    among="stood.status = 200 and (stood.kind = 'attachment' or (stood.kind = 'report'"
    " and stood.media_type <> 'text/html'))",
)
"""The file last seen at an attachment's address; an error page in its place does not undo it."""
_FILES = f"select url, ({_NEWEST}) as newest, capture_id from attachments where report_id = ?"
_WAITING = f"""select distinct report_id from attachments
    where capture_id is not ({_NEWEST}) and ({_NEWEST}) is not null order by report_id"""


_FILE = "status = 200 and kind = 'attachment'"
_CHANGED = f"""with changed as materialized (
        select id, url, fetched_at, (
            select max(id) from captures as earlier where earlier.url = file.url and earlier.id < file.id and {_FILE}
        ) as before from captures as file where run_id = ? and {_FILE} and before is not null
        and id not in (select capture_id from redacted_captures)
        and before not in (select capture_id from redacted_captures)
    )
    select report_id, changed.id, changed.url, fetched_at, before from changed
    cross join attachments on attachments.url = changed.url
    where changed.id > (select capture_id from report_versions where report_id = attachments.report_id and version = 1)
    and not exists (
        select 1 from report_versions where report_id = attachments.report_id and capture_id = changed.id
    ) order by report_id, changed.id"""
_AS_OF = f"""select attachments.url, max(captures.id) from attachments
    cross join captures on captures.url = attachments.url
    where report_id = ? and run_id <= ? and {_FILE} group by attachments.url"""


def note_changes(
    connection: sqlite3.Connection,
    placing: Placing,
    derive: Derive,
    run_id: int,
    whole: Whole = nullcontext,
    left: frozenset[int] = frozenset(),
) -> Iterator[tuple[int, str, str]]:
    """Make a version of each report of which a file says something new since the last run that ended in order.

    Yields report, the file's address, and when it was fetched. The same words in other bytes (a file that is made anew
    for everyone who asks, with the hour in it) are no change; of files without words the bytes decide. Of a redacted
    file it cannot be told. `left`: reports that are left alone.
    """
    (ended,) = connection.execute(
        "select coalesce(max(id), 0) from runs where id < ? and status in ('finished', 'interrupted')", (run_id,)
    ).fetchone()
    for run in range(ended + 1, run_id + 1):
        for report_id, capture_id, url, at, before in connection.execute(_CHANGED, (run,)).fetchall():
            if report_id in left:
                continue
            ids = dict(connection.execute(_AS_OF, (report_id, run)))
            (shown,) = connection.execute("select capture_id from reports where id = ?", (report_id,)).fetchone()
            new, old = (
                next(pages_again(connection, derive, [shown], bodies(connection, ids | {url: file})))[1]
                for file in (capture_id, before)
            )
            if all(file.url != url for file in new.attachments):
                continue  # this program no longer finds the link
            said = [next(file.text for file in page.attachments if file.url == url) for page in (new, old)]
            if said[0] is None or said[1] is None or unspaced(said[0]) != unspaced(said[1]):
                with whole():
                    placing.file_changed(report_id, new, Seen(capture_id, at, at, run), url)
                    yield report_id, url, at


def show_attached(connection: sqlite3.Connection, placing: Placing, derive: Derive, whole: Whole = nullcontext) -> None:
    """Let each report show what its files say, where one of them is new. Raises ArchiveError for a damaged body."""
    for (report_id,) in connection.execute(_WAITING).fetchall():
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
            "delete from problems where capture_id in (select id from captures where url = ?)"
            " and kind like 'document!_%' escape '!'",
            (url,),
        )
        connection.executemany(
            "insert into problems (run_id, portal, kind, url, detail, at, capture_id)"
            " select run_id, portal, ?, url, ?, fetched_at, id from captures where id = ?",
            [(one.kind, one.detail, capture_id) for one in page.problems if one.url == url],
        )


def files_of(connection: sqlite3.Connection, report_id: int) -> tuple[dict[str, bytes], dict[str, int]]:
    """The bodies of a report's files that are here, and their captures, by address."""
    ids = {url: newest for url, newest, _ in connection.execute(_FILES, (report_id,)) if newest is not None}
    return bodies(connection, ids), ids


def files_then(connection: sqlite3.Connection, report_id: int, version: int, urls: list[str]) -> dict[str, int]:
    """The captures of files at these addresses, as they were when a report had this version, by address."""
    found = {}
    for url in urls:
        (capture_id,) = connection.execute(
            f"select max(id) from captures where url = ? and {_FILE} and id < coalesce((select min(capture_id)"
            " from report_versions where report_id = ? and version > ? and url = ?), id + 1)",
            (url, report_id, version, url),
        ).fetchone()
        if capture_id is not None:
            found[url] = capture_id
    return found


def bodies(connection: sqlite3.Connection, ids: dict[str, int]) -> dict[str, bytes]:
    """The bodies of captures, by the same keys. Raises ArchiveError for a damaged one."""
    reader = BlobReader(connection)
    files = {}
    for url, capture_id in ids.items():
        (sha256,) = connection.execute("select sha256 from captures where id = ?", (capture_id,)).fetchone()
        body = reader.get(sha256)
        if body is not None:
            files[url] = body
    return files
