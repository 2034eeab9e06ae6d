"""The facts of a report: dates, source, organ, region, year, form, and the problems they raise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.report import Report
from crawler.words.display import Seen
from pipelines.decode.stage import decode
from pipelines.describe.organs import in_full, kind_of
from pipelines.describe.publication import Publication, read_publication
from pipelines.describe.stage import describe
from pipelines.describe.title_organ import organ_in_title
from pipelines.describe.year import read_form, read_year

TITLE = "沈阳市大东区2018年度政府信息公开工作报告"
SHENYANG = Context(region="210100")


def facts(page: Page) -> Report:
    assert page.report is not None
    return page.report


def described(
    title: str, around: str = "", text: str = "", context: Context = SHENYANG, crumbs: tuple[str, ...] = ()
) -> Page:
    html = f"<html><head>{'' if '<meta' not in around else around}</head><body><h1>{title}</h1>{around}</body></html>"
    page = decode(Capture("http://www.shenyang.gov.cn/2024/t20211102_1.html", 200, [], html.encode(), ""), context)
    page.kind, page.title, page.text, page.breadcrumb = "report", title, text or None, list(crumbs)
    describe(page)
    assert page.report is not None
    return page


def around(markup: str, title: str = TITLE, **metas: str) -> Publication:
    html = f"<html><body><p>2023年10月11日 星期三</p><h1>{title}</h1>{markup}</body></html>"
    tree = decode(Capture("http://x.gov.cn/t20211102_1.html", 200, [], html.encode(), "")).tree
    return read_publication(Seen(tree).words, title, metas)


@pytest.mark.parametrize(
    ("markup", "published", "source"),
    [
        ("<p>发布时间：2019-03-27 来源：大东区</p>", "2019-03-27", "大东区"),
        ("<p>2019年03月27日来源:大东区</p>", "2019-03-27", "大东区"),
        ("<p>来源：珠江商报发布时间：2024-06-25 10∶03字号：大中小</p>", "2024-06-25", "珠江商报"),
        ("<p>【时间：2018年10月25日 17:40】【来源：社科规划办】</p>", "2018-10-25", "社科规划办"),
        ("<p>日期：2021-03-2918:26 信息来源：<!--x-->区政府办<!--y--></p>", "2021-03-29", "区政府办"),
        ("<p>时间发布：2023-06-12 09:51阅读次数: 次信息来源：日报字体：[大中小]</p>", "2023-06-12", "日报"),
        ("<ul><li>2024年12月07日 08时01分</li><li>来源: 某日报</li></ul>", "2024-12-07", "某日报"),
        (
            "<p>发布时间：<script>var d='2017年06月23日';document.write(d)</script>字体：小</p>",
            "2017-06-23",
            None,
        ),
        ("<p>来源：\n 福彩网\n\n &nbsp;&nbsp;2018-11-28 15:44</p>", "2018-11-28", "福彩网"),
        ("<p>发布时间： 来源：</p><p>更新时间：2026-01-15</p>", "2026-01-15", None),
        (
            "<table><tr><td>生成日期：</td><td>2024-06-04</td></tr></table><p>发布日期：2024-06-13 来源：某部 收藏</p>",
            "2024-06-13",
            "某部",
        ),
        ("<table><tr><td>成文日期</td><td>2023-10-16</td></tr></table>", "2023-10-16", None),
        ("<p>归档时间：2023-05-05</p><p>生效日期：2023-03-21</p>", None, None),
        ("<p>来源：本站</p>", None, None),
        ("<p>来源：网站名称 发布时间：2019-03-27</p>", "2019-03-27", None),
        ("<p>一、资金来源：财政。资格复审时间：2020-10-22</p>", None, None),
        ("<p>（2020年1月17日）</p>", "2020-01-17", None),
    ],
)
def test_publication_line(markup: str, published: str | None, source: str | None) -> None:
    found = around(markup)
    assert (found.published_on, found.source) == (published, source)


def test_meta_date_only_where_no_reader_sees_one() -> None:
    assert around("<p>发布时间：2013-03-18</p>", pubdate="2020-09-26 03:45").published_on == "2013-03-18"
    assert around("<p>x</p>", pubdate="2020-09-26 03:45").published_on == "2020-09-26"


@pytest.mark.parametrize(
    ("markup", "index_no", "doc_no"),
    [
        (
            "<tr><td>索 引 号：</td><td>XM02100-2019-00001</td><td>文　号</td><td>厦湖府〔2019〕1号</td></tr>",
            "XM02100-2019-00001",
            "厦湖府〔2019〕1号",
        ),
        ("<li>索引号：</li><li>发文字号：〔〕 号</li>", None, None),
        ("<p>索引号：某条例</p><p>发文字号：德审[2011]1 号</p>", None, "德审[2011]1号"),
        ("<dd><label>索引号：</label> <div>014742224A/2023-0043406</div></dd>", "014742224A/2023-0043406", None),
    ],
)
def test_index_table(markup: str, index_no: str | None, doc_no: str | None) -> None:
    found = around(f"<table>{markup}</table>" if "<tr>" in markup else markup)
    assert (found.index_no, found.doc_no) == (index_no, doc_no)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (TITLE, "沈阳市大东区"),
        ("2018年沈阳市大东区政府信息公开工作年度报告", "沈阳市大东区"),
        ("沈阳市大东区人民政府信息公开2018年度报告", "沈阳市大东区人民政府"),
        ("关于公布大东区教育局2018年政府信息公开工作年度报告的通知", "大东区教育局"),
        ("二〇一八年度大东区政务公开年度报告", "大东区"),
        ("武汉市统计局政府信息公开报告(2016年)", "武汉市统计局"),
        ("伊宁县政府信息公开工作2023年度报告", "伊宁县"),
        ("大东区教育局", "大东区教育局"),
        ("2018年政府信息公开工作年度报告", None),
        ("政府信息公开工作年度报告", None),
    ],
)
def test_organ_in_title(title: str, words: str | None) -> None:
    assert organ_in_title(title) == words


@pytest.mark.parametrize(
    ("organ", "kind"),
    [
        ("大东区人民政府", "government"),
        ("沈阳市人民政府办公厅", "government_office"),
        ("区政府办公室", "government_office"),
        ("大东区教育局", "department"),
        ("外事办公室", "department"),
        ("北街街道办事处", "township"),
        ("湖南镇", "township"),
        ("安仁乡人民政府", "township"),
        ("来凤经济开发区", "zone"),
        ("武昌经开区管委会", "zone"),
        ("沈阳市大东区", None),
    ],
)
def test_kind(organ: str, kind: str | None) -> None:
    assert kind_of(organ) == kind


@pytest.mark.parametrize(
    ("words", "within", "name", "code"),
    [
        ("大东区", "210100", "沈阳市大东区人民政府", "210104"),
        ("湖里区人民政府", None, "厦门市湖里区人民政府", "350206"),
        ("吉林省抚松县审计局", None, "抚松县审计局", "220621"),
        ("内蒙古自治区", None, "内蒙古自治区人民政府", "150000"),
        ("海南州人民政府", "632500", "海南州人民政府", "632500"),
        ("湖南镇", None, "湖南镇人民政府", None),
        ("鼓楼区", None, "鼓楼区", None),
    ],
)
def test_name_in_full(words: str, within: str | None, name: str, code: str | None) -> None:
    organ = in_full(words, None, 2018, within)
    assert (organ.name, organ.region.code if organ.region else None) == (name, code)


def test_the_seed_of_it_all() -> None:
    text = "现将大东区2018年度政府信息公开工作情况报告如下：\n一、总体情况\n沈阳市大东区政府办公室\n2018年3月6日"
    page = described(TITLE, "<p>2019年03月27日来源:大东区</p>", text)
    report = page.report
    assert report is not None
    assert (report.organ, report.organ_kind) == ("沈阳市大东区人民政府", "government")
    assert (report.region_code, report.region, report.report_year) == ("210104", "大东区", 2018)
    assert (report.published_on, report.signed_on, report.source) == ("2019-03-27", "2018-03-06", "大东区")
    assert (report.form, report.index_no, report.doc_no) == ("narrative", None, None)
    assert [problem.kind for problem in page.problems] == ["date_implausible"]
    assert {"report_year", "organ", "published_on", "signed_on", "source", "form", "region"} <= set(
        page.report_evidence
    )


def test_titles_without_an_organ() -> None:
    signed = described("2018年政府信息公开工作年度报告", text="正文。\n大东区教育局\n2019年1月20日")
    assert (facts(signed).organ, facts(signed).organ_kind) == ("沈阳市大东区教育局", "department")
    crumb = described(
        "2018年政府信息公开工作年度报告", context=Context(column_region="210104"), crumbs=("首页", "区司法局", "年报")
    )
    assert facts(crumb).organ == "沈阳市大东区司法局"
    nobody = described("2018年政府信息公开工作年度报告", text="我局开展工作。", context=Context())
    assert facts(nobody).organ is None
    assert [problem.kind for problem in nobody.problems] == ["region_unknown"]


def test_a_township_gets_its_county_and_never_a_wrong_one() -> None:
    known = described("北街街道2025年政府信息公开工作年度报告", context=Context(column_region="620702"))
    assert (facts(known).organ, facts(known).region) == ("张掖市甘州区北街街道", "甘州区")
    listed = described("北街街道2025年政府信息公开工作年度报告", context=Context(region="620700"))
    assert (facts(listed).organ, facts(listed).region_code) == ("张掖市甘州区北街街道", "620702")
    unknown = described("梨树坡街道2025年政府信息公开工作年度报告", context=Context(region="620700"))
    assert (facts(unknown).organ, facts(unknown).region_code) == ("梨树坡街道", None)
    assert "region_unknown" in [problem.kind for problem in unknown.problems]


def test_years_agree_or_are_told() -> None:
    period = "统计期限为2017年1月1日起至2017年12月31日止。"
    wrong = described(TITLE, text=period)
    assert facts(wrong).report_year == 2018
    assert "year_disagrees" in [problem.kind for problem in wrong.problems]
    assert read_year("大东区政府信息公开年报", 2016, [], None).year == 2016
    assert read_year("大东区政府信息公开年报", None, ["首页", "2016年"], None).year == 2016
    assert read_year("大东区政府信息公开年报", None, ["2016年", "2015年"], period).year == 2017
    assert read_year("大东区二〇一八年政府信息公开年报", None, [], None).year == 2018
    assert read_year("2019年公布的2018年度政府信息公开工作报告", None, [], None).year == 2018
    nothing = described("大东区政府信息公开年报")
    assert facts(nothing).report_year is None
    assert "year_unknown" in [problem.kind for problem in nothing.problems]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("一、总体情况\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数", "f2021"),
        ("信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量", "f2019"),
        ("统计指标\t单位\t统计数\n主动公开规范性文件数\t条\t3\n收到申请数\t件\t2", "f2014"),
        (
            "全年公开信息14495条，其中政府网站公开政府信息数8250条，申请办结数为零，并积极回应公众关注热点问题，做到了及时、准确、公开。",
            "narrative",
        ),
        ("没有表格。", "narrative"),
        (None, None),
    ],
)
def test_form_by_its_marks(text: str | None, form: str | None) -> None:
    assert read_form(text)[0] == form


def test_articles_have_no_organ_and_lists_only_a_title() -> None:
    page = decode(Capture("http://x.gov.cn/", 200, [], "<p>发布时间：2019-03-27</p>".encode(), ""))
    page.kind, page.title = "article", "甲"
    describe(page)
    assert (facts(page).published_on, facts(page).report_year) == ("2019-03-27", None)
    page.kind = "list"
    describe(page)
    assert facts(page).published_on is None


@settings(max_examples=60)
@given(
    st.text(), st.text(alphabet="一二2018年月日索引号来源：发布时间<p>\n\t第文号〔〕0政府办公室 "), st.integers(0, 3000)
)
def test_wild_words_never_raise(title: str, words: str, year: int) -> None:
    described(title, f"<p>{words}</p>", words, Context(region="210100", column_year=year))
    organ_in_title(words), kind_of(words), read_form(words), read_year(words, None, [words], words)
    in_full(title or "x", None, year, "999999")


def test_the_signature_stands_before_an_annex_of_tables() -> None:
    rows = "\n".join(f"{number}.某某公开政府信息数\t条\t{number}" for number in range(1, 60))
    text = f"一、概述\n本年度主动公开信息。\n沈阳市皇姑区人民政府办公室\n2019年3月12日\n附件：统计表\n{rows}"
    page = described("沈阳市皇姑区2018年政府信息公开年度报告", text=text)
    assert facts(page).signed_on == "2019-03-12"
