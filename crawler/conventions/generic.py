"""HTML of any make: paged by 下一页, by numbers, by a number in the query (sources/systems#plain-html)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.conventions.anchors import numbered_links
from crawler.conventions.growing import GROWING, grown
from crawler.conventions.pagerparts import called_with_variables, jump_form
from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.plugins import plugin_links
from crawler.conventions.senders import sent_form
from crawler.conventions.series import PAGE_KEY, belongs, keeps_query, queried
from crawler.conventions.service import answered
from crawler.conventions.system import PagingRule, System
from crawler.words.addresses import directory
from crawler.words.labels import read_label


def _page_key(url: str, own: str) -> tuple[str, int] | None:
    """The query key and number in which an address differs from the list's own, where that key counts pages."""
    here, there = urlsplit(own), urlsplit(url)
    if here.netloc != there.netloc or here.path != there.path:
        return None
    mine, its = queried(own), queried(url)
    key = next((name for name in its if PAGE_KEY.fullmatch(name)), None)
    if key is None or not its[key].isdecimal() or len(its[key]) > 5:
        return None
    same = {name: value for name, value in its.items() if name != key and value}
    other = {name: value for name, value in mine.items() if name != key and value}
    # a key that says nothing may be left out of the links (kw=), one that is a number names the column
    agree = all(same.get(name, None if value.isdecimal() else value) == value for name, value in other.items())
    return (key, int(its[key])) if agree else None


def query(source: Source) -> Paging | None:
    """Addresses that differ only in ?page=N, currentPage=N … (old ASP, JSP, ASP.NET)."""
    found: dict[int, tuple[str, str, int]] = {}
    known: set[str] = set()
    shift: int | None = None
    following: int | None = None
    last = 0
    for link in source.links:
        if "=" not in link.href or not link.url:
            continue
        told = _page_key(link.url, source.url)
        if told is None or not keeps_query(link.url, source):
            continue
        said = read_label(link.label)
        kind = said.kind
        if kind not in ("number", "next", "last") or link.url in known:
            continue
        if kind == "number":
            shift = said.number - told[1]
        if kind == "next":
            following = told[1]
        if kind == "last":
            last = told[1]
        if told[1] in found:
            known.discard(found[told[1]][0])
        found[told[1]] = (link.url, told[0], told[1])
        known.add(link.url)
    if not found:
        return None
    url, key, _ = next(iter(found.values()))
    if shift is None:  # no number says it: a 下一页 that leads to the page's own number counts from 0
        shift = 1 if following == source.page_no else 0
    numbers = {value + shift: entry[0] for value, entry in found.items()}
    count = source.pages_said or (last + shift if last else None)
    if count is not None:
        pattern = re.compile(rf"([?&]{re.escape(key)}=)\d+")
        for number in range(2, min(count, MAX_PAGES) + 1):
            numbers.setdefault(number, pattern.sub(rf"\g<1>{number - shift}", url))
    pages = [(number, address) for number, address in sorted(numbers.items()) if number > source.page_no]
    return Paging(f"?{key}=N", pages[:MAX_PAGES], None, count)


def next_link(source: Source) -> Paging | None:
    """下一页, 下页, 后一页 with an address: the next page, nothing counted. VSB numbers its pages downwards (page 2 of
    10 is 9.htm), so only the link itself is right. Addresses in onclick are read too."""
    following = None
    controls = False
    for link in source.links:
        kind = read_label(link.label).kind
        if kind != "next" and not (link.title and read_label(link.title).kind == "next"):
            controls = controls or kind == "last"
            continue
        controls = True
        if link.url and link.url != source.url and belongs(link.url, source):
            following = link.url
            break
    if following is None:
        numbered = numbered_links(source)
        return numbered or (Paging("next link") if controls and source.page_no > 1 else None)
    upward = _upward(source, following)
    if upward:
        return Paging("numbered links", upward, None, source.pages_said)
    return Paging("next link", [(source.page_no + 1, following)], None, source.pages_said)


def _upward(source: Source, following: str) -> list[tuple[int, str]]:
    """All pages of a list whose links are numbered upwards, as far as 尾页 or the stated number of pages says."""
    count = source.pages_said
    folder, name = directory(following), following[len(directory(following)) :]
    match = re.fullmatch(r"([\w-]*?[_-])(\d{1,5})(\.\w+)", name)
    if match is None or count is None or source.page_no != 1:
        return []
    shift = 2 - int(match.group(2))
    if shift not in (0, 1):
        return []
    last = [link.url for link in source.links if read_label(link.label).kind == "last" and link.url]
    if not any(address == f"{folder}{match.group(1)}{count - shift}{match.group(3)}" for address in last):
        return []
    return [
        (number, f"{folder}{match.group(1)}{number - shift}{match.group(3)}")
        for number in range(2, min(count, MAX_PAGES) + 1)
    ]


OLD_ASP = System(
    name="ASP(.NET)",
    # list.asp?cid=9, show.asp?id=12 and their like: scripts that take the page by number
    source="sources/systems#old-asp",
    server="asp",
    articles=(r"/(?:show|view|detail|article|content|news|info)\w*\.(?:asp|aspx|jsp|php|do)$",),
    addresses=(r"\.asp(?:\?|$)",),
    paging=(PagingRule("?page=N", "sources/systems#old-asp", query),),
)
SYSTEM = System(
    name="generic HTML",
    source="sources/systems#plain-html, sources/pages#addresses",
    server=None,
    articles=(
        r"/content_\d+",
        r"/\d{4}-\d{2}[-/]\d{2}/\d+",
        r"/\d{6}/\d{1,2}/[0-9a-f-]{36}",
        r"/\d{4,8}/\d{5,}\.s?html?$",
        r"/\d{15,}\.s?html?$",
    ),
    ids=(
        *("ivs_content", "fontzoom", "fontZoom", "FontZoom", "czfxcontent", "article_content", "articleContent"),
        *("webeditorview", "textbody", "info_content"),
    ),
    classes=(
        *("gknbxq_detail", "wp_articlecontent", "pages_content", "j-fontContent", "article-content"),
        "details-policy-box",
    ),
    paging=(
        PagingRule("next link", "sources/systems#vsb, sources/named-pages#icama-dfdt-list", next_link),
        PagingRule("numbered links", "sources/systems#plain-html", numbered_links),
        PagingRule("createPageHTML with variables", "sources/systems#createpagehtml", called_with_variables),
        PagingRule("plugin", "sources/systems#plain-html", plugin_links),
        PagingRule("form by GET", "sources/systems#old-asp", jump_form),
        PagingRule("sent form", "sources/systems#old-asp", sent_form),
        PagingRule("service", "sources/pages#scripts", answered),
        PagingRule(GROWING, "sources/pages#scripts", grown),
    ),
)
