"""The tables of a portal's parts: words, addresses, rows, frames, excerpts, what stands around; and what fills them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Made = TypeVar("Made", bound=Callable[..., object])


@dataclass(slots=True)
class List:
    """What a pager's production may know of its list.

    `count` pages of `per` rows each, `rows` in all; `address` of a page by its number, its `label`; the `words` for
    first, back, next and last; the `template` of addresses, in which page k is `step * k + shift`.
    """

    count: int
    rows: int
    per: int
    address: Callable[[int], str]
    label: Callable[[int], str]
    words: tuple[str, str, str, str]
    template: str
    shift: int
    step: int
    draw: random.Random

    def value(self, number: int) -> int:
        """What stands for a page in its address."""
        return self.step * number + self.shift

    @property
    def plain(self) -> bool:
        """Whether the number of a page stands in its address as it is."""
        return self.step == 1 and not self.shift

    def spot(self, hole: str) -> str:
        """The template with another sign for the number."""
        head, tail = self.template.split("{", 1)[0], self.template.split("}", 1)[1]
        return f"{head}{'0' if ':' in self.template else ''}{hole}{tail}"

    def made(self, number: str) -> str:
        """The address of a page as a script puts it together; `number`: what names the page there."""
        value = number if self.plain else f"({self.step}*({number}-1))" if self.step != 1 else f"({number}-1)"
        head, tail = self.spot("#").split("#")
        return f"'{head}'+{value}+'{tail}'" if tail else f"'{head}'+{value}"


Pager = Callable[[List, int], str]
PAGERS: dict[str, Pager] = {}
"""What stands below the rows of a page of a list, by which its pages can be reached."""
SILENT: dict[str, Pager] = {}
"""Pagers that say nowhere which address a page has: their list has to be told."""
NOISE: dict[str, Callable[[random.Random], tuple[str, set[str]]]] = {}
"""What stands beside a list, and what no walk has to ask because of it."""


def among(table: dict[str, Made]) -> Callable[[Made], Made]:
    """Put a function into a table of productions under its own name."""

    def put(made: Made) -> Made:
        table[made.__name__.replace("_", " ")] = made
        return made

    return put


PLACES = (
    *("和平区", "沈河区", "大东区", "皇姑区", "铁西区", "苏家屯区", "浑南区", "沈北新区", "于洪区", "辽中区"),
    *("康平县", "法库县", "新民市"),
)
LABELS = (
    *("{}", "[{}]", "【{}】", "({})", "第{}页", "第 {} 页", "&nbsp;{}&nbsp;", "{}.", "-{}-", "<b>{}</b>", "[ {} ]"),
    *("（{}）", "{}页", "·{}·", "<span>{}</span>", "第&nbsp;{}&nbsp;页"),
)
"""How a page's number is written."""
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
ENTRIES: dict[str, tuple[str, str, str]] = {
    # before the rows, one row of address, title and date, after them
    "items": ("<ul>", '<li><a href="{0}">{1}</a><span>{2}</span></li>', "</ul>"),
    "table": ("<table>", '<tr><td><a href="{0}">{1}</a></td><td>{2}</td></tr>', "</table>"),
    "cards": ('<div class="cards">', '<div class=card><h3><a href="{0}">{1}</a></h3><p>{2}</p></div>', "</div>"),
    "definitions": ("<dl>", '<dd><a href="{0}" title="{1}">{1}</a> [{2}]</dd>', "</dl>"),
    "onclick": ("<ul>", '<li><a href="#" onclick="window.open(\'{0}\')">{1}</a> {2}</li>', "</ul>"),
    "cut": ("<ul>", '<li><a href="{0}" title="{1}">{3}…</a><span>{2}</span></li>', "</ul>"),
    "cut without a title": ("<ul>", '<li><a href="{0}">{3}…</a><span>{2}</span></li>', "</ul>"),
    "a silent link": ("<ul>", '<li><span>{1}</span><i>{2}</i><a href="{0}">[查看]</a></li>', "</ul>"),
    "a silent link in a table": (
        "<table><tr><th>名称</th><th>日期</th><th>操作</th></tr>",
        '<tr><td>{1}</td><td>{2}</td><td><a href="{0}">点击查看</a></td></tr>',
        "</table>",
    ),
    "an icon": ("<ul>", '<li>{1} <a href="{0}"><img src="/i.png"></a></li>', "</ul>"),
    "cards with a button": (
        '<div class="cards">',
        '<div class=card><h4>{1}</h4><p>{2}</p><p><a class=btn href="{0}">查看详情</a></p></div>',
        "</div>",
    ),
    "rows that are clicked": (
        "<table>",
        "<tr onclick=\"location.href='{0}'\"><td>{1}</td><td>{2}</td></tr>",
        "</table>",
    ),
    "data-link": ("<ul>", '<li><a href="javascript:;" data-link="{0}">{1}</a><em>{2}</em></li>', "</ul>"),
    "data-url of the row": ("<ul>", '<li data-url="{0}"><span>{1}</span><em>{2}</em></li>', "</ul>"),
    "a function of the page": (
        "<script>var d='';function kan(p,t){{if(!p){{return}}var u=d+p;window.open(u)}}</script><ul>",
        "<li><a href=\"javascript:kan('{0}','nb')\">{1}</a> {2}</li>",
        "</ul>",
    ),
    "the element handed on": (
        "<script>function go(e){{location.href=$(e).attr('data-at')}}</script><ul>",
        '<li data-at="{0}" onclick="go(this)">{1} {2}</li>',
        "</ul>",
    ),
    "options": (
        '<select onchange="if(this.value)location=this.value"><option value="">请选择</option>',
        '<option value="{0}">{1}</option>',
        "</select>",
    ),
    "written": ("<script>", "document.writeln(\"<li><a href='{0}'>{1}</a>{2}</li>\");", "</script>"),
    "an array": ("<script>var rows=[", "{{bt:'{1}',dz:'{0}',rq:'{2}'}},", "];</script><ul id=l></ul>"),
    "a template": ("<script type='text/template'><ul>", '<li><a href="{0}">{1}</a></li>', "</ul></script>"),
    "an XML island": (
        "<xml id=d><rows>",
        "<row><name>{1}</name><link>{0}</link><date>{2}</date></row>",
        "</rows></xml>",
    ),
    "words alone": ("<ul>", '<li><a href="#">{1}</a> {2}</li>', "</ul>"),
    "a function elsewhere": ("<ul>", "<li><a href=\"javascript:openIt('{2}')\">{1}</a></li>", "</ul>"),
}
FRAMES: dict[str, str] = {
    "none": "",
    "iframe": '<iframe src="{}" width=100%></iframe>',
    "frameset": '<frameset cols="20%,*"><frame src="/left.html"><frame src="{}"></frameset>',
}
CHROMES: dict[str, str] = {
    # what stands around every list
    "nothing": "",
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
