"""Columns that only a browser can show, crawled by the command with the system's Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest

from crawler.fetching.browser import PROGRAMS
from crawler.sample.serving import Reply
from tests.conventions.test_makes import crawl, facts, rows
from tests.portals.test_probe import nianbao
from tests.servers.base import TestPortal
from tests.servers.scripted import scripted
from tests.site.test_site import served

needs_browser = pytest.mark.skipif(
    not any(map(shutil.which, PROGRAMS)), reason="no Chromium on this machine: no page was rendered"
)
BROWSER = "browser = true\n"
REPORTS = (
    "select url, title, organ, organ_kind, region_code, region, report_year, published_on, signed_on from reports"
    " order by url"
)
CAPTURES = "select url, sha256, headers, kind from captures order by id"


def found(folder: Path) -> set[str]:
    """The addresses of the reports in an archive, without the mark."""
    return {url.removesuffix("#rendered") for (url,) in rows(folder, "select url from reports")}


def hasty(folder: Path, profile: str, seconds: int) -> subprocess.CompletedProcess[str]:
    """Crawl with so much time for each page's scripts."""
    (folder / "portal.toml").write_text(profile, "utf-8")
    command = ["crawl", "--profile", str(folder / "portal.toml"), "--archive", str(folder / "a.db")]
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *command],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"NIANBAO_BROWSER_SECONDS": str(seconds)},
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestPortal, Path, Counter[str]]]:
    """The portal, still served, the folder of its archive, and how often each address was asked."""
    folder = tmp_path_factory.mktemp("scripted")
    with scripted().serve() as portal:
        _, summary = crawl(folder, portal.profile_toml + BROWSER)
        assert summary["exit_code"] == 0
        yield portal, folder, portal.counts()


@needs_browser
def test_what_scripts_build_is_walked_and_both_documents_are_kept(
    crawled: tuple[TestPortal, Path, Counter[str]], tmp_path: Path
) -> None:
    portal, folder, asked = crawled
    crawl(tmp_path, portal.profile_toml)
    assert found(tmp_path) == set()  # without a browser there is nothing to be seen
    reports = rows(folder, REPORTS)
    assert sorted((url.removesuffix("#rendered"), *rest) for url, *rest in reports) == facts(portal.truth)
    built = portal.truth[0]["url"] + "#rendered"
    assert [url for url, *_ in reports if url.endswith("#rendered")] == [built]
    pages = ["/", "/zwgk/", "/nb/", "/nb/2021/", "/nb/2022/", "/nb/2022/?page=2", "/nb/2023/", "/nb/2021/a2021.html"]
    for path in pages:
        as_served, rendered = (
            rows(folder, f"select status, headers from captures where url = '{portal.home[:-1]}{path}{mark}'")
            for mark in ("", "#rendered")
        )
        assert (as_served[0][0], rendered[0][0]) == (200, 200)
        assert "X-Rendered-By" not in as_served[0][1]
        assert dict(json.loads(rendered[0][1]))["X-Rendered-By"].startswith("Chromium/")
    # Each page and each script is asked once; nothing that a document does not need is asked at all.
    assert {asked[path] for path in [*pages, "/app.js"]} == {1}
    assert not any(path.startswith(("/style.css", "/logo.png", "/favicon")) for path in asked)
    problems = rows(folder, "select kind, detail from problems")
    assert {kind for kind, _ in problems} <= {"lookalike"}, problems


@needs_browser
def test_the_site_says_what_is_a_browsers_document(crawled: tuple[TestPortal, Path, Counter[str]]) -> None:
    portal, folder, _ = crawled
    ((number, as_served),) = rows(
        folder,
        "select reports.id, captures.id from reports join captures on captures.url || '#rendered' = reports.url",
    )
    with served(folder / "a.db") as address, urlopen(f"{address}/report/{number}") as answer:
        page = answer.read().decode()
    assert "浏览器渲染页面" in page
    assert f'capture/{as_served}/raw">存档页面</a>' in page
    assert f'<a href="{portal.truth[0]["url"]}" rel="noreferrer nofollow">原址' in page


@needs_browser
def test_the_archive_gives_the_same_rows_again(crawled: tuple[TestPortal, Path, Counter[str]], tmp_path: Path) -> None:
    """Rebuild, verify, and the way through a WARC, where a rendered document is a conversion of the response."""
    shutil.copy(crawled[1] / "a.db", tmp_path / "a.db")
    before, kept = rows(tmp_path, REPORTS), rows(tmp_path, CAPTURES)
    for command in (("rebuild", "--all"), ("verify",)):
        done = nianbao(*command, "--archive", str(tmp_path / "a.db"))
        assert done.returncode == 0, done.stderr
    assert rows(tmp_path, REPORTS) == before
    warc = tmp_path / "a.warc.gz"
    assert nianbao("export", "warc", str(warc), "--archive", str(tmp_path / "a.db")).returncode == 0
    program = str(Path(sys.executable).parent / "warcio")
    assert subprocess.run([program, "check", str(warc)], check=False).returncode == 0
    index = subprocess.run([program, "index", "-f", "warc-type", str(warc)], capture_output=True, text=True, check=True)
    types = Counter(json.loads(line).get("warc-type") for line in index.stdout.splitlines())
    assert types["conversion"] == sum(url.endswith("#rendered") for url, *_ in kept) > 0
    (tmp_path / "back").mkdir()
    done = nianbao("import", str(warc), "--archive", str(tmp_path / "back" / "a.db"))
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "back", REPORTS) == before
    assert rows(tmp_path / "back", CAPTURES) == kept


@needs_browser
def test_a_second_run_asks_only_what_may_be_new(crawled: tuple[TestPortal, Path, Counter[str]], tmp_path: Path) -> None:
    portal, folder, _ = crawled
    shutil.copy(folder / "a.db", tmp_path / "a.db")
    before = rows(tmp_path, CAPTURES)
    portal.requests.clear()
    crawl(tmp_path, portal.profile_toml + BROWSER)
    assert rows(tmp_path, CAPTURES) == before
    asked = portal.counts()
    assert not any(report["url"].removeprefix(portal.home[:-1]) in asked for report in portal.truth)
    assert asked["/nb/2023/"] == 1


@needs_browser
def test_a_report_that_a_script_built_goes_when_its_page_goes(
    crawled: tuple[TestPortal, Path, Counter[str]], tmp_path: Path
) -> None:
    shutil.copy(crawled[1] / "a.db", tmp_path / "a.db")
    portal = crawled[0]
    path = portal.truth[0]["url"].removeprefix(portal.home[:-1])
    page = portal.pages.pop(path)
    try:
        for _ in range(2):
            nianbao("crawl", "--profile", str(_profile(tmp_path, portal)), "--archive", str(tmp_path / "a.db"),
                    "--recheck", "all")  # fmt: skip
    finally:
        portal.pages[path] = page
    assert rows(tmp_path, "select url from reports where gone_at is not null") == [
        (portal.truth[0]["url"] + "#rendered",)
    ]


def _profile(folder: Path, portal: TestPortal) -> Path:
    path = folder / "portal.toml"
    path.write_text(portal.profile_toml + BROWSER, "utf-8")
    return path


@needs_browser
def test_a_page_gets_nothing_but_what_the_crawler_may_ask(tmp_path: Path) -> None:
    """The script tries the decoy by every way a page has, moves on, opens windows and asks more than it may.

    Only one page asks until its time is over; all others have as much time as they need, on a busy machine too.
    """
    with scripted(wild=True).serve() as portal, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        host, port = portal.decoy.split(":")
        datagrams.bind((host, int(port)))
        datagrams.setblocking(False)
        hasty(tmp_path, portal.profile_toml + BROWSER, 15)
        assert portal.decoy_requests == []
        with pytest.raises(BlockingIOError):  # WebRTC asks by UDP
            datagrams.recv(1)
        assert found(tmp_path) == {report["url"] for report in portal.truth}
        asked = portal.counts()
        assert "/worker.js" not in asked
        # Two of its endless questions at least were answered, so it did run; each page may ask sixty times.
        assert 2 <= sum(path.startswith("/api/years?") for path in asked) <= 60 * 12
        assert len([request for request in portal.requests if request.target == "/robots.txt"]) == 1


@needs_browser
def test_robots_and_delay_hold_for_what_scripts_ask(tmp_path: Path) -> None:
    portal = scripted()
    portal.pages["/robots.txt"] = "User-agent: *\nDisallow: /api/list\n"
    with portal.serve():
        crawl(tmp_path, portal.profile_toml.replace("delay = 0", "delay = 0.2") + BROWSER)
        asked = portal.counts()
        assert not any(path.startswith("/api/list") for path in asked)
        assert asked["/api/years"] == 1
        times = [request.at for request in portal.requests if request.target != "/robots.txt"]
        assert min(later - earlier for earlier, later in pairwise(sorted(times))) >= 0.19


@needs_browser
def test_a_page_that_the_browser_cannot_show_is_walked_as_served(tmp_path: Path) -> None:
    portal = scripted()
    portal.pages["/"] = str(portal.pages["/"]).replace("</body>", "<script>while (true) { }</script></body>")
    with portal.serve():
        hasty(tmp_path, portal.profile_toml + BROWSER, 2)
    ((url, detail),) = rows(tmp_path, "select url, detail from problems where kind = 'not_rendered'")
    assert url == portal.home
    assert "its scripts do not let go: no document after 10 seconds more" in detail
    assert found(tmp_path) == {report["url"] for report in portal.truth}


@needs_browser
def test_what_scripts_do_not_get_is_told_and_the_list_is_not_taken_for_whole(tmp_path: Path) -> None:
    portal = scripted()
    answer = portal.pages["/api/list"]
    assert callable(answer)
    portal.pages["/api/list"] = lambda asked: Reply(b"", 500) if b'"page":2' in asked.form else answer(asked)
    with portal.serve():
        _, summary = crawl(tmp_path, portal.profile_toml + BROWSER)
        assert summary["exit_code"] == 1
        assert len(found(tmp_path)) == len(portal.truth) - 2
        ((url, detail),) = rows(tmp_path, "select url, detail from problems where kind = 'script_unanswered'")
        assert url == f"{portal.home}nb/2022/?page=2"
        assert detail == f"{portal.home}api/list (status 500)"
        assert not [url for (url,) in rows(tmp_path, "select url from lists") if "/2022/" in url]
        portal.pages["/api/list"] = answer
        crawl(tmp_path, portal.profile_toml + BROWSER)
        assert found(tmp_path) == {report["url"] for report in portal.truth}


@needs_browser
def test_pages_that_pretend_to_be_others_or_are_no_text(tmp_path: Path) -> None:
    """Half a surrogate pair, another address in the bar, another document in the page's place."""
    portal = scripted()
    half, elsewhere, away = (
        f"<script>{script}</script></body>"
        for script in (
            "document.body.append('\\ud83d')",
            "history.replaceState({}, '', '/')",
            "setTimeout(() => { window['loc' + 'ation'] = 'about:blank' }, 50)",
        )
    )
    for path, script in (("/nb/2022/", half), ("/nb/2021/a2021.html", elsewhere), ("/", away)):
        portal.pages[path] = str(portal.pages[path]).replace("</body>", script)
    with portal.serve():
        crawl(tmp_path, portal.profile_toml + BROWSER)
        problems = rows(tmp_path, "select url, detail from problems where kind = 'not_rendered'")
        assert problems == [(portal.home, "its scripts put another page in its place: about:blank")]
        assert found(tmp_path) == {report["url"] for report in portal.truth}


@needs_browser
def test_probe_says_that_a_browser_may_be_needed_and_proposes_one(tmp_path: Path) -> None:
    with scripted().serve() as portal:
        done = nianbao("portals", "probe", portal.home, "--private", "--delay", "0")
        assert done.returncode == 1
        assert f"not sure: what scripts build on {portal.home}nb/ was not seen" in done.stderr
        assert "browser = true" not in done.stdout
        saved = tmp_path / "proposed.toml"
        arguments = ("--private", "--delay", "0", "--browser", "--save", str(saved))
        done = nianbao("portals", "probe", portal.home, *arguments)
        assert done.returncode == 0, done.stderr
        assert "browser = true" in done.stdout
        crawl(tmp_path, saved.read_text("utf-8"))
        assert found(tmp_path) == {report["url"] for report in portal.truth}


def _in_process(before: str, arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in an interpreter that has run `before`."""
    run = f"import sys; {before}; from crawler.commands.cli import main; sys.argv = ['nianbao', *sys.argv[2:]]; main()"
    command = [sys.executable, "-c", run, "-", *arguments]
    env = os.environ | environment
    return subprocess.run(command, capture_output=True, text=True, timeout=100, env=env, check=False)


@needs_browser
def test_a_portal_that_the_browser_gave_up_is_shown_again_on_the_next_run(tmp_path: Path) -> None:
    portal = scripted()
    # As served it leads on to one year: what is known of the page as served must not stand for what a browser shows.
    year = '<ul><li><a href="/nb/2023/">2023年</a></li></ul><div id="app">'
    portal.pages["/nb/"] = str(portal.pages["/nb/"]).replace('<div id="app">', year)
    with portal.serve():
        arguments = ["crawl", "--profile", str(_profile(tmp_path, portal)), "--archive", str(tmp_path / "a.db")]
        _in_process("import spiders.rendering as rendering; rendering.MOST_FAILURES = 0", arguments)
        assert found(tmp_path) == set()
        _in_process("pass", arguments)
        assert found(tmp_path) == {report["url"] for report in portal.truth}


def test_a_browser_that_does_not_start_ends_the_run(tmp_path: Path) -> None:
    with scripted().serve() as portal:
        path = _profile(tmp_path, portal)
        arguments = ["crawl", "--profile", str(path), "--archive", str(tmp_path / "a.db")]
        done = _in_process("pass", arguments, NIANBAO_CHROMIUM="false")
        assert done.returncode == 2, done.stderr
        assert "/false does not start" in done.stderr
        assert "Traceback" not in done.stderr
    assert rows(tmp_path, "select count(*) from problems") == [(0,)]
    assert rows(tmp_path, "select status from runs") == [("interrupted",)]


@pytest.mark.parametrize(
    ("before", "environment", "said"),
    [
        ("pass", {"NIANBAO_CHROMIUM": "/nowhere/chromium"}, "needs Chromium: no program /nowhere/chromium"),
        ("sys.modules['scrapy_playwright'] = None", {}, "[browser]"),
    ],
    ids=["no Chromium", "no extra"],
)
def test_without_a_browser_it_is_one_sentence(
    tmp_path: Path, before: str, environment: dict[str, str], said: str
) -> None:
    path = tmp_path / "portal.toml"
    path.write_text('id = "x"\nname = "x"\nhome = "http://127.0.0.1:9/"\nregion = "210100"\nbrowser = true\n', "utf-8")
    arguments = ["crawl", "--profile", str(path), "--archive", str(tmp_path / "a.db")]
    done = _in_process(before, arguments, **environment)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_profile_without_a_browser_needs_none(tmp_path: Path) -> None:
    path = tmp_path / "portal.toml"
    with TestPortal({"/": "<html><title>x</title></html>"}).serve() as portal:
        path.write_text(portal.profile_toml, "utf-8")
        arguments = ["crawl", "--profile", str(path), "--archive", str(tmp_path / "a.db")]
        done = _in_process("sys.modules['playwright'] = sys.modules['scrapy_playwright'] = None", arguments)
    assert done.returncode == 1, done.stderr
    assert portal.counts()["/"] == 1
