"""The fleet through the doors that people take: taken up, worked on, looked at, got back; and what goes wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.fleet import database, portals
from crawler.sample.serving import Asked, Reply
from crawler.store.seals import current
from crawler.store.store import Store
from tests import ROOT
from tests.fleet.conftest import profile
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers import MAKES, TestPortal
from tests.servers.base import Answer
from tests.support.bucket import bucket
from tests.support.postgres import Cluster
from tests.support.program import run


@dataclass
class Fleet:
    """A fleet in a folder: its database, its store (in the folder, or at `url`), a scratch for workers."""

    dsn: str
    folder: Path
    url: str = ""
    store: Path = field(init=False)

    def __post_init__(self) -> None:
        self.store = self.folder / "store"
        code, _, said = self("init", "--store", self.url or str(self.store))
        assert code == 0, said

    def __call__(self, command: str, *words: str) -> tuple[int, str, str]:
        """`nianbao fleet`: exit code, standard output, standard error."""
        place = [] if "--database" in words else ["--database", self.dsn]
        done = run("fleet", command, *words, *place, cwd=self.folder)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    def add(self, name: str, text: str, *options: str) -> None:
        """Take a portal up."""
        path = self.folder / f"{name}.toml"
        path.write_text(text, "utf-8")
        code, _, said = self("add", str(path), *options)
        assert code == 0, said

    def work(self, *options: str) -> str:
        """A worker until nothing is left to do; what it said."""
        line = ["--until-idle", "--slots", "2", "--contact", "https://x.example/{attempt}"]
        code, _, said = self("work", *line, *options)
        assert code == 0, said
        return said

    def worker(self, *options: str) -> subprocess.Popen[str]:
        """A worker of its own process, told to work on."""
        line = [sys.executable, "-m", "crawler", "fleet", "work", "--slots", "1", *options]
        env = {**os.environ, "NIANBAO_FLEET": self.dsn}
        return subprocess.Popen(
            line, env=env, cwd=self.folder, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def status(self) -> dict[str, Any]:
        """`nianbao fleet status --json`."""
        _, said, _ = self("status", "--json")
        state: dict[str, Any] = json.loads(said)
        return state

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of the database, in plain SQL."""
        with database.connected(self.dsn) as connection:
            return connection.execute(query.encode()).fetchall()


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, TestPortal]]:
    """Two portals, each on an address of its own."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(MAKES[name]().serve(f"127.0.1.{number}"))
            for number, name in enumerate(("trs", "asp"), 1)
        }


@pytest.fixture
def empty(postgres: Cluster, tmp_path: Path) -> Fleet:
    """A fleet without a portal."""
    return Fleet(postgres.database("template0"), tmp_path)


@pytest.fixture(scope="module")
def done(postgres: Cluster, served: dict[str, TestPortal], tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    """A fleet of two portals that were done once, and one whose home answers nothing but is a portal of no use."""
    fleet = Fleet(postgres.database("template0"), tmp_path_factory.mktemp("fleet"))
    for name, portal in served.items():
        fleet.add(name, portal.profile_toml)
    fleet.work()
    return fleet


def test_each_portal_is_done_once_and_its_archive_is_whole(done: Fleet, served: dict[str, TestPortal]) -> None:
    rounds = done.rows("select portal, status, slices, tries, summary, requests from fleet.rounds order by portal")
    assert [(row["portal"], row["status"], row["slices"], row["tries"]) for row in rounds] == [
        ("asp", "done", 1, 0),
        ("trs", "done", 1, 0),
    ]
    assert all(row["summary"]["requests"] == row["requests"] > 0 for row in rounds)
    assert done.rows("select * from procrastinate_jobs") == []
    for name, portal in served.items():
        file = done.folder / f"got-{name}.db"
        code, said, _ = done("get", name, str(file), "--json")
        assert (code, json.loads(said)["generation"]) == (0, 1)
        with Archive.read(file) as reading:
            assert reading.reports.count() == len(portal.truth)
        assert run("verify", "--archive", str(file)).returncode == 0


def test_what_counts_is_sealed_for_who_reads_only_the_store(done: Fleet) -> None:
    sealed = current(Store.open(str(done.store)))
    assert {portal: one.generation for portal, one in sealed.items()} == {"asp": 1, "trs": 1}
    assert {row["sealed"] for row in done.rows("select sealed from fleet.archives")} == {True}


def test_a_sweep_keeps_what_the_database_names(done: Fleet) -> None:
    swept = run("store", "sweep", str(done.store), "--database", done.dsn, "--json")
    assert (swept.returncode, json.loads(swept.stdout)["generations"]) == (0, []), swept.stderr


def test_a_line_of_a_portal_s_log_leads_to_the_attempt(done: Fleet, served: dict[str, TestPortal]) -> None:
    attempts = {row["portal"]: row["id"] for row in done.rows("select id, portal from fleet.attempts")}
    for name, portal in served.items():
        assert {re.findall(r"x\.example/(\d+)", request.agent)[0] for request in portal.requests} == {
            str(attempts[name])
        }


def test_the_status_is_a_screen_and_json_and_metrics(done: Fleet) -> None:
    code, said, _ = done("status", "--prometheus", str(done.folder / "fleet.prom"))
    assert code == 0
    assert said.startswith("2 portals: 0 running, 0 waiting, 0 paused, 0 never done;")
    assert "last     trs: done 0s ago, generation 1, due in 29d" in re.sub(r"\d+[sm] ago, g", "0s ago, g", said)
    metrics = (done.folder / "fleet.prom").read_text("utf-8")
    assert "\nnianbao_fleet_portals 2\n" in metrics
    assert 'nianbao_fleet_portal_last_good_timestamp_seconds{portal="asp"} ' in metrics
    state = done.status()
    assert state["alarms"] == []
    assert [(portal["portal"], portal["round"], portal["exit_code"]) for portal in state["portals"]] == [
        ("asp", "done", 0),
        ("trs", "done", 0),
    ]


def test_the_next_round_goes_on_from_the_archive(done: Fleet, served: dict[str, TestPortal]) -> None:
    """From the scratch where that is the generation that counts, else from the store: a report is not asked again."""
    for generation, scratch in ((2, "data/scratch"), (3, "elsewhere")):
        before = len(served["asp"].requests)
        assert done("now", "asp")[0] == 0
        said = done.work("--scratch", str(done.folder / scratch))
        assert "1 due" in said
        (row,) = done.rows("select generation, commits from fleet.archives where portal = 'asp'")
        assert (row["generation"], row["commits"]) == (generation, generation)
        assert len(served["asp"].requests) - before < len(served["asp"].truth), "it asked for each report again"


def test_archives_are_checked_into_and_out_of_a_bucket(
    postgres: Cluster, served: dict[str, TestPortal], tmp_path: Path
) -> None:
    """Round, another one from a machine that has nothing, `get`, and a question to the store without the fleet."""
    with bucket() as url:
        fleet = Fleet(postgres.database("template0"), tmp_path, f"{url}/fleet")
        fleet.add("asp", served["asp"].profile_toml)
        fleet.work()
        before = len(served["asp"].requests)
        assert fleet("now", "asp")[0] == 0
        fleet.work("--scratch", str(tmp_path / "elsewhere"))
        assert len(served["asp"].requests) - before < len(served["asp"].truth), "it was not checked out"
        (row,) = fleet.rows("select generation, commits, sealed from fleet.archives")
        assert row == {"generation": 2, "commits": 2, "sealed": True}
        assert {name: one.generation for name, one in current(Store.open(fleet.url)).items()} == {"asp": 2}
        assert not fleet.store.exists()
        assert fleet("get", "asp", "got.db")[0] == 0
        counted = run("query", fleet.url, "select count(*) as reports from reports", "--format", "csv")
    assert run("verify", "--archive", str(tmp_path / "got.db")).returncode == 0
    with Archive.read(tmp_path / "got.db") as reading:
        assert reading.reports.count() == len(served["asp"].truth)
    assert counted.stdout.split() == ["reports", str(len(served["asp"].truth))], counted.stderr


def test_a_profile_that_is_no_good_is_given_up_and_told(empty: Fleet) -> None:
    with database.connected(empty.dsn) as connection:
        text = profile("bad", "http://127.0.2.1:9/", "browser = false\n")
        portals.add(connection, [(text, portals.profile_of(text, "bad"))], None, "")
        connection.execute("update fleet.portals set profile = profile || 'strange = 1'")
    empty.work()
    code, said, _ = empty("status")
    assert code == 1
    assert "wants a person: 1 portal gave their last round up: bad" in said
    assert re.search(r"failed   bad: exit code 2, .*strange", said)


def ending(fleet: Fleet, how: str) -> dict[str, str]:
    """The environment of a worker each crawl of which ends in that way when it begins."""
    folder = fleet.folder / "ending"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(
        f"import os, sys\nif 'crawl' in sys.argv or 'crawl' in sys.orig_argv: {how}\n"
    )
    return {**os.environ, "NIANBAO_FLEET": fleet.dsn, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


@pytest.mark.parametrize("how", ["os._exit(130)", "os._exit(3)", "os.kill(os.getpid(), 15)"])
def test_a_crawl_that_was_told_to_end_or_found_another_is_no_failure_of_the_portal(
    empty: Fleet, served: dict[str, TestPortal], how: str
) -> None:
    """The switch: the database was away for longer than the silence, and was back when the crawl had ended."""
    empty.add("asp", served["asp"].profile_toml)
    line = [sys.executable, "-m", "crawler", "fleet", "work", "--until-idle"]
    for _ in range(2):
        done = subprocess.run(
            line, env=ending(empty, how), cwd=empty.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        (row,) = empty.rows("select status, tries, problem from fleet.rounds")
        assert row == {"status": "queued", "tries": 0, "problem": None}
        (job,) = empty.rows(
            "select extract(epoch from scheduled_at - now()) between 1 and 61 as later from procrastinate_jobs"
        )
        assert job == {"later": True}, "it waits a little, and no longer each time"
        empty.rows("update procrastinate_jobs set scheduled_at = now() returning id")


def test_a_crawl_that_is_killed_is_tried_again_later_and_twenty_times_at_most(
    empty: Fleet, served: dict[str, TestPortal]
) -> None:
    empty.add("asp", served["asp"].profile_toml)
    env = ending(empty, "os.kill(os.getpid(), 9)")
    line = [sys.executable, "-m", "crawler", "fleet", "work", "--until-idle"]
    for tries in (1, 20):
        done = subprocess.run(line, env=env, cwd=empty.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        (row,) = empty.rows("select status, tries, exit_code from fleet.rounds")
        assert row == {"status": "failed" if tries == 20 else "queued", "tries": tries, "exit_code": -9}
        if tries == 1:
            (job,) = empty.rows(
                "select priority, extract(epoch from scheduled_at - now()) between 1 and 61 as later"
                " from procrastinate_jobs"
            )
            assert job == {"priority": -1, "later": True}
            with database.connected(empty.dsn) as connection:
                connection.execute("update fleet.rounds set tries = 19")
                connection.execute("update procrastinate_jobs set scheduled_at = now()")
    assert "gave their last round up" in empty.status()["alarms"][0]


def test_a_store_that_refuses_is_tried_again_later_and_the_portal_is_not_asked_again(
    empty: Fleet, served: dict[str, TestPortal]
) -> None:
    """A file stands where the folder of archives is to be."""
    empty.add("asp", served["asp"].profile_toml)
    (empty.store / "archives").write_text("")
    before = len(served["asp"].requests)
    for tries in (1, 2):
        assert "could not be put" in empty.work()
        (row,) = empty.rows("select status, tries, exit_code, problem from fleet.rounds")
        assert "archives/asp/" in row.pop("problem")
        assert row == {"status": "queued", "tries": tries, "exit_code": None}
        (job,) = empty.rows("select extract(epoch from scheduled_at - now()) as wait from procrastinate_jobs")
        assert 60 * tries - 50 < job["wait"] <= 60 * tries
        empty.rows("update procrastinate_jobs set scheduled_at = now() returning id")
        if tries == 1:
            asked = len(served["asp"].requests)
            assert asked > before
    assert "2 attempts came to nothing; archives/asp/" in empty("status")[1]
    empty.rows("update fleet.rounds set tries = 19 returning tries")
    empty.work()
    assert re.search("failed   asp: archives/asp/", empty("status")[1])
    (empty.store / "archives").unlink()
    empty.rows("update fleet.rounds set tries = 0, status = 'queued', finished_at = null returning tries")
    empty.work()
    (row,) = empty.rows("select status, tries, requests from fleet.rounds")
    assert row == {"status": "done", "tries": 0, "requests": asked - before}
    assert len(served["asp"].requests) == asked
    assert empty("now", "asp")[0] == 0
    empty.work()
    assert len(served["asp"].requests) > asked, "another round asks"
    # What cannot be checked out counts, too: on another machine, of an object that is not what it was.
    max((empty.store / "archives" / "asp").glob("*.db"), key=lambda file: int(file.stem)).write_bytes(b"")
    assert empty("now", "asp")[0] == 0
    empty.work("--scratch", str(empty.folder / "elsewhere"))
    (row,) = empty.rows("select tries, problem from fleet.rounds where status = 'queued'")
    assert row["tries"] == 1
    assert "is damaged" in row["problem"]


def test_slices_of_a_round_are_one_round(empty: Fleet) -> None:
    """A slice too short for the portal is followed by another job of the same round, until it is done."""
    links = [(f"/a/2018{number}.html", f"沈阳市大东区{number}镇2018年政府信息公开工作年度报告") for number in range(16)]
    pages: dict[str, Answer] = {link: report(f"大东区{number}镇", 2018) for number, (link, _) in enumerate(links)}
    slow = TestPortal(pages | {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(rows(*links))}, name="slow")
    with slow.serve("127.0.3.1"):
        empty.add("slow", slow.profile_toml.replace("delay = 0", "delay = 0.4"))
        said = empty.work("--at-most", "4s")
    (row,) = empty.rows("select status, slices from fleet.rounds")
    assert row["status"] == "done"
    assert 2 <= row["slices"] < 10, said
    (archive,) = empty.rows("select commits from fleet.archives")
    assert archive["commits"] == row["slices"]
    empty("get", slow.name, str(empty.folder / "got.db"))
    with Archive.read(empty.folder / "got.db") as reading:
        assert reading.reports.count() == len(links)


class Gate:
    """Lets a portal's third answer and all after it wait until it is opened."""

    def __init__(self, portal: TestPortal) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self._portal, self._reply = portal, portal._reply
        portal._reply = self.reply  # type: ignore[method-assign]

    def reply(self, asked: Asked) -> Reply:
        """What the portal answers, when it may."""
        if len(self._portal.requests) >= 3:
            self.reached.set()
            self.opened.wait(100)
        return self._reply(asked)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_that_is_stopped_loses_no_job(empty: Fleet, number: signal.Signals) -> None:
    """SIGTERM: the job is back at once. SIGKILL: the crawl ends by itself, and a tick gives the job back."""
    portal = MAKES["asp"]()
    gate = Gate(portal)
    with portal.serve("127.0.4.1"):
        empty.add("asp", portal.profile_toml)
        worker = empty.worker("--pace", "0.05")
        assert gate.reached.wait(100)
        worker.send_signal(number)
        gate.opened.set()
        _, said = worker.communicate(timeout=100)
        assert worker.returncode == (0 if number == signal.SIGTERM else -9), said
        if number == signal.SIGKILL:
            with database.connected(empty.dsn) as connection:
                connection.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 hour'")
                connection.execute("update fleet.attempts set pinged_at = now() - interval '1 hour'")
        empty.work()
    (row,) = empty.rows("select status, tries, slices from fleet.rounds")
    assert row == {"status": "done", "tries": 0, "slices": 1}
    hows = [row["how"] for row in empty.rows("select how from fleet.attempts order by id")]
    assert hows == ["stopped" if number == signal.SIGTERM else "lost", "done"]
    assert len({request.agent for request in portal.requests}) == 2


def test_a_portal_that_is_paused_is_left_alone_at_once_and_goes_on_later(empty: Fleet) -> None:
    portal = MAKES["asp"]()
    gate = Gate(portal)
    with portal.serve("127.0.5.1"):
        empty.add("asp", portal.profile_toml)
        worker = empty.worker("--pace", "0.05")
        try:
            assert gate.reached.wait(100)
            assert empty("pause", portal.name)[0] == 0
            assert worker.stderr is not None
            while "ended with" not in (line := worker.stderr.readline()):
                gate.opened.set()
                assert line
        finally:
            worker.terminate()
            worker.communicate()
        (row,) = empty.rows("select status, tries from fleet.rounds")
        assert row == {"status": "queued", "tries": 0}
        before = len(portal.requests)
        empty.work()
        assert len(portal.requests) == before
        assert empty("resume", portal.name)[0] == 0
        empty.work()
    assert empty.rows("select status from fleet.rounds") == [{"status": "done"}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "nowhere.toml"], "no such profile file"),
        (["add", "a.toml", "a.toml"], "two profiles have the id 'a'"),
        (["add", "a.toml", "--every", "soon"], "--every is 'soon'"),
        (["pause", "x"], "the fleet has no portal x"),
        (["get", "x", "x.db"], "no archive of 'x' yet"),
        (["get", "x", "a.toml"], "exists already"),
        (["init", "--store", "ftp://x"], "is no store"),
        (["init", "--store", "other"], "keeps its archives in"),
        (["work", "--at-most", "long"], "--at-most is 'long'"),
        (["work", "--contact", "me"], "--contact is 'me'"),
        (["status", "--database", "host=/nowhere"], "cannot be reached"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(done: Fleet, words: list[str], said: str) -> None:
    (done.folder / "a.toml").write_text(profile("a", "http://www.a.example/"), "utf-8")
    code, _, message = done(*words)
    assert (code, message.count("\n")) == (2, 1), message
    assert said in message


def test_without_the_extra_each_command_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "procrastinate.py").write_text("raise ImportError('procrastinate')")
    (tmp_path / "a.toml").write_text(profile("a", "http://www.a.example/"), "utf-8")
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "NIANBAO_FLEET": "host=/nowhere"}
    for words in (["init", "--store", "x"], ["add", "a.toml"], ["pause", "a"], ["work"], ["status"], ["get", "a", "b"]):
        line = [sys.executable, "-m", "crawler", "fleet", *words]
        done = subprocess.run(line, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert "pip install" in done.stderr
