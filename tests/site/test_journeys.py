"""The ways of a journalist and of an archivist through the site, in a browser without script."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import pack
from typing import Any
from zipfile import ZipFile

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.archive.test_warc import nianbao
from tests.navigation.test_trails import html, menu, report, rows
from tests.servers.faults import FaultyServer, reply
from tests.site.test_site import CHROMIUM, needs_browser
from tests.support.crawling import crawl
from tests.support.serving import served

pytestmark = needs_browser
RED = "rgb(200, 30, 40)"
_SHOWN = """picture => picture.decode().then(() => [picture.naturalWidth, picture.src.slice(0, 22)])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


def test_a_journalist_goes_from_the_country_to_a_number_that_can_be_cited(sample: Path, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    with served(sample) as site:
        page.goto(site)
        page.locator("main a[href='/province/210000']").first.click()
        page.get_by_role("link", name="各级政府的最新报告").click()
        hits = page.locator(".hits li")
        facts = hits.locator("p.fine").all_inner_texts()[:10]
        years = [int(re.findall(r"· (\d{4}) ·", fact)[0]) for fact in facts]
        assert len(years) == 10
        assert years == sorted(years, reverse=True)
        assert all("政府" in fact or "办公" not in fact for fact in facts)

        hits.nth(1).locator("h2 a").click()
        title = page.locator("h1").inner_text()
        row = page.locator("#figures tr", has=page.locator("a[href^='#e']")).first
        value = re.sub(r"[^\d.]", "", row.locator("td.n").inner_text())
        anchor = row.locator("a.mark").get_attribute("href")
        row.locator("a[href^='#e']").click()
        place = page.url.partition("#")[2]
        marked = page.locator(f"mark:has(#{place}), mark#{place}")
        assert value in marked.inner_text().replace(",", "")
        address = page.url.partition("#")[0]
        page.goto(address + anchor)
        assert page.locator(f"tr:has([id='{anchor[1:]}']), tr[id='{anchor[1:]}']").is_visible()
        cited = page.locator("#cite .citation").inner_text()
        assert title.removesuffix("虚构").strip() in cited
        assert "SHA-256" in cited
        assert address.rpartition("/")[2] in cited

        page.locator(".facts a[href^='/region/']").click()
        region = page.url.rpartition("/")[2].partition("?")[0]
        assert page.locator("main svg").count() > 0
        with page.expect_download() as waiting:
            page.locator("#download a", has_text="CSV").click()
        table = list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8"), newline="")))
        assert {one["region_code"] for one in table} == {region}
        assert len({one["report_year"] for one in table}) > 3
        cited = page.locator("#cite .citation").first.inner_text()
        assert f"/region/{region}" in cited
    context.close()


def picture() -> bytes:
    """A red PNG of two by two points."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    lines = zlib.compress(b"".join(b"\0" + b"\xc8\x1e\x28" * 2 for _ in range(2)))
    head = chunk(b"IHDR", pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def test_an_archivist_sees_the_page_as_it_looked_when_its_portal_is_gone(tmp_path: Path, browser: Any) -> None:
    head = "<link rel='stylesheet' href='/css/main.css'><body><img src='/img/logo.png' alt='徽'>"
    listed = ("/a/0", "沈阳市大东区2018年政府信息公开工作年度报告")
    texts = {"/": html(menu(("/nb/", "政府信息公开年报"))), "/nb/": html(rows(listed)), "/a/0": report("大东区", 2018)}
    pages = {
        **{path: reply(200, text.replace("<body>", head, 1).encode()) for path, text in texts.items()},
        "/css/main.css": reply(200, f"h1 {{ color: {RED} }}".encode(), "Content-Type: text/css"),
        "/img/logo.png": reply(200, picture(), "Content-Type: image/png"),
    }
    with FaultyServer(pages).serve() as server:
        home = f"http://127.0.0.1:{server.port}"
        crawl(tmp_path, [home + "/"], further=["--requisites"])
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with served(tmp_path / "a.db") as site:
        page.goto(site)
        page.goto(f"{site}/search?q=大东区")
        page.locator(".hits h2 a").first.click()
        page.locator(".served iframe").scroll_into_view_if_needed()
        frame = page.frame_locator(".served iframe")
        assert frame.locator("h1").first.evaluate("one => getComputedStyle(one).color") == RED
        assert frame.locator("img").first.evaluate(_SHOWN) == [2, "data:image/png;base64,"]
        assert [url for url in asked if not url.startswith((site, "data:"))] == []
    nianbao("export", "wacz", str(tmp_path / "all.wacz"), "--archive", str(tmp_path / "a.db"))
    with ZipFile(tmp_path / "all.wacz") as packed:
        (warc,) = [name for name in packed.namelist() if name.endswith(".warc.gz")]
        held = {
            record.rec_headers["WARC-Target-URI"]: record.content_stream().read()
            for record in ArchiveIterator(io.BytesIO(packed.read(warc)))
            if record.rec_type == "response"
        }
        listed = [json.loads(line) for line in packed.read("pages/pages.jsonl").decode().splitlines()]
    assert RED.encode() in held[f"{home}/css/main.css"]
    assert held[f"{home}/img/logo.png"] == picture()
    assert f"{home}/a/0" in {one.get("url") for one in listed}
    context.close()
