"""Who holds an archive, how far it has come, whether it is past its end: told to whoever is refused, and by `log`."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.archive.archive import Archive
from crawler.archive.file.lock import Holder, RunLock, holder_of, utc
from crawler.commands.cli import cli
from crawler.records.errors import EXIT_LOCKED, ArchiveLockedError
from tests.servers.living import living

HOUR = timedelta(hours=1)


def nianbao(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.fixture
def running(tmp_path: Path) -> Any:
    """An archive on which a run of this process is under way."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.begin_run(["somewhere"], at_most=3600)
        archive.progress(12, 10)
        yield archive


def test_a_run_that_is_refused_hears_since_when_until_when_and_how_far(running: Archive) -> None:
    with pytest.raises(ArchiveLockedError) as caught, Archive.open(running.path) as second:
        second.lock()
    said = str(caught.value)
    assert caught.value.exit_code == EXIT_LOCKED
    assert f"process {os.getpid()} on " in said
    assert ", to end by 20" in said
    assert "12 requests and 10 pages so far, the last at 20" in said
    assert "past its end" not in said


def test_a_run_past_its_end_without_progress_is_told_as_what_it_is(running: Archive) -> None:
    shown = nianbao("log", "--archive", str(running.path)).output
    assert "running  somewhere" in shown
    assert "12 requests and 10 pages so far" in shown
    running._lock.say(deadline=utc(-HOUR), progress_at=utc(-2 * HOUR))
    with living(running.path.parent) as portal:
        portal.archive = running.path
        code, _, said = portal.run()
        assert (code, portal.requests) == (EXIT_LOCKED, [])
    assert "past its end and has made no progress since" in said
    shown = nianbao("log", "--archive", str(running.path)).output
    assert "overdue  somewhere" in shown
    assert "past its end and has made no progress since" in shown
    told = json.loads(nianbao("log", "--json", "--archive", str(running.path)).output)["runs"][0]
    assert (told["status"], told["holder"]["requests"]) == ("overdue", 12)
    running.progress(13, 11)
    assert "past its end" not in nianbao("log", "--archive", str(running.path)).output


def test_a_run_that_died_is_shown_with_how_far_it_had_come(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    script = (
        "import os, sys; from crawler.archive.archive import Archive\n"
        "archive = Archive.open(sys.argv[1]); archive.begin_run(['somewhere'], at_most=60)\n"
        "archive.progress(7, 5); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False, timeout=60)
    assert holder_of(path) is None
    assert "broken_off  somewhere" in nianbao("log", "--archive", str(path)).output, "nobody has marked it yet"
    with Archive.open(path) as archive:
        archive.lock()
    shown = nianbao("log", "--archive", str(path)).output
    assert "its process died: 7 requests, the last at 20" in shown
    assert ", was to end by 20" in shown
    with sqlite3.connect(path) as connection:
        assert connection.execute("select status, requests from runs").fetchall() == [("broken_off", 7)]


def test_overdue_is_past_the_end_and_without_progress() -> None:
    then, end, now = "2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z", "2026-01-01T03:00:00Z"
    assert Holder(1, "here", then, end, progress_at=then).overdue(now)
    assert Holder(1, "here", then, end).overdue(now)
    assert not Holder(1, "here", then, end, progress_at="2026-01-01T02:30:00Z").overdue(now)
    assert not Holder(1, "here", then, end).overdue("2026-01-01T01:30:00Z")
    assert not Holder(1, "here", then).overdue(now)


@pytest.mark.parametrize("told", [b"", b"{", b"[]", b"7", b'{"pid": 1}', b"\xff" * 9, b'{"pid": "x", "host": 1}'])
def test_a_lock_that_says_nothing_is_no_trouble(tmp_path: Path, told: bytes) -> None:
    path = tmp_path / "a.db"
    path.with_name("a.db.lock").write_bytes(told)
    assert holder_of(path) is None
    lock = RunLock(path)
    lock.acquire()
    assert lock.dead is None
    assert holder_of(path) is not None
    lock.release()
    assert holder_of(path) is None
