"""A page that kills the program: the next run knows it, keeps its bytes unread, and archives all the rest."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import __version__
from crawler.archive.archive import Archive
from crawler.archive.derive import processes
from crawler.archive.file.blobs import digest
from crawler.archive.write.deaths import Caution, Deaths, deaths_of, judge
from crawler.archive.write.hand import Death, Hand, deaths
from crawler.records.capture import Capture, Context, Step
from crawler.records.errors import ArchiveError
from crawler.records.page import Page
from crawler.sample.serving import Reply
from tests.servers.living import LivingPortal, living
from tests.support.archive_toy import capture, derive

DEADLY = "/nb/a/20182.html"
WRAPPER = """
import os, signal
from dataclasses import replace
from crawler.navigation import walk
from pipelines import adapters, stages

def deadly(run):
    def die(page, *more):
        if b"deadly" in page.capture.body:
            os.kill(os.getpid(), signal.{signal})
        return run(page, *more)
    return die

stages.STAGES = tuple(
    replace(entry, run=deadly(entry.run)) if entry.name == "{stage}" else entry for entry in stages.STAGES
)
adapters.Describe.stage = stages.stage("describe")
if "{stage}" == "ways_on":
    walk.ways_on = deadly(walk.ways_on)
from crawler.commands.cli import main
main()
"""
"""The program with a stage, or a walk, that dies of a marked page."""


def deadly(stage: str, number: str) -> str:
    return WRAPPER.format(stage=stage, signal=number)


def nianbao(program: str, portal: LivingPortal, command: str, *options: str) -> subprocess.CompletedProcess[str]:
    (portal.folder / "p.toml").write_text(portal.profile_toml, "utf-8")
    profile = ["--profile", str(portal.folder / "p.toml")] if command == "crawl" else []
    line = [sys.executable, "-c", program, command, "--archive", str(portal.archive), *profile, *options]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[LivingPortal]:
    with living(tmp_path) as served:
        yield served


def test_the_next_run_tells_it_keeps_it_and_goes_on(portal: LivingPortal) -> None:
    portal.pages[DEADLY] = str(portal.pages[DEADLY]).replace("</h1>", "</h1><!-- deadly -->")
    url, program = f"http://{portal.address}{DEADLY}", deadly("recognise", "SIGSEGV")
    assert nianbao(program, portal, "crawl").returncode == -signal.SIGSEGV

    done = nianbao(program, portal, "crawl")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f"wants a person: reader_died at {url}" in done.stderr
    assert portal.rows("select status from runs") == [("broken_off",), ("finished",)]
    assert portal.rows("select count(*) from reports") == [(14,)]
    told = portal.rows("select problems.run_id, problems.url, captures.kind from problems join captures on captures.id"
                       " = capture_id where problems.kind = 'reader_died'")  # fmt: skip
    assert told == [(2, url, "other")]
    assert "Segmentation fault" in portal.rows("select detail from problems")[0][0]
    with Archive.read(portal.archive) as archive:
        assert b"deadly" in (archive.captures.body(url) or b"")
    assert sorted(path.name for path in portal.folder.iterdir()) == ["archive.db", "p.toml"]

    assert nianbao(program, portal, "crawl").returncode == 1, "told again, for nobody knows what is behind it"
    for command in (["rebuild"], ["verify", "--all"]):
        done = nianbao(program, portal, *command)
        assert done.returncode == 0, done.stderr
    assert portal.rows("select distinct kind from problems") == [("reader_died",)]

    with sqlite3.connect(portal.archive) as connection:
        connection.execute("update deaths set program = '0.0.9'")
    assert nianbao("from crawler.commands.cli import main; main()", portal, "rebuild").returncode == 0
    assert portal.rows("select count(*) from reports") == [(15,)]
    assert portal.rows("select count(*) from problems") == [(0,)]


SHORT = "<html><head><title>请稍候</title></head><body>deadly 请稍候</body></html>"


@pytest.mark.parametrize(("status", "headers"), [(503, {}), (200, {}), (200, {"Set-Cookie": "s=1; Path=/"})])
def test_a_page_that_is_read_before_the_spider_sees_it_is_known_as_well(
    portal: LivingPortal, status: int, headers: dict[str, str]
) -> None:
    """What fails, asks to wait or sets a cookie is told by reading it, in the middlewares."""
    portal.pages[DEADLY] = Reply(SHORT.encode(), status, headers=headers)
    program = deadly("recognise", "SIGSEGV")
    assert nianbao(program, portal, "crawl").returncode == -signal.SIGSEGV
    done = nianbao(program, portal, "crawl")
    assert done.returncode == 1, done.stderr
    assert portal.rows("select url from problems where kind = 'reader_died'") == [(f"http://{portal.address}{DEADLY}",)]
    assert portal.rows("select count(*) from reports") == [(14,)]


@pytest.mark.parametrize(("stage", "page"), [("describe", DEADLY), ("ways_on", "/nb/index_1.html")])
def test_a_process_that_only_vanishes_is_tried_apart(portal: LivingPortal, stage: str, page: str) -> None:
    """Killed for want of memory, say: the crash says nothing. And a page that kills the walk, not a stage."""
    if page == DEADLY:
        portal.pages[page] = str(portal.pages[page]).replace("</h1>", "</h1><!-- deadly -->")
        runs, reports = 1, 14
    else:
        entry = portal.entries[-6]
        portal.entries[-6] = (entry[0], entry[1] + "deadly", entry[2])
        runs, reports = 2, 10  # the walk is not tried apart: two runs die of it
    program = deadly(stage, "SIGKILL")
    for _ in range(runs):
        assert nianbao(program, portal, "crawl").returncode == -signal.SIGKILL
        assert portal.rows("select count(*) from problems") == [(0,)]
    done = nianbao(program, portal, "crawl")
    assert done.returncode == 1, done.stderr
    assert portal.rows("select kind, url from problems") == [("reader_died", f"http://{portal.address}{page}")]
    assert portal.rows("select count(*) from reports") == [(reports,)]


def count(archive: Archive) -> int:
    """How many pages stand in table `deaths`."""
    return int(archive.connection.execute("select count(*) from deaths").fetchone()[0])


def test_one_innocent_kill_blames_nobody(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        held = capture("/a", kind="report", text="一")
        for _ in range(2):
            assert judge(archive.connection, [Death(held, Context(), None)], derive) == []
            assert count(archive) == 1
            archive.finish_run(archive.begin_run(["somewhere"]), "finished")
            assert count(archive) == 0


def test_two_runs_in_a_row_blame_the_page(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        death = Death(capture("/a", kind="report", text="一"), Context(), None)
        other = Death(capture("/b", kind="report", text="二"), Context(), None)
        assert judge(archive.connection, [death], derive) == []
        assert judge(archive.connection, [other], derive) == []
        (fatal,) = judge(archive.connection, [death], derive)
        assert fatal.fault == "two runs in a row died with it in hand"


def test_of_several_processes_the_one_that_crashed_is_blamed(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        found = [Death(capture(f"/{name}", kind="article"), Context(), None) for name in "abc"]
        assert judge(archive.connection, found, derive) == []
        assert judge(archive.connection, found, derive) == [], "killed all together: nobody knows by which"
        found.append(Death(capture("/d", kind="article"), Context(), "Segmentation fault"))
        assert [death.capture.url for death in judge(archive.connection, found, derive)] == [found[-1].capture.url]
        assert count(archive) == 1


def test_what_is_fatal_is_known_by_its_bytes_and_after_two_bodies_by_its_address() -> None:
    one, two, three = (capture("/a", body=body) for body in (b"1", b"2", b"3"))
    rows = [(one.url, digest(one.body), "Aborted"), (one.url, digest(two.body), "Aborted")]
    known = Deaths(rows[:1])
    assert known.of(one)
    assert known.of(capture("/elsewhere", body=b"1"))
    assert known.of(two) is None
    assert Deaths(rows).of(three)
    nothing = capture("/empty", body=b"")
    assert Deaths([("http://x/", digest(b""), "Aborted")]).of(nothing) is None, "an empty body kills nobody"


def test_files_that_are_fatal_are_left_out_of_their_report() -> None:
    seen: list[Mapping[str, bytes] | None] = []

    def note(taken: Capture, context: Context, files: Mapping[str, bytes] | None = None, /) -> Page:
        seen.append(files)
        return Page(taken, context)

    careful = Caution(note, Deaths([("http://x/f.xls", digest(b"x"), "Aborted")]), Hand(None))
    careful(capture("/a", body=b"page"), Context(), {"http://x/f.xls": b"x", "http://x/g.xls": b"g"})
    assert seen == [{"http://x/g.xls": b"g"}]


texts = st.text(max_size=20)
captures = st.builds(
    Capture,
    url=texts,
    status=st.integers(100, 599),
    headers=st.lists(st.tuples(texts, texts), max_size=3),
    body=st.binary(max_size=200),
    fetched_at=st.just("2026-01-01T00:00:00Z"),
    portal=st.none() | texts,
    trail=st.lists(st.builds(Step, texts, texts), max_size=2).map(tuple),
    rendered=st.booleans(),
)


@given(captures, captures, st.integers(0, 400))
def test_the_note_says_what_was_in_hand_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, first: Capture, second: Capture, torn: int
) -> None:
    archive = tmp_path_factory.mktemp("hand") / "[a]*.db"
    hand = Hand(archive)
    context = Context(column_year=2018)
    with hand.holding(first, context):
        pass
    assert [death for _, death in deaths(archive)] == [None]
    with hand.holding(second, context):
        ((path, death),) = deaths(archive)
        assert death == Death(second, context, None)
        path.with_name(f"{archive.name}.hand-9").write_bytes(path.read_bytes()[:torn])
        assert [found for _, found in deaths(archive)][1] in (None, death)
    hand.close()
    assert not path.exists()


def fatal_derive(taken: Capture, context: Context, files: Mapping[str, bytes] | None = None, /) -> Page:
    """Dies of a capture that says so, as a process that was killed for want of memory."""
    if b"deadly" in taken.body:
        os.kill(os.getpid(), signal.SIGSEGV)
    return derive(taken, context)


def test_a_rebuild_in_several_processes_finds_the_page_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH_IT", 1)
    with Archive.open(tmp_path / "a.db") as archive:
        run = archive.begin_run(["somewhere"])
        for number in range(6):
            taken = capture(f"/{number}", kind="report", text="deadly" if number == 3 else "一", year=2010 + number)
            archive.store(derive(taken))
        archive.finish_run(run, "finished")
        with pytest.raises(ArchiveError, match="the next rebuild leaves that one out"):
            archive.rebuild(fatal_derive, 2)
        assert archive.rebuild(fatal_derive, 2)["captures"] == 6
        assert deaths_of(archive.connection).of(capture("/3", kind="report", text="deadly", year=2013))
        (told,) = archive.connection.execute("select url from problems where kind = 'reader_died'").fetchall()
        assert told[0].endswith("/3")
        ((program,),) = archive.connection.execute("select program from deaths").fetchall()
        assert program == __version__
        assert archive.verify(fatal_derive, every=True) == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.db"]
