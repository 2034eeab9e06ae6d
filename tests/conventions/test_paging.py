"""How lists name their further pages: every convention once as it is met, and where counting must stop."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.conventions.pages import read_paging, stated
from crawler.conventions.paging import MAX_PAGES, Paging
from crawler.conventions.registry import PAGING
from crawler.navigation.links import page_links
from crawler.records.capture import Capture
from crawler.words.posts import posted_json, posted_value, sent, target_of
from pipelines.decode.stage import decode
from tests import ROOT

HERE = "http://www.x.gov.cn/zwgk/nb/"


def paging(html: str, url: str = HERE, page_no: int = 1, first: str | None = None) -> Paging:
    page = decode(Capture(url, 200, [], f"<html><body>{html}</body></html>".encode(), ""))
    return read_paging(page.html or "", url, page_no, page_links(page), first, page.tree)


def pages(html: str, url: str = HERE, page_no: int = 1, first: str | None = None) -> dict[int, str]:
    return {number: address.removeprefix(HERE) for number, address in paging(html, url, page_no, first).pages}


def test_trs_counts_from_zero() -> None:
    html = '<script>createPageHTML(4, 0, "index", "html")</script>'
    expected = {2: "index_1.html", 3: "index_2.html", 4: "index_3.html"}
    assert pages(html) == expected
    assert pages(html, HERE + "index.html") == expected
    found = paging(html)
    assert (found.rule, found.page_count, found.total) == ("createPageHTML from 0", 4, None)


def test_trs_on_a_later_page_names_only_the_next() -> None:
    html = '<script>createPageHTML(4, 1, "index", "html")</script>'
    assert pages(html, HERE + "index_1.html", 2, HERE) == {3: "index_2.html"}
    assert pages(html, HERE + "index_3.html", 4, HERE) == {}


@pytest.mark.parametrize(
    "call",
    [
        "createPageHTML(1, 0, 'index', 'html')",
        "createPageHTML(0, 0, 'index', 'html')",
        "function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}",
    ],
)
def test_one_page_or_none_is_no_riddle(call: str) -> None:
    found = paging(f"<script>{call}</script>")
    assert found.pages == []
    assert found.unresolved is None


def test_quoted_id_counts_from_one_and_tells_the_total() -> None:
    html = "<script>createPageHTML('page_div',3, 1,'xwzx_list','shtml',45);</script>"
    assert pages(html, HERE + "xwzx_list.shtml") == {2: "xwzx_list_2.shtml", 3: "xwzx_list_3.shtml"}
    assert paging(html, HERE + "xwzx_list.shtml").total == 45
    without_rows = '<script>createPageHTML("p", 2 ,1,"list","html")</script>'
    assert pages(without_rows) == {2: "list_2.html"}


def test_older_trs_counts_in_a_variable() -> None:
    html = r"""<script>var countnum= 31; var currentPage=0;
    var countPage=3
    document.write("<a href=\"index\"+\"_\"+nextPage+\".\"+\"htm\">下一页</a>");
    document.write("<a  href=\"index"+"_"+nextPage+"."+"htm\" target=\"_self\">下一页</a>");
    </script>"""
    assert pages(html) == {2: "index_1.htm", 3: "index_2.htm"}
    assert paging(html).total == 31


def test_pager_object_counts_from_zero() -> None:
    html = "<script>Pager({size:3, current:0, prefix:'index',suffix:'shtml'});</script>"
    assert pages(html) == {2: "index_1.shtml", 3: "index_2.shtml"}


def test_next_link_is_followed_and_not_counted() -> None:
    """VSB: page 2 of 4 is 3.htm, of 5 it will be 4.htm."""
    html = '共4页 <a href="nb/3.htm">下页</a><a href="nb/1.htm">尾页</a>'
    assert pages(html, "http://www.x.gov.cn/zwgk/nb.htm") == {2: "3.htm"}
    later = '<a href="../nb.htm">首页</a><a href="3.htm">上页</a><a href="1.htm">下页</a><a href="1.htm">尾页</a>'
    assert pages(later, HERE + "2.htm", 3, "http://www.x.gov.cn/zwgk/nb.htm") == {4: "1.htm"}
    last = '<a href="../nb.htm">首页</a><span>下页</span>'
    assert pages(last, HERE + "1.htm", 4, "http://www.x.gov.cn/zwgk/nb.htm") == {}


@pytest.mark.parametrize(
    "link",
    [
        "<a href='index_2.jhtml'>下一页</a>",
        "<a href='index_2.jhtml'>后一页&gt;</a>",
        "<a class=next title=下一页 href='index_2.jhtml'>&gt;</a>",
        "<a href='#' onclick=\"location.href=encodeURI('index_2.jhtml');\">下一页</a>",
        "<a href='index_2.jhtml'><img alt='下一页' src=a.gif></a>",
    ],
)
def test_forms_of_the_next_link(link: str) -> None:
    assert pages(link, HERE + "index.jhtml") == {2: "index_2.jhtml"}


def test_numbered_upwards_with_a_last_page_is_counted() -> None:
    html = "共32条记录 1/3页 <a href=index_2.html>下一页</a><a href=index_3.html>尾页</a>"
    assert pages(html) == {2: "index_2.html", 3: "index_3.html"}
    assert (paging(html).total, paging(html).page_count) == (32, 3)


@pytest.mark.parametrize(
    ("second", "last", "count", "expected"),
    [
        (2, 5, 5, {2: "index_2.html", 3: "index_3.html", 4: "index_4.html", 5: "index_5.html"}),
        (1, 4, 5, {2: "index_1.html", 3: "index_2.html", 4: "index_3.html", 5: "index_4.html"}),  # page 2 is _1
        (1, 1, 2, {2: "index_1.html"}),
        # what does not fit together is not counted: the link alone
        (0, 3, 5, {2: "index_0.html"}),
        (3, 6, 5, {2: "index_3.html"}),
        (1, 5, 5, {2: "index_1.html"}),
        (2, 4, 5, {2: "index_2.html"}),
        (4, 1, 5, {2: "index_4.html"}),  # downwards, as VSB numbers
    ],
)
def test_numbered_upwards_from_one_or_from_two(second: int, last: int, count: int, expected: dict[int, str]) -> None:
    html = f"1/{count}页 <a href=index_{second}.html>下一页</a><a href=index_{last}.html>尾页</a>"
    assert pages(html) == expected


def test_upwards_is_counted_on_the_first_page_only_and_to_an_end() -> None:
    html = "2/5页 <a href=index_2.html>下一页</a><a href=index_4.html>尾页</a>"
    assert pages(html, HERE + "index_1.html", 2, HERE) == {3: "index_2.html"}
    assert pages(html.replace("_4", "_5"), HERE + "index_1.html", 2, HERE) == {3: "index_2.html"}
    many = f"1/{MAX_PAGES + 9}页 <a href=index_2.html>下一页</a><a href=index_{MAX_PAGES + 9}.html>尾页</a>"
    assert max(pages(many)) == MAX_PAGES


@pytest.mark.parametrize("first", [HERE + "index_1.html", HERE + "index_0.html"])
def test_the_first_page_is_none_of_the_further_ones(first: str) -> None:
    """A pager that counts a page too many, or from another number, leads back to where the list began."""
    for number in range(2, 5):
        html = f'<script>createPageHTML(4, {number - 1}, "index", "html")</script>'
        html += "<a href=index_0.html>1</a><a href=index_1.html>下一页</a><a href=index_0.html>首页</a>"
        found = [address for _, address in paging(html, HERE + f"index_{number}.html", number, first).pages]
        assert first not in found
        assert HERE + f"index_{number}.html" not in found


def test_a_next_link_back_to_the_first_page_leads_nowhere() -> None:
    html = "<a href=index.html>首页</a><a href=index.html>下一页</a>"
    assert pages(html, HERE + "index_9.html", 9, HERE + "index.html") == {}
    assert pages(html, HERE + "index_9.html", 9, HERE + "default.html") == {10: "index.html"}


def test_numbers_alone() -> None:
    html = "<b>1</b><a href=index_1.html>2</a><a href=index_2.html>3</a>"
    assert pages(html) == {2: "index_1.html", 3: "index_2.html"}
    days = "<a href=/zwgk/nb/?d=5>5</a><a href=/x/6>6</a>"
    assert pages(days) == {}


def test_pages_in_the_query() -> None:
    own = "http://www.x.gov.cn/list.asp?cid=9"
    html = "<a href='?cid=9&page=2'>2</a><a href='?cid=9&page=2'>下一页</a><a href='list.asp?cid=9&page=4'>尾页</a>"
    found = paging(html, own)
    assert found.rule == "?page=N"
    assert found.pages == [(number, f"{own}&page={number}") for number in (2, 3, 4)]
    assert paging(html, own + "&page=2", 2, own).pages == [(number, f"{own}&page={number}") for number in (3, 4)]


def test_pages_in_the_query_counted_from_zero() -> None:
    own = "http://www.x.gov.cn/list.jsp"
    html = "<a href='list.jsp?pageNo=0'>1</a><a href='list.jsp?pageNo=1'>2</a> 共 3 页"
    assert paging(html, own).pages == [(2, own + "?pageNo=1"), (3, own + "?pageNo=2")]


def test_eportal_steps() -> None:
    own = "http://www.x.gov.cn/eportal/ui?pageId=1841022"
    html = '<a href="javascript:next(2)">2</a><a href="javascript:next(3)">3</a>'
    assert paging(html, own).pages == [(2, own + "&currentPage=2"), (3, own + "&currentPage=3")]


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<a href="/zwgk/tzgg/index_1.html">下一页</a>', HERE),
        ('<a href="http://y.gov.cn/zwgk/nb/index_1.html">下一页</a>', HERE),
        ("<script>createPageHTML(4, 0, '../tzgg/index', 'html')</script>", HERE),
        ("<a href='list.asp?cid=8&page=2'>2</a>", "http://www.x.gov.cn/list.asp?cid=9"),
        ("<a href='list.asp?cid=9&date=2'>2</a>", "http://www.x.gov.cn/list.asp?cid=9"),
    ],
)
def test_pages_of_another_column_are_none(html: str, url: str) -> None:
    assert paging(html, url).pages == []


def test_a_next_link_may_count_rows_under_any_name() -> None:
    own = "http://www.x.gov.cn/list.asp?cid=9"
    assert paging("<a href='?cid=9&start=20'>下一页</a>", own).pages == [(2, own + "&start=20")]
    later = paging("<a href='?cid=9&start=40'>下一页</a>", own + "&start=20", 2, own)
    assert later.pages == [(3, own + "&start=40")]
    assert paging("<a href='?cid=9&date=20190301'>下一页</a>", own).pages == []


def datastore(records: int, extra: str = "") -> str:
    rows = "".join(
        f"<record><![CDATA[<li><a href='/art/2019/1/1/art_5_{n}.html'>甲</a></li>]]></record>" for n in range(records)
    )
    return (
        '<script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1'
        f'&webid=3&columnid=5&unitid=9"></a>]]></nextgroup><recordset>{rows}</recordset></datastore></script>{extra}'
    )


PROXY = "http://x.gov.cn/module/web/jpage/dataproxy.jsp?appid=1&webid=3&columnid=5&unitid=9"


def test_datastore_names_its_batches() -> None:
    found = paging(
        datastore(15, "<script>jpage({perPage:15, totalRecord:40})</script>"), "http://x.gov.cn/col/col5/index.html"
    )
    assert found.total == 40
    assert found.pages == [
        (2, PROXY + "&page=1&startrecord=16&endrecord=30&perpage=15"),
        (3, PROXY + "&page=2&startrecord=31&endrecord=45&perpage=15"),
    ]


def test_datastore_without_total_asks_for_the_next_batch_and_goes_on_from_there() -> None:
    found = paging(datastore(15), "http://x.gov.cn/col/col5/index.html")
    assert [number for number, _ in found.pages] == [2]
    url = found.pages[0][1]
    answer = "<datastore><totalrecord>40</totalrecord>" + datastore(15) + "</datastore>"
    following = paging(answer, url, 2, "http://x.gov.cn/col/col5/index.html")
    assert following.pages == [(3, PROXY + "&page=2&startrecord=31&endrecord=45&perpage=15")]
    last = paging(answer, following.pages[0][1], 3, "http://x.gov.cn/col/col5/index.html")
    assert last.pages == []


def test_datastore_with_all_its_records_has_no_more() -> None:
    html = datastore(3, "<script>jpage({perPage:15, totalRecord:3})</script>")
    assert paging(html, "http://x.gov.cn/col/col5/index.html").pages == []


def test_datastore_loaded_by_script_alone() -> None:
    html = """<script>$("#9").jpage({perPage:20,totalRecord:30,proxyUrl:'/module/jslib/jpage/dataproxy.jsp',
    param:{col:1,appid:1,webid:3,path:'/',columnid:5,unitid:9}})</script>"""
    found = paging(html, "http://x.gov.cn/col/col5/index.html")
    assert len(found.pages) == 2
    assert "columnid=5" in found.pages[0][1]
    assert "startrecord=1&endrecord=20" in found.pages[0][1]


def rows_of(count: int) -> str:
    return "".join(
        f"<li><a href='/art/{number}'><img></a><a href='/art/{number}'>x</a></li>" for number in range(count)
    )


UNIT = "http://www.x.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit"


def test_a_unit_of_the_page_is_asked_for_its_first_page() -> None:
    query = "{'webId':'3185','pageId':'122956','parseType':'bulidstatic','tagId':'信息列表','tplSetId':'o0Yc'}"
    service = urlsplit(UNIT).path
    unit = f'<script src="/script/unitbuild.js" url="{service}" queryData="{query}"></script>'
    found = paging(unit + "<div queryData=\"{'pageId':'no unit'}\"></div>")
    assert found.by_service
    ((number, address),) = found.pages
    told = parse_qs(urlsplit(address).query)
    assert (number, address.partition("?")[0], told["tagId"]) == (1, UNIT, ["信息列表"])
    assert json.loads(told["paramJson"][0]) == {"pageNo": 1, "pageSize": 15}


@pytest.mark.parametrize(
    ("markup", "pages_after", "total"),
    [
        (rows_of(15) + "<div class='page' count='40'><a href='#'>2</a>", [2, 3], 40),
        (rows_of(10) + "<div class='page' count='40'>", [2, 3, 4], 40),
        (rows_of(7) + "<div class='page' count='7'>", [], 7),
        (rows_of(7) + "<div data-count='3'>", [2], None),
        ("<ul><li><a href='/art/1'>x</a></ul>", [2], None),
        ("<ul></ul>", [], None),
    ],
)
def test_an_answer_of_the_unit_counts_or_goes_on_until_nothing_comes(
    markup: str, pages_after: list[int], total: int | None
) -> None:
    asked = f"{UNIT}?webId=1&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A15%7D"
    answer = json.dumps({"code": "200", "data": {"html": markup}})
    found = read_paging(answer, asked, 1, [], HERE)
    assert [number for number, _ in found.pages] == pages_after
    assert all(f'"pageNo":{number}' in unquote(address) for number, address in found.pages)
    assert found.total == total


def test_gkmlpt_turns_by_the_size_of_its_first_page() -> None:
    listed = "http://www.x.gov.cn/zqhjj/gkmlpt/api/all/721?page={}&sid=758019"
    answer = json.dumps({"classify": {"post_count": 25}, "articles": [{"title": "x", "url": "/y"}] * 10})
    found = read_paging(answer, listed.format(1), 1, [])
    assert found.pages == [(2, listed.format(2)), (3, listed.format(3))]
    # Counted over what the service shows and what it does not: it says how many pages may be, not how many entries.
    assert found.total is None
    assert read_paging(answer, listed.format(2), 2, []).pages == []


def test_epoint_asks_the_sites_script_and_then_by_post() -> None:
    column = "http://ws.x.gov.cn/dynamic/zwgk/govInfoPub.html?deptcode=D1&categorynum=003002"
    ((number, script),) = paging('<script src="../../js/webBuilderCommon.js?v=2"></script>', column).pages
    assert (number, script) == (1, "http://ws.x.gov.cn/js/webBuilderCommon.js?deptcode=D1&categorynum=003002")
    told = 'var siteInfo={"siteGuid":"3373428a","projectName":"/EWB-FRONT"};'
    ((number, first),) = read_paging(told, script, 1, [], column).pages
    service = "http://ws.x.gov.cn/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
    wanted = {"deptcode": "D1", "categorynum": "003002", "siteGuid": "3373428a", "pageIndex": 0, "pageSize": 20}
    assert (number, target_of(first), posted_value(first)) == (1, service, wanted)
    assert paging(f"<script>{told}</script>", column).pages == [(1, first)]
    answer = json.dumps({"custom": {"total": "41", "data": [{"title": "x", "infourl": "/y"}] * 20}})
    found = read_paging(answer, first, 1, [], column)
    assert [(number, posted_value(address)["pageIndex"]) for number, address in found.pages] == [(2, 1), (3, 2)]
    assert (found.total, read_paging(answer, found.pages[0][1], 2, [], column).pages) == (41, [])


def test_lonsun_counts_in_a_script() -> None:
    script = "<script>Ls.pagination('#p',{pageIndex:1,pageSize:15,pageCount:3,total:41})</script>"
    column = "http://x.gov.cn/public/column/66?type=4&action=list"
    found = paging(script, column)
    assert found.pages == [(2, column + "&pageIndex=2"), (3, column + "&pageIndex=3")]
    assert found.total == 41
    assert paging(script, column + "&pageIndex=2", 2, column).pages == found.pages[1:]
    assert paging(script, "http://x.gov.cn/list.asp?cid=9").pages == []


POSTBACK = (
    '<form action="/search.aspx"><input name="q"></form><form method="post" action="list.aspx?cid=9&amp;pid=3">'
    '<input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__VIEWSTATE" value="dDwt&#43;Oz4=">'
    "<input name='ctl00$hid' value='7' type='hidden'><input type=text name=key value=x>{}</form>"
)


@pytest.mark.parametrize(("argument", "expected"), [("{}", "{}"), ("Page${}", "Page${}")])
def test_a_postback_that_tells_a_number_is_asked_for_every_page(argument: str, expected: str) -> None:
    links = "".join(
        f"<a href=\"javascript:__doPostBack('ctl00$Grid1','{argument.format(number)}')\">{label}</a>"
        for number, label in ((2, "2"), (3, "3"), (5, "尾页"), (9, "打印"))
    )
    found = paging(POSTBACK.format(links), "http://x.gov.cn/a/list.aspx?cid=9&pid=3")
    posts = [sent(address, found.form) for _, address in found.pages]
    assert [number for number, _ in found.pages] == [2, 3, 4, 5]
    assert {post.url for post in posts if post} == {"http://x.gov.cn/a/list.aspx?cid=9&pid=3"}
    assert [dict(parse_qsl(post.body.decode())) for post in posts if post] == [
        {
            "__EVENTTARGET": "ctl00$Grid1",
            "__EVENTARGUMENT": expected.format(number),
            "__VIEWSTATE": "dDwt+Oz4=",
            "ctl00$hid": "7",
        }
        for number in (2, 3, 4, 5)
    ]
    assert all("dDwt" not in address for _, address in found.pages)


def test_buttons_of_numbers_go_on_one_by_one() -> None:
    links = "".join(
        f"<a href=\"javascript:__doPostBack('rpt$ctl0{number}$go','')\">{number}</a>" for number in (1, 2, 3)
    )
    url = "http://x.gov.cn/a/list.aspx?cid=9&pid=3"
    first = paging(POSTBACK.format(links), url)
    ((number, address),) = first.pages
    post = sent(address, first.form)
    assert (number, post is not None and b"rpt%24ctl02%24go" in post.body) == (2, True)
    ((number, later),) = paging(POSTBACK.format(links).replace("dDwt", "aDwt"), address, 2, url).pages
    assert (number, later != address, target_of(later)) == (3, True, url)


def test_a_postback_without_state_is_a_riddle() -> None:
    link = "<a href=\"javascript:__doPostBack('P','2')\">2</a><a href=\"javascript:__doPostBack('P','2')\">下一页</a>"
    assert paging(link).unresolved is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共 45 条 当前第 1 / 5 页", (45, 5)),
        ("共632条记录 1/28页", (632, 28)),
        ("共<span>45</span>条信息，共<em>3</em>页", (45, 3)),
        ("总记录数：12条 每页15条", (12, None)),
        ("第1页/共8页", (None, 8)),
        ("<!--共有<span>0</span>条信息-->", (None, None)),
        ("全年共收到申请45件，公开信息30条。", (None, None)),
        ("2019年3月27日 首页 下一页", (None, None)),
    ],
)
def test_what_a_list_states(text: str, expected: tuple[int | None, int | None]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<a href='javascript:;'>2</a><a href='javascript:;'>下一页</a>",
        "<a href=\"javascript:__doPostBack('P','2')\">2</a><a href=\"javascript:__doPostBack('P','3')\">下一页</a>",
        "共45条 共5页",
        "<script>listModel({maxStaticIndex:1,pagebar:{prepage:10, recordCount:'20'}})</script>",
    ],
)
def test_more_pages_without_a_way_are_told(html: str) -> None:
    assert paging(html).unresolved is not None


@pytest.mark.parametrize(
    ("script", "count"),
    [
        ("var pageCount = 3", 3), ("let\ttotal_pages='12';", 12), ("const  max_page=2", 2), ("VAR PageTotal\n=\n4", 4),
        ("var width=5; var page_total = 6", 6), ("var pageCount = 1; var totalPage = 3", None),
        ("a.pageCount = 3", None), ("var myPageCount = 3", None), ("var pageCounter = 3", None),
    ],
)  # fmt: skip
def test_a_declared_number_of_pages_is_told(script: str, count: int | None) -> None:
    told = f"a script says {count} pages" if count else None
    assert paging(f"<script>{script}</script>").unresolved == told


PLUGINS = (
    "pagination twbsPagination bootstrapPaginator jqPaginator createPage simplePagination extendPagination paging pager"
    " Paging page whjPaging myPagination sPage zPager laypage laypage.render kkpager.generPageHtml"
)


@pytest.mark.parametrize(
    "name", [*PLUGINS.split(), *map("new {}".format, ("Page", "Pagination", "Paginator", "PageNav"))]
)
def test_a_plugin_is_known_by_its_call(name: str) -> None:
    assert "3 pages" in (paging(f"<script>{name} ({{pageCount: 3, pno: 1, total: 3}})</script>").unresolved or "")


def test_words_around_a_call_decide() -> None:
    call = "createPageHTML(count, 0, 'index', 'html')"
    assert pages(f"<script>var count = 2; {call}</script>") == {2: "index_1.html"}
    assert pages(f"<script>var count = 2; my{call}</script>") == {}
    assert pages(f"<script>var count = 2; function {call}</script>") == {}


def test_a_list_never_has_more_pages_than_any_column_holds() -> None:
    found = paging('<script>createPageHTML(99999, 0, "index", "html")</script>')
    assert len(found.pages) < MAX_PAGES


def test_every_rule_has_a_source() -> None:
    assert all(rule.source and rule.read.__doc__ for rule in PAGING)
    assert len({rule.name for rule in PAGING}) == len(PAGING)


GOLD = Path(os.environ.get("NIANBAO_GOLD", ROOT / "gold"))


@pytest.mark.skipif(not (GOLD / "pages").is_dir(), reason="no gold: set NIANBAO_GOLD to the folder of real pages")
@pytest.mark.parametrize(
    ("name", "rule", "count", "total"),
    [
        ("dz-rsks-list", "createPageHTML from 0", 6, None),
        ("dz-gsgg-list", "createPageHTML from 0", 3, None),
        ("dz-zcjd-empty", "createPageHTML from 0", 0, None),
        ("scedu-tzgg-list", "createPageHTML from 1", 49, 1000),
        ("scedu-czyjs-list", "createPageHTML from 1", 0, 18),
        ("hd-list", "countPage", 55, 6348),
        ("icama-dfdt-list", "numbered links", 27, 632),
        ("scedu-nb-list", None, 0, None),
    ],
)
def test_pages_of_real_lists(name: str, rule: str | None, count: int, total: int | None) -> None:
    url = "http://www.x.gov.cn/zwgk/nb/index.html"
    page = decode(Capture(url, 200, [], (GOLD / "pages" / f"{name}.html").read_bytes(), ""))
    found = read_paging(page.html or "", url, 1, page_links(page))
    assert (found.rule, len(found.pages), found.total) == (rule, count, total)


SERVICES = [
    "http://x.gov.cn/jp/front/page/build/unit?webId=1&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A15%7D",
    "http://x.gov.cn/jp/front/page/build/unit?paramJson=%7B%22pageNo%22%3A1e999%2C%22pageSize%22%3A0%7D",
    "http://x.gov.cn/gkmlpt/api/all/721?page=1&sid=7",
    "http://x.gov.cn/a.html?categorynum=003",
    posted_json("http://x.gov.cn/E/rest/lightfrontaction/getgovinfolist", {"pageIndex": 0}),
    posted_json("http://x.gov.cn/E/rest/lightfrontaction/getgovinfolist", [1]),
    "http://x.gov.cn/public/column/12?type=3",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "createPageHTML(",
                "'index'",
                ",",
                "3",
                "0)",
                "var countPage=",
                "Pager({size:",
                "prefix:'a'",
                "})",
                "<record><![CDATA[",
                "]]></record>",
                "<nextgroup><![CDATA[<a href='",
                "dataproxy.jsp?page=1",
                "共",
                "条",
                "页",
                "totalRecord:",
                "maxStaticIndex:",
                "<a href='?page=",
                "'>下一页</a>",
                "<!--",
                "-->",
                "\x00",
                "queryData=\"{'webId':'1','pageId':'2','tplSetId':'3'}\" url='/front/page/build/unit'>",
                '{"data":{"html":"',
                'count="999',
                '"}}',
                '{"articles":[{}],"total":',
                '{"custom":{"data":[],"total":',
                "1e999",
                "}",
                "siteInfo = {'siteGuid':'7'}",
                "<script src='webBuilderCommon.js'>",
                "<input type=hidden name='__VIEWSTATE' value='/wE",
                "<form action='?a",
                "<a href=\"javascript:__doPostBack('p','Page$3')\">3</a>",
                "pageCount:7",
            ]
        )
        | st.text(max_size=6),
        max_size=40,
    ).map("".join),
    st.sampled_from([HERE, "http://x.gov.cn/eportal/ui?a=1", PROXY, "http://x.gov.cn/l.asp?page=1", *SERVICES]),
    st.integers(1, 3),
)
def test_nothing_raises(html: str, url: str, page_no: int) -> None:
    found = paging(html, url, page_no)
    assert all(number > 0 and address.startswith("http") for number, address in found.pages)
