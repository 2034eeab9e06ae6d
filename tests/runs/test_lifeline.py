"""The dead man's switch: a run ends when whoever answers for it is killed, frozen or cut off, and only then."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.runs.lifeline import last_word, rest
from crawler.sample.serving import Asked, Reply, serving
from tests import ROOT
from tests.fetching.test_faults import environment
from tests.navigation.test_trails import html, menu, report, rows
from tests.support.program import run

NEVER = "100000"
"""Seconds of silence that no test lasts."""


class Clock:
    """Says the times it was given, one after another; before each it does what stands with it."""

    def __init__(self, *times: float) -> None:
        self.times = list(times)

    def __call__(self) -> float:
        return self.times.pop(0)


def test_the_end_of_the_input_is_the_end() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    assert last_word(reading, 1000, Clock(0, 1)) == "closed"
    os.close(reading)


def test_a_byte_puts_the_end_off_and_silence_brings_it() -> None:
    reading, writing = os.pipe()
    os.write(writing, b".")
    clock = Clock(0, 0.019, 0.038, 0.040)
    assert last_word(reading, 0.02, clock) == "silent"
    assert clock.times == [], "the byte counted from when it was read"
    os.close(reading)
    os.close(writing)


def test_bytes_that_waited_while_the_process_was_stopped_are_no_word_of_now() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"...")
    assert last_word(reading, 20, Clock(0, 21)) == "silent"
    os.close(reading)
    os.close(writing)


def test_a_rest_is_over_when_the_clock_says_so() -> None:
    clock = Clock(0, 19.999, 21)
    rest(20, clock)
    assert clock.times == []


class Portal:
    """A portal of 40 reports that stops at its tenth answer until `go_on`; `asked`: what was asked of it."""

    def __init__(self, folder: Path) -> None:
        links = [(f"/a/2018{n}.html", f"沈阳市大东区{n}镇2018年政府信息公开工作年度报告") for n in range(40)]
        self.pages = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(rows(*links))}
        self.pages |= {link: report("大东区", 2018) for link, _ in links}
        self.reached, self.go_on = threading.Event(), threading.Event()
        self.asked: list[str] = []
        self.archive, self.profile = folder / "a.db", folder / "p.toml"

    def respond(self, request: Asked) -> Reply:
        self.asked.append(request.target)
        if len(self.asked) == 10:
            self.reached.set()
            self.go_on.wait(100)
        page = self.pages.get(request.target)
        return Reply(page.encode()) if page else Reply(b"", 404)

    def command(self, silence: str) -> list[str]:
        """The crawl, as a master starts it."""
        line = ["crawl", "--profile", str(self.profile), "--archive", str(self.archive), "--json"]
        return [sys.executable, "-m", "crawler", *line, "--while-told", "--silence", silence]

    def state(self) -> str:
        """What the archive, which must be sound, says of its only run."""
        with sqlite3.connect(self.archive) as reading:
            assert reading.execute("pragma integrity_check").fetchone() == ("ok",)
            ((status,),) = reading.execute("select status from runs").fetchall()
        return str(status)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(tmp_path)
    with serving(made.respond) as port:
        made.profile.write_text(
            f'id = "p"\nname = "示例"\nhome = "http://127.0.0.1:{port}/"\nregion = "210100"\n'
            "delay = 0\nallow_private_addresses = true\n"
        )
        yield made
        made.go_on.set()


@contextmanager
def master(portal: Portal, silence: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The writing end of the crawl's input, which no other process has, and the crawl."""
    reading, writing = os.pipe()
    crawl = subprocess.Popen(
        portal.command(silence),
        stdin=reading,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    )
    os.close(reading)
    try:
        yield writing, crawl
    finally:
        crawl.kill()
        crawl.communicate()


def test_a_run_whose_master_is_killed_finishes_what_is_under_way_and_ends(portal: Portal) -> None:
    with master(portal, NEVER) as (writing, crawl):
        assert portal.reached.wait(100)
        os.close(writing)
        # The crawl has begun to end when it says so on standard error; only then is the answer let go.
        assert crawl.stderr is not None
        while "nobody answers" not in (line := crawl.stderr.readline()):
            assert line
        portal.go_on.set()
        code = crawl.wait(100)
    assert code == 130
    assert len(portal.asked) <= 11
    assert portal.state() == "interrupted"


def test_a_run_whose_master_is_frozen_ends_even_where_an_answer_never_comes(portal: Portal) -> None:
    """Silence ends it; it does not wait for the host, which answers only when it is over."""
    with master(portal, "1") as (writing, crawl):
        while not portal.reached.wait(0.05):
            os.write(writing, b".")
        code = crawl.wait(100)
        os.close(writing)
    assert code == 130
    assert len(portal.asked) == 10


def test_standard_input_that_is_no_pipe_is_refused(tmp_path: Path) -> None:
    done = run("crawl", "--while-told", "--archive", str(tmp_path / "a.db"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "no pipe" in done.stderr
    assert not (tmp_path / "a.db").exists()


def test_a_run_that_is_wanted_to_its_end_says_whether_there_is_more(portal: Portal) -> None:
    portal.go_on.set()
    with master(portal, NEVER) as (writing, crawl):
        said, _ = crawl.communicate(timeout=100)
        os.close(writing)
    assert crawl.returncode in (0, 1)
    assert json.loads(said.splitlines()[-1])["more"] is False
