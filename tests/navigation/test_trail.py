"""The trail: what leads on from a page outside and inside the column, and what merely stands there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.navigation.trail import Next, Plan, Position, Ways, ways_on
from crawler.records.capture import Capture, Context, Step
from crawler.records.problemkinds import PROBLEM_KINDS
from crawler.records.ways import SKIP_REASONS
from pipelines.decode.stage import decode
from pipelines.recognise.stage import recognise

HOST = "http://www.sy.gov.cn"
HOME = HOST + "/"
COLUMN = HOST + "/zwgk/nb/"


def plan(labels: list[str] | None = None, years: range = range(2008, 2026), hosts: str = ".sy.gov.cn") -> Plan:
    steps = tuple((label,) for label in labels) if labels else None
    return Plan(HOME, "210100", steps, years, lambda url: (urlsplit(url).hostname or "").endswith(hosts))


def ways(html: str, position: Position, url: str = COLUMN, asked: Plan | None = None) -> Ways:
    asked = asked or plan()
    page = decode(Capture(url, 200, [], f"<html><body>{html}</body></html>".encode(), ""), Context(is_home=url == HOME))
    recognise(page)
    found = ways_on(page, position, asked)
    assert set(found.skipped) <= set(SKIP_REASONS)
    assert {kind for kind, _ in found.problems} <= set(PROBLEM_KINDS)
    return found


def at_home() -> Position:
    return Position((Step("首页", HOME),))


def in_column(*steps: tuple[str, str], **facts: Any) -> Position:
    trail = (Step("首页", HOME), Step("政府信息公开年报", COLUMN), *(Step(label, url) for label, url in steps))
    return Position(trail, in_column=True, column_url=COLUMN, **facts)


def followed(found: Ways, why: str = "step") -> dict[str, str]:
    return {way.label: way.url for way in found.next if way.why == why}


def one(found: Ways, label: str) -> Next:
    return next(way for way in found.next if way.label == label)


MENU = """<div class=menu><ul><li><a href="/">首页</a></li><li><a href="/xwzx/">新闻动态</a></li>
<li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务</a></li>
<li><a href="/zwgk/nb/">政府信息公开年报</a></li></ul></div>"""
FOOT = """<div class=foot><a href="http://www.dd.sy.gov.cn/">大东区</a>
<a href="http://www.sh.sy.gov.cn/">沈河区</a><a href="http://www.hp.sy.gov.cn/">和平区政府</a>
<a href="/wzdt/">网站地图</a><a href="javascript:;">联系我们</a></div>"""


# outside the column


def test_the_best_name_of_the_column_is_followed() -> None:
    html = '<a href="/zwgk/">政务公开</a><a href="/nb/">政府信息<br>公开年报</a>'
    html += '<a href="/wznb/">年报</a><a href="/tj/">统计年报</a>'
    found = ways(html, at_home(), HOME)
    assert followed(found) == {"政府信息公开年报": HOST + "/nb/"}
    assert followed(found, "explore") == {}
    position = one(found, "政府信息公开年报").position
    assert position.in_column
    assert position.column_url == HOST + "/nb/"
    assert [step.label for step in position.trail] == ["首页", "政府信息公开年报"]


def test_columns_of_several_groups_are_all_followed_and_know_what_they_are() -> None:
    html = '<a href="/a/">市政府信息公开年报</a><a href="/b/">部门信息公开年报</a>'
    html += '<a href="/c/">县（市、区）政府信息公开年报</a>'
    found = ways(html, at_home(), HOME)
    kinds = {way.url: (way.position.group, way.position.organ_kind) for way in found.next}
    assert kinds == {
        HOST + "/a/": ("city", "government"),
        HOST + "/b/": ("departments", "department"),
        HOST + "/c/": ("districts", "government"),
    }


def test_a_bare_name_counts_only_without_a_better_one() -> None:
    assert followed(ways('<a href="/nb/">年报</a><a href="/zwgk/">政务公开</a>', at_home(), HOME)) == {
        "年报": HOST + "/nb/"
    }


def test_without_the_column_the_levels_above_are_offered_for_exploring() -> None:
    html = MENU.replace("政府信息公开年报", "领导之窗") + FOOT
    html += '<a href="/xxgk/">信息公开</a><a href="/fd/">法定主动公开内容</a>'
    found = ways(html, at_home(), HOME)
    assert {way.why for way in found.next} == {"explore"}
    best = sorted(found.next, key=lambda way: -way.priority)
    assert {way.label for way in best[:2]} == {"政务公开", "信息公开"}
    assert best[2].label == "法定主动公开内容"
    assert all(way.position.explored == 1 and not way.position.in_column for way in found.next)
    assert "大东区" not in {way.label for way in found.next}
    assert "领导之窗" in found.labels


def test_exploring_ends_somewhere() -> None:
    lost = replace(at_home(), explored=3)
    assert ways('<a href="/zwgk/">政务公开</a>', lost, HOST + "/x/").next == []


def test_a_column_on_a_host_of_the_profile_is_followed_and_on_another_told() -> None:
    html = '<a href="http://zfxxgk.sy.gov.cn/nb/">政府信息公开年报</a>'
    assert followed(ways(html, at_home(), HOME)) == {"政府信息公开年报": "http://zfxxgk.sy.gov.cn/nb/"}
    elsewhere = ways(html.replace("sy.gov", "ln.gov"), at_home(), HOME)
    assert elsewhere.next == []
    assert [kind for kind, _ in elsewhere.problems] == ["host_not_allowed"]
    assert elsewhere.skipped["other_host"] == 1


def test_searches_and_tag_clouds_are_no_columns() -> None:
    html = '<a href="/search?q=nb">政府信息公开年报</a><a href="/tag/nb">信息公开年报</a>'
    found = ways(html, at_home(), HOME)
    assert found.next == []
    assert (found.skipped["search_form"], found.skipped["trap"]) == (1, 1)


def test_a_page_that_is_the_column_though_no_link_said_so() -> None:
    """The menu's entry of the page itself has an empty address (四川's platform)."""
    html = """<ul><li><a href="zn.html">政府信息公开指南</a></li><li><a href="">政府信息公开年报</a></li></ul><ul>
    <li><a href="2020/1/17/a.html">甲厅2019年度政府信息公开工作报告</a><i>2020-01-17</i></li>
    <li><a href="2019/1/17/b.html">甲厅2018年度政府信息公开工作报告</a><i>2019-01-17</i></li></ul>"""
    position = Position((Step("首页", HOME), Step("政务公开", HOST + "/c1/zn.html")), explored=1)
    found = ways(html, position, HOST + "/c1/list.html")
    assert len(followed(found, "item")) == 2
    assert all(way.position.in_column for way in found.next)


def test_a_platform_of_tabs_holds_the_list_on_the_page_itself() -> None:
    html = '<a href="javascript:;">政府信息公开指南</a><a href="javascript:;">政府信息公开年报</a>' + LIST
    position = Position((Step("首页", HOME), Step("政务公开", HOST + "/zwgk/")), explored=1)
    assert len(followed(ways(MENU.split('<li><a href="/zwgk/nb/')[0] + html, position, HOST + "/zwgk/"), "item")) == 4


def test_a_trail_begins_with_the_home_page() -> None:
    found = ways('<a href="/nb/">政府信息公开年报</a>', Position(), HOME)
    assert [(step.label, step.url) for step in found.next[0].position.trail] == [
        ("首页", HOME),
        ("政府信息公开年报", HOST + "/nb/"),
    ]


def test_years_beside_a_report_lead_to_the_others() -> None:
    """Hanweb's xxgkAnnualReport.jsp: every year's page is the report of that year, with links to the other years."""
    own = HOST + "/module/annual.jsp?area=1"
    html = '<a href="annual.jsp?area=1&fbtime=2017">2017</a><a href="annual.jsp?area=1&fbtime=2018">2018</a>'
    position = Position((Step("首页", HOME), Step("信息公开年报", own)), in_column=True, column_url=own)
    found = ways(html, position, own)
    assert {way.position.year for way in found.next if way.why == "step"} == {2017, 2018}


def test_frames_of_a_frameset_and_of_an_empty_page_are_followed() -> None:
    html = '<frameset><frame src="top.asp"><frame src="main.asp"></frameset>'
    page = decode(Capture(HOME, 200, [], f"<html>{html}</html>".encode(), ""))
    found = ways_on(page, at_home(), plan())
    assert {way.url for way in found.next if way.why == "iframe"} >= {HOST + "/main.asp"}


def test_a_home_page_that_only_sends_on() -> None:
    found = ways("<script>location.href='/sy/index.html'</script>", at_home(), HOME)
    assert [(way.why, way.url, way.position) for way in found.next] == [
        ("redirect", HOST + "/sy/index.html", at_home())
    ]


def test_labels_of_the_profile_come_first_and_the_usual_names_after() -> None:
    asked = plan(["阳光沈阳", "公开报告栏", "{year}", "各区县市"])
    html = '<a href="/yg/">阳光沈阳</a><a href="/nb/">政府信息公开年报</a>'
    found = ways(html, at_home(), HOME, asked)
    assert followed(found) == {"阳光沈阳": HOST + "/yg/"}
    assert not found.next[0].position.in_column
    below = ways('<a href="/yg/bg/">公开报告栏</a>', found.next[0].position, HOST + "/yg/", asked)
    assert one(below, "公开报告栏").position.in_column
    fallback = ways('<a href="/nb/">政府信息公开年报</a>', at_home(), HOME, asked)
    assert followed(fallback) == {"政府信息公开年报": HOST + "/nb/"}


def test_a_step_of_the_profile_may_be_skipped() -> None:
    asked = plan(["政务公开", "公开报告栏", "{year}"])
    found = ways('<a href="/zwgk/">政务公开</a><a href="/bg/">公开报告栏</a>', at_home(), HOME, asked)
    assert followed(found) == {"公开报告栏": HOST + "/bg/"}
    assert found.next[0].position.in_column


# inside the column

YEARS = "<ul>" + "".join(f'<li><a href="/zwgk/nb/{year}n/">{year}年</a></li>' for year in (2019, 2018, 2017)) + "</ul>"
GROUPS = """<ul><li><a href="/zwgk/nb/2018n/sz/">市政府</a></li>
<li><a href="/zwgk/nb/2018n/qx/">各区县市政府信息公开工作年度报告</a></li>
<li><a href="/zwgk/nb/2018n/bm/">市政府部门</a></li><li><a href="/zwgk/nb/2018n/jd/">街道乡镇</a></li></ul>"""


def test_years_are_steps_and_chrome_is_none() -> None:
    found = ways(MENU + YEARS + FOOT, in_column())
    assert followed(found) == {f"{year}年": f"{COLUMN}{year}n/" for year in (2019, 2018, 2017)}
    assert {way.position.year for way in found.next} == {2017, 2018, 2019}
    assert found.skipped["off_trail"] >= 6
    assert found.items == []


def test_only_the_years_asked_for() -> None:
    found = ways(YEARS, in_column(), asked=plan(years=range(2018, 2019)))
    assert followed(found) == {"2018年": COLUMN + "2018n/"}
    assert found.skipped["wrong_year"] == 2


def test_a_position_never_holds_two_years() -> None:
    steps = (("2018年", COLUMN + "2018n/"), ("各区县市", COLUMN + "2018n/qx/"))
    position = in_column(*steps, year=2018, group="districts")
    found = ways(YEARS + GROUPS, position, COLUMN + "2018n/qx/")
    other = one(found, "2019年").position
    assert (other.year, other.group, other.organ_kind) == (2019, None, None)
    assert [step.label for step in other.trail] == ["首页", "政府信息公开年报", "2019年"]
    sibling = one(found, "市政府部门").position
    assert (sibling.year, sibling.group, sibling.organ_kind) == (2018, "departments", "department")
    assert [step.label for step in sibling.trail][2:] == ["2018年", "市政府部门"]


def test_groups_know_what_they_are() -> None:
    found = ways(MENU + GROUPS, in_column(("2018年", COLUMN + "2018n/"), year=2018), COLUMN + "2018n/")
    kinds = {way.position.group: (way.position.organ_kind, way.position.year) for way in found.next}
    assert kinds == {
        "city": ("government", 2018),
        "districts": ("government", 2018),
        "departments": ("department", 2018),
        "townships": ("township", 2018),
    }


def test_regions_first_then_years() -> None:
    html = '<ul><li><a href="/zwgk/nb/dd/">大东区</a></li><li><a href="/zwgk/nb/sh/">沈河区</a></li></ul>' + FOOT
    found = ways(html, in_column())
    assert followed(found) == {"大东区": COLUMN + "dd/", "沈河区": COLUMN + "sh/"}
    district = one(found, "大东区").position
    assert (district.region, district.year) == ("210104", None)
    years = ways('<a href="2018/">2018年</a><a href="../sh/">沈河区</a>', district, COLUMN + "dd/")
    year = one(years, "2018年").position
    assert (year.region, year.year) == ("210104", 2018)
    assert one(years, "沈河区").position.region == "210103"
    assert len(one(years, "沈河区").position.trail) == 3


def test_doubled_steps() -> None:
    html = MENU + '<a href="/zwgk/nb/ndbg/">年度报告</a>'
    found = ways(html, in_column())
    assert followed(found) == {"年度报告": COLUMN + "ndbg/"}
    assert one(found, "年度报告").position.in_column


LIST = """<ul class=list>
<li><a href="202003/t20200301_1.html">大东区2019年政府信息公开工作年度报告</a><i>2020-03-01</i></li>
<li><a href="202003/t20200302_2.html" title="沈河区2019年政府信息公开工作年度报告">沈河区2019年政府信…</a>
<i>2020-03-02</i></li><li><a href="202003/t20200303_3.html">和平区人民政府</a><i>2020-03-03</i></li>
<li><a href="201903/t20190303_4.html">关于做好2018年政府信息公开年度报告编制工作的通知</a><i>2019-03-03</i></li></ul>"""
NEWS = """<div class=news><h3>相关新闻</h3><ul>
<li><a href="/xwzx/202001/t20200101_8.html">城市更新稳步推进</a><i>2020-01-01</i></li>
<li><a href="/xwzx/202001/t20200102_9.html">全市春耕备耕有序展开</a><i>2020-01-02</i></li></ul></div>"""


def test_every_entry_of_the_list_and_nothing_beside_it() -> None:
    found = ways(MENU + LIST + NEWS + FOOT, in_column())
    assert len(followed(found, "item")) == 4
    assert followed(found) == {}
    assert len(found.items) == 4
    assert found.skipped["other_column"] == 2
    named = one(found, "和平区人民政府").position
    assert named.region == "210102"
    assert one(found, "沈河区2019年政府信息公开工作年度报告").position.year is None


def test_items_of_years_not_asked_for_are_counted_and_not_followed() -> None:
    found = ways(LIST, in_column(), asked=plan(years=range(2018, 2019)))
    assert len(found.items) == 4
    assert set(followed(found, "item")) == {"和平区人民政府", "关于做好2018年政府信息公开年度报告编制工作的通知"}


def test_titles_that_are_only_names_of_organs() -> None:
    rows = "".join(
        f'<li><a href="202003/t2020030{n}_{n}.html">{name}</a></li>'
        for n, name in enumerate(["市教育局", "市民政局", "万柳塘街道办事处", "大东区"])
    )
    found = ways(MENU + f"<ul>{rows}</ul>" + NEWS, in_column(("2018年", COLUMN), year=2018))
    assert len(followed(found, "item")) == 4


def test_an_item_on_another_host_is_told_not_followed() -> None:
    html = LIST.replace("202003/t20200301_1.html", "http://www.dadong.cn/a/1.html")
    found = ways(html, in_column())
    assert len(found.items) == 4
    assert len(followed(found, "item")) == 3
    assert [kind for kind, _ in found.problems] == ["host_not_allowed"]


def test_a_district_with_a_column_of_its_own_has_all_years_there() -> None:
    html = LIST.replace("202003/t20200301_1.html", "http://www.dd.sy.gov.cn/col/col9/index.html").replace(
        "大东区2019年政府信息公开工作年度报告", "大东区政府信息公开年报"
    )
    found = ways(html, in_column(("2019年", COLUMN + "2019n/"), year=2019), COLUMN + "2019n/")
    own = one(found, "大东区政府信息公开年报")
    assert (own.why, own.position.region, own.position.year) == ("step", "210104", None)
    assert own.position.column_url == "http://www.dd.sy.gov.cn/col/col9/index.html"


def test_pages_of_the_list_keep_the_place() -> None:
    html = LIST + '<script>createPageHTML(3, 0, "index", "html")</script>共 45 条'
    position = in_column(("2019年", COLUMN + "2019n/"), year=2019)
    found = ways(html, position, COLUMN + "2019n/")
    paging = [way for way in found.next if way.why == "paging"]
    assert [way.url for way in paging] == [COLUMN + "2019n/index_1.html", COLUMN + "2019n/index_2.html"]
    assert [(way.position.page_no, way.position.list_url) for way in paging] == [
        (2, COLUMN + "2019n/"),
        (3, COLUMN + "2019n/"),
    ]
    assert paging[0].position.trail == position.trail
    assert (found.stated_total, found.stated_pages) == (45, 3)


def test_an_empty_list_with_a_pager_says_so() -> None:
    found = ways(MENU + '<ul class=list></ul><script>createPageHTML(1, 0, "index", "html")</script>', in_column())
    assert found.next == []
    assert found.paging_rule == "createPageHTML from 0"


def test_a_list_of_news_is_not_paged() -> None:
    found = ways(MENU + NEWS + '<script>createPageHTML(30, 0, "index", "html")</script>', in_column())
    assert [way for way in found.next if way.why == "paging"] == []


def test_more_pages_without_a_way_are_a_problem() -> None:
    found = ways(LIST + "<a href='javascript:p(2)'>2</a><a href='javascript:p(2)'>下一页</a>", in_column())
    assert [kind for kind, _ in found.problems] == ["paging_not_understood"]


def test_a_list_in_a_frame() -> None:
    html = MENU + '<iframe src="list.asp?cid=9"></iframe><iframe src="/weather.html"></iframe>'
    found = ways(html, in_column())
    assert [(way.why, way.url) for way in found.next] == [("iframe", COLUMN + "list.asp?cid=9")]
    assert found.next[0].position == in_column()


def test_calendars_and_months_are_traps() -> None:
    calendar = "<table><tr>" + "".join(f'<td><a href="/zwgk/nb/?date=2018-{n}">{n}月</a></td>' for n in range(1, 13))
    html = calendar + '<td><a href="/zwgk/nb/?date=2017">2017年</a></td></tr></table>' + YEARS
    found = ways(html, in_column())
    assert set(followed(found)) == {"2019年", "2018年", "2017年"}
    assert all("date=" not in way.url for way in found.next)
    assert found.skipped["trap"] == 13


def test_session_ids_make_no_second_page() -> None:
    html = '<a href="2018n/;jsessionid=AA11">2018年</a><a href="2018n/?PHPSESSID=bb22">2018年</a>'
    found = ways(html, in_column())
    assert [way.url for way in found.next] == [COLUMN + "2018n/"]
    assert found.skipped["same_page"] == 1


def test_years_of_another_column_are_left_alone() -> None:
    html = YEARS + '<a href="/zwgk/czyjs/2018n/">2018年</a>'
    found = ways(html, in_column())
    assert all(way.url.startswith(COLUMN) for way in found.next)


def test_columns_numbered_in_one_folder_hold_each_others_groups() -> None:
    """Hanweb: the column is /col/col4/, its groups /col/col1229/ and so on."""
    url = HOST + "/col/col4/index.html"
    position = Position((Step("首页", HOME), Step("信息公开年报", url)), in_column=True, column_url=url)
    html = '<a href="/col/col1/index.html">首页</a><a href="/col/col1229/index.html">市政府</a>'
    html += '<a href="/col/col1230/">市直部门</a>'
    found = ways(html, position, url)
    assert {way.position.group for way in found.next} == {"city", "departments"}


def test_sub_columns_with_unknown_names_are_tried_where_nothing_else_stands() -> None:
    html = MENU + '<a href="/zwgk/nb/a/">甲类</a><a href="/zwgk/nb/zd/">年报制度</a>'
    found = ways(html, in_column())
    assert followed(found) == {"甲类": COLUMN + "a/"}
    assert found.next[0].position.explored == 1
    assert ways(html, in_column(explored=2)).next == []


def test_items_come_before_pages_and_pages_before_steps() -> None:
    found = ways(LIST + YEARS + '<script>createPageHTML(2, 0, "index", "html")</script>', in_column())
    priority = {way.why: way.priority for way in found.next}
    assert priority["item"] > priority["paging"] > priority["step"] > 0


def test_ten_thousand_links() -> None:
    rows = "".join(f"<li><a href='{n}.html'>大东区{n}号文件</a></li>" for n in range(10_000))
    found = ways(f"<ul>{rows}</ul>", in_column())
    assert len(found.labels) <= 40
    assert sum(found.skipped.values()) + len(found.next) >= 10_000


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["<a href=", "/zwgk/nb/", ">2018年</a>", ">政府信息公开年报</a>", "<li>", "<ul>", "</ul>"])
        | st.sampled_from(["<iframe src=", ">下一页</a>", "2019-03-27", "<table>", ">市直部门</a>", ">大东区</a>"])
        | st.sampled_from(["http://", "'", "\0", "<frame src=/x>"])
        | st.text(max_size=8),
        max_size=40,
    ).map("".join),
    st.booleans(),
    st.sampled_from([None, ["{year}"], ["{region}", "年报"], ["政务公开"]]),
)
def test_nothing_raises(html: str, inside: bool, labels: list[str] | None) -> None:
    found = ways(html, in_column() if inside else at_home(), COLUMN, plan(labels))
    assert all(way.url.startswith("http") for way in found.next)


@pytest.mark.parametrize("kind", ["pdf", "empty", "xml"])
def test_what_is_no_page_leads_nowhere(kind: str) -> None:
    body = {"pdf": b"%PDF-1.4 ...", "empty": b"", "xml": b"<?xml version='1.0'?><a/>"}[kind]
    page = decode(Capture(COLUMN, 200, [], body, ""))
    assert ways_on(page, in_column(), plan()).next == []
