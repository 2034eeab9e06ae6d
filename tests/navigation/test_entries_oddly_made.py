"""Entries of lists as old and careless pages have them, and redirects that lead back to where one came from."""

from __future__ import annotations

import pytest

from crawler.words.entries import is_cut_title
from crawler.words.pagers import read_control
from tests.navigation.test_entries import PLACES, REPORTS, rows, title, walk

COLUMNS = {
    "svg": "<svg>" + rows('<a xlink:href="{0}"><text>{2}</text></a>') + "</svg>",
    "percent-encoded script": "<ul>" + rows('<li><a href="javascript:window.open(%27{0}%27)">{2}</a></li>') + "</ul>",
    "pressed": "<ul>" + rows("<li><a onmousedown=\"location.href='{0}'\">{2}</a></li>") + "</ul>",
    "a picture": "<ul>" + rows("<li><img alt='{2}' onclick=\"window.open('{0}')\"></li>") + "</ul>",
    "a form": "<div>" + rows("<form action='{0}'><button>{2}</button></form>") + "</div>",
    "an attribute": "<ul>" + rows("<li><a _href='{0}'>{2}</a></li>") + "</ul>",
    "a bound attribute": "<ul>" + rows("<li><a :href=\"'{0}'\">{2}</a></li>") + "</ul>",
    "an object": "<ul>" + rows('<li><a data-set=\'{{"url": "{0}"}}\'>{2}</a></li>') + "</ul>",
    "a term before": "<dl>" + rows("<dt>{2}</dt><dd><a href={0}>点击查看</a></dd>") + "</dl>",
    "a paragraph before": "<div>" + rows("<p>{2}</p><p><a href={0}>[查看]</a></p>") + "</div>",
    "to be printed as well": "<table>"
    + rows("<tr><td>{2}</td><td><a href={0}>浏览</a>|<a href={0}>打印</a></td></tr>")
    + "</table>",
    "a cell that reaches down": "<table><tr><td rowspan=4>2020年</td></tr>"
    + rows("<tr><td><a href={0}>{1}</a></td></tr>")
    + "</table>",
    "an item around": f"<ul><li>2020年<ul>{rows('<li><a href={0}>{1}</a></li>')}</ul></li></ul>",
    "a paragraph with a colon": f"<p><b>2020年：</b></p><p>{rows('<a href={0}>{1}</a> | ')}</p>",
    "cut by other dots": "<ul>" + rows("<li><a href={0}>{1}人民政府2020年⋯</a></li>") + "</ul>",
    "cut without dots": "<ul>" + rows("<li><a href={0}>{1}人民政府2020年政府信</a></li>") + "</ul>",
    "cut in the middle": "<ul>" + rows("<li><a href={0}>{1}人民政府20...年度报告</a></li>") + "</ul>",
}


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_every_report_is_reached(column: str) -> None:
    came = walk(column)
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


def test_which_titles_were_cut() -> None:
    assert all(map(is_cut_title, ("铁西区人民政...", "铁西区人民政府20··", "铁西区人民政府2…年度报告")))
    assert not any(map(is_cut_title, ("铁西区人民政府", "铁西区召开2020年…动员会", "铁西区人民政府2020年…方案")))


@pytest.mark.parametrize("target", ["/", "/nb/"])
def test_an_entry_that_is_sent_back_is_told(target: str) -> None:
    lost = f'<li><a href="/lost.html">{title("沈河区")}</a></li>'
    listed = "<ul>" + rows("<li><a href={0}>{2}</a></li>") + lost + "</ul>"
    came = walk(listed, **{"/lost.html": f"<script>location.href='{target}'</script>"})
    assert came.reports.keys() == REPORTS.keys()
    assert "entry_no_report" in came.kinds()


def test_an_entry_that_is_sent_to_another_report_is_none_lost() -> None:
    again = f'<li><a href="/again.html">{title(PLACES[0])}</a></li>'
    listed = "<ul>" + rows("<li><a href={0}>{2}</a></li>") + again + "</ul>"
    came = walk(listed, **{"/again.html": "<script>location.href='/d/0.html'</script>"})
    assert came.kinds() == []


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("下一页。", "next"), ("『下一页』", "next"), ("下一页/Next", "next"), ("下一页(共3页)", "next"),
        ("去下一页", "next"), ("下1页", "next"), ("往下翻页", "next"), ("下20条", "next"), ("下一篇", None),
        ("下一条", None), ("前往办事大厅", None),
    ],
)  # fmt: skip
def test_words_for_the_next_page(label: str, kind: str | None) -> None:
    said = read_control(label)
    assert (said.kind if said else None) == kind
