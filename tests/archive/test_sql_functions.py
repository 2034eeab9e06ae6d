"""`nianbao_body` and `nianbao_text` in Datasette, sqlite-utils and a plain connection."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from datasette.app import Datasette

from crawler.archive.archive import Archive
from crawler.archive.file.functions import decoded, register
from crawler.records.page import Page
from tests.support.archive_toy import capture

TEXT = "政府信息公开年报"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three pages alike in GB18030, the third against a dictionary; a picture; an empty body."""
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.begin_run(["somewhere"])
        for number in range(3):
            body = f"<p>{number}{TEXT}</p>".encode("gb18030") * 200
            archive.store(Page(capture(f"/{number}", body=body), media_type="text/html", charset="gb18030"))
        archive.store(Page(capture("/p", body=b"\x89PNG\0\xff"), media_type="image/png"))
        archive.store(Page(capture("/e", body=b""), charset="utf-8"))
    return tmp_path / "archive.db"


_QUERY = (
    "select substr(nianbao_text(id), 1, 12) as text, length(nianbao_body(sha256)) as size,"
    " (select dictionary_id from blobs where blobs.sha256 = captures.sha256) as dictionary from captures order by id"
)
_EXPECTED = [
    {"text": f"<p>0{TEXT}", "size": 4800, "dictionary": None},
    {"text": f"<p>1{TEXT}", "size": 4800, "dictionary": None},
    {"text": f"<p>2{TEXT}", "size": 4800, "dictionary": 1},
    {"text": None, "size": 6, "dictionary": None},
    {"text": "", "size": 0, "dictionary": None},
]


def test_in_datasette(path: Path) -> None:
    async def ask() -> list[dict[str, object]]:
        response = await Datasette([str(path)]).client.get("/archive.json", params={"sql": _QUERY, "_shape": "array"})
        answer: list[dict[str, object]] = response.json()
        return answer

    assert asyncio.run(ask()) == _EXPECTED


def test_in_sqlite_utils(path: Path) -> None:
    command = [sys.executable, "-m", "sqlite_utils", "query", str(path), _QUERY]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout) == _EXPECTED


def test_the_very_bytes(path: Path) -> None:
    with Archive.read(path) as archive:
        for row in archive.connection.execute("select nianbao_body(sha256), url from captures").fetchall():
            assert row[0] == archive.captures.body(row[1])


def test_what_is_not_there_is_null() -> None:
    connection = sqlite3.connect(":memory:")
    register(connection)
    for call in ("nianbao_body('00')", "nianbao_body(null)", "nianbao_body(x'00')", "nianbao_text(1)",
                 "nianbao_text('1')", "nianbao_text(null)"):  # fmt: skip
        assert connection.execute(f"select {call}").fetchone() == (None,)


def test_what_is_not_there_in_an_archive_is_null(path: Path) -> None:
    with Archive.read(path) as archive:
        row = archive.connection.execute("select nianbao_body('00'), nianbao_text(99)").fetchone()
        assert tuple(row) == (None, None)


def test_decoding() -> None:
    assert decoded(b"\xef\xbb\xbf\xe5\xad\x97", "utf-8") == "字"
    assert decoded(b"\xd7\xd6\xff", "gb18030") == "字\ufffd"
    assert decoded(b"a", "no such charset") is None
    assert decoded(b"a", None) is None
