"""`nianbao serve --public`: a copy, no SQL of strangers, no path of the machine, headers everywhere, a base address."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from datasette.utils import tilde_encode

from crawler.archive.archive import Archive
from crawler.archive.file import connection
from crawler.archive.file.copy import copied
from crawler.commands.cli import cli
from crawler.records.errors import ArchiveError, NianbaoError
from crawler.site.guard import OPEN, datasette_policy, robots
from tests import ROOT
from tests.site.test_site import CHROMIUM, needs_browser
from tests.support.archive_toy import page
from tests.support.serving import get, served

PAGES = (
    "/",
    "/report/1",
    "/search?q=1",
    "/tables",
    "/feed.atom",
    "/capture/1/raw",
    "/robots.txt",
    "/archive",
    "/archive.json",
    "/archive/reports",
    "/archive/reports.csv",
    "/archive/reports/1",
    "/archive/late?region=",
    "/archive?sql=select+1",
    "/nothing",
    "/nothing.json",
    "/archive/reports.json?_sort=nothing",
    "/archive/reports?_timelimit=x",
    "/-/static/app.css",
    "/-/threads",
    *(f"/-/{name}{form}" for name in OPEN[2:] for form in ("", ".json")),
)


def made(path: Path, reports: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Archive.open(path) as opened:
        opened.begin_run(["somewhere"])
        for number in range(reports):
            opened.store(page(f"/{number}.html", text=f"公开{number}件", title="年报", year=2000 + number))
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("public") / "archive.db")


@pytest.fixture(scope="module")
def site(archive: Path) -> Iterator[str]:
    with served(archive, "--public") as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_its_headers_and_names_no_path_of_the_machine(site: str, archive: Path, path: str) -> None:
    status, body, headers = get(site + path)
    assert status < 500
    assert "'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors" in headers["Content-Security-Policy"] or path in ("/robots.txt", "/-/threads")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert (headers["X-Frame-Options"] == "DENY") == (not path.endswith("/raw"))
    for place in (archive.parent, ROOT, Path(os.__file__).parent):
        assert str(place) not in body
    assert "Traceback" not in body


@pytest.mark.parametrize(
    "name",
    [
        "threads",
        "threads.json",
        "actor.json",
        "auth-token",
        "logout",
        "permissions",
        "messages",
        "allow-debug",
        "patterns",
    ],
)
def test_what_of_datasette_is_nobody_s_business_is_not_there(site: str, name: str) -> None:
    assert get(f"{site}/-/{name}")[0] == 404


def test_databases_are_listed_without_their_folders(site: str) -> None:
    (told,) = json.loads(get(site + "/-/databases.json")[1])
    assert (told["name"], told["path"], told["is_mutable"]) == ("archive", "archive-public.db", False)


def test_strangers_write_no_sql_unless_allowed(site: str, archive: Path, tmp_path: Path) -> None:
    assert get(site + "/archive.json?sql=select+1")[0] == 403
    assert get(site + "/archive/reports.json?_where=1")[0] == 403
    assert get(site + "/archive.db")[0] == 403
    assert get(site + "/archive/late.json?region=")[0] == 200
    with served(archive, "--public", "--sql", "--download", "--copy", str(tmp_path / "copy.db")) as open_site:
        assert get(open_site + "/archive.db")[1].startswith("SQLite format 3")
        assert get(open_site + "/archive.json?sql=select+1")[0] == 200
        path = quote("select file from pragma_database_list")
        assert str(archive.parent) not in get(f"{open_site}/archive.json?sql={path}")[1]
        where = quote("1 in (select 1 from pragma_database_list)")
        assert get(f"{open_site}/archive/reports.json?_where={where}")[0] == 400


def test_only_reading_is_answered(site: str) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert get(site + "/archive", method, b"a=b")[0] == 405
    assert get(site + "/", "HEAD")[:2] == (200, "")


def test_robots_find_reports_and_no_page_as_served(site: str) -> None:
    status, body, headers = get(site + "/robots.txt")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    from protego import Protego

    rules = Protego.parse(body)
    allowed = {
        path: rules.can_fetch(f"https://x.org{path}", "Googlebot")
        for path in ("/", "/report/1", "/region/210104", "/capture/1/raw", "/archive/reports", "/archive?sql=select+1")
    }
    assert [path for path, may in allowed.items() if may] == ["/", "/report/1", "/region/210104"]
    assert get(site + "/capture/1/raw")[2]["X-Robots-Tag"] == "noindex"
    assert "Disallow: /x/capture/" in robots("/x/")


@pytest.mark.parametrize("base", ["/", "/x/"])
@pytest.mark.parametrize("name", ["r", "re", "report", "region", "province", "feed", "tables", "archive", "年报", "a$"])
def test_robots_tell_the_pages_of_a_database_of_any_name_from_ours(name: str, base: str) -> None:
    from protego import Protego

    rules = Protego.parse(robots(base, name))
    own = ("", "report/1", "report/27", "report/9/versions", "region/210104", "province/210000", "feed.atom", "tables")
    database = tilde_encode(name)
    others = [f"{database}{end}" for end in ("", "/", ".json", "?sql=select+1", "/reports", "/reports.json?year=2018")]
    closed = [*(path for path in others if path not in own), "search?q=1", "compare", "capture/1/raw", "-/plugins"]
    for path in own:
        assert rules.can_fetch(f"https://x.org{base}{path}", "Googlebot"), path
    for path in closed:
        assert not rules.can_fetch(f"https://x.org{base}{path}", "Googlebot"), path


class _Links(HTMLParser):
    """Addresses of this site that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep those from the root."""
        for name, value in attrs:
            if name in ("href", "src", "action") and value and value.startswith("/"):
                self.found.add(value)


def test_behind_a_proxy_every_link_has_the_base_and_leads_somewhere(archive: Path) -> None:
    with served(archive, "--public", "--base-url", "x/y") as address:
        for path in ("", "report/1", "search?q=1", "compare", "archive", "archive/reports", "archive/late?region="):
            status, body, _ = get(f"{address}/x/y/{path}")
            assert status == 200, path
            links = _Links()
            links.feed(body)
            assert all(link.startswith("/x/y/") for link in links.found), (path, links.found)
            for link in sorted(links.found)[:8]:
                assert get(address + quote(link, safe="/?&=%"))[0] == 200, link
        assert get(address + "/x/y/-/threads")[0] == 404  # not under the base either
        assert get(address + "/")[0] == 200  # a proxy that takes the base away


@pytest.mark.parametrize("given", ["/a b/", "/%2e/", "https://x.org/", "/a?b/"])
def test_a_base_that_is_no_path_is_bad_usage(archive: Path, given: str) -> None:
    told = CliRunner().invoke(cli, ["serve", "--archive", str(archive), "--base-url", given])
    assert told.exit_code == 2
    assert "expected a path" in told.output


@pytest.mark.parametrize("options", [["--download"], ["--copy", "x.db"]])
def test_options_of_public_need_it(archive: Path, options: list[str]) -> None:
    told = CliRunner().invoke(cli, ["serve", "--archive", str(archive), *options])
    assert told.exit_code == 2
    assert "need --public" in told.output


def test_a_copy_is_made_where_the_archive_was_written_to_since(tmp_path: Path) -> None:
    archive, copy = made(tmp_path / "archive.db"), tmp_path / "copy.db"
    assert copied(archive, copy)
    assert not copied(archive, copy)
    assert copy.stat().st_mode & 0o222 == 0
    with Archive.open(archive) as opened:
        run = opened.begin_run(["somewhere"])
        opened.store(page("/new.html", text="新", year=2020))
        opened.finish_run(run, "finished")
        assert copied(archive, copy)  # while the log still holds what is new
    with Archive.read(copy) as reading:
        assert reading.connection.execute("select count(*) from reports").fetchone()[0] == 2
        assert reading.connection.execute("pragma journal_mode").fetchone()[0] == "delete"
    assert [path.name for path in tmp_path.glob("*.part*")] == []


def test_a_copy_that_cannot_be_made_is_one_sentence_and_costs_nothing(tmp_path: Path) -> None:
    archive = made(tmp_path / "archive.db")
    with pytest.raises(ArchiveError, match="the archive itself"):
        copied(archive, tmp_path / "." / "archive.db")
    with pytest.raises(ArchiveError, match="name another file by --copy"):
        copied(archive, tmp_path / "nowhere" / "copy.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ArchiveError, match="name another file by --copy"):
        copied(archive, tmp_path / "folder")
    with Archive.read(archive) as reading:
        assert reading.connection.execute("select count(*) from reports").fetchone()[0] == 1


def test_the_site_takes_up_a_copy_made_anew(tmp_path: Path) -> None:
    archive = made(tmp_path / "archive.db")
    with served(archive, "--public") as address:
        for count in (1, 2):
            if count == 2:
                with Archive.open(archive) as opened:
                    opened.begin_run(["somewhere"])
                    opened.store(page("/new.html", text="新", year=2020))
                assert copied(archive, tmp_path / "archive-public.db")
            assert len(json.loads(get(address + "/archive/reports.json?_shape=array")[1])) == count
            assert json.loads(get(address + "/archive/reports.json")[1])["filtered_table_rows_count"] == count
            assert get(address + f"/report/{count}")[0] == 200


@pytest.mark.skipif(shutil.which("unshare") is None or os.geteuid() != 0, reason="only root may mount a folder anew")
@pytest.mark.parametrize("options", [(), ("--public",)], ids=["own", "public"])
def test_the_site_works_from_a_read_only_folder(tmp_path: Path, options: tuple[str, ...]) -> None:
    archive = made(tmp_path / "archive.db")
    mounted = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path}"
    if subprocess.run(["unshare", "-m", "sh", "-c", mounted], capture_output=True, check=False).returncode:
        pytest.skip("no mounts here")
    with served(archive, *options, before=("unshare", "-m", "sh", "-c", f'{mounted} && exec "$@"', "sh")) as address:
        for path in (
            "/",
            "/report/1",
            "/capture/1/raw",
            "/archive/panel",
            "/archive/reports.json",
            "/archive/late?region=",
        ):
            assert get(address + path)[0] == 200, path
    assert {found.name for found in tmp_path.iterdir()} == {"archive.db"}


def test_a_file_in_a_folder_that_is_not_ours_is_read_as_it_is_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a log it is opened as immutable; a log that another program writes is not passed over."""
    archive = made(tmp_path / "archive.db")
    monkeypatch.setattr(connection.os, "access", lambda path, mode: mode != os.W_OK)
    assert "immutable=1" in connection.read_only_address(archive)
    with sqlite3.connect(archive) as writing:
        writing.execute("create table t (a)")
        assert "immutable=1" not in connection.read_only_address(archive)
    told = CliRunner().invoke(cli, ["serve", "--public", "--download", "--port", "0", "--archive", str(archive)])
    assert isinstance(told.exception, NianbaoError)
    assert "name one by --copy" in str(told.exception)


@needs_browser
def test_datasette_s_pages_work_under_their_policy(archive: Path) -> None:
    from playwright.sync_api import sync_playwright

    complaints: list[str] = []
    with served(archive, "--public", "--sql") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        for path in ("/archive", "/archive/reports", "/archive/reports/1", "/archive/late?region=", "/-/databases"):
            page.goto(address + path)
        page.goto(address + "/archive?sql=select+1+as+one")
        page.get_by_role("textbox", name="SQL").fill("select 2 as two")
        page.get_by_role("button", name="运行").click()
        assert page.locator("table.data td").inner_text() == "2"
        page.goto(address + "/archive/reports")
        page.get_by_text("按列计数", exact=True).click()
        page.locator(".choices").get_by_role("link", name="portal", exact=True).click()
        assert page.locator(".facets li").count() == 1
        page.get_by_text("选择列", exact=True).click()
        page.get_by_role("checkbox", name="url", exact=True).uncheck()
        page.get_by_role("button", name="只显示所选").click()
        heads = page.locator("table.data th").all_inner_texts()
        assert "url" not in heads
        assert "title" in heads
        assert [text for text in complaints if "Content Security Policy" in text] == []
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title=1\">')")
        assert page.title() != "1"
        browser.close()


def test_the_policy_knows_the_inline_scripts_of_datasette() -> None:
    assert datasette_policy().count("'sha256-") >= 3
    assert "'unsafe-inline'" not in datasette_policy().split("style-src")[0]
