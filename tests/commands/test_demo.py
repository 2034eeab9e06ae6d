"""`nianbao demo`, through the door a user takes: every report, no lookalike, and nothing new the second time."""

from __future__ import annotations

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.sample import SamplePortal
from tests import ROOT


def nianbao(*arguments: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "crawler", *arguments]
    return subprocess.run(line, capture_output=True, check=False, cwd=cwd, env=os.environ | variables)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that a demo without --archive makes."""
    return tmp_path_factory.mktemp("demo") / "data" / "demo.db"


@pytest.fixture(scope="module")
def first(archive: Path) -> dict[str, Any]:
    port = str(free_pair())
    done = nianbao("demo", "--json", "--port", port, cwd=archive.parent.parent, NIANBAO_ARCHIVE="real.db")
    assert done.returncode == 0, done.stderr.decode()
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    result["said"] = done.stderr.decode()
    return result


@pytest.fixture
def database(archive: Path, first: dict[str, Any]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(archive)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def free_pair() -> int:
    """The first of two free ports side by side, of those that no program is given unasked: tests run side by side."""
    for port in random.Random().sample(range(20000, 30000, 2), 100):
        with (
            suppress(OSError),
            socket.create_server(("127.0.0.1", port)),
            socket.create_server(("127.0.0.1", port + 1)),
        ):
            return port
    raise AssertionError("no two free ports")


def path(url: str) -> str:
    return urlsplit(url).path


def test_every_report_and_nothing_else(first: dict[str, Any], database: sqlite3.Connection) -> None:
    truth = {path(report["url"]): report for report in SamplePortal().truth(("127.0.0.1", "127.0.0.1"))}
    rows = {path(row["url"]): row for row in database.execute("select * from reports")}
    assert sorted(set(truth) - set(rows)) == []
    assert sorted(set(rows) - set(truth)) == []
    assert first["reports_new"] == len(truth)
    facts = ("title", "organ", "organ_kind", "region_code", "region", "report_year", "published_on", "signed_on")
    wrong = [
        (address, fact, row[fact], truth[address][fact])
        for address, row in rows.items()
        for fact in facts
        if row[fact] != truth[address][fact]
    ]
    assert wrong == []


def test_the_real_report_stands_as_it_stood(database: sqlite3.Connection) -> None:
    row = database.execute("select * from reports where region = '大东区' and report_year = 2018").fetchone()
    assert row["title"] == "沈阳市大东区2018年度政府信息公开工作报告"
    assert row["published_on"] == "2019-03-27"
    assert row["signed_on"] == "2018-03-06"
    assert row["source"] == "大东区"
    assert row["form"] == "narrative"
    crumbs = ["首页", "政务公开", "政府信息公开年报", "2018年", "各区县市政府信息公开工作年度报告"]
    assert json.loads(row["breadcrumb"]) == crumbs
    seed = ROOT / "data" / "sample" / "dadong-2018.txt"
    body = [line.strip() for line in seed.read_text("utf-8").splitlines()[5:] if line.strip()]
    assert [line.strip() for line in row["text"].split("\n") if line.strip()] == body
    slip = database.execute("select detail from problems where kind = 'date_implausible' and url = ?", (row["url"],))
    assert "2018-03-06" in slip.fetchone()["detail"]


def test_tables_keep_their_grid(database: sqlite3.Connection) -> None:
    rows = database.execute("select text from reports where form in ('f2019', 'f2021')").fetchall()
    assert len(rows) > 50
    for row in rows:
        widths = [
            line.count("\t") for line in row["text"].split("\n") if line.startswith(("一、本年新收", "二、上年结转"))
        ]
        assert len(widths) == 2
        assert min(widths) >= 7


def test_lookalikes_and_dead_links_are_kept_as_captures_and_said(database: sqlite3.Connection) -> None:
    kinds = dict(database.execute("select kind, count(*) from problems group by kind").fetchall())
    assert kinds["lookalike"] > 10
    assert kinds["dead_link"] == 2
    titles = [row["title"] for row in database.execute("select title from reports")]
    assert not [title for title in titles if "法治政府" in title or "通知" in title or "制度" in title]


def test_the_page_declared_gb2312_was_read_as_gb18030(database: sqlite3.Connection) -> None:
    rows = database.execute(
        "select c.charset_declared, c.charset, r.text from captures c join reports r on r.capture_id = c.id "
        "where c.charset_declared like 'gb2312'"
    ).fetchall()
    assert rows
    for row in rows:
        assert row["charset"] == "gb18030"
        assert "\ufffd" not in row["text"]


def test_every_capture_knows_its_trail(database: sqlite3.Connection) -> None:
    for row in database.execute("select url, trail from captures where kind = 'report'"):
        trail = json.loads(row["trail"])
        assert trail[-1]["url"] == row["url"]
        assert len(trail) >= 4


def test_coverage_is_complete_for_the_sample_years(database: sqlite3.Connection) -> None:
    missing = database.execute(
        "select region, report_year from coverage where report_year between 2014 and 2024 and status <> 'archived'"
    ).fetchall()
    assert [tuple(row) for row in missing] == []


def test_cat_gives_the_exact_bytes(archive: Path, database: sqlite3.Connection) -> None:
    made = {path_: body for (host, path_), (body, _) in SamplePortal().pages.items() if host == 0}
    row = database.execute("select url, sha256 from captures where url like '%603387.html'").fetchone()
    by_url = nianbao("cat", row["url"], "--archive", str(archive)).stdout
    by_hash = nianbao("cat", row["sha256"], "--archive", str(archive)).stdout
    assert by_url == by_hash
    # The served page has the ports filled in; everything else is as it was made.
    assert by_url[:200] == made[path(row["url"])][:200]
    nothing = nianbao("cat", "http://nowhere/", "--archive", str(archive))
    assert nothing.returncode == 2
    assert b"Traceback" not in nothing.stderr


def test_says_how_to_look_at_it(first: dict[str, Any]) -> None:
    assert "datasette" in first["said"]
    assert "224 new" in first["said"]
    assert "Traceback" not in first["said"]
    for command in ("serve", "coverage"):
        assert f"nianbao {command} --archive data/demo.db" in first["said"]


def test_the_demo_has_a_file_of_its_own_that_a_lost_user_is_shown(archive: Path, first: dict[str, Any]) -> None:
    folder = archive.parent.parent
    assert sorted(path.name for path in folder.rglob("*.db")) == ["demo.db"]
    lost = nianbao("coverage", cwd=folder)
    assert lost.returncode == 2
    assert lost.stderr.decode().splitlines()[0].endswith("--archive data/demo.db")


def test_verify_and_rebuild_find_the_same(archive: Path, first: dict[str, Any], tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with sqlite3.connect(archive) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    assert nianbao("verify", "--archive", str(copy)).returncode == 0

    def rows() -> list[list[tuple[Any, ...]]]:
        with sqlite3.connect(copy) as connection:
            tables = ("reports", "report_urls", "report_versions", "sections", "attachments")
            return [sorted(connection.execute(f"select * from {table}"), key=repr) for table in tables]

    before = rows()
    done = nianbao("rebuild", "--all", "--archive", str(copy))
    assert done.returncode == 0, done.stderr.decode()
    assert rows() == before


def test_a_second_run_archives_nothing_new(archive: Path, first: dict[str, Any]) -> None:
    done = nianbao("demo", "--archive", str(archive), "--json")
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["reports_new"], result["reports_changed"]) == (0, 0)
    assert result["pages"] == {}
    assert result["reports"] == first["reports"]


def test_a_port_taken_between_two_runs_moves_no_report(archive: Path, first: dict[str, Any]) -> None:
    """A report's address has the port in it: elsewhere all 224 would be told as moved."""
    with sqlite3.connect(archive) as connection:
        before = connection.execute("select url, gone_at from report_urls order by url").fetchall()
        runs = connection.execute("select count(*) from runs").fetchone()
    port = urlsplit(before[0][0]).port
    with socket.create_server(("127.0.0.1", port)):
        done = nianbao("demo", "--archive", str(archive))
    said = done.stderr.decode()
    assert done.returncode == 2
    assert len(said.splitlines()) == 1
    assert f"port {port} " in said
    assert "--archive" in said
    with sqlite3.connect(archive) as connection:
        assert connection.execute("select url, gone_at from report_urls order by url").fetchall() == before
        assert connection.execute("select count(*) from runs").fetchone() == runs


def test_another_port_is_refused_over_an_archive_of_the_first(archive: Path, first: dict[str, Any]) -> None:
    done = nianbao("demo", "--archive", str(archive), "--port", str(free_pair()))
    assert done.returncode == 2
    assert "holds the sample at ports" in done.stderr.decode()
