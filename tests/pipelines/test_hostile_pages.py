"""Pages that are broken or huge cost a problem row at most: no crash, no failing stage, no time beyond their size."""

from __future__ import annotations

import encodings
import json
import pkgutil
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from crawler.commands.cli import cli
from crawler.navigation import links
from crawler.navigation.trail import Plan, Position, ways_on
from crawler.records.capture import Capture, Step
from crawler.records.page import Page
from crawler.sample import SamplePortal
from crawler.words import display as seen
from crawler.words.addresses import host_of, path_of
from pipelines import derive
from pipelines.decode import bounds
from pipelines.decode import charset as charsets
from pipelines.decode.stage import decode
from pipelines.documents.links import MAX_FILES
from pipelines.marked import flatten, stylesheet
from pipelines.recognise.stage import MAX_TITLE
from pipelines.statistics import grid
from pipelines.strip import container
from pipelines.strip import stage as strip
from tests import ROOT
from tests.support import hostile_pages
from tests.support.hostile_pages import PAGES, report
from tests.support.mutation import mutant

pytestmark = pytest.mark.slow

URL = "http://www.example.gov.cn/zwgk/nb/t20190301_1.html"
PLAN = Plan("http://www.example.gov.cn/", "210100", None, range(2008, 2030), lambda url: True)
INSIDE = Position(
    trail=(Step("首页", PLAN.home), Step("年报", PLAN.home + "nb/")), in_column=True, column_url=PLAN.home + "nb/"
)


def read(source: str | bytes) -> Page:
    """A page through all stages, and the ways that lead on from it, inside the column and outside."""
    body = source.encode("utf-8") if isinstance(source, str) else source
    page = derive(Capture(URL, 200, [("Content-Type", "text/html")], body, "2026-01-01T00:00:00Z"))
    for position in (INSIDE, Position()):
        ways = ways_on(page, position, PLAN)
        for kind, detail in ways.problems:
            page.problem(kind, detail)
    return page


def told(page: Page, kind: str) -> list[str]:
    return [problem.detail for problem in page.problems if problem.kind == kind]


# A page can kill the program

CRASHES = (
    '<div style="display:none"><p>某县某局<i style="display:none">',
    '<h6 style="display: none"><span>信息公开年报<img style="display:none" src="a.jpg">',
    '<p>甲</p><div class="x" style="color:red;display:none"><section>全文<b style="display:none"></b></section></div>',
)


@pytest.mark.parametrize("source", CRASHES)
def test_hidden_elements_at_the_end_of_hidden_ones_do_not_crash_libxslt(tmp_path: Path, source: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<meta name='ArticleTitle' content='某县某局'><p>{'长' * 30}</p>{source}", "utf-8")
    program = (
        "import sys; from lxml import etree; from pipelines.marked.flatten import marked\n"
        "tree = etree.HTML(sys.argv[1])\n"
        "for element in tree.iter(): marked(element)"
    )
    done = subprocess.run([sys.executable, "-c", program, source], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "extract", str(file), "--url", URL, "--json"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout.splitlines()[-1])["kind"] == "article"


@pytest.mark.parametrize("transform", [stylesheet.TRANSFORM, seen._transform])
def test_no_match_pattern_of_a_stylesheet_has_a_test(transform: etree.XSLT) -> None:
    room = stylesheet if transform is stylesheet.TRANSFORM else seen
    source = Path(sys.modules[room.__name__].__file__ or "")
    patterns = re.findall(r'match="([^"]+)"', source.read_text("utf-8"))
    assert len(patterns) > 5
    assert not [pattern for pattern in patterns if "[" in pattern]


def test_there_are_no_other_stylesheets() -> None:
    files = [path for room in ("crawler", "pipelines", "spiders") for path in (ROOT / room).rglob("*.py")]
    assert {path.name for path in files if "etree.XSLT(" in path.read_text("utf-8")} == {"stylesheet.py", "display.py"}


MUTANTS = """
import sys
from tests.pipelines.test_hostile_pages import mutants, read, told
for seed, body in mutants(int(sys.argv[1]), int(sys.argv[2])):
    print(seed, flush=True)
    page = read(body)
    assert not told(page, "stage_failed"), (seed, page.problems)
"""


def mutants(first: int, last: int) -> list[tuple[int, bytes]]:
    """Broken copies of the sample portal's pages and of the hostile ones, by number."""
    pages = [body for body, _ in SamplePortal().pages.values() if body[:1] == b"<"][::7]
    pages += [make(30).encode() for make in PAGES.values()]
    return [(seed, mutant(pages, seed)) for seed in range(first, last)]


def test_hundreds_of_broken_pages_neither_crash_nor_fail_a_stage() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", MUTANTS, "0", "500"],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, f"mutant {done.stdout.split()[-1:]}: {done.stderr.decode()[-2000:]}"


# Slow pages stop everything


def cpu(make: Callable[[int], str], n: int) -> float:
    source = make(n)
    start = time.process_time()
    page = read(source)
    spent = time.process_time() - start
    assert not told(page, "stage_failed")
    return spent


@pytest.mark.parametrize("name", PAGES)
def test_four_times_the_page_costs_no_more_than_some_four_times(name: str) -> None:
    """16 would be quadratic. Below 0.1 s the ratio says nothing, above it a page is tried again for what was chance."""
    make = PAGES[name]
    ratios = []
    for _ in range(3):
        little, much = cpu(make, 1000), cpu(make, 4000)
        if much < 0.1:
            return
        ratios.append(much / little)
        if ratios[-1] < 8:
            return
    pytest.fail(f"four times the page costs {ratios} times the CPU")


@pytest.mark.parametrize(
    ("module", "name", "most", "source", "words"),
    [
        (bounds, "MAX_SOURCE", 3000, report("<p>字</p>" * 2000), "a source of"),
        (
            bounds,
            "MAX_ATTRIBUTES",
            50,
            report("<p " + " ".join(f"a{i}" for i in range(90)) + ">甲</p>"),
            "50 attributes",
        ),
        (bounds, "MAX_TAGS", 500, report("<p>字</p>" * 500), "tags; the first 500 are read"),
        (strip, "MAX_SECTIONS", 20, report("<p>一、甲</p><p>文</p>" * 30), "more than 20 headings"),
        (grid, "MAX_CELLS", 50, report("<table>" + "<tr><td>1</td><td>2</td></tr>" * 30 + "</table>"), "50 fields"),
        (grid, "MAX_ROWS", 20, report("<table>" + "<tr><td>1</td><td>2</td></tr>" * 30 + "</table>"), "20 rows"),
    ],
)
def test_what_lies_beyond_a_limit_is_told(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, most: int, source: str, words: str
) -> None:
    from pipelines.statistics import tables

    monkeypatch.setattr(module, name, most)
    if hasattr(tables, name):
        monkeypatch.setattr(tables, name, most)
    assert [detail for detail in told(read(source), "page_cut") if words in detail]
    monkeypatch.undo()
    assert not told(read(source), "page_cut")


def test_what_lies_beyond_a_fixed_limit_is_told() -> None:
    assert told(read(report("".join(f"<a href='/{i}.pdf'>{i}.pdf</a>" for i in range(MAX_FILES + 1)))), "page_cut")
    assert not told(read(report("".join(f"<a href='/{i}.pdf'>{i}.pdf</a>" for i in range(MAX_FILES)))), "page_cut")
    long = read(report(title="大东区" * 200 + "2018年政府信息公开工作年度报告"))
    assert told(long, "page_cut")
    assert len(long.title or "") == MAX_TITLE
    sentence = "主动公开政府信息12件" + "、其中甲乙丙丁" * 1000
    assert (
        "read in pieces"
        in told(read(report(f"<p>{sentence}</p>").replace("主动公开政府信息100条。", "")), "page_cut")[0]
    )


def test_pages_of_text_beyond_what_statistics_read_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import pipelines.statistics

    monkeypatch.setattr(pipelines.statistics, "MAX_TEXT", 2000)
    page = read(report("<p>文字文字文字文字。</p>" * 400 + "<p>收到申请7件。</p>"))
    assert "the sentences of the first 2000 are read" in told(page, "page_cut")[0]
    assert "收到申请7件" in (page.text or "")


def test_links_beyond_the_limit_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.navigation import trail

    for module in (links, trail):
        monkeypatch.setattr(module, "MAX_LINKS", 10)
    assert "more than 10 links" in told(read(PAGES["links"](20)), "links_cut")[0]
    assert not told(read(PAGES["links"](5)), "links_cut")


def test_a_report_with_its_pictures_written_into_it_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_SOURCE", 5000)
    page = read(report("<img src='data:image/png;base64," + "iVBORw0KGgo" * 2000 + "'><p>收到申请7件。</p>"))
    assert "收到申请7件" in (page.text or "")
    assert not told(page, "page_cut")


# What bounds must not change


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>甲<span style='display:none'>乙</span>丙</p>", "甲丙"),
        ("<p>甲<span style='DISPLAY:none;display : none'>乙</span>丙</p>", "甲丙"),
        (f"<div style='display:none'>{'长' * 300}</div>", "长" * 300),
        ("<div style='display:none'><b>甲</b><i>乙</i></div>丙", "丙"),
        ("<pre>甲\n乙</pre><p>丙\n丁</p>", "甲|乙|丙丁"),
        ("<pre>甲<pre>乙\n丙</pre>丁\n戊</pre>", "甲|乙|丙|丁|戊"),
        ("<p>abc\n\n   def 甲 \n 乙</p>", "abc def 甲乙"),
        ("<p>完。\u3000\u3000始。 \u3000再</p>", "完。|始。 再"),
        ("<table><tr><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table>", "1\t2"),
        ("<p>甲&#xFDD1;乙\ufdd0丙</p>", "甲乙丙"),
    ],
)
def test_words_are_what_a_reader_sees(source: str, words: str) -> None:
    page = decode(Capture(URL, 200, [], f"<html><body><div id=a>{source}</div></body></html>".encode(), ""))
    assert "|".join(flatten.flatten(page.tree.find(".//div[@id='a']"))) == words


def test_the_tree_stays_as_it_was() -> None:
    tree = etree.HTML("<div><p>甲<span style='display:none'>乙</span>丙</p></div>")
    before = etree.tostring(tree)
    flatten.marked(tree.find(".//div"))
    assert etree.tostring(tree) == before


@pytest.mark.parametrize("url", ["http://a.gov.cn?to=/b/c.html", "http://a.gov.cn?x", "http://a.gov.cn", "http://", ""])
def test_an_address_without_a_path_has_the_root_for_one(url: str) -> None:
    assert path_of(url) == "/"
    assert "?" not in host_of(url)
    page = read(PAGES["links"](3).replace("/a/1.html", url + "/年报" if url else "?/"))
    assert not told(page, "stage_failed")


def test_words_between_two_documents_are_kept() -> None:
    page = read(f"<html><body><p>甲</p></body></html><html>乙{'丙' * 30}<body>丁<p>戊</p></body></html>")
    assert page.tree.getnext() is None
    assert [word for word in "甲乙丁戊" if word not in page.tree.xpath("string()")] == []


def test_the_innermost_of_containers_that_hold_all_is_the_body() -> None:
    tree = etree.HTML("<div class=TRS_Editor><h1>题</h1><div class=TRS_Editor id=inner>" + "长" * 200)
    found, _ = container.find_container(tree)
    assert found.get("id") == "inner"


# Charsets

CODECS = sorted({module.name for module in pkgutil.iter_modules(encodings.__path__)})


@pytest.mark.parametrize("body", ["政府信息公开".encode("gb18030"), "政府信息公开".encode() + b"\xff", b""])
def test_no_codec_that_a_page_names_costs_its_text(body: bytes) -> None:
    for codec in CODECS:
        page = read(
            b"<html><head><meta charset=" + codec.encode() + b"></head><body><p>" + body + b"</p></body></html>"
        )
        assert not told(page, "stage_failed"), codec
        assert page.html is not None, codec
        usual = page.charset in ("utf-8", "gb18030")
        assert not body or ("政府信息公开" in page.html) or not usual, (codec, page.charset)
    assert decode(Capture(URL, 200, [("Content-Type", "text/html; charset=undefined")], b"", "")).html == ""


@pytest.mark.parametrize(
    "codec", ["idna", "undefined", "punycode", "unicode_escape", "rot13", "base64", "utf-7", "cp037", "hex"]
)
def test_codecs_that_are_no_charset_are_not_used(codec: str) -> None:
    assert charsets._usable(codec) is None


@pytest.mark.parametrize(
    ("charset", "used"), [("big5", "big5"), ("Shift_JIS", "shift_jis"), ("windows-1251", "cp1251")]
)
def test_charsets_of_the_web_are_used(charset: str, used: str) -> None:
    assert charsets._usable(charset) == used


# Figures


def figures(tmp_path: Path, inner: str) -> dict[str, object]:
    file = tmp_path / "page.html"
    file.write_text(report(inner).replace("收到申请5件。", ""), "utf-8")
    done = CliRunner().invoke(cli, ["extract", str(file), "--url", URL, "--json"])
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.output.splitlines()[-1])
    return told


@pytest.mark.parametrize("number", ["9" * 400, "1" * 13, "9" * 5000, "2000000亿"])
def test_a_number_beyond_all_reason_in_a_sentence_has_no_value(tmp_path: Path, number: str) -> None:
    page = read(report(f"<p>收到政府信息公开申请{number}件。</p>").replace("收到申请5件。", ""))
    (figure,) = [figure for figure in page.figures if figure.code == "req_received"]
    assert figure.value is None
    assert number in (figure.raw or "")
    assert "req_received" in told(page, "figure_implausible")[0]
    assert [one.code for one in page.figures if one.value is not None], "the page keeps its other figures"
    result = figures(tmp_path, f"<p>收到政府信息公开申请{number}件。</p>")
    assert "Infinity" not in json.dumps(result)


@pytest.mark.parametrize("number", ["9" * 400, "1" * 13, "9" * 5000, "1.5" + "0" * 400, "10000000000000"])
def test_a_number_beyond_all_reason_in_a_cell_has_no_value(number: str) -> None:
    cells = "".join(f"<td>{cell}</td>" for cell in ("本年收到申请", *hostile_pages._APPLICANTS[1:]))
    row = "".join(f"<td>{cell}</td>" for cell in ("一、本年新收政府信息公开申请数量", number, *range(1, 7)))
    page = read(report(f"<table><tr>{cells}</tr><tr>{row}</tr></table>"))
    received = [figure for figure in page.figures if figure.item == "req_new_received"]
    (odd,) = [figure for figure in received if figure.raw == number]
    assert odd.value is None
    assert [detail for detail in told(page, "figure_implausible") if odd.code and odd.code in detail]
    assert sorted(figure.value for figure in received if figure.value is not None) == [1, 2, 3, 4, 5, 6]


def test_a_local_row_with_such_a_number_is_told() -> None:
    rows = [*((label, "条", 1) for label in hostile_pages._ANNEX), ("本地指标一", "条", "9" * 30)]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = read(report(f"<table>{table}</table>"))
    (local,) = [figure for figure in page.figures if figure.item == "本地指标一"]
    assert (local.value, local.raw) == (None, "9" * 30)
    assert "本地指标一" in told(page, "figure_implausible")[0]
