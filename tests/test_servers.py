"""The test portals are what they say: every report can be reached by hand, traps are endless, decoys remember."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.servers import MAKES, TestPortal


def get(url: str, form: bytes | None = None) -> str:
    try:
        with urlopen(Request(url, data=form), timeout=10) as answer:
            body: bytes = answer.read()
    except HTTPError as missing:
        body = missing.read()
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030")


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_truth_is_what_the_pages_show(make: Callable[[], TestPortal]) -> None:
    with make().serve() as portal:
        assert len(portal.truth) >= 20
        assert len({report["url"] for report in portal.truth}) == len(portal.truth)
        for report in portal.truth:
            page = get(report["url"])
            assert report["title"] in page
            assert "{{" not in page
        assert len(portal.requests) == len(portal.truth)
        assert portal.decoy_requests == []


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)
def test_following_every_link_finds_every_report(make: Callable[[], TestPortal]) -> None:
    """A reader who knows each paging convention by heart and never enters the traps."""
    with make().serve() as portal:
        seen: set[str] = set()
        waiting = [portal.home]
        while waiting:
            url = waiting.pop()
            if url in seen or urlsplit(url).netloc != portal.address:
                continue
            seen.add(url)
            page = get(url)
            links = re.findall(r"""(?:href|src|location\.href|url)=["']?([^"'>\s]+)""", page)
            for count, folder in re.findall(r'createPageHTML\((\d+), 0, "(index)"', page):
                links += [f"{folder}_{number}.html" for number in range(1, int(count))]
            waiting += [
                urljoin(url, link) for link in links if not re.search(r"^javascript|/(my|rili|tag|cal)\.|search", link)
            ]
        assert {report["url"] for report in portal.truth} <= seen


@pytest.mark.parametrize("only_page", [False, True])
def test_dataproxy_obeys_what_it_is_said_to(only_page: bool) -> None:
    with MAKES["hanweb_only_page" if only_page else "hanweb"]().serve() as portal:
        proxy = f"http://{portal.address}/module/web/jpage/dataproxy.jsp"
        records = [re.findall(r"/art/[^']+", get(f"{proxy}?columnid=1230&page={page}")) for page in range(4)]
        assert len(records[0]) == 15
        assert len({path for batch in records for path in batch}) == sum(len(batch) for batch in records)
        posted = get(f"{proxy}?startrecord=31&endrecord=45&perpage=15", b"columnid=1230&unitid=5")
        assert (re.findall(r"/art/[^']+", posted) == records[2]) is not only_page
        assert f"<totalrecord>{sum(len(batch) for batch in records)}</totalrecord>" in posted
        assert "{{" not in posted


def test_traps_never_end_and_a_decoy_remembers_its_visitors() -> None:
    with MAKES["trs"]().serve() as portal:
        url = f"http://{portal.address}/rili.html"
        for _ in range(5):
            links = re.findall(r'href="(/rili[^"]+)">下月', get(url))
            assert links
            url = urljoin(url, links[0])
        first, second = get(f"http://{portal.address}/my.html"), get(f"http://{portal.address}/my.html")
        assert first != second
        get(f"http://{portal.decoy}/nb/1.html")
        assert [request.target for request in portal.decoy_requests] == ["/nb/1.html"]
        assert portal.counts()["/my.html"] == 2
