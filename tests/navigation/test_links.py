"""Links as they are met: broken labels, cut titles, pictures, scripts, rows with dates; and what labels say."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.navigation.links import frames, page_links, read_links
from crawler.navigation.places import place_named
from crawler.records.capture import Capture
from crawler.words.entries import is_organ
from crawler.words.labels import read_label, tidy
from crawler.words.link import Link
from crawler.words.text import parse_date
from pipelines.decode.stage import decode
from tests import ROOT

BASE = "http://www.x.gov.cn/zwgk/nb/"
GOLD = Path(os.environ.get("NIANBAO_GOLD", ROOT / "gold"))


def links(html: str) -> list[Link]:
    return read_links(etree.HTML(html), BASE)


@pytest.mark.parametrize(
    ("html", "label"),
    [
        ("<a href=/a/>政府信息<br>公开年报</a>", "政府信息公开年报"),
        ("<a href=/a/> 政 府　信&nbsp;息 公开 年报 </a>", "政府信息公开年报"),
        (
            "<a href=/a/ title='大东区2018年政府信息公开工作年度报告'>大东区2018年政府信…</a>",
            "大东区2018年政府信息公开工作年度报告",
        ),
        (
            "<a href=/a/ title='大东区2018年政府信息公开工作年度报告'>大东区2018年政府信...</a>",
            "大东区2018年政府信息公开工作年度报告",
        ),
        ("<a href=/a/ title='点击查看'>2018年</a>", "2018年"),
        ("<a href=/a/><img src=a.gif alt='公开年报'></a>", "公开年报"),
        ("<map><area href=/a/ alt='公开年报'></map>", "公开年报"),
        ("<a href=/a/>· 大东区2018年政府信息公开年报 [2019-03-27]</a>", "大东区2018年政府信息公开年报"),
        ("<a href=/a/><span>大东区2018年政府信息公开年报</span><i>2019-03-27</i></a>", "大东区2018年政府信息公开年报"),
        ("<a href=/a/>２０１８年</a>", "2018年"),
        ("<a href=/a/></a>", ""),
    ],
)
def test_labels(html: str, label: str) -> None:
    assert [link.label for link in links(html)] == [label]


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ("<base href='/other/'><a href=a.html>a</a>", "http://www.x.gov.cn/other/a.html"),
        ("<a href='#' onclick=\"location.href=encodeURI('index_2.jhtml');\">a</a>", BASE + "index_2.jhtml"),
        ("<a href='javascript:;' onclick=\"window.open('/b.html')\">a</a>", "http://www.x.gov.cn/b.html"),
        ("<a href=\"javascript:window.location='b.html'\">a</a>", BASE + "b.html"),
        ("<li onclick=\"window.location.href='./c.html'\">a</li>", BASE + "c.html"),
        ("<a href='/d.html' onclick=\"count('x')\">a</a>", "http://www.x.gov.cn/d.html"),
        ("<a href='#' onclick=\"location.href='index_'+page+'.html'\">a</a>", ""),
        ("<a href='javascript:goto(2)'>a</a>", ""),
    ],
)
def test_addresses_in_links(html: str, url: str) -> None:
    found = [link.url for link in links(html)]
    assert found[-1] == url


def test_rows_have_their_dates_and_share_a_block() -> None:
    html = """<ul><li><a href=1.html>甲</a><i>2019-03-27</i></li><li><i>[03-28]</i><a href=2.html>乙</a></li></ul>
    <table><tr><td><a href=3.html>丙</a></td><td>2019年3月1日</td></tr></table><div><a href=4.html>丁</a></div>"""
    first, second, third, fourth = links(html)
    assert [link.dated for link in (first, second, third, fourth)] == [True, True, True, False]
    assert first.block is second.block
    assert first.block is not third.block
    assert parse_date(third.row_text) == "2019-03-01"


def test_records_of_a_datastore_are_links_of_the_page() -> None:
    html = (
        "<html><body><a href='/'>首页</a><script type='text/xml'><datastore><recordset><record><![CDATA["
        "<li><a href='/art/2019/1/2/art_5_7.html' title='甲县2018年政府信息公开年报'>甲县20...</a><i>2019-01-02</i>"
        "</li>]]></record></recordset></datastore></script></body></html>"
    )
    page = decode(Capture("http://x.gov.cn/col/col5/index.html", 200, [], html.encode(), ""))
    home, record = page_links(page)
    assert home.label == "首页"
    assert (record.label, record.dated) == ("甲县2018年政府信息公开年报", True)
    assert record.url == "http://x.gov.cn/art/2019/1/2/art_5_7.html"


def test_the_tree_of_a_directory_leads_to_the_lists_of_its_column() -> None:
    tree = (
        '[{"id":1,"name":"机构职能","children":[]},{"id":2,"name":"往期","jump_url":"http://x.gov.cn/","children":[]},'
        '{"id":721,"name":"政府信息公开年报","children":[{"id":8,"name":"2022年"},{"id":9,"name":"2021年","children":[]}]}]'
    )
    html = f"<html><script>window._CONFIG = {{SID: '75', TREE: {tree}, AREA: 1}};</script></html>"
    page = decode(Capture("http://x.gov.cn/gkmlpt/index", 200, [], html.encode(), ""))
    assert [(link.label, link.url) for link in page_links(page)] == [
        ("政府信息公开年报", f"http://x.gov.cn/gkmlpt/api/all/{number}?page=1&sid=75") for number in (8, 9)
    ]


def test_frames_that_may_hold_a_list() -> None:
    html = """<iframe src="list.asp?cid=9"></iframe><iframe src="http://w.com/weather.htm"></iframe>
    <iframe src="b.html" style="display: none"></iframe><iframe src="c.html" width=0></iframe><iframe></iframe>"""
    assert frames(etree.HTML(html), BASE) == [(BASE + "list.asp?cid=9", False)]


@pytest.mark.parametrize(
    ("label", "kind", "group"),
    [
        ("政府信息公开年报", "column", None),
        ("政府信息公开工作年度报告", "column", None),
        ("年报", "column", None),
        ("市政府信息公开年报", "column", "city"),
        ("各区县市政府信息公开工作年度报告", "column", "districts"),
        ("部门信息公开年报", "column", "departments"),
        ("政府信息公开年度工作情况报告", "column", None),
        ("年报公布", "column", None),
        ("政府网站工作年度报表", "other", None),
        ("统计年报", "other", None),
        ("政府工作报告", "other", None),
        ("2018年", "year", None),
        ("二○一八年度", "year", None),
        ("2018年年报", "year", None),
        ("2018年政府信息公开工作年度报告", "year", None),
        ("大东区2018年政府信息公开工作年度报告", "item", None),
        ("2015年以前", "years", None),
        ("历年", "years", None),
        ("更早", "years", None),
        ("其他年度", "years", None),
        ("2013年及更早", "years", None),
        ("年报（2015年以前）", "years", None),
        ("以前年度年报查询", "years", None),
        ("旧版网站年报", "years", None),
        ("信息公开年报汇总", "years", None),
        ("更多历史年报请点击", "years", None),
        ("旧版", "other", None),
        ("资料", "other", None),
        ("其他", "other", None),
        ("更多", "other", None),
        ("2018年1月", "month", None),
        ("各区县市", "group", "districts"),
        ("区县(市)政府", "group", "districts"),
        ("县(市、区)政府", "group", "districts"),
        ("县级政府", "group", "districts"),
        ("各市", "group", "districts"),
        ("市政府", "group", "city"),
        ("市政府部门", "group", "departments"),
        ("市直部门", "group", "departments"),
        ("驻市单位", "group", "departments"),
        ("驻县单位", "group", "departments"),
        ("垂管部门", "group", "departments"),
        ("其他单位", "group", "departments"),
        ("二级机构", "group", "departments"),
        ("市级机关及直属单位", "group", "departments"),
        ("垂直管理部门", "group", "departments"),
        ("市政府办公室", "group", "departments"),
        ("市政府及办公室", "group", "city"),
        ("县政府、县政府办公室", "group", "city"),
        ("乡镇（街道）", "group", "townships"),
        ("街道乡镇", "group", "townships"),
        ("功能区", "group", "zones"),
        ("政务公开", "upper", None),
        ("法定主动公开内容", "upper", None),
        ("下一页", "next", None),
        ("尾页", "last", None),
        ("12", "number", None),
        ("市教育局", "other", None),
        ("", "none", None),
    ],
)
def test_what_a_label_says(label: str, kind: str, group: str | None) -> None:
    said = read_label(label)
    assert (said.kind, said.group) == (kind, group)


def test_the_better_name_of_a_column_ranks_first() -> None:
    names = ["政府信息公开年报", "信息公开年报", "沈阳市政府信息公开年报", "年报"]
    assert [read_label(name).rank for name in names] == [0, 1, 2, 3]


def test_words_of_lookalikes_are_seen() -> None:
    for label in ("关于做好2018年政府信息公开年度报告的通知", "政府信息公开年报制度", "一图读懂2018年政府信息公开年报"):
        assert read_label(label).veto, label
    assert not read_label("大东区2018年政府信息公开工作年度报告").veto


def test_places_inside_the_region_only() -> None:
    assert place_named("大东区", "210100") == "210104"
    assert place_named("大东区人民政府", "210100") == "210104"
    assert place_named("沈阳市大东区政府信息公开年报", "210100") == "210104"
    assert place_named("大东", "210100") == "210104"
    assert place_named("沈阳市", "210100") == "210100"
    assert place_named("大东区", "370200") is None
    assert place_named("大东区教育局", "210100") is None


def test_organs() -> None:
    assert is_organ("市教育局")
    assert is_organ("万柳塘街道办事处")
    assert not is_organ("工作动态")


@given(st.text(max_size=300))
def test_no_label_raises(text: str) -> None:
    label = tidy(text)
    read_label(label)
    place_named(label, "210100")
    is_organ(label)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<a href=",
                "<ul><li>",
                "</li>",
                "'",
                '"',
                ">",
                "<area ",
                " onclick=\"location.href='",
                "2018年",
                "\0",
                "<base href=",
                "window._CONFIG={SID:'7',TREE: [",
                '{"id":1,"name":"政府信息公开年报","children":[',
                "]}]",
                '{"articles":[{"title":1,"url":[]},{}]}',
                '{"custom":{"data":[{"infourl":{}}]}}',
                '{"data":{"html":"',
            ]
        )
        | st.text(max_size=12),
        max_size=40,
    ).map("".join)
)
def test_no_markup_raises(html: str) -> None:
    page = decode(Capture(BASE, 200, [], html.encode("utf-8", "replace"), ""))
    for link in page_links(page):
        assert isinstance(link.url + link.label + link.row_text, str)
        assert link.block is not None


def gold_lists() -> list[dict[str, object]]:
    index = GOLD / "pages.jsonl"
    if not index.exists():
        return []
    rows = [json.loads(line) for line in index.read_text("utf-8").splitlines()]
    return [row for row in rows if row["kind"] == "list" and (row.get("expected") or {}).get("n_dated_items")]


@pytest.mark.skipif(not gold_lists(), reason="no gold: set NIANBAO_GOLD to the folder of real pages")
def test_dated_items_of_real_lists() -> None:
    wrong = []
    for row in gold_lists():
        page = decode(Capture(str(row["url"]), 200, [], (GOLD / str(row["file"])).read_bytes(), ""))
        expected = row["expected"]
        assert isinstance(expected, dict)
        dated = [link for link in page_links(page) if link.label and link.dated]
        first = expected["first_item"]
        titles = {link.label: link for link in dated}
        if len(dated) < expected["n_dated_items"] - 1:
            wrong.append(f"{row['id']}: {len(dated)} of {expected['n_dated_items']}")
        if first is not None:
            link = next((link for label, link in titles.items() if label[:12] == tidy(first["title"])[:12]), None)
            if link is None or parse_date(link.row_text) != first["date"]:
                wrong.append(f"{row['id']}: first item {first}")
    assert wrong == []
