"""The digest of a capture's body: taken once a body, and never that of another one."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.records.capture import Capture, Context
from tests.support.archive_toy import capture, derive


def test_the_digest_is_that_of_the_body_that_is_there() -> None:
    taken = capture("/a.html", body="一".encode())
    for body in (taken.body, b"", b"other"):
        taken.body = body
        assert taken.sha256 == hashlib.sha256(body).hexdigest()
    assert replace(taken, body=b"third").sha256 == hashlib.sha256(b"third").hexdigest()
    assert taken == replace(taken)
    assert "_digest" not in repr(taken)


def test_a_page_that_comes_and_is_stored_is_digested_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: Capture = capture("/a.html", kind="report", text="一" * 500)
    count, sha256 = 0, hashlib.sha256

    def counted(*said: bytes) -> object:
        nonlocal count
        count += said == (taken.body,)
        return sha256(*said)

    with Archive.open(tmp_path / "archive.db") as archive:
        archive.begin_run(["somewhere"])
        monkeypatch.setattr(hashlib, "sha256", counted)
        archive.arrive(taken, Context(), leaf=True)
        archive.store(derive(taken, Context()))
        monkeypatch.undo()
        archive.flush()
        assert [row["sha256"] for row in archive.connection.execute("select sha256 from captures")] == [taken.sha256]
    assert count == 1
