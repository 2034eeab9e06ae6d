"""`nianbao preserve`: what is handed to a web archive for keeping, what it answers, and what a second call does."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.mementos.archives import SourceError, endpoint, parse
from crawler.mementos.client import Client, Clock
from crawler.mementos.handover import ClosedError, hand_over, look_after
from crawler.mementos.preservation import MOST_FAILED, Preservation, due
from crawler.records.mementos import Inquiry
from crawler.records.submissions import Submission
from tests.mementos.test_archives import GOOD
from tests.portals.test_probe import nianbao
from tests.servers.saving import SavePage
from tests.support.archive_toy import SITE, derive, page
from tests.support.serving import get, served

AT = "2026-01-02T00:00:00Z"


def fill(path: Path, *names: str, at: str = "2026-01-01T00:00:00Z", **more: Any) -> None:
    """An archive in which a run found these reports, the years from 2018 on."""
    with Archive.open(path) as archive:
        archive.admit({"somewhere": False})
        run_id = archive.begin_run(["somewhere"])
        for number, name in enumerate(names):
            archive.store(page(f"/{name}.html", at, **{"text": name, "year": 2018 + number} | more))
        archive.settle(run_id, derive)
        archive.finish_run(run_id, "finished")


def call(path: Path, web: SavePage, *more: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, summary and messages of a call."""
    file = path.with_suffix(".toml")
    file.write_text(web.toml, "utf-8")
    line = ("preserve", "--to", str(file), "--archive", str(path), "--contact", "a@b.example", "--json", *more)
    done = nianbao(*line)
    return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_what_is_new_is_handed_in_once_and_what_changed_or_failed_again(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    fill(path, "one", "two", "three")
    a, b, c = (f"{SITE}/{name}.html" for name in ("one", "two", "three"))
    with SavePage(faults={"two": "unreachable", "three": "robots"}, busy=1).serve() as web:
        code, summary, said = call(path, web)
        figures = {name: summary[name] for name in ("due", "archived", "failed", "refused", "left")}
        assert (code, figures) == (0, {"due": 3, "archived": 1, "failed": 1, "refused": 1, "left": 0})
        assert web.saved == [a, a, c, b]
        assert "keeper is unverified" in said
        assert all("+a@b.example" in agent for agent in web.agents)
        web.asked.clear()
        assert call(path, web)[1]["due"] == 1
        assert web.saved == [b]
        # A report that says something new is handed in again, refused before or not.
        fill(path, "three", at="2027-01-01T00:00:00Z", text="corrected", year=2020)
        web.faults.clear()
        web.asked.clear()
        assert call(path, web, "--since", "2026-12-31")[1]["archived"] == 1
        assert web.saved == [c]
    shown = nianbao("show", a, "--archive", str(path)).stdout
    assert f"{a} submitted to keeper at " in shown
    assert f"answer: archived at 2026-11-30T12:00:00Z, http://{web.address}/web/20261130120000/{a}" in shown
    with closing(sqlite3.connect(path)) as connection:
        outcomes = connection.execute("select distinct outcome from submissions where url = ?", (b,)).fetchall()
        assert outcomes == [("failed",)]
    with Archive.open(path) as archive:
        archive.expect([("somewhere", "210104", "大东区", year, f"{year + 1}-03-31") for year in (2018, 2024)])
        archive.note_inquiry(Inquiry("wayback", "somewhere", f"{SITE}/", "host", "2009", "2026", AT, finished=True))
    with served(path) as site:
        region = get(f"{site}/region/210104?lang=en")[1]
        assert region.count("wayback was asked at 2026-01-02T00:00:00Z: 0 captures from after that year") == 1
        status, body, _ = get(f"{site}/report/{_key(path, b)}?lang=en")
        assert (status, "523: the origin cannot be reached" in body) == (200, True)
        assert "submitted to keeper at" in body


def _key(path: Path, url: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("select key from reports where url = ?", (url,)).fetchone()[0])


def test_a_list_is_written_and_nobody_asked(tmp_path: Path) -> None:
    path, target = tmp_path / "archive.db", tmp_path / "list.txt"
    fill(path, "one", "two", files=["f.pdf"])
    line = ("preserve", "--archive", str(path), "--list")
    assert nianbao(*line, str(target), "somewhere").returncode == 0
    assert target.read_text("utf-8") == f"{SITE}/one.html\n{SITE}/two.html\n"
    assert nianbao(*line, "-", "--since", "2026-06-01").stdout == ""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select count(*) from submissions").fetchone() == (0,)
    for more, words in (
        (["--since", "yesterday"], "--since is 'yesterday'; expected a day"),
        (["--to", "arquivo"], "not known to take addresses (no [save] in its file); expected wayback"),
        (["--to", "https://a.example:0/save"], "expected the address of a Save Page endpoint"),
        (["nowhere"], "has nothing of portal 'nowhere'; crawl it first"),
        (["--contact", "me"], "--contact is 'me'"),
        (["--at-most", "soon"], "--at-most is 'soon'"),
        (["--archive", str(tmp_path / "no.db")], "no.db"),
    ):
        done = nianbao("preserve", "--archive", str(path), *more)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
        assert words in done.stderr


def test_what_is_not_to_be_handed_in(tmp_path: Path) -> None:
    """Made-up reports, gone ones, what only a web archive has, private hosts; a file of a report is handed in."""
    path = tmp_path / "archive.db"
    fill(path, "stands", "gone", files=["f.pdf"])
    with Archive.open(path) as archive:
        archive.admit({"sample": True}, mixed=True)
        for url, portal, source in (
            ("http://127.0.0.1:8000/a.html", "somewhere", None),
            ("http://intranet/b.html", "somewhere", None),
            (f"{SITE}/sample.html", "sample", None),
            (f"{SITE}/lost.html", "somewhere", "wayback"),
        ):
            archive.begin_run([portal])
            made = page("/x.html", text=url, year=2020, organ=url)
            made.capture.url, made.capture.portal, made.capture.source = url, portal, source
            archive.store(made)
        run_id = archive.begin_run(["somewhere"])
        archive.store(page("/f.pdf", kind="attachment"))
        for _ in range(2):
            run_id = archive.begin_run(["somewhere"])
            archive.store(page("/gone.html", "2026-02-01T00:00:00Z", kind="missing", status=404))
        archive.settle(run_id, derive)
        wanted, closed = due(archive, "keeper", [], "")
        assert (wanted, closed) == ([("somewhere", f"{SITE}/stands.html"), ("somewhere", f"{SITE}/f.pdf")], 2)
        assert due(archive, "keeper", ["sample"], "") == ([], 0)


def client(web: SavePage, waits: list[float] | None = None) -> Client:
    """A client of an endpoint whose clock stands unless it waits."""
    clock = [0.0]

    def wait(seconds: float) -> None:
        clock[0] += seconds
        if waits is not None:
            waits.append(seconds)

    return Client(parse(tomllib.loads(web.toml), "made up"), "a@b.example", Clock(lambda: clock[0], wait))


@pytest.mark.parametrize("manner", ["location", "content-location", "job", "page"])
def test_each_manner_of_answering_is_understood(manner: str) -> None:
    with SavePage(manner).serve() as web:
        asking = client(web)
        answer = hand_over(asking, "p", f"{SITE}/年报.html?id=1&x=%E5%B9%B4", AT)
        if manner in ("job", "page"):
            assert (answer.outcome, answer.job) == ("pending", "spn2-00000001")
            answer = look_after(asking, look_after(asking, answer))
        assert (answer.outcome, answer.memento_at, answer.detail) == ("archived", "2026-11-30T12:00:00Z", None)
        assert answer.memento is not None
        assert answer.memento.startswith(f"http://{web.address}/web/20261130120000")
        assert web.saved == [f"{SITE}/%E5%B9%B4%E6%8A%A5.html?id=1&x=%E5%B9%B4"]


@pytest.mark.parametrize(
    ("fault", "manner", "outcome", "words"),
    [
        ("robots", "location", "refused", "Blocked By Robots"),
        ("blocked", "location", "refused", "403: This host has been blocked"),
        ("unreachable", "location", "failed", "523: the origin cannot be reached"),
        ("robots-job", "job", "refused", "error:blocked-url: blocked by robots"),
        ("lost-job", "job", "failed", "not known there any more"),
    ],
)
def test_a_refusal_is_told_from_a_failure(fault: str, manner: str, outcome: str, words: str) -> None:
    with SavePage(manner, faults={"/a": fault}, slow=0).serve() as web:
        asking = client(web)
        answer = hand_over(asking, "p", f"{SITE}/a.html", AT)
        if answer.outcome == "pending":
            answer = look_after(asking, answer)
        assert answer.outcome == outcome
        assert words in (answer.detail or "")


def test_its_pace_is_obeyed_and_it_is_left_alone_where_it_asks(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    fill(path, "one", "two")
    waits: list[float] = []
    with SavePage(busy=1, retry_after="30").serve() as web, Archive.open(path) as archive:
        work = Preservation(archive, client(web, waits), 0, lambda message: None)
        work.run(due(archive, "keeper", [], "")[0], [])
        assert (waits, dict(work.counts), work.remainder) == ([30.0], {"archived": 2}, 0)
    fill(path, "three", text="3", year=2030)
    for web, words in (
        (SavePage(busy=9, retry_after="3600"), "asks to be left alone for 3600 s"),
        (SavePage(closed=True), "nothing without an account"),
    ):
        with web.serve(), Archive.open(path) as archive:
            work = Preservation(archive, client(web), 0, lambda message: None)
            work.run(due(archive, "keeper", [], "")[0], [])
            assert (len(web.asked), work.remainder, len(work.reasons)) == (1, 1, 1)
            assert words in work.reasons[0]


def test_a_host_that_it_does_not_reach_is_left_and_what_is_left_comes_first_next_time(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    names = [f"r{number}" for number in range(MOST_FAILED + 2)]
    fill(path, *names)
    with SavePage(faults={"/r": "unreachable"}).serve() as web, Archive.open(path) as archive:
        work = Preservation(archive, client(web), 0, lambda message: None)
        work.run(due(archive, "keeper", [], "")[0], [])
        assert (dict(work.counts), work.remainder) == ({"failed": MOST_FAILED}, 2)
        assert f"failed {MOST_FAILED} times on end to take a page of www.somewhere.gov.cn" in work.reasons[0]
        assert [url for _, url in due(archive, "keeper", [], "")[0]][:2] == [f"{SITE}/r3.html", f"{SITE}/r4.html"]


def test_a_job_under_way_is_asked_about_by_the_next_call_and_not_handed_in_again(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    fill(path, "one")
    with SavePage("job", slow=99).serve() as web, Archive.open(path) as archive:
        for _ in range(2):
            work = Preservation(archive, client(web), 0, lambda message: None)
            work.run(due(archive, "keeper", [], "")[0], [])
            assert dict(work.counts) == {"pending": 1}
        assert len(web.saved) == 1
        web.slow = 0
        work = Preservation(archive, client(web), 0, lambda message: None)
        work.run([], [])
        assert dict(work.counts) == {"archived": 1}
        assert [row["outcome"] for row in archive.submissions.of([f"{SITE}/one.html"])] == ["archived"]


def test_no_job_is_asked_about_where_nobody_says_how(tmp_path: Path) -> None:
    with SavePage("job").serve() as web:
        text = "\n".join(line for line in web.toml.splitlines() if not line.startswith("status"))
        asking = Client(parse(tomllib.loads(text), "made up"), "")
        answer = hand_over(asking, "p", f"{SITE}/a.html", AT)
        assert look_after(asking, answer) == answer
        web.closed = True
        with pytest.raises(ClosedError):
            hand_over(asking, "p", f"{SITE}/a.html", AT)


def test_endpoints_are_data() -> None:
    shipped = endpoint("wayback")
    assert shipped.verified is False
    assert shipped.save is not None
    assert shipped.delay == shipped.save.delay >= 10
    plain, marked = endpoint("https://keep.example/save/"), endpoint("https://keep.example/?url={url}&go=1")
    assert plain.save is not None
    assert (plain.name, plain.save.address) == ("keep-example-save", "https://keep.example/save/{url}")
    assert marked.save is not None
    assert marked.save.address == "https://keep.example/?url={url}&go=1"
    good = GOOD.replace('"pywb"', '"wayback"')
    for save, words in (
        ('[save]\naddress = "https://a.b/"', "'address' of .save. is 'https://a.b/'; expected an address with {url}"),
        ('[save]\naddress = "https://a.b/{url}"\nstatus = "https://a.b/"', "key 'status'"),
        ('[save]\naddress = "https://a.b/{url}"\ndelay = -1', "key 'delay'"),
        ("[save]\ncolour = 1", "expected a table of address, status, delay"),
    ):
        with pytest.raises(SourceError, match=words):
            parse(tomllib.loads(good + save), "made up")


def test_what_was_answered_is_kept_through_rebuild_and_merge(tmp_path: Path) -> None:
    path, other = tmp_path / "archive.db", tmp_path / "other.db"
    fill(other, "one")
    with Archive.open(other) as archive:
        archive.keep_submission(Submission("keeper", "somewhere", f"{SITE}/one.html", AT, "archived", 200))
    for _ in range(2):
        with Archive.open(path) as archive:
            archive.lock()
            archive.merge(other, derive)
            archive.rebuild(derive)
            assert [row["at"] for row in archive.submissions.of([f"{SITE}/one.html"])] == [AT]
            assert due(archive, "keeper", [], "") == ([], 0)
