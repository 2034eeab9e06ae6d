"""A disk that fills and an archive that another program holds, while a run goes on; readers are in nobody's way."""

from __future__ import annotations

import asyncio
import random
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawler.archive.archive import Archive
from crawler.fetching.luggage import Luggage
from crawler.navigation.walk import Walk
from crawler.portals.notation import load
from crawler.reading.process import ReaderError
from crawler.records.problems import PortalProblem, Problem
from crawler.records.ways import Plan
from crawler.sample.serving import Asked, Reply, serving
from spiders import annual_reports
from spiders.annual_reports import AnnualReportsSpider
from tests.fetching.test_faults import ROOT, environment
from tests.navigation.test_trails import html, menu, report, rows
from tests.support.program import run

LINKS = [(f"/a/2018{n}.html", f"沈阳市大东区{n}镇2018年政府信息公开工作年度报告") for n in range(12)]


def crawl(
    tmp_path: Path, at_request: int, then: str | Callable[[Path], None], limit: int | None = None
) -> tuple[int, str, list[str]]:
    """Crawl a portal; when it is asked for the n-th time, run SQL `then` over a connection that stays open, or call it
    with the archive."""
    pages = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(rows(*LINKS))}
    noise = random.Random(1)
    for link, _ in LINKS:
        pages[link] = report("大东区", 2018).replace("</body>", f"<!--{noise.randbytes(60_000).hex()}--></body>")
    asked: list[str] = []
    held: list[sqlite3.Connection] = []
    archive = tmp_path / "a.db"

    def respond(request: Asked) -> Reply:
        asked.append(request.target)
        if callable(then):
            if len(asked) == at_request:
                then(archive)
        elif then and len(asked) == at_request:
            held.append(sqlite3.connect(archive, check_same_thread=False, isolation_level=None, timeout=20))
            for statement in then.split(";"):
                held[0].execute(statement).fetchone()
        page = pages.get(request.target)
        return Reply(page.encode()) if page else Reply(b"", 404)

    with serving(respond) as port:
        profile = tmp_path / "p.toml"
        profile.write_text(
            f'id = "p"\nname = "示例"\nhome = "http://127.0.0.1:{port}/"\nregion = "210100"\n'
            "delay = 0\nallow_private_addresses = true\n"
        )
        line = ["crawl", "--profile", str(profile), "--archive", str(archive)]
        if limit is None:
            done = run(*line, env=environment(), cwd=ROOT)
        else:
            sizes = (limit, limit)
            done = subprocess.run(
                [sys.executable, "-m", "crawler", *line], capture_output=True, text=True, cwd=ROOT, env=environment(),
                check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, sizes),
            )  # fmt: skip
    for connection in held:
        connection.close()
    return done.returncode, done.stderr, asked


def sound(tmp_path: Path) -> bool:
    return run("verify", "--archive", str(tmp_path / "a.db"), env=environment(), cwd=ROOT).returncode == 0


def test_disk_full(tmp_path: Path) -> None:
    code, said, _ = crawl(tmp_path, 0, "", limit=1_200_000)
    assert code == 2
    assert [line.split(":")[0] for line in said.splitlines()] == ["nianbao"], said
    assert "cannot be written" in said
    assert sound(tmp_path)


def test_held_by_another_program(tmp_path: Path) -> None:
    code, said, _ = crawl(tmp_path, 1, "begin immediate")
    assert code == 3
    assert "held by another program" in said
    assert "Traceback" not in said
    assert sound(tmp_path)


def test_a_long_reader_is_in_nobodys_way(tmp_path: Path) -> None:
    code, said, _ = crawl(tmp_path, 5, "begin;select count(*) from captures")
    assert code in (0, 1), said
    with sqlite3.connect(tmp_path / "a.db") as reading:
        assert reading.execute("select count(*) from captures where kind = 'report'").fetchone() == (len(LINKS),)


@pytest.mark.parametrize("length", [100, 4096, 8192, 40_960])
def test_a_file_overwritten_under_a_run_is_told_at_its_end(tmp_path: Path, length: int) -> None:
    def overwrite(archive: Path) -> None:
        with sqlite3.connect(archive) as other:
            other.execute("pragma wal_checkpoint")
        with archive.open("r+b") as file:
            file.write(bytes(length))

    code, said, _ = crawl(tmp_path, 6, overwrite)
    assert "Traceback" not in said
    if code == 0:  # the run itself wrote these pages once more
        assert length <= 8192
        assert sound(tmp_path)
    else:
        assert re.search("damaged|malformed|not an SQLite file", said), said


def test_only_what_sqlite_says_ends_a_run_as_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose words cannot be decoded must not be taken for an archive that cannot be read."""
    profile = load(ROOT / "data" / "portals" / "shenyang.toml")
    spider = AnnualReportsSpider(profiles=[profile])
    spider.run.walks[profile.id] = Walk(Plan(profile.home, profile.region, None, range(1), profile.allows))
    monkeypatch.setattr(annual_reports, "schedule", lambda coroutine: None)
    spider.run.reader = SimpleNamespace(path="a.db")  # type: ignore[assignment]
    spider.crawler = SimpleNamespace(engine=SimpleNamespace(close_spider_async=lambda reason: None))  # type: ignore[assignment]
    luggage = Luggage(profile, spider.run.walk(profile).first())
    problem = PortalProblem(profile.id, Problem("robots", profile.home, "forbidden"))

    async def items(error: Exception) -> AsyncIterator[PortalProblem]:
        yield problem
        raise error

    async def sent(error: Exception) -> list[object]:
        return [item async for item in spider._sent(luggage, items(error))]

    with pytest.raises(UnicodeDecodeError):
        asyncio.run(sent(UnicodeDecodeError("utf-8", b"x", 0, 1, "no text")))
    assert spider.run.fatal_error is None
    assert asyncio.run(sent(sqlite3.DatabaseError("malformed"))) == [problem]
    assert "a.db is damaged" in str(spider.run.fatal_error)
    spider.run.fatal_error = None
    assert asyncio.run(sent(ReaderError("no process can be started"))) == [problem]
    assert "the run was ended, the next carries on" in str(spider.run.fatal_error)


def test_of_a_damaged_index_no_page_is_lost_and_a_rebuild_makes_it_anew(tmp_path: Path) -> None:
    def damage(archive: Path) -> None:
        with sqlite3.connect(archive, timeout=20) as other:
            other.execute("update reports_fts_data set block = x'0000000001ff01ff' where id = 10")

    path = tmp_path / "a.db"
    Archive.open(path).close()
    damage(path)
    code, said, _ = crawl(tmp_path, 0, "")
    assert (code, said.count("nianbao: "), "Traceback" in said) == (2, 1, False), said
    assert "vtable constructor failed" in said
    with sqlite3.connect(path) as reading:
        assert reading.execute("select status, reports_new > 0 from runs").fetchall() == [("interrupted", 1)]
        kinds = {row[0] for row in reading.execute("select distinct kind from captures")}
        assert kinds == {"home", "list", "report"}
    assert not sound(tmp_path)
    assert run("rebuild", "--all", "--archive", str(path), env=environment(), cwd=ROOT).returncode == 0
    assert sound(tmp_path)
    assert crawl(tmp_path, 0, "")[0] in (0, 1)
    assert sound(tmp_path)
