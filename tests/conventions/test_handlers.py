"""What a script binds to elements by a selector leads on as a link does: tabs, rows, selects, lists that grow."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from lxml import etree

from crawler.conventions.functions import Functions
from crawler.conventions.handlers import Handler, elements_of, handlers_in
from crawler.navigation.clicks import bound
from tests.navigation.test_byways import PLACES, REPORTS, entries, title, walk

YEARS = (2020, 2021, 2022)
TABS = "<ul class='tab c'>" + "".join(f"<li class=y data-nd={year}>{year}年</li>" for year in YEARS) + "</ul>"
LOAD = "$('#l').load('/nb/by?nd='+$(this).data('nd'))"
TABBED = {
    "click": f"$('.y').click(function(){{{LOAD}}})",
    "on": f"$('ul.tab li').on('click',function(){{$(this).addClass('on').siblings().removeClass('on');{LOAD}}})",
    "delegated": f'$(document).on("click", ".tab > li[data-nd]", function(){{{LOAD}}});',
    "delegated within": f"$('.tab').delegate('li','click',function(){{{LOAD}}});",
    "arrow": "$('.y').on('click',e=>{fetch(`/nb/by?nd=${e.currentTarget.dataset.nd}`)});",
    "named": "function to(y){$.get('/nb/by',{nd:y},show)}$('.y').click(function(){to($(this).attr('data-nd'))})",
    "no jQuery": "document.querySelectorAll('.y').onclick=function(e){fetch('/nb/by?nd='+e.target.dataset.nd)}",
}  # fmt: skip


@pytest.mark.parametrize("script", TABBED.values(), ids=TABBED)
def test_tabs_whose_click_is_bound_are_steps(script: str) -> None:
    came = walk(
        f"{TABS}<div id=l>{entries(2022)}</div><script>$(function(){{{script}}})</script>",
        **{f"/nb/by?nd={year}": entries(year) for year in YEARS},
    )
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


def test_rows_whose_click_is_bound_are_entries() -> None:
    rows = "".join(
        f"<li class=item data-id={at}{year}><p>{title(place, year)}</p><em>2023-01-20</em></li>"
        for year in YEARS
        for at, place in enumerate(PLACES)
    )
    script = "$('.list').on('click','.item',function(){window.open('/r/'+$(this).data('id')+'.html')})"
    came = walk(f"<ul class=list>{rows}</ul><script>{script}</script>")
    assert came.reports.keys() == REPORTS.keys()


def test_a_select_whose_change_is_bound_leads_to_its_years() -> None:
    options = "".join(f"<option value={year}>{year}年</option>" for year in YEARS)
    script = "$('#nd').change(function(){location.href='/nb/'+$(this).val()+'.html'})"
    pages = {f"/nb/{year}.html": entries(year) for year in YEARS}
    assert walk(f"<select id=nd>{options}</select><script>{script}</script>", **pages).reports.keys() == REPORTS.keys()


GROWING = {
    "a word that is bound": (
        "<a class=m href='javascript:;' data-page=2 data-url='/nb/more?page='>加载更多</a>"
        "<script>$('.m').click(function(){var p=$(this).data('page');$.get($(this).data('url')+p,show)})</script>"
    ),
    "a word with an address": "<a href='/nb/more?page=2'>点击加载更多</a>",
    "scrolled": "<script>var page=1;$(window).scroll(function(){if($(window).scrollTop()>9){page++;"
    "$.get('/nb/more',{page:page},function(h){$('ul').append(h)})}})</script>",
    "scrolled, by a function": "<script>let n=1;function more(){n+=1;fetch('/nb/more?page='+n).then(r=>r.text())}"
    "window.addEventListener('scroll',()=>{if(atEnd()){more()}})</script>",
}  # fmt: skip


@pytest.mark.parametrize("more", GROWING.values(), ids=GROWING)
def test_a_list_that_grows_is_asked_until_nothing_new_comes(more: str) -> None:
    pages = {"/nb/more?page=2": entries(2021), "/nb/more?page=3": entries(2020), "/nb/more?page=4": "<p>没有了</p>"}
    came = walk(entries(2022) + more, **pages)
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []
    assert "/nb/more?page=5" not in came.asked


@pytest.mark.parametrize(
    "script",
    [
        "$('.y').click(function(){$('.y').removeClass('on');$(this).addClass('on')})",
        "$('.y').click(function(){location.href='/s?q='+$('#q').val()})",
        "$('.y').hover(function(){location.href='/s/'+$(this).data('nd')})",
        "$(window).scroll(function(){if($(window).scrollTop()>9){$('#top').show()}})",
        "$('.y').click(function(){$('.menu').toggle();$('.y').siblings().hide()})",
        "$('.y:eq(2), #a::before').click(function(){location.href='/s/'})",
    ],
)
def test_what_is_bound_and_leads_nowhere_is_left_alone(script: str) -> None:
    came = walk(f"<h3>{title(PLACES[0], 2022)}</h3><i class=y>顶部</i>{entries(2022)}<script>{script}</script>")
    assert len(came.asked) == 2 + len(PLACES)
    assert came.kinds() == []


@pytest.mark.parametrize(
    ("selector", "count"),
    [("li", 3), (".a", 2), ("ul.b > li.a", 1), ("div > li", 0), ("#x li, p", 2), ("[data-id]", 1), ("li:first", 0)],
)
def test_the_selectors_that_are_read(selector: str, count: int) -> None:
    tree = etree.HTML(
        "<ul class='b c'><li class='d a'>1</li></ul><ul id=x><li class=a data-id=1>2</ul><ol><li>3</ol><p>4"
    )
    (handler,) = handlers_in(f"<script>$('{selector}').click(function(e){{go()}})</script>")
    assert (handler.event, handler.argument) == ("click", "e")
    assert len(list(elements_of(handler, tree))) == count


def test_a_list_of_data_that_grows_is_asked_until_nothing_new_comes() -> None:
    def answer(year: int) -> str:
        return json.dumps(
            [{"title": title(place, year), "url": f"/r/{at}{year}.html"} for at, place in enumerate(PLACES)]
        )

    script = "var p=1;$(window).on('scroll',function(){p++;$.getJSON('/nb/more.json?p='+p,show)})"
    pages = {"/nb/more.json?p=2": answer(2021), "/nb/more.json?p=3": answer(2020), "/nb/more.json?p=4": "[]"}
    came = walk(f"{entries(2022)}<script>{script}</script>", **pages)
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


@pytest.mark.parametrize(
    "count",
    ["var n=1;function go(){n++;load()}", "var n=0;function go(){n++;load()}", "var n=1;function go(){load();n++}"],
)
def test_a_list_that_grows_is_counted_from_nought_or_one(count: str) -> None:
    first = int(count[6])
    script = f"{count}function load(){{$.get('/nb/rows',{{page:n,lm:7}},show)}}$('.m').click(function(){{go()}})"
    shown = {first: 2022, first + 1: 2021, first + 2: 2020}
    pages = {f"/nb/rows?page={number}&lm=7": entries(year) for number, year in shown.items()}
    pages |= {f"/nb/rows?page={number}&lm=7": "<p>没有了</p>" for number in range(first + 3, 6)}
    came = walk(f"{entries(2022)}<p class=m>加载更多</p><script>{script}</script>", **pages)
    assert came.reports.keys() == REPORTS.keys()
    assert came.kinds() == []


def test_what_a_function_comes_to_for_no_option_is_not_tried_for_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    options = "".join(f"<option value={number}>{number}</option>" for number in range(2000))
    script = "<script>$('.s').change(function(){show($(this).val())})</script>"
    page = f"<select class=s>{options}</select>" * 3 + script
    tried: list[str] = []
    handled = Functions.handled

    def counted(self: Functions, handler: Handler, element: Mapping[str, str]) -> str | None:
        tried.append(element["value"])
        return handled(self, handler, element)

    monkeypatch.setattr(Functions, "handled", counted)
    tree = etree.HTML(page)
    assert bound(tree, Functions(page, "http://www.example.gov.cn/")) == {}
    assert 0 < len(tried) < 20
