"""Heads of requests are kept once each, found by their beginning."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from crawler.archive import schema
from crawler.archive.archive import Archive
from crawler.archive.file import connection as opening
from crawler.archive.write import captures
from crawler.records.capture import Sent

PAGE = "http://www.a.gov.cn/"


def sent(referrer: str, last: str = "", ip_address: str | None = "192.0.2.1") -> Sent:
    headers = (("Host", "www.a.gov.cn"), ("Referer", PAGE + referrer), ("Accept", "a" * 150 + last))
    return Sent("GET / HTTP/1.1", headers, ip_address)


def test_each_wording_is_kept_once_also_where_the_beginning_is_the_same(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.connection.execute("pragma foreign_keys = off")
        for number, head in enumerate(
            [sent("1"), sent("2"), sent("1"), sent("1", "b"), sent("1", ip_address=None), sent("1", "b")]
        ):
            captures.keep_request(archive.connection, number, PAGE, head)
        rows = archive.connection.execute("select head from request_lines order by capture_id").fetchall()
        assert [head for (head,) in rows] == [1, 2, 1, 3, 4, 3]
        plan = archive.connection.execute(f"explain query plan {captures._HEAD}", ("", None)).fetchall()
        assert "request_heads_beginning" in plan[0][-1]


def test_an_archive_of_before_gets_the_shorter_index_and_keeps_its_heads(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(opening.connect(path, "mode=rwc")) as former:
        schema.migrate(former, stop_before=schema.NAMES[schema.ORDER.index(schema.heads)])
        former.execute("insert into request_heads values (7, ?, '192.0.2.1')", (captures.dumps(sent("1").headers),))
    with Archive.open(path) as archive:
        archive.connection.execute("pragma foreign_keys = off")
        captures.keep_request(archive.connection, 1, PAGE, sent("1"))
        assert [row["head"] for row in archive.connection.execute("select head from request_lines")] == [7]
    with closing(sqlite3.connect(path)) as plain:
        indexes = plain.execute("select name from sqlite_schema where tbl_name = 'request_heads' and type = 'index'")
        assert indexes.fetchall() == [("request_heads_beginning",)]
