"""Reports together with their attachments: what a report's row shows is what its page and its files say.

A page comes before its files, and files come again without it; so reports are put together when a run ends, and when
the archive is rebuilt. Which file was read is in `attachments.capture_id`.
"""

from __future__ import annotations

import sqlite3

from crawler.archive.again import Derive, captures_again
from crawler.archive.blobs import BlobReader
from crawler.archive.placing import Placing, Seen
from crawler.items import Page

_NEWEST = """select id from captures as file where file.url = attachments.url and file.status = 200
    and (file.kind = 'attachment' or (file.kind = 'report' and file.media_type <> 'text/html'))
    order by last_run_id desc, last_seen_at desc, id desc limit 1"""
"""The file last seen at an attachment's address; an error page in its place does not undo it."""
_FILES = f"select url, ({_NEWEST}) as newest, capture_id from attachments where report_id = ?"
_WAITING = f"""select distinct report_id from attachments
    where capture_id is not ({_NEWEST}) and ({_NEWEST}) is not null order by report_id"""


def show_attached(connection: sqlite3.Connection, placing: Placing, derive: Derive) -> None:
    """Let each report show what its files say, where one of them is new. Raises ArchiveError for a damaged body."""
    for (report_id,) in connection.execute(_WAITING).fetchall():
        (capture_id,) = connection.execute("select capture_id from reports where id = ?", (report_id,)).fetchone()
        files, ids = files_of(connection, report_id)
        for row, capture, context in captures_again(connection, [capture_id]):
            page = derive(capture, context, files)
            seen = Seen(row["id"], row["fetched_at"], row["last_seen_at"], row["run_id"])
            placing.show(report_id, page, seen, ids)
            _tell(connection, page, ids)


def _tell(connection: sqlite3.Connection, page: Page, ids: dict[str, int]) -> None:
    """The problems of the files are rows of the files' own captures, in place of those told before."""
    for url, capture_id in ids.items():
        connection.execute(
            "delete from problems where capture_id = ? and kind like 'document!_%' escape '!'", (capture_id,)
        )
        connection.executemany(
            "insert into problems (run_id, portal, kind, url, detail, at, capture_id)"
            " select run_id, portal, ?, url, ?, fetched_at, id from captures where id = ?",
            [(one.kind, one.detail, capture_id) for one in page.problems if one.url == url],
        )


def files_of(connection: sqlite3.Connection, report_id: int) -> tuple[dict[str, bytes], dict[str, int]]:
    """The bodies of a report's files that are here, and their captures, by address."""
    reader = BlobReader(connection)
    ids = {url: newest for url, newest, _ in connection.execute(_FILES, (report_id,)) if newest is not None}
    files = {}
    for url, capture_id in ids.items():
        (sha256,) = connection.execute("select sha256 from captures where id = ?", (capture_id,)).fetchone()
        body = reader.get(sha256)
        if body is not None:
            files[url] = body
    return files, ids
