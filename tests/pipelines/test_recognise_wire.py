"""What stands in a page's place: guards and their traps, pages under odd statuses, pages that are not there yet."""

from __future__ import annotations

import pytest

from crawler.records.capture import Context
from crawler.records.page import Page
from tests.pipelines.test_recognise import CHAPTERS, HOST, PUBLISHED, look

TITLE = "某市某某区2018年政府信息公开工作年度报告"
REPORT = f"<h1>{TITLE}</h1>{PUBLISHED}<div id='zoom'>{CHAPTERS}</div>"
LIST = "".join(
    f"<li><a href='/a/{year}.html'>某某区{year}年政府信息公开年度报告</a></li>" for year in range(2015, 2019)
)


def kinds(page: Page) -> list[str]:
    return [problem.kind for problem in page.problems]


@pytest.mark.parametrize(
    ("body", "title", "status"),
    [
        ("<script>self.location='/a/?security_verify_data=31392c3130'</script>", "", 200),
        ("<script>location.href='/a/201903/t20190301_1.html?k=a93kd02mdk39dk20dk1'</script>", "", 200),
        ("<script src='/_guard/auto.js'></script>", "", 200),
        ("正在进行安全检查，请稍候", "", 200),
        ("您的请求已被防火墙拦截", "", 403),
        ("抱歉，本站不支持海外地区访问", "", 403),
        ("您的IP地址不在允许的范围内", "", 403),
        ("<p>请与管理员联系</p>", "网站防火墙", 200),
        ("<p>Access denied</p><a href='http://www.d99net.net'>D盾</a>", "", 403),
    ],
)
def test_guards(body: str, title: str, status: int) -> None:
    assert look(body, title, status=status).kind == "challenge"


@pytest.mark.parametrize(
    ("body", "title", "status", "kind"),
    [
        ("<h2>403 - 禁止访问: 访问被拒绝。</h2><h3>您无权使用所提供的凭据查看此目录或页面。</h3>", "403", 403, "other"),
        ("<p>非法参数！</p>", "", 200, "article"),
        ("<p>拦截一辆违法车辆。" + "我市消防部门昨日检查防火墙设置情况。" * 20 + "</p>", "", 200, "article"),
        ("<script>location.href='/a/201903/t20190301_1.html?lang=zh'</script>", "", 200, "redirect"),
    ],
)
def test_what_is_no_guard(body: str, title: str, status: int, kind: str) -> None:
    assert look(body, title, status=status).kind == kind


@pytest.mark.parametrize("status", [403, 404, 410, 500, 502])
def test_a_whole_page_under_the_status_of_a_failure(status: int) -> None:
    report = look(REPORT, TITLE, status=status)
    assert (report.kind, report.title, kinds(report)) == ("report", TITLE, ["odd_status"])
    listed = look(f"<ul>{LIST}</ul>", "年报", url=HOST + "/nb/", status=status)
    assert listed.kind in ("list", "column")
    assert kinds(listed) == ["odd_status"]
    home = Context(is_home=True)
    links = "".join(f"<a href='/{name}/'>{name}</a>" for name in ("首页", "政务公开", "信息公开年报"))
    assert look(links, "某市", url=HOST + "/", status=status, context=home).kind == "home"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>404</h1>",
        "<ul>" + "".join(f"<li><a href='/{n}'>某新闻{n}</a> 2019-01-0{n}</li>" for n in range(1, 9)) + "</ul>",
        "<p>您访问的页面不存在</p>" + LIST,
        "<a href='/nb/'>政府信息公开年报</a>" * 3,
    ],
)
def test_a_missing_page_in_the_portals_dress_is_missing(body: str) -> None:
    got = look(body, "某市人民政府", status=404)
    assert (got.kind, kinds(got)) == ("missing", [])


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p>请稍候……</p>", True),
        ("Loading", True),
        ("<p>页面加载中</p><script src='/app.js'></script>", False),
        ("<p>请稍候</p><a href='/x'>进入</a>", False),
        ("<p>请稍候</p><script>location.href='/x'</script>", False),
        ("<p>网上办事大厅</p>", False),
    ],
)
def test_pages_that_are_not_there_yet(body: str, told: bool) -> None:
    assert ("empty_answer" in kinds(look(body))) == told
