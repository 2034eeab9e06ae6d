"""The test portals are what they say: every report can be reached by hand, traps are endless, decoys remember."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.servers import MAKES, TestPortal


def get(url: str, form: bytes | None = None, kind: str | None = None) -> str:
    """What stands at an address; `form`: the body of a POST, `kind` its type."""
    try:
        with urlopen(Request(url, form, {"Content-Type": kind} if kind else {}), timeout=10) as answer:
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


@pytest.mark.parametrize(
    "name", ["trs", "vsb", "hanweb", "hanweb_only_page", "asp", "shtml", "hexindex", "lonsun", "xxgk"]
)
def test_following_every_link_finds_every_report(name: str) -> None:
    """A reader who knows each paging convention by heart and never enters the traps."""
    with MAKES[name]().serve() as portal:
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
            for count, prefix in re.findall(r"createPageHTML\('\w+',(\d+), \d+,'(\w+)','shtml',\d+\)", page):
                links += [f"{prefix}_{number}.shtml" for number in range(2, int(count) + 1)]
            if told := re.search(r"pageIndex:1,.*?pageCount:(\d+)", page):
                links += [f"{url}&pageIndex={number}" for number in range(2, int(told.group(1)) + 1)]
            waiting += [
                urljoin(url, unescape(link))
                for link in links
                if not re.search(r"^javascript|/(my|rili|tag|cal)\.|search", link)
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


def test_a_jpaas_unit_turns_by_param_json_alone() -> None:
    with MAKES["jpaas"]().serve() as portal:
        unit = f"http://{portal.address}/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=page2020"
        pages = [json.loads(get(f'{unit}&paramJson={{"pageNo":{number},"pageSize":15}}')) for number in (1, 2, 3)]
        found = [re.findall(r'/art/[^"]+', page["data"]["html"]) for page in pages]
        assert [len(part) for part in found] == [15, 3, 0]
        assert json.loads(get(f"{unit}&pageNo=2")) == pages[0]
        assert {report["url"] for report in portal.truth if report["report_year"] == 2020} <= {
            f"http://{portal.address}{path}" for part in found for path in part
        }


def test_gkmlpt_lists_by_column_page_and_site() -> None:
    with MAKES["gkmlpt"]().serve() as portal:
        listed = f"http://{portal.address}/gkmlpt/api/all/721"
        pages = [json.loads(get(f"{listed}?page={number}&sid=758001")) for number in (1, 2)]
        found = {article["url"] for page in pages for article in page["articles"]}
        assert {report["url"] for report in portal.truth} < found
        assert pages[0]["total"] == len(found)
        assert "articles" not in get(f"{listed}?page=3&sid=758001")
        assert "articles" not in get(f"{listed}?page=1&sid=1")


def test_epoint_answers_json_with_the_sites_number_only() -> None:
    with MAKES["epoint"]().serve() as portal:
        service = f"http://{portal.address}/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
        told = re.search(r'"siteGuid": "([^"]+)"', get(f"http://{portal.address}/js/webBuilderCommon.js"))
        assert told is not None
        wanted = {"deptcode": "", "categorynum": "001004002", "siteGuid": told.group(1), "pageSize": 20}
        found = []
        for number in range(3):
            body = json.dumps(wanted | {"pageIndex": number}).encode()
            answer = json.loads(get(service, body, "application/json"))["custom"]
            found += [entry["infourl"] for entry in answer["data"]]
            assert answer["total"] == 54
        assert len(set(found)) == 54
        assert "infourl" not in get(service)
        assert "infourl" not in get(
            service, json.dumps(wanted | {"pageIndex": 0, "siteGuid": ""}).encode(), "application/json"
        )


def test_a_postback_needs_the_state_of_the_page_it_stands_on() -> None:
    with MAKES["aspnet_steps"]().serve() as portal:
        url = f"http://{portal.address}/InfoPublic.aspx?cid=1019&pid=971"
        page, found = get(url), []
        while following := re.search(r"__doPostBack\(&#39;([^&]+lbtnNext)&#39;,&#39;&#39;\)", page):
            found += re.findall(r"InfoView[^\"]+", page)
            fields = dict(re.findall(r'type="hidden" name="(\w+)"[^>]* value="([^"]*)"', page))
            page = get(url, urlencode(fields | {"__EVENTTARGET": following.group(1)}).encode())
        found += re.findall(r"InfoView[^\"]+", page)
        assert {report["url"] for report in portal.truth} < {f"http://{portal.address}/{path}" for path in found}
        assert len(found) == len(set(found))
        assert "InfoView" not in get(url, urlencode({"__EVENTTARGET": "x", "__EVENTARGUMENT": "2"}).encode())


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
