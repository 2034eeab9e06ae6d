"""A page as it looked: what the archive has is put into it, and nothing is asked of anybody."""

from __future__ import annotations

import re
from base64 import b64decode
from pathlib import Path

import pytest

from crawler.archive.archive import Archive
from crawler.site.looks import dressed, finder
from tests.servers.faults import FaultyServer
from tests.spiders.test_requisites import PICTURE, site
from tests.support.crawling import crawl

HELD = {
    "http://a.cn/c/s.css": (b"@import 'm.css';p{background:url(i.png)} q{content:'\xe4\xb8\xad</style>'}", "text/css"),
    "http://a.cn/c/m.css": (b"@import 'deep.css';b{background:url(i.png)}", "text/css"),
    "http://a.cn/c/i.png": (b"PNG", "image/png"),
    "http://a.cn/x.html": (b"<script>", "text/html"),
}
INLINE = "data:image/png;base64,UE5H"


def look(page: str, charset: str | None = "utf-8") -> str:
    return dressed(page.encode(charset or "utf-8"), charset, "http://a.cn/nb/1.html", HELD.get).decode(
        charset or "utf-8"
    )


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("<img src='/c/i.png' srcset='b.png 2x' alt='图'>", f"<img src=\"{INLINE}\"  alt='图'>"),
        ("<td background=/c/i.png>", f'<td background="{INLINE}">'),
        ("<td style='a:url(/c/i.png)'>", f'<td style="a:url(&quot;{INLINE}&quot;)">'),
        ("<style>a{b:url(../c/i.png)}</style>", f'<style>a{{b:url("{INLINE}")}}</style>'),
        ("<base href='/c/'><img src=i.png>", f"<base href='/c/'><img src=\"{INLINE}\">"),
        ("<img src='/c/none.png'><a href='/c/i.png'>", "<img src='/c/none.png'><a href='/c/i.png'>"),
        ("<link rel='next' href='/c/s.css'>", "<link rel='next' href='/c/s.css'>"),
    ],
)
def test_what_is_held_is_put_in_and_all_else_stays(page: str, shown: str) -> None:
    assert look(page) == shown
    assert look(page, "gb18030") == shown


def test_a_style_brings_what_it_names_and_cannot_end_its_element() -> None:
    shown = look("<link media='screen' rel=stylesheet href=/c/s.css>")
    assert shown.startswith('<style media="screen">')
    assert shown.count("</style") == 1
    assert INLINE in shown
    assert "\\4e2d " in shown
    (imported,) = re.findall('@import url."data:text/css;base64,([^"]+)"', shown)
    assert INLINE in b64decode(imported).decode()


def test_a_page_without_marks_of_ascii_is_left_alone() -> None:
    page = "<img src='/c/i.png'>".encode("utf-16")
    assert dressed(page, "utf-16", "http://a.cn/", HELD.get) == page


def test_a_crawled_page_has_its_picture_through_a_redirect(tmp_path: Path) -> None:
    with FaultyServer(site()).serve() as server:
        home = f"http://127.0.0.1:{server.port}/"
        crawl(tmp_path, [home], further=["--requisites"])
    with Archive.read(tmp_path / "a.db") as archive:
        page = archive.captures.body(f"{home}a/0")
        assert page is not None
        shown = dressed(page, "utf-8", f"{home}a/0", finder(archive))
    assert 'src="data:image/png;base64' in shown.decode()
    assert PICTURE in b64decode(re.findall(r"image/png;base64,([^\"]+)", shown.decode())[0])
    assert b"<link" not in shown
