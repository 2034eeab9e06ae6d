"""Pages in charsets that nothing declares right, under statuses that belie them, and with their words hidden."""

from __future__ import annotations

import gzip
import zlib

import pytest

from crawler.fetching.codings import BrokenCodingError, TruncatedCodingError, unpacked
from crawler.navigation.redirects import redirect_target
from crawler.records.capture import Capture
from pipelines.decode.charset import read_text
from pipelines.decode.stage import decode
from pipelines.documents.elsewhere import text_elsewhere
from tests.pipelines.test_recognise import CHAPTERS, PUBLISHED, look

TITLE = "某市某某区2018年政府信息公开工作年度报告"
REPORT = f"<h1>{TITLE}</h1>{PUBLISHED}<div id='zoom'>{CHAPTERS}</div>"
PAGE = "<html><body><p>某县的政府信息公开工作年度报告</p></body></html>"
TRADITIONAL = "<html><body><p>某縣政府的信息公開工作年度報告，棲鳳里</p></body></html>"


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        (PAGE, "utf-16be", None),
        (PAGE, "utf-16le", "utf-8"),
        ("\r\n" + PAGE, "utf-16be", "gb2312"),
        (PAGE, "hz", None),
        (TRADITIONAL, "big5hkscs", None),
        (TRADITIONAL, "big5hkscs", "gb2312"),
        (TRADITIONAL.replace("里", "裏"), "big5hkscs", "big5"),
    ],
)
def test_a_charset_that_is_not_declared_or_not_that(text: str, charset: str, declared: str | None) -> None:
    read, used, whole = read_text(text.encode(charset), declared)
    assert (read, whole) == (text, True)
    assert used.removesuffix("hkscs") == charset.removesuffix("hkscs")


@pytest.mark.parametrize(
    "body", [b"<p>~{ is no HZ ~}</p>", "<p>某县的~{公开~}</p>".encode(), "<p>的年</p>".encode("gbk")]
)
def test_what_only_looks_like_another_charset(body: bytes) -> None:
    assert read_text(body, None)[1] in ("utf-8", "gb18030")


def test_traditional_characters_that_stand_as_numbers() -> None:
    words = "總體情況，主動公開政府信息，報告編製，問題還不夠，行政復議"
    body = f"<p>{words}</p>".encode("ascii", "xmlcharrefreplace")
    page = decode(Capture("http://x.gov.cn/a", 200, [("Content-Type", "text/html")], body, ""))
    assert page.tree is not None
    assert "总体情况，主动公开政府信息" in "".join(page.tree.itertext())


@pytest.mark.parametrize("status", [412, 512, 521, 302])
def test_a_whole_report_under_a_status_of_guards_or_of_a_redirect_to_nowhere(status: int) -> None:
    page = look(REPORT, TITLE, status=status)
    assert (page.kind, [problem.kind for problem in page.problems]) == ("report", ["odd_status"])


@pytest.mark.parametrize(("status", "kind"), [(412, "challenge"), (521, "challenge"), (302, "redirect")])
def test_next_to_nothing_under_such_a_status(status: int, kind: str) -> None:
    assert look("<p>请稍候</p>", "", status=status).kind == kind


@pytest.mark.parametrize(
    "body",
    [
        "<p>您所在的地区暂时无法访问本站</p>",
        "<p>本网站仅对中国境内用户开放</p>",
        "<p>Your region is not allowed to visit us.</p>",
        "<script>initGeetest({gt: 'k'})</script>",
        "<meta content='q' r='m'><script r='m'></script>",
    ],
)
def test_guards_of_other_makes(body: str) -> None:
    assert look(body, "", status=200).kind == "challenge"


def test_a_page_with_words_and_a_picture_to_be_solved_is_no_guard() -> None:
    assert (
        look(f"<script>initGeetest({{}})</script><h1>放假通知</h1>{'<p>各单位按时值班。</p>' * 12}", "放假").kind
        != "challenge"
    )


@pytest.mark.parametrize(
    ("html", "headers", "expected"),
    [
        ("", [("Refresh", "0;/b/")], "/b/"),
        ("<meta http-equiv=refresh content='3, /b/'>", [], "/b/"),
        ("<meta http-equiv=refresh content='30;'>", [], None),
        ("<script>location.href=`${location.origin}/b/`</script>", [], "/b/"),
        ("<script>var p='b';location.href=`/${p}/`</script>", [], "/b/"),
        ("<script>location.href=`/${unknown}/`</script>", [], None),
        ("<script>window['location']['href']='/b/'</script>", [], "/b/"),
        ("<script>window.open('/b/','_self')</script>", [], "/b/"),
        ("<script>window.open('/b/','_blank')</script>", [], None),
        ("<script>function f(){window.open('/b/','_self')}</script>", [], None),
    ],
)
def test_further_ways_to_send_on(html: str, headers: list[tuple[str, str]], expected: str | None) -> None:
    page = decode(Capture("http://x.gov.cn/a/", 200, headers, html.encode(), ""))
    assert redirect_target(page) == (None if expected is None else "http://x.gov.cn" + expected)


PLAIN = ("<html>" + "政府信息公开" * 40 + "</html>").encode()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(PLAIN), "deflate"),
        (zlib.compress(PLAIN), "gzip"),
        (gzip.compress(PLAIN), "br"),
        (gzip.compress(PLAIN)[:-3], "gzip"),
        (gzip.compress(PLAIN)[:-8], "gzip"),
    ],
    ids=["gzip called deflate", "zlib called gzip", "gzip called br", "a cut check", "no check"],
)
def test_another_coding_than_said_and_a_check_that_is_cut(body: bytes, coding: str) -> None:
    assert unpacked(body, coding, 0) == PLAIN


def test_a_check_that_is_whole_and_wrong_is_told() -> None:
    with pytest.raises(BrokenCodingError):
        unpacked(gzip.compress(PLAIN)[:-8] + b"\0\0\0\0" + gzip.compress(PLAIN)[-4:], "gzip", 0)


def test_data_that_is_cut_is_told() -> None:
    with pytest.raises(TruncatedCodingError):
        unpacked(gzip.compress(PLAIN)[:-12], "gzip", 0)


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("<a href=b.html>点击阅读</a>", True),
        ("<a href=b.html>点此查看</a>", True),
        (f"<a href=b.html>{TITLE}</a>", True),
        ("<a href=b.html><img src=q.png alt=查看全文></a>", True),
        ("<a href='#' onclick=\"window.open('b.html')\">查看全文</a>", True),
        ("<button onclick=\"location.href='b.html'\">查看全文</button>", True),
        ("<a href=b.html>更多</a>", False),
        ("<a href=b.html>打印</a>", False),
        ("<a href=b.html>下载附件</a>", False),
        ("<a href=b.html>政务公开</a>", False),
    ],
)
def test_which_links_lead_to_the_text(link: str, found: bool) -> None:
    page = decode(Capture("http://x.gov.cn/a/1.html", 200, [], f"<p>公告</p>{link}".encode(), ""))
    told = text_elsewhere(page.tree, page.capture.url, title=TITLE)
    assert [one.url for one in told] == (["http://x.gov.cn/a/b.html"] if found else [])


@pytest.mark.parametrize(
    "junk",
    [
        "<span style='visibility:collapse'>q7</span>",
        "<span style='position:absolute;left:-9999px'>q7</span>",
        "<style>.j{font-size:0}</style><i class=j>q7</i>",
    ],
)
def test_characters_put_in_against_copying(junk: str) -> None:
    from pipelines.strip.stage import strip

    page = look(REPORT.replace("公开政府", f"公开{junk}政府"), TITLE)
    strip(page)
    assert page.text is not None
    assert "q7" not in page.text


def test_an_article_within_noscript_is_read() -> None:
    from pipelines.strip.stage import strip

    page = look(f"<h1>{TITLE}</h1>{PUBLISHED}<noscript>{CHAPTERS}</noscript>", TITLE)
    strip(page)
    assert page.kind == "report"
    assert page.text
