"""Runs and readers that are copies of a process standing ready are what the program starts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from signal import SIGKILL

import pytest

from crawler.reading import process
from crawler.reading.parcel import pack_answer
from crawler.reading.pool import Pool
from crawler.reading.question import Question
from crawler.records.capture import Capture, Context
from tests import ROOT
from tests.servers.living import living, report
from tests.support import copied_readers
from tests.support.program import run


@pytest.mark.parametrize(
    "line", [("--version",), ("no-such-command",), ("crawl", "--profile", "none.toml"), ("coverage",)]
)
def test_it_says_and_ends_as_the_program_does(line: tuple[str, ...], tmp_path: Path) -> None:
    environment = os.environ | {"NIANBAO_ARCHIVE": "there is none.db", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "crawler", *line]
    started = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    copied = run(*line, cwd=tmp_path, env=environment)
    assert (copied.returncode, copied.stdout) == (started.returncode, started.stdout)
    assert copied.stderr == started.stderr
    assert copied.stdout or "there is none.db" in copied.stderr or copied.returncode == 2


def test_its_environment_is_the_one_that_is_given(tmp_path: Path) -> None:
    told = [run("coverage", env=os.environ | {"NIANBAO_ARCHIVE": f"{name}.db"}).stderr for name in ("one", "other")]
    assert "one.db" in told[0]
    assert "other.db" in told[1]


def test_it_is_killed_as_any_process(tmp_path: Path) -> None:
    with living(tmp_path) as portal:
        portal.kill = (3, None)
        code, _, _ = portal.run()
    assert code == -SIGKILL


def test_a_reader_that_is_a_copy_reads_as_one_that_is_started() -> None:
    page = report("大东区", 2020, "全年收到政府信息公开申请37件。")
    headers = [("Content-Type", "text/html; charset=utf-8")]
    capture = Capture("http://www.x.gov.cn/a.html", 200, headers, page.encode(), "2026-01-01T00:00:00Z", "x")
    read = []
    for prepare in (copied_readers.start_afresh, lambda: copied_readers.copy_from(copied_readers.ready().end)):
        prepare()
        with Pool(1) as pool:
            read.append(pack_answer(pool.read(Question(capture, Context()))))
    assert read[0] == read[1]


def test_a_reader_that_is_a_copy_is_killed_as_any_process() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, tempfile.TemporaryFile() as said:
        copy = process.begin(theirs.fileno(), "/", said)
        assert isinstance(copy, copied_readers.Copy)
        assert copy.poll() is None
        os.killpg(copy.pid, SIGKILL)
        assert copy.wait(60) == copy.poll() == -SIGKILL
