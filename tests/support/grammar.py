"""A grammar of portals: how their columns, lists, entries and pagers are made, each part a table of productions.

A new shape is one line in a table or one function with `@among(TABLE)`. `portal(seed)` draws one production of each
table and puts the pages together; `Portal.telling` says that the pager drawn cannot be followed by what its page says,
so that its list has to be named in a problem row.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.walking import Report

PLACES = tuple("和平区 沈河区 大东区 皇姑区 铁西区 苏家屯区 浑南区 沈北新区 于洪区 辽中区 康平县 法库县 新民市".split())


@dataclass(slots=True)
class List:
    """What a pager's production may know: number of pages, of rows, rows a page, the address of each, words for them."""

    count: int
    rows: int
    per: int
    address: Callable[[int], str]
    label: Callable[[int], str]
    words: tuple[str, str, str, str]
    template: str
    """An address with `{}` for the page's number, counted as `shift` says."""
    shift: int
    step: int
    draw: random.Random

    def value(self, number: int) -> int:
        """What stands for a page in its address."""
        return self.step * number + self.shift


@dataclass(slots=True)
class Portal:
    """Pages by path with query; the reports that a reader finds; where their list stands; what no walk has to ask."""

    made_of: tuple[str, ...]
    pages: dict[str, str | Report] = field(default_factory=dict)
    reports: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    decoys: set[str] = field(default_factory=set)


Pager = Callable[[List, int], str]
LABELS: dict[str, str] = {
    name: name
    for name in (
        "{}",
        "[{}]",
        "【{}】",
        "({})",
        "第{}页",
        "第 {} 页",
        "&nbsp;{}&nbsp;",
        "{}.",
        "-{}-",
        "<b>{}</b>",
        "[ {} ]",
    )
}
WORDS: dict[str, tuple[str, str, str, str]] = {
    # first, back, next, last
    "plain": ("首页", "上一页", "下一页", "尾页"),
    "brackets": ("[首页]", "[上一页]", "[下一页]", "[尾页]"),
    "lenticular": ("【首页】", "【上页】", "【下页】", "【末页】"),
    "angles": ("&lt;&lt;", "&lt;", "&gt;", "&gt;&gt;|"),
    "guillemets": ("«", "‹", "›", "最后一页"),
    "full width": ("＜＜", "＜", "＞", "末 页"),
    "arrows": ("首页", "←上一页", "下一页→", "尾页"),
    "blanks": ("首 页", "上 页", "下 页", "尾 页"),
    "behind": ("第一页", "前一页", "后一页", "最后一页"),
    "onwards": ("首页", "往前", "往后", "末页"),
    "asked": ("转到首页", "转到上一页", "转到下一页", "转到尾页"),
    "counted": ("首页", "上一页(3)", "下一页(3)", "尾页(9)"),
    "pictures": ("首页", '<img src="/i/p.gif" alt="上一页">', '<img src="/i/n.gif" alt="下一页">', "尾页"),
    "english": ("First", "Prev", "Next", "Last"),
    "wide": ("首页", "&lt;上一页&gt;", "&lt;下一页&gt;", "尾页"),
    "traditional": ("首頁", "上一頁", "下一頁", "尾頁"),
}
ADDRESSES: dict[str, tuple[str, str, int, int]] = {
    # of the first page, of the others, what is added to the number, what it is multiplied with (0: rows a page)
    "index_1": ("/nb/", "/nb/index_{}.html", -1, 1),
    "index_2": ("/nb/index.html", "/nb/index_{}.html", 0, 1),
    "list_2": ("/nb/index.html", "/nb/list_{}.html", 0, 1),
    "list_1": ("/nb/", "/nb/list_{}.html", -1, 1),
    "name-2": ("/nb/list.html", "/nb/list-{}.html", 0, 1),
    "name_2.htm": ("/nb/nb.htm", "/nb/nb_{}.htm", 0, 1),
    "folder": ("/nb/", "/nb/{}/", 0, 1),
    "page folder": ("/nb/", "/nb/page/{}", 0, 1),
    "page=": ("/nb/", "/nb/?page={}", 0, 1),
    "page= from 0": ("/nb/list.jsp", "/nb/list.jsp?page={}", -1, 1),
    "cid and page": ("/nb/list.asp?cid=9", "/nb/list.asp?cid=9&page={}", 0, 1),
    "page and cid": ("/nb/list.asp?cid=9", "/nb/list.asp?page={}&cid=9", 0, 1),
    "p=": ("/nb/list.php?c=nb", "/nb/list.php?c=nb&p={}", 0, 1),
    "pageNo=": ("/nb/list.do", "/nb/list.do?pageNo={}", 0, 1),
    "currentPage=": ("/nb/list.do?id=31", "/nb/list.do?id=31&currentPage={}", 0, 1),
    "curpage=": ("/nb/list.aspx?lm=7", "/nb/list.aspx?lm=7&curpage={}", 0, 1),
    "start=": ("/nb/list.jsp?lm=7", "/nb/list.jsp?lm=7&start={}", 0, 0),
    "offset=": ("/nb/", "/nb/?offset={}", 0, 0),
    "script beside": ("/nb/", "/nb/more.asp?page={}", 0, 1),
    "two digits": ("/nb/", "/nb/list_{:02d}.html", 0, 1),
}


def _dated(row: str) -> str:
    return f"<span>{row}</span>"


ENTRIES: dict[str, tuple[str, str, str]] = {
    # before the rows, one row of address, title and date, after them
    "items": ("<ul>", '<li><a href="{0}">{1}</a><span>{2}</span></li>', "</ul>"),
    "table": ("<table>", '<tr><td><a href="{0}">{1}</a></td><td>{2}</td></tr>', "</table>"),
    "cards": ('<div class="cards">', '<div class=card><h3><a href="{0}">{1}</a></h3><p>{2}</p></div>', "</div>"),
    "definitions": ("<dl>", '<dd><a href="{0}" title="{1}">{1}</a> [{2}]</dd>', "</dl>"),
    "onclick": ("<ul>", '<li><a href="#" onclick="window.open(\'{0}\')">{1}</a> {2}</li>', "</ul>"),
    "cut": ("<ul>", '<li><a href="{0}" title="{1}">{3}…</a><span>{2}</span></li>', "</ul>"),
}
FRAMES: dict[str, str] = {
    "none": "",
    "iframe": '<iframe src="{}" width=100%></iframe>',
    "frameset": '<frameset cols="20%,*"><frame src="/left.html"><frame src="{}"></frameset>',
}
CHROMES: dict[str, str] = {
    # what stands around every list
    "menu": '<div class=menu><a href="/">首页</a> '
    + " ".join(
        f'<a href="/{path}/">{words}</a>'
        for path, words in (
            ("jggk", "机构概况"),
            ("news", "新闻中心"),
            ("bsfw", "办事服务"),
            ("hdjl", "互动交流"),
            ("zjsf", "走进示范"),
            ("sjkf", "数据开放"),
            ("ztzl", "专题专栏"),
            ("zwgk", "政务公开"),
            ("zcjd", "政策解读"),
            ("sitemap", "网站地图"),
        )
    )
    + '</div><div class=wz>您的位置：<a href="/">首页</a> &gt; <a href="/nb/">政府信息公开年报</a></div>',
    "menu and friends": '<p><a href="/">网站首页</a> '
    + " ".join(
        f'<a href="http://www.{name}.gov.cn/">{words}</a>' for name, words in zip("abcdefghijk", PLACES, strict=False)
    )
    + "</p>",
}
EXCERPTS: dict[str, str] = {
    # rows of the list, address of the whole
    "none": "",
    "head": '<div class=box><h3>政府信息公开年报<a href="{1}">更多&gt;&gt;</a></h3>{0}</div>',
    "foot": '<div class=box>{0}<p class=more><a href="{1}">查看更多</a></p></div>',
    "picture": '<div><div class=t><span>年报</span><a href="{1}"><img src=/m.gif alt="更多"></a></div>{0}</div>',
}
PAGERS: dict[str, Pager] = {}
SILENT: dict[str, Pager] = {}
"""Pagers that say nowhere which address a page has: their list has to be told."""
NOISE: dict[str, Callable[[random.Random], tuple[str, set[str]]]] = {}


def among(table: dict[str, Callable[..., object]]) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """Put a function into a table of productions under its own name."""

    def put(made: Callable[..., object]) -> Callable[..., object]:
        table[made.__name__.strip("_").replace("_", " ")] = made
        return made

    return put


def _link(href: str, words: str) -> str:
    return f'<a href="{href}">{words}</a>'


@among(PAGERS)  # type: ignore[arg-type]
def numbers(of: List, page: int) -> str:
    return " ".join(_link(of.address(k), of.label(k)) for k in range(1, of.count + 1))


@among(PAGERS)  # type: ignore[arg-type]
def numbers_without_the_current(of: List, page: int) -> str:
    return " ".join(
        f"<span>{of.label(k)}</span>" if k == page else _link(of.address(k), of.label(k))
        for k in range(1, of.count + 1)
    )


@among(PAGERS)  # type: ignore[arg-type]
def numbers_and_words(of: List, page: int) -> str:
    return words(of, page) + numbers(of, page)


@among(PAGERS)  # type: ignore[arg-type]
def numbers_with_a_gap(of: List, page: int) -> str:
    wanted = sorted({k for k in (1, 2, 3, page, page + 1, of.count) if k <= of.count})
    return (
        " ".join(_link(of.address(k), of.label(k)) for k in wanted[:-1])
        + " … "
        + _link(of.address(of.count), of.label(of.count))
    )


@among(PAGERS)  # type: ignore[arg-type]
def window_of_three(of: List, page: int) -> str:
    wanted = range(max(1, page - 1), min(of.count, page + 1) + 1)
    return " ".join(_link(of.address(k), of.label(k)) for k in wanted)


@among(PAGERS)  # type: ignore[arg-type]
def words(of: List, page: int) -> str:
    first, back, following, last = of.words
    parts = [_link(of.address(1), first)]
    parts.append(_link(of.address(page - 1), back) if page > 1 else back)
    parts.append(_link(of.address(page + 1), following) if page < of.count else following)
    return " ".join([*parts, _link(of.address(of.count), last)])


@among(PAGERS)  # type: ignore[arg-type]
def next_alone(of: List, page: int) -> str:
    return _link(of.address(page + 1), of.words[2]) if page < of.count else ""


@among(PAGERS)  # type: ignore[arg-type]
def words_and_counts(of: List, page: int) -> str:
    return f"共{of.rows}条 第{page}/{of.count}页 " + words(of, page)


@among(PAGERS)  # type: ignore[arg-type]
def next_by_onclick(of: List, page: int) -> str:
    if page == of.count:
        return ""
    return f"<span onclick=\"location.href='{of.address(page + 1)}'\">{of.words[2]}</span>"


@among(PAGERS)  # type: ignore[arg-type]
def button(of: List, page: int) -> str:
    if page == of.count:
        return ""
    return f'<input type=button value="下一页" onclick="window.location=\'{of.address(page + 1)}\'">'


@among(PAGERS)  # type: ignore[arg-type]
def rel_next(of: List, page: int) -> str:
    return f'<a rel="next" href="{of.address(page + 1)}"><img src="/i/r.gif"></a>' if page < of.count else ""


@among(PAGERS)  # type: ignore[arg-type]
def select_of_addresses(of: List, page: int) -> str:
    options = "".join(f'<option value="{of.address(k)}">{of.label(k)}</option>' for k in range(1, of.count + 1))
    return f'<select onchange="location.href=this.value">{options}</select>'


@among(PAGERS)  # type: ignore[arg-type]
def select_of_numbers(of: List, page: int) -> str:
    head, tail = of.template.split("{", 1)[0], of.template.split("}", 1)[1]
    options = "".join(f'<option value="{of.value(k)}">第{k}页</option>' for k in range(1, of.count + 1))
    if ":" in of.template:
        return select_of_addresses(of, page)
    return f"<select onchange=\"location.href='{head}'+this.value+'{tail}'\">{options}</select>"


def _function(of: List, name: str) -> str:
    head, tail = of.template.split("{", 1)[0], of.template.split("}", 1)[1]
    shift = f"{of.step}*(n-1)" if of.step != 1 else "n-1" if of.shift else "n"
    made = f"'{head}'+({shift})+'{tail}'" if ":" not in of.template else f"'{head}0'+({shift})+'{tail}'"
    first = of.address(1)
    body = of.draw.choice(
        (
            f"location.href = n==1 ? '{first}' : {made};",
            f"var url = {made}; if(n<=1) url='{first}'; window.location = url;",
            f"if(n==1){{window.location.href='{first}';}}else{{window.location.href={made};}}",
            f"if(n>total){{alert('没有了');return;}} self.location.href={made};",
        )
    )
    return f"<script>var total={of.count};function {name}(n){{{body}}}</script>"


@among(PAGERS)  # type: ignore[arg-type]
def function_in_href(of: List, page: int) -> str:
    name = of.draw.choice(("goPage", "turnPage", "gotoPage", "toPage", "f"))
    links = " ".join(_link(f"javascript:{name}({k})", of.label(k)) for k in range(1, of.count + 1))
    return _function(of, name) + links


@among(PAGERS)  # type: ignore[arg-type]
def function_in_onclick(of: List, page: int) -> str:
    name = of.draw.choice(("goPage", "turnPage", "gotoPage", "toPage", "f"))
    links = " ".join(
        f'<a href="#" onclick="{name}({k});return false;">{of.label(k)}</a>' for k in range(1, of.count + 1)
    )
    return links + _function(of, name)


@among(PAGERS)  # type: ignore[arg-type]
def function_on_list_items(of: List, page: int) -> str:
    items = "".join(f'<li onclick="goPage({k})">{of.label(k)}</li>' for k in range(1, of.count + 1))
    return _function(of, "goPage") + f"<ul class=pagination>{items}</ul>"


@among(PAGERS)  # type: ignore[arg-type]
def function_select(of: List, page: int) -> str:
    options = "".join(f'<option value="{k}">{k}</option>' for k in range(1, of.count + 1))
    value = of.draw.choice(("this.value", "this.options[this.selectedIndex].value"))
    return _function(of, "jump") + f'<select onchange="jump({value})">{options}</select>'


@among(PAGERS)  # type: ignore[arg-type]
def data_url(of: List, page: int) -> str:
    links = (f'<a href="javascript:;" data-url="{of.address(k)}">{of.label(k)}</a>' for k in range(1, of.count + 1))
    return " ".join(links)


def _spot(of: List, hole: str) -> str:
    """The template of addresses with another sign for the number."""
    head, tail = of.template.split("{", 1)[0], of.template.split("}", 1)[1]
    return f"{head}{'0' if ':' in of.template else ''}{hole}{tail}"


def _plain(of: List) -> bool:
    """Whether a template can say where a page is: its number stands there as it is."""
    return of.step == 1 and not of.shift


def _made(of: List, number: str) -> str:
    """The address of a page as a script puts it together; `number`: what names the page there."""
    value = number if _plain(of) else f"({of.step}*({number}-1))" if of.step != 1 else f"({number}-1)"
    head, tail = _spot(of, "#").split("#")
    return f"'{head}'+{value}+'{tail}'" if tail else f"'{head}'+{value}"


@among(PAGERS)  # type: ignore[arg-type]
def laypage(of: List, page: int) -> str:
    call = of.draw.choice(
        (
            f"laypage.render({{elem:'pg', count:{of.rows}, limit:{of.per}, curr:{page}, jump:",
            f"laypage({{cont:'pg',pages:{of.count},curr:{page},jump:",
        )
    )
    return f"<div id=pg></div><script>{call}function(obj,first){{if(!first){{location.href={_made(of, 'obj.curr')};}}}}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def jquery_pagination(of: List, page: int) -> str:
    if _plain(of):
        return f"<div id=p></div><script>$('#p').pagination({of.rows},{{items_per_page:{of.per},current_page:{page - 1},link_to:'{_spot(of, '__id__')}'}});</script>"
    return f"<script>$('.p').pagination({{pageCount:{of.count},jump:true,callback:function(api){{window.location.href={_made(of, 'api.getCurrent()')};}}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def bootstrap_paginator(of: List, page: int) -> str:
    return f"<ul id=p></ul><script>$('#p').bootstrapPaginator({{currentPage:{page},totalPages:{of.count},pageUrl:function(type,page,current){{return {_made(of, 'page')};}}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def twbs_pagination(of: List, page: int) -> str:
    return f"<script>$('#p').twbsPagination({{totalPages:{of.count},startPage:{page},onPageClick:function(event,page){{location={_made(of, 'page')}}}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def create_page(of: List, page: int) -> str:
    return f"<script>$('.tcd').createPage({{pageCount:{of.count},current:{page},backFn:function(p){{window.location.href={_made(of, 'p')};}}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def kkpager(of: List, page: int) -> str:
    return f"<script>kkpager.generPageHtml({{pno:{page},total:{of.count},totalRecords:{of.rows},mode:'link',getLink:function(n){{return {_made(of, 'n')};}}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def plugin_with_an_arrow(of: List, page: int) -> str:
    return f"<script>new Pagination({{el:'#p',pageCount:{of.count},onChange: p => {{ location.href = {_made(of, 'p')} }}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def plugin_with_variables(of: List, page: int) -> str:
    return f"<script>var rows={of.rows}, size={of.per};</script><script>laypage.render({{elem:'pg',count:rows,limit:size,jump:function(o,first){{if(!first) window.location.href={_made(of, 'o.curr')};}}}});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def create_page_html(of: List, page: int) -> str:
    """TRS's and the shtml family's own, where the addresses are theirs; with variables in the call."""
    if "?" in of.template or ":" in of.template or "_" not in of.template or of.step != 1:
        return numbers(of, page)
    name = of.template.rsplit("/", 1)[1].split("_")[0]
    ext = of.template.rsplit(".", 1)[1]
    if of.shift:
        return f"<script>var n={of.count};var cur={page - 1};createPageHTML(n, cur, '{name}', '{ext}');</script>"
    return f"<script>var pages={of.count}, f='{name}';createPageHTML('page', pages, {page}, f, '{ext}', {of.rows});</script>"


@among(PAGERS)  # type: ignore[arg-type]
def form_to_jump(of: List, page: int) -> str:
    """A form by GET with a field for the page's number, and the number of pages in words."""
    if "?" not in of.template or not _plain(of):
        return words_and_counts(of, page)
    path, _, query = of.template.partition("?")
    hidden = "".join(
        f'<input type=hidden name="{name}" value="{value}">'
        for name, value in (pair.split("=") for pair in query.split("&"))
        if "{" not in value
    )
    key = next(pair.split("=")[0] for pair in query.split("&") if "{" in pair)
    return f'共{of.count}页 <form action="{path}" method="get">{hidden}第<input name="{key}" size=3>页<input type=submit value=跳转></form>'


@among(SILENT)  # type: ignore[arg-type]
def plugin_of_a_service(of: List, page: int) -> str:
    return f"<div id=p></div><script>laypage.render({{elem:'p',count:{of.rows},limit:{of.per},jump:function(o,first){{if(!first) load(o.curr);}}}});</script>"


@among(SILENT)  # type: ignore[arg-type]
def element_pagination(of: List, page: int) -> str:
    return f'<el-pagination layout="prev, pager, next" :total="{of.rows}" :page-size="{of.per}"></el-pagination>'


@among(SILENT)  # type: ignore[arg-type]
def plugin_with_unknown_count(of: List, page: int) -> str:
    return "<script>$('#p').pagination({totalData: res.total, showData: 10, callback: function(api){load(api.getCurrent())}});</script>"


@among(SILENT)  # type: ignore[arg-type]
def select_for_a_script(of: List, page: int) -> str:
    options = "".join(f"<option value={k}>{k}</option>" for k in range(1, of.count + 1))
    return f'<select id="pageSelect">{options}</select>'


@among(SILENT)  # type: ignore[arg-type]
def data_page(of: List, page: int) -> str:
    return " ".join(f'<a href="#" data-page="{k}">{of.label(k)}</a>' for k in range(1, of.count + 1))


@among(SILENT)  # type: ignore[arg-type]
def function_elsewhere(of: List, page: int) -> str:
    return " ".join(_link(f"javascript:showPage({k})", of.label(k)) for k in range(1, of.count + 1))


@among(SILENT)  # type: ignore[arg-type]
def counts_alone(of: List, page: int) -> str:
    return f"<div id=pager>共 {of.count} 页 {of.rows} 条记录</div><script src=/js/page.js></script>"


@among(SILENT)  # type: ignore[arg-type]
def dead_next(of: List, page: int) -> str:
    return (
        f'<a href="javascript:void(0)" class=prev>{of.words[1]}</a> <a href="javascript:void(0)" id=n>{of.words[2]}</a>'
    )


@among(SILENT)  # type: ignore[arg-type]
def load_more(of: List, page: int) -> str:
    return '<div class="load" id="loadmore">加载更多</div><script src=/js/list.js></script>'


@among(SILENT)  # type: ignore[arg-type]
def spans(of: List, page: int) -> str:
    return "<div class=pages>" + "".join(f"<span>{k}</span>" for k in range(1, of.count + 1)) + "</div>"


@among(NOISE)  # type: ignore[arg-type]
def nothing(draw: random.Random) -> tuple[str, set[str]]:
    return "", set()


@among(NOISE)  # type: ignore[arg-type]
def news_with_a_pager(draw: random.Random) -> tuple[str, set[str]]:
    """A list of news beside, with pages of its own."""
    items = "".join(
        f'<li><a href="/news/{k}.html">我市召开第{k}次工作部署会议</a><span>2023-05-0{k}</span></li>'
        for k in range(1, 6)
    )
    links = " ".join(_link(f"/news/index_{k}.html", str(k)) for k in range(2, 5))
    return f"<div class=side><ul>{items}</ul>{links} {_link('/news/index_1.html', '下一页')}</div>", {"/news/"}


@among(NOISE)  # type: ignore[arg-type]
def calendar(draw: random.Random) -> tuple[str, set[str]]:
    days = "".join(f'<td><a href="/nb/?day={k}">{k}</a></td>' for k in range(1, 31))
    return f"<table class=rili><tr>{days}</tr></table>", {"/nb/?day="}


@among(NOISE)  # type: ignore[arg-type]
def sizes(draw: random.Random) -> tuple[str, set[str]]:
    return "每页 " + " ".join(_link(f"?pagesize={k}", str(k)) for k in (10, 20, 50)) + " 条", {"pagesize="}


@among(NOISE)  # type: ignore[arg-type]
def months(draw: random.Random) -> tuple[str, set[str]]:
    links = " ".join(_link(f"/nb/2023/{k}/", f"{k}月") for k in range(1, 13))
    return f"<div>按月归档 {links}</div>", {"/nb/2023/"}


@among(NOISE)  # type: ignore[arg-type]
def another_column(draw: random.Random) -> tuple[str, set[str]]:
    links = " ".join(_link(f"/tzgg/list.asp?cid=8&page={k}", str(k)) for k in range(1, 5))
    return f"<div class=side>通知公告 {links}</div>", {"/tzgg/"}


HOME = (
    '<html><head><title>示范市人民政府门户网站</title></head><body><div class=menu><a href="/">首页</a> <a href="/zwgk/">政务公开</a> '
    '<a href="{}">政府信息公开年报</a></div></body></html>'
)


def portal(seed: int) -> Portal:
    """The portal of a seed; the same seed gives the same portal."""
    draw = random.Random(seed)
    scheme = draw.choice(sorted(ADDRESSES))
    entries, label, wording, noise = (draw.choice(sorted(table)) for table in (ENTRIES, LABELS, WORDS, NOISE))
    frame = draw.choices(sorted(FRAMES), (1, 1, 4))[0]
    telling = draw.random() < 0.2
    table = SILENT if telling else PAGERS
    chrome = CHROMES[draw.choice(sorted(CHROMES))]
    pager = draw.choice(sorted(table))
    made = Portal((scheme, entries, label, wording, noise, frame, pager))

    per, count = draw.randint(5, 9), draw.randint(2, 6)
    rows = per * (count - 1) + draw.randint(1, per)
    first, template, shift, step = ADDRESSES[scheme]
    if not step:
        step, shift = per, -per

    def address(number: int) -> str:
        return first if number == 1 else template.format(step * number + shift)

    of = List(count, rows, per, address, lambda k: LABELS[label].format(k), WORDS[wording], template, shift, step, draw)
    listed = []
    for number in range(rows):
        title = f"{PLACES[number % len(PLACES)]}人民政府{2008 + number // len(PLACES)}年政府信息公开工作年度报告"
        path = f"/a/{1000 + number}.html"
        listed.append((path, title))
        made.pages[path] = Report(title)
        made.reports.add(path)
    before, row, after = ENTRIES[entries]
    for number in range(1, count + 1):
        part = listed[per * (number - 1) : per * number]
        filled = "".join(row.format(path, title, "2023-01-20", title[:14]) for path, title in part)
        beside, decoys = NOISE[noise](random.Random(seed))
        made.decoys |= decoys
        page = f"<html><body>{chrome}{before}{filled}{after}<div class=page>{table[pager](of, number)}</div>{beside}</body></html>"
        for path in {address(number), template.format(step * number + shift)}:
            made.pages[path] = page
            made.places.add(path)
    column = first
    excerpt = draw.choices(sorted(EXCERPTS), (1, 1, 7, 1))[0]
    if excerpt != "none":
        column = draw.choice(("/gkml/", "/nb/ml.html", "/zwgk/nb.html"))
        filled = "".join(row.format(path, title, "2023-01-20", title[:14]) for path, title in listed[:5])
        beside, decoys = NOISE[noise](random.Random(seed))
        made.pages[column] = (
            f"<html><body>{chrome}{EXCERPTS[excerpt].format(before + filled + after, first)}{beside}</body></html>"
        )
        made.places.add(column)
        first, made.made_of = column, (*made.made_of[:-1], excerpt, made.made_of[-1])
    if frame != "none":
        column = "/gk/"
        made.pages[column] = f"<html>{FRAMES[frame].format(first)}</html>"
        made.pages["/left.html"] = "<html><body>政府信息公开</body></html>"
        made.places.add(column)
    made.pages["/"] = HOME.format(column)
    return made
