"""Pagers of every make, walked in memory: each page of the list once, none of another list, and what is not understood
told with the list's address."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.walking import HOST, Report, Walked, walked

MENU = (
    '<div class=menu><a href="/">首页</a>' + "".join(f'<a href="/m{at}/">栏目{at}号</a>' for at in range(12)) + "</div>"
)
HOME = f'<html><body>{MENU}<a href="/nb/">政府信息公开年报</a></body></html>'
PER = 4
Foot = Callable[[int], str]


def site(foot: Foot, address: Callable[[int], str], count: int = 3, first: str = "/nb/") -> dict[str, str | Report]:
    """A column of `count` pages with four reports each; `foot`: what stands below the rows of a page, from 1."""
    pages: dict[str, str | Report] = {"/": HOME.replace("/nb/", first)}
    for page in range(1, count + 1):
        rows = ""
        for at in range(PER):
            path = f"/a/{page}{at}.html"
            title = f"青禾县{'城关柳河石门双桥'[2 * at : 2 * at + 2]}镇{2010 + page}年政府信息公开工作年度报告"
            pages[path] = Report(title)
            rows += f'<li><a href="{path}">{title}</a><span>2015-03-0{at + 1}</span></li>'
        body = f"<html><body>{MENU}<ul>{rows}</ul>{foot(page)}</body></html>"
        pages[first if page == 1 else address(page)] = body
    return pages


def found(foot: Foot, address: Callable[[int], str], count: int = 3, first: str = "/nb/") -> Walked:
    came = walked(site(foot, address, count, first))
    assert len(set(came.asked)) == len(came.asked)
    return came


def numbered(page: int) -> str:
    return f"/nb/list_{page}.html"


def links(address: Callable[[int], str], label: str = "{}", count: int = 3) -> str:
    return " ".join(f'<a href="{address(k)}">{label.format(k)}</a>' for k in range(1, count + 1))


SCRIPTS = {
    "a postfix in a variable": "<script>var ext='.html';function to(n){top.location='/nb/list_'+n+ext}</script>",
    "a template literal": "<script>const to = (n) => { window.location.href = `/nb/list_${n}.html`; }</script>",
    "an early return": "<script>function to(n){if(n==1){location='/nb/';return}location='list_'+n+'.html'}</script>",
    "through another": "<script>function to(n){go('/nb/list_'+n+'.html')}function go(u){open(u,'_self')}</script>",
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("form", ["href=\"javascript:to('{}')\"", 'href=# onclick="to({});return false"'])
def test_functions_of_the_page_turn_its_pages(script: str, form: str) -> None:
    def foot(page: int) -> str:
        return script + " ".join(f"<a {form.format(k)}>第{k}页</a>" for k in (1, 2, 3))

    assert len(found(foot, numbered).reports) == 3 * PER


ADDRESSES: dict[str, tuple[str, Callable[[int], str]]] = {
    "rows before it": ("/nb/l.jsp?lm=3", lambda page: f"/nb/l.jsp?lm=3&start={PER * (page - 1)}"),
    "rows before it, alone": ("/nb/", lambda page: f"/nb/?offset={PER * (page - 1)}"),
    "a folder": ("/nb/", lambda page: f"/nb/{page}/"),
    "a folder named page": ("/nb/", lambda page: f"/nb/page/{page}/"),
    "leading zeros": ("/nb/", lambda page: f"/nb/nb_{page:03}.htm"),
    "another script beside": ("/nb/index.html", lambda page: f"/nb/more.php?page={page}"),
    "a key of the column's": ("/list.asp?cid=9", lambda page: f"/list.asp?cid=9&page={page}"),
    "in another order": ("/list.asp?cid=9&t=1", lambda page: f"/list.asp?page={page}&t=1&cid=9"),
    "downwards": ("/nb.htm", lambda page: f"/nb/{4 - page}.htm"),
    "names of no series": ("/nb/", lambda page: f"/nb/{'xqwz'[page]}{7 * page * page}.html"),
}


@pytest.mark.parametrize(("first", "address"), ADDRESSES.values(), ids=ADDRESSES)
def test_numbers_lead_by_whatever_address(first: str, address: Callable[[int], str]) -> None:
    def foot(page: int) -> str:
        marks = [
            f"<b>{k}</b>" if k == page else f'<a href="{first if k == 1 else address(k)}">{k}</a>' for k in (1, 2, 3)
        ]
        return f"<div>{' '.join(marks)}</div>"

    assert len(found(foot, address, first=first).reports) == 3 * PER


def test_a_gap_in_the_numbers_is_filled_and_nothing_counted_beyond() -> None:
    def foot(page: int) -> str:
        return f'{links(numbered)} … <a href="{numbered(7)}">7</a>'

    came = found(foot, numbered, count=7)
    assert len(came.reports) == 7 * PER
    assert numbered(8) not in came.asked


def test_the_last_page_that_leads_to_itself_or_to_the_first_ends_the_walk() -> None:
    for last in (numbered(3), "/nb/?page=1", "/nb/"):
        came = found(
            lambda page, last=last: f'<a href="{numbered(page + 1) if page < 3 else last}">下一页</a>', numbered
        )  # type: ignore[misc]
        assert len(came.reports) == 3 * PER


def test_pages_without_an_end_that_show_the_last_rows_again_are_left() -> None:
    """Beyond the end such scripts show the last page, its 下一页 counted on."""
    pages = site(lambda page: f'<a href="/nb/?page={page + 1}">下一页</a>', lambda page: f"/nb/?page={page}")
    last = pages["/nb/?page=3"]
    assert isinstance(last, str)
    for page in range(4, 40):
        pages[f"/nb/?page={page}"] = last.replace("page=4", f"page={page + 1}")
    came = walked(pages)
    assert len(came.reports) == 3 * PER
    assert len([path for path in came.asked if "page=" in path]) <= 4


OTHERS = {
    "news beside": '<div><a href="/news/1.html">要闻</a> <a href="/news/list_2.html">2</a> '
    '<a href="/news/list_2.html">下一页</a></div>',
    "another column of the script": '<p><a href="?cid=8&page=2">2</a> <a href="?cid=8&page=3">3</a></p>',
    "days": "<table><tr>"
    + "".join(f'<td><a href="?day={day}">{day}</a></td>' for day in range(1, 29))
    + "</tr></table>",
    "days as folders": "<p>" + " ".join(f'<a href="/nb/2015/3/{day}/">{day}</a>' for day in range(1, 29)) + "</p>",
    "months": "<p>" + " ".join(f'<a href="?month={at}">{at}月</a>' for at in range(1, 13)) + "</p>",
    "sizes": '每页<a href="?pagesize=10">10</a> <a href="?pagesize=20">20</a>',
    "sizes from 2": '每页<a href="?rows=2">2</a> <a href="?rows=3">3</a>',
    "an order": '<a href="?sort=1">1</a> <a href="?sort=2">2</a>',
    "footnotes": '<a href="#1">[1]</a> <a href="#2">[2]</a>',
    "pictures": "<ul class=focus><li>1</li><li>2</li><li>3</li></ul>",
    "a search": '<a href="/nb/search.asp?q=x&page=2">2</a><a href="/nb/search.asp?q=x&page=3">3</a>',
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("alone", [True, False], ids=["one page", "three pages"])
def test_numbers_of_something_else_are_no_pages_of_the_list(other: str, alone: bool) -> None:
    def foot(page: int) -> str:
        return other if alone else links(lambda k: "/nb/" if k == 1 else numbered(k)) + other

    came = found(foot, numbered, count=1 if alone else 3)
    assert len(came.reports) == (1 if alone else 3) * PER
    asked = {path for path in came.asked if not path.startswith("/a/")}
    assert asked <= {"/", "/nb/", numbered(2), numbered(3)}
    assert set(came.kinds()) <= ({"paging_doubtful"} if "cid=8" in other else set())


MORE = {
    "numbers without an address": '<a href="#" data-page="1">1</a><a href="#" data-page="2">2</a>',
    "a function that stands elsewhere": '<a href="javascript:turn(1)">[1]</a> <a href="javascript:turn(2)">[2]</a>',
    "a number of pages": "<p>共 3 页，12 条记录</p>",
    "a number of pages in a script": "<div id=pg></div><script>var pageCount = 3;</script><script src=/p.js></script>",
    "a plugin": "<script>$('#p').pagination({pageCount: 3, callback: function(api){load(api.getCurrent())}})</script>",
    "a plugin that is asked": "<script>laypage.render({count:res.total,jump:function(o,f){get(o.curr)}})</script>",
    "an element of a template": '<el-pagination :total="12" :page-size="4"></el-pagination>',
    "a select": "<select name=pageNo id=goPage><option value=1>1</option><option value=2>2</option></select>",
    "numbers that a script makes links": "<div class=pagination><span>1</span><span>2</span><span>3</span></div>",
    "加载更多": "<div class=load>点击加载更多</div>",
    "a word of its own": '<a href="/nb/?page=2">较早的</a>',
    "下一页 that a script turns": '<a href="javascript:;" class=pg>上一页</a><a href="javascript:;" id=xia>下一页</a>',
}


@pytest.mark.parametrize("foot", MORE.values(), ids=MORE)
def test_what_looks_like_more_and_is_not_followed_is_told_with_the_list(foot: str) -> None:
    came = found(lambda page: foot, lambda page: f"/nb/?page={page}", count=1)
    assert [problem.url for problem in came.problems][:1] == [f"{HOST}/nb/"]
    assert came.kinds()[-1] in ("paging_not_understood", "paging_doubtful")


NO_MORE = {
    "one page": "<p>共 1 页 4 条</p><a href='javascript:;'>上一页</a><a href='javascript:;'>下一页</a>",
    "a plugin of one page": "<script>laypage.render({count:4,limit:15,jump:function(o){get(o.curr)}})</script>",
    "a disabled 下一页": '<ul><li class="disabled"><a href="#">下一页</a></li></ul>',
    "the current page alone": '<div class=pagination><span class="on">1</span></div>',
    "all is shown": "<div>加载更多</div><p>没有更多了</p>",
    "a select of months": "<select name=m><option value=1>1</option><option value=2>2</option></select>",
}


@pytest.mark.parametrize("foot", NO_MORE.values(), ids=NO_MORE)
def test_a_list_of_one_page_is_no_riddle(foot: str) -> None:
    assert found(lambda page: foot, numbered, count=1).problems == []
