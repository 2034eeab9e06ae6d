"""Requests and the server's address: kept with what answers them, and out and in as WARC has them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.archive.test_warc import nianbao, take
from tests.servers.faults import FaultyServer
from tests.support.crawling import crawl, portal

QUERY = (
    "select url, line, requests.headers, ip_address from requests"
    " join captures on captures.id = capture_id order by url"
)


def rows(archive: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(archive)
    try:
        return connection.execute(QUERY).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("requests")
    with FaultyServer(portal(2)).serve() as server:
        assert len(crawl(folder, [f"http://127.0.0.1:{server.port}/"]).reports) == 2
    return folder / "a.db"


def test_a_capture_has_the_request_that_it_answers(crawled: Path) -> None:
    found = rows(crawled)
    assert [line for _, line, _, _ in found] == [
        "GET / HTTP/1.1", "GET /a/0 HTTP/1.1", "GET /a/1 HTTP/1.1", "GET /nb/ HTTP/1.1",
    ]  # fmt: skip
    url, _, headers, address = found[0]
    said = dict(json.loads(headers))
    assert address == "127.0.0.1"
    assert said["Host"] == url.split("/")[2]
    assert "nianbao/" in said["User-Agent"]
    assert "Accept" in said


def test_warc_has_a_request_beside_each_answer_and_gives_the_rows_back(crawled: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    assert nianbao("export", "warc", str(path), "--archive", str(crawled)).exit_code == 0
    answers, requests = {}, []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            head = record.rec_headers
            if record.rec_type == "response":
                answers[head.get_header("WARC-Record-ID")] = head
            elif record.rec_type == "request":
                requests.append((head, record.http_headers))
    assert len(answers) == len(requests) == 4
    for head, sent in requests:
        answer = answers[head.get_header("WARC-Concurrent-To")]
        assert head.get_header("WARC-Target-URI") == answer.get_header("WARC-Target-URI")
        assert head.get_header("WARC-Date") == answer.get_header("WARC-Date")
        assert answer.get_header("WARC-IP-Address") == head.get_header("WARC-IP-Address") == "127.0.0.1"
        assert sent.protocol == "GET"
        assert sent.get_header("User-Agent")
    other = tmp_path / "b.db"
    take(other, str(path))
    assert rows(other) == rows(crawled)
    again = tmp_path / "b.warc.gz"
    assert nianbao("export", "warc", str(again), "--archive", str(other)).exit_code == 0
    assert again.read_bytes() == path.read_bytes()
