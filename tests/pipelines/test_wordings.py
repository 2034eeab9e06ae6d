"""Wordings that were once read wrongly or not at all: each states its measures and nothing else."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture, Context
from pipelines import derive
from pipelines.statistics.narrative import AMBIGUOUS, read_narrative
from tests.support.hostile_pages import TITLE, report

DISCLOSED = "二、主动公开政府信息情况\n"
REQUESTED = "三、依申请公开政府信息情况\n"
DISPUTED = "五、因政府信息公开申请行政复议、提起行政诉讼情况\n"
FEES = "四、政府信息公开的收费及减免情况\n"
YEAR = 2015

WORDINGS: list[tuple[str, dict[str, float]]] = [
    # whose, when, of which field, how much
    (DISCLOSED + "建站以来共公开信息9800条，仅2015年就公开信息712条。", {"disc_total": 712}),
    (DISCLOSED + "全年日均发布政府信息3条，月均公开政府信息90条。", {}),
    (DISCLOSED + "市直部门主动公开政府信息32条，各县（区）主动公开政府信息68条，全市合计100条。", {"disc_total": 100}),
    (DISCLOSED + "全县28个部门和16个乡镇共主动公开政府信息7421条。", {"disc_total": 7421}),
    (DISCLOSED + "一年来，我局通过局微信、市政府信息公开平台等已主动公开信息1727条。", {"disc_total": 1727}),
    (DISCLOSED + "2015年度我镇在主动公开政府信息件数为123件，处理政府网网上投诉36只。", {"disc_total": 123}),
    (DISCLOSED + "2015年，制作政府信息3021件，主动公开27件，依申请公开459件，不予公开1535件。", {"disc_total": 27}),
    (DISCLOSED + "发布就业政策解读12篇。", {}),
    (DISCLOSED + "其中乡镇动态1189条，政策解读13条。", {"resp_policy_articles": 13}),
    # channels
    (DISCLOSED + "门户网站发布本单位信息460条。", {"disc_via_website": 460}),
    (DISCLOSED + "政务新媒体平台“某县发布”公众号共发布信息294条。", {"disc_via_wechat": 294}),
    (DISCLOSED + "2015年，市政府微信公众号保持每日更新，共发布信息1193条。", {"disc_via_wechat": 1193}),
    (DISCLOSED + "微信公众账号(1个)发布信息149条。", {"disc_via_wechat": 149}),
    # numerals
    (DISCLOSED + "全年主动公开政府信息逾两千条。", {"disc_total": 2000}),
    (DISCLOSED + "全年主动公开政府信息贰佰叁拾条。", {"disc_total": 230}),
    (DISCLOSED + "全年主动公开政府信息3万5千条。", {"disc_total": 35_000}),
    (DISCLOSED + "全年主动公开政府信息（含转载）562条。", {"disc_total": 562}),
    (DISCLOSED + "主动公开政府信息2，86条。", {}),
    (DISCLOSED + "主动公开政府信息三五条。", {}),
    (DISCLOSED + "主动公开政府信息235.5条。", {}),
    # requests
    (REQUESTED + "2015年，依申请公开政府信息0件。", {"req_received": 0}),
    (REQUESTED + "本年度无人提出政府信息公开申请。", {"req_received": 0}),
    (REQUESTED + "我局收到公民提出申请公开信息2条。", {"req_received": 2}),
    (REQUESTED + "本机关未收到当面申请，收到网上申请2件。", {"req_received_online": 2}),
    (
        REQUESTED + "收到政府信息公开申请23件，较上年减少5件，均在法定期限内办结。",
        {"req_received": 23, "req_closed": 23, "req_closed_on_time": 23},
    ),
    (
        REQUESTED + "通过网络收到申请12件，通过信函收到申请8件。",
        {"req_received_online": 12, "req_received_letter": 8},
    ),
    (REQUESTED + "共受理电子邮件申请5件。", {}),
    (DISCLOSED + "半年来，共公开信息300条。", {}),
    (
        "信息公开工作由办公室3人（专职1人，兼职2人）负责。",
        {"org_staff_full_time": 1, "org_staff_part_time": 2},
    ),
    (REQUESTED + "收到政府信息公开申请23件，上年结转2件，均已办结。", {"req_received": 23}),
    (REQUESTED + "接到政府信息公开申请4件，全部按时回复。", {"req_received": 4, "req_answered": 4}),
    ("予以公开4件，不予公开1件，无法提供2件。", {"req_ans_granted": 4, "req_ans_denied": 1}),
    # reviews and lawsuits
    (DISPUTED + "全年引发行政复议、行政诉讼共0件。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "全年因政府信息公开引发行政复议、行政诉讼5件。", {}),
    (DISPUTED + "行政复议和行政诉讼各1件。", {"review_total": 1, "suit_total": 1}),
    (DISPUTED + "没有发生一起因信息公开引发的复议或诉讼案件。", {"review_total": 0, "suit_total": 0}),
    (DISPUTED + "被提起行政诉讼2件，均胜诉。", {"suit_total": 2, "suit_upheld": 2}),
    (DISPUTED + "行政复议1件，经复议机关审理，维持1件。", {"review_total": 1, "review_upheld": 1}),
    (DISPUTED + "被申请行政复议3件，被依法纠错的1件。", {"review_total": 3, "review_corrected": 1}),
    (DISPUTED + "全市法院受理行政诉讼案件560件。", {}),
    # fees and staff
    (FEES + "行政事业性收费收入1200万元。", {}),
    ("收取检索、复印、邮递等成本费用共计0元。", {"fee_collected_wan": 0}),
    ("未对任何公民、法人和组织收取任何费用。", {"fee_collected_wan": 0}),
    (
        "我局配备政府信息公开专职人员1名、兼职人员3名。",
        {"org_staff_full_time": 1, "org_staff_part_time": 3},
    ),
    (
        "全县共有政府信息公开专兼职人员132名，其中专职12名，兼职120名。",
        {"org_staff_full_time": 12, "org_staff_part_time": 120},
    ),
    ("参加省政府新闻发布会2场，举办新闻发布会5场。", {"resp_press_conf": 5}),
    ("共召开新闻发布会8场次。", {"resp_press_conf": 8}),
    ("2015年回应各类社会关切53次。", {"resp_events": 53}),
]


@pytest.mark.parametrize(("text", "stated"), WORDINGS)
def test_a_wording_states_its_measures_and_nothing_else(text: str, stated: dict[str, float]) -> None:
    read = read_narrative(text, YEAR, "某县人民政府").figures
    assert {figure.code: figure.value for figure in read if figure.value is not None} == stated


def test_another_bureaus_figures_are_parts() -> None:
    text = DISCLOSED + "县卫生局主动公开政府信息210条。"
    told = {organ: read_narrative(text, YEAR, organ).figures[0].value for organ in ("某县水务局", "某县卫生健康局")}
    assert told == {"某县水务局": None, "某县卫生健康局": 210}


def test_a_townships_sentences_that_disagree_are_ambiguous() -> None:
    text = "我镇全年主动公开政府信息210条。\n全年主动公开政府信息221条。"
    (figure,) = read_narrative(text, YEAR, "某县某镇人民政府").figures
    assert (figure.value, figure.method) == (None, AMBIGUOUS)


def test_a_flattened_pages_heading_is_no_channel_for_what_its_sentence_names() -> None:
    text = "一、主动公开情况 全年主动公开政府信息123件，处理政府网站投诉36件。"
    assert [figure.value for figure in read_narrative(text, YEAR).figures if figure.code == "disc_total"] == [123]


def _published(line: str) -> tuple[str | None, str | None]:
    html = report(around=f"<h1>{TITLE}</h1>{line}")
    page = derive(Capture("http://www.lintao.gov.cn/nb/1.html", 200, [], html.encode(), ""), Context(True))
    assert page.report is not None
    return page.report.published_on, page.report.source


@pytest.mark.parametrize(
    ("line", "day", "source"),
    [
        ("<p>20200115 文章来源:县财政局</p>", "2020-01-15", "县财政局"),
        ("<p>Wed Jan 15 10:12:00 CST 2020　稿源：县财政局</p>", "2020-01-15", "县财政局"),
        ("<p>15 January 2020</p>", "2020-01-15", None),
        ("<p>20200115</p>", None, None),  # any number
        ("<p>创建时间：2020-01-15 10:00</p>", "2020-01-15", None),
        ("<p>日 期：2020-01-15 来 源：县财政局</p>", "2020-01-15", "县财政局"),
        ("<p>2020-01-15 来源：【县财政局】</p>", "2020-01-15", "县财政局"),
        ("<p>［发布日期：2020-01-15］［来源：县财政局（国资局）］</p>", "2020-01-15", "县财政局（国资局）"),
    ],
)
def test_the_line_at_the_title_in_other_forms(line: str, day: str | None, source: str | None) -> None:
    assert _published(line) == (day, source)
