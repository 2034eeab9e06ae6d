"""What a page is: every rule on a page made up for it, and the traps between them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines.decode.stage import decode
from pipelines.recognise.stage import RULES, recognise
from pipelines.recognise.titles import RULES as TITLE_RULES
from pipelines.recognise.titles import judge_title

HOST = "http://www.mou.gov.cn"
CHAPTERS = (
    "<p>根据《中华人民共和国政府信息公开条例》编制本年度报告，统计期限为2018年1月1日至12月31日。</p><p>一、总体情况</p>"
    "<p>本区主动公开政府信息一百条，渠道有网站、公报与查阅点，内容涉及规划、财政、民生与安全生产各方面。</p>"
    "<p>二、收到和处理政府信息公开申请情况</p><p>全年收到申请六件，均已答复。</p>"
    "<p>三、行政复议、行政诉讼情况</p><p>无。</p><p>四、存在的主要问题及改进情况</p><p>人手不足。</p>"
    "<p>五、其他需要报告的事项</p><p>无。</p>"
)
PUBLISHED = "<div>发布时间：2019-03-01 来源：某某区政府办公室</div>"


def look(
    body: str,
    title: str = "",
    *,
    url: str = HOST + "/a/201903/t20190301_1.html",
    status: int = 200,
    head: str = "",
    headers: list[tuple[str, str]] | None = None,
    context: Context = Context(),  # noqa: B008
) -> Page:
    html = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    got = decode(Capture(url, status, headers or [("Content-Type", "text/html")], html.encode(), ""), context)
    recognise(got)
    return got


def test_report() -> None:
    title = "某市某某区2018年政府信息公开工作年度报告"
    got = look(f"<h1>{title}</h1>{PUBLISHED}<div id='zoom'>{CHAPTERS}</div>", title)
    assert got.kind == "report"
    assert got.title == title
    assert got.evidence[-1].rule == "report"


def test_report_titled_only_with_the_organ() -> None:
    crumb = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/nb/'>政府信息公开年报</a></div>"
    got = look(f"{crumb}<h1>某某镇</h1>{PUBLISHED}{CHAPTERS}" + "<p>补充说明。</p>" * 40, "某某镇")
    assert (got.kind, got.evidence[-1].rule) == ("report", "report_by_text")


def test_report_in_an_attachment() -> None:
    title = "某某局2020年政府信息公开工作年度报告"
    got = look(f"<h1>{title}</h1>{PUBLISHED}<p><a href='./P020210101.pdf'>{title}.pdf</a></p>", title)
    assert got.kind == "report"


@pytest.mark.parametrize("frame", ["<p><img src='/upload/top.jpg'></p>", "<a href='/upload/guide.doc'>下载</a>"])
def test_a_column_of_years_or_groups_is_no_report_whatever_its_frame_shows(frame: str) -> None:
    column, line = "政府信息公开年报", "<div>来源：某某市人民政府</div><div>发布时间：2024-03-01</div>"
    titles = tuple(f"某某市民政局{year}年政府信息公开工作年度报告" for year in (2021, 2022))
    for labels in (("市政府", "市直部门", "各县区"), ("2022年", "2021年"), titles):
        links = "".join(f"<a href='/col/col{number}/index.html'>{label}</a>" for number, label in enumerate(labels))
        assert look(f"{line}{frame}{links}", column, url=HOST + "/col/col9/index.html").kind != "report"
        assert look(f"{line}{links}{CHAPTERS}" + "<p>补充说明。</p>" * 99, column).kind == "report"


def test_an_article_called_like_its_column_may_have_other_reports_beside_it() -> None:
    others = "".join(f"<a href='/a/{year}.html'>某某局{year}年政府信息公开工作年度报告</a>" for year in (2019, 2020))
    assert look(f"{PUBLISHED}<a href='P020210101.pdf'>年报.pdf</a>{others}", "政府信息公开年报").kind == "report"


def test_a_column_that_is_a_file_is_a_report_still_one_step_may_stand_in_its_menu() -> None:
    page = f"{PUBLISHED}<a href='/col/col1/index.html'>市政府</a><a href='/upload/2022.pdf'>年报.pdf</a>"
    assert look(page, "政府信息公开年报").kind == "report"


def test_title_of_a_report_without_text_or_file_is_an_article() -> None:
    title = "某某局2020年政府信息公开工作年度报告"
    got = look(f"<h1>{title}</h1>{PUBLISHED}<p>正在整理。</p>", title)
    assert (got.kind, got.lookalike) == ("article", "no_report_text")


@pytest.mark.parametrize(
    ("title", "rule"),
    [
        ("某某区2018年法治政府建设年度报告", "法治政府建设年度报告"),
        ("关于做好2018年政府信息公开工作年度报告编制发布工作的通知", "编制通知"),
        ("某某市政府信息公开工作年度报告制度（试行）", "制度办法"),
        ("某某区财政局2019年度部门决算", "部门预决算"),
        ("2019年某某区政府工作报告", "政府工作报告"),
        ("某某区政府网站工作年度报表（2018年度）", "政府网站年度报表"),
        ("政府信息公开工作年度报告范文", "范文模板"),
        ("一图读懂某某区2020年政府信息公开工作年度报告", "图解解读"),
        ("某某区政府信息公开指南（2021年版）", "指南目录"),
        ("关于2018年政府信息公开工作年度报告情况的通报", "通报考核"),
        ("某某局信息公开年度工作报告说明", "说明占位"),
        ("某某学院2020-2021学年信息公开工作年度报告", "学年报告"),
        ("某某流域管理局2015年政府信息公开工作年度报告", "中央机关"),
        ("某某区2019年第一季度政府信息公开工作报告", "部分时期"),
    ],
)
def test_lookalikes(title: str, rule: str) -> None:
    verdict = judge_title(title, HOST)
    assert (verdict.kind, verdict.rule) == ("lookalike", rule)
    got = look(f"<h1>{title}</h1>{PUBLISHED}<div id='zoom'>{CHAPTERS}</div>", title)
    assert (got.kind, got.lookalike) == ("article", rule)


@pytest.mark.parametrize(
    "title",
    [
        "某市2018年度政府信息公开工作报告",
        "2018年某某县政府信息公开年度报告",
        "某某局2016年政务信息公开年度报告",
        "某某县政府信息公开工作2023年度报告",
        "某某局2012年度信息公开工作报告",
        "某某局政府信息公开报告(2016年)",
        "政府信息公开工作年度报告",
        "２０１８年某某乡政府信息公开 工作年度报告",
        "某某县人民政府关于公布2018年政府信息公开工作年度报告的通知",
        "某某县人民政府关于2019年度政府信息公开工作年度报告",
        "某某区卫生和计划生育局2016年政府信息公开工作年度报告",  # 计划 is part of a name here
        "某某市住房制度改革办公室2016年政府信息公开工作年度报告",
        "某某区政府督查室2020年政府信息公开工作年度报告",
        "某某区2019年政府信息公开工作年度报告（图片版）",
    ],
)
def test_titles_of_reports(title: str) -> None:
    assert judge_title(title, HOST).kind == "report"


@pytest.mark.parametrize(
    ("url", "trusted", "kind"),
    [
        ("https://www.mou.gov.cn/a.html", False, "report"),
        ("http://10.1.2.3:8080/pub/a.html", False, "report"),
        ("http://www.mougov.cn/a.html", False, "lookalike"),
        ("http://www.mou.gov.cn.example.com/a.html", False, "lookalike"),
        ("http://www.example.com/a.html", True, "report"),
        ("http://[bad/a.html", False, "lookalike"),
    ],
)
def test_host_is_asked(url: str, trusted: bool, kind: str) -> None:
    assert judge_title("某区2018年政府信息公开年度报告", url, trusted).kind == kind


@pytest.mark.parametrize("status", [521, 412])
def test_challenge_by_status(status: int) -> None:
    assert look("", status=status).kind == "challenge"


def test_challenge_with_status_200_and_solved_page_with_the_same_script() -> None:
    script = "<script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script>"
    assert look("", head=script).kind == "challenge"
    solved = look(f"<h1>通知</h1>{PUBLISHED}{CHAPTERS * 3}", "通知", head=script)
    assert solved.kind == "report"


def test_cookie_and_reload_is_a_challenge() -> None:
    assert (
        look("<script>document.cookie='a=b';location.href=location.pathname+location.search</script>").kind
        == "challenge"
    )


def test_refused_with_a_mark_is_a_challenge_without_one_is_other() -> None:
    marked = [("Content-Type", "text/html"), ("Set-Cookie", "safedog-flow-item=1")]
    assert look("<p>403</p>", status=403, headers=marked).kind == "challenge"
    assert look("<p>Forbidden</p>", status=403).kind == "other"


@pytest.mark.parametrize(
    "body",
    [
        "<p>对不起，您访问的页面不存在或已删除！</p>",
        "<div><a href='/'>首页</a><a href='/a/'>机构</a></div><p>抱歉，您暂时访问不了该页面</p>",
        "<p>您要查看的信息已过期</p>",
    ],
)
def test_polite_absence(body: str) -> None:
    assert look(body, "某某区政府", url=HOST + "/x.html").kind == "missing"


def test_absence_by_title_alone_and_by_status() -> None:
    assert look("<img src='/404.png'>", "404页面", url=HOST + "/x.html").kind == "missing"
    assert look("<p>hm</p>", status=404).kind == "missing"
    assert look("<p>hm</p>", status=410).kind == "missing"


def test_an_article_that_mentions_the_words_is_not_missing() -> None:
    text = (
        "<p>网民反映您访问的页面不存在的问题，我办已经处理，现将情况公布如下。</p>"
        + "<p>经查，原因是网站改版。</p>" * 80
    )
    assert look(f"<h1>情况</h1>{PUBLISHED}{text}", "情况").kind == "article"


def test_redirects() -> None:
    assert look("", head='<meta http-equiv="refresh" content="0;url=/new/">').kind == "redirect"
    assert look("<script>window.location.href='/new/index.html';</script>").kind == "redirect"
    assert look("", status=302, headers=[("Location", "/b")]).kind == "redirect"
    links = "".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(12))
    assert (
        look(links + "<script>function go(){window.location.href='/s';}</script>", "栏目", url=HOST + "/l/").kind
        == "column"
    )


def test_hijacked() -> None:
    title = "某区2018年政府信息公开年度报告-足球比分直播"
    got = look(f"<h1>{title}</h1>{PUBLISHED}{CHAPTERS}", title)
    assert got.kind == "other"
    assert [problem.kind for problem in got.problems] == ["hijacked"]


def items(count: int, dated: bool = True) -> str:
    date = "<span>2019-03-01</span>" if dated else ""
    return "".join(
        f"<li><a href='t2019_{n}.html'>某局{n}号2018年政府信息公开年度报告</a>{date}</li>" for n in range(count)
    )


def test_lists_columns_and_homes() -> None:
    assert look(f"<ul>{items(8)}</ul>", "政府信息公开年报", url=HOST + "/nb/").kind == "list"
    assert (
        look(
            "<script>createPageHTML(1, 0, 'index', 'html');</script><a href='/'>首页</a>", "年报", url=HOST + "/nb/"
        ).kind
        == "list"
    )
    assert look(items(13, dated=False), "政府信息公开年报", url=HOST + "/nb/").kind == "column"
    assert look("<iframe src='list.asp?cid=9'></iframe>", "年报", url=HOST + "/nb/").kind == "column"
    assert look(items(120, dated=False), "某区政府", url=HOST + "/").kind == "home"
    assert look(items(3), "某区政府", url=HOST + "/x/", context=Context(is_home=True)).kind == "home"


def test_a_pdf_is_an_attachment_and_json_is_other() -> None:
    for body, kind in ((b"%PDF-1.4", "attachment"), (b'{"a": 1}', "other"), (b"", "other")):
        got = decode(Capture(HOST, 200, [("Content-Type", "text/html")], body, ""))
        recognise(got)
        assert got.kind == kind


def test_every_rule_is_named_once_and_has_a_source() -> None:
    for rules in (RULES, TITLE_RULES):
        names = [rule.name for rule in rules]
        assert len(names) == len(set(names))
        assert all(rule.source for rule in rules)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(100, 599), st.text(max_size=40))
def test_never_raises(body: bytes, status: int, url: str) -> None:
    for wild in (body, b"<html><body><p>" + body):
        got = decode(Capture(url, status, [], wild, ""))
        recognise(got)
        assert got.evidence


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "column"), (201, "column"), (202, "challenge"), (403, "challenge"), (405, "challenge"), (503, "challenge")],
)
@pytest.mark.parametrize(
    "header",
    [("Set-Cookie", "__jsluid_s=1; path=/"), ("Set-Cookie", "HWWAFSESID=a"), ("Server", "yunjiasu-nginx")],
)
def test_a_shields_header_counts_only_with_a_status_that_refuses(
    status: int, kind: str, header: tuple[str, str]
) -> None:
    """Every page behind a shield has its header, the short ones too."""
    body = "<h1>年报</h1><a href='a.html'>甲</a><a href='b.html'>乙</a><a href='c.html'>丙</a>"
    got = look(body, "年报", url=HOST + "/nb/", status=status, headers=[("Content-Type", "text/html"), header])
    assert got.kind == kind
    if kind == "challenge":
        assert got.evidence[-1].rule == "shield"


def test_a_shields_mark_in_the_page_counts_with_any_status_unless_there_is_a_content() -> None:
    mark = "<script>var $_ts=1</script>"
    assert look(mark, url=HOST + "/nb/").kind == "challenge"
    assert look(mark + "<p>" + "政" * 399, url=HOST + "/nb/").kind == "challenge"
    assert look(mark + "<p>" + "政" * 400, url=HOST + "/nb/").kind != "challenge"
    links = "".join(f"<a href='{number}.html'>第{number}条</a>" for number in range(8))
    assert look(mark + links, url=HOST + "/nb/").kind != "challenge"
    assert look(mark + links, url=HOST + "/nb/", status=403).kind == "challenge"


CRUMB = "<div>当前位置：<a href='/'>首页</a> &gt; <a href='/nb/'>政府信息公开年报</a></div>"
REPORTS = "".join(f"<li><a href='{year}.html'>某某局{year}年政府信息公开工作年度报告</a>" for year in (2019, 2020))
SHORT = {
    "metas of the site": ("<meta name=SiteName content=某某区人民政府>", "<p>暂无内容</p>"),
    "metas of an article": ("<meta name=ArticleTitle content=某某局2019年政府信息公开工作年度报告>", "<p>见附件。</p>"),
    "a breadcrumb": ("", CRUMB + "<p>见附件。</p>"),
    "a file": ("", "<h1>某某局2019年政府信息公开工作年度报告</h1><p><a href='./P020200101.pdf'>下载</a></p>"),
    "a few reports": ("", f"<ul>{REPORTS}</ul>"),
    "chapters": ("", "<p>一、总体情况</p><p>二、行政复议、行政诉讼情况</p><p>三、存在的主要问题</p>"),
}


@pytest.mark.parametrize(
    "mark",
    [
        "<script>$_ts=window['$_ts'];$_ts.nsd=1</script>",
        "<script r='m' src='/a.js'></script>",
        "<script>document.cookie='a=1';location.reload()</script>",
        "<script src='/wzws-waf-cgi/a.js'></script>",
    ],
)
@pytest.mark.parametrize("shown", SHORT)
def test_a_short_page_that_was_let_through_keeps_the_shields_script(shown: str, mark: str) -> None:
    """What the site's own page shows and a shield's does not; with a status that refuses it is the shield's all the
    same."""
    head, body = SHORT[shown]
    assert look(body, "某某区", head=head + mark).kind != "challenge"
    if "$_ts" in mark:
        assert look(body, "某某区", head=head + mark, status=403).kind == "challenge"
        assert look(body, "某某区", head=head + mark, status=202).kind == "challenge"
        assert look("<p>请打开脚本</p>", "某某区", head=mark).kind == "challenge"


def test_an_article_may_speak_of_what_a_firewall_says() -> None:
    title, text = "某某局防火墙采购公告", "<p>网站登录须完成安全验证。</p>"
    own = f"<meta name=ArticleTitle content={title}><meta name=PubDate content=2020-01-02>"
    assert look(text, title, head=own).kind == "article"
    assert look(text, title).kind == "challenge"
    assert look(text, title, head=own, status=403).kind == "challenge"


@pytest.mark.parametrize(("dates", "report"), [(0, True), (55, True), (70, False)])
def test_a_report_told_by_its_text_has_few_dates(dates: int, report: bool) -> None:
    """A page with a date in every line is a list of many, whatever words stand in it."""
    lines = "".join(f"<p>2018-{1 + day % 12}-{1 + day % 28} 公开一条</p>" for day in range(dates))
    got = look(f"{CRUMB}<h1>某某镇</h1>{PUBLISHED}{CHAPTERS}{lines}" + "<p>补充说明。</p>" * 40, "某某镇")
    assert (got.evidence[-1].rule == "report_by_text") is report
    assert (got.kind == "report") is report


def test_the_limit_of_dates_is_sixty() -> None:
    from pipelines.recognise.facts import Facts

    def judged(dates: int) -> tuple[int, str]:
        lines = "".join(f"<p>2018-{1 + day % 12}-{1 + day % 28} 公开一条</p>" for day in range(dates))
        got = look(f"{CRUMB}<h1>某某镇</h1>{PUBLISHED}{CHAPTERS}{lines}" + "<p>补充说明。</p>" * 40, "某某镇")
        return Facts(got).dates, got.evidence[-1].rule

    told = dict(judged(dates) for dates in range(50, 66))
    assert (told[60], told[61] == "report_by_text") == ("report_by_text", False)
