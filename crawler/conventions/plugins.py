"""Pagers that a script makes out of what it is called with: layui, jQuery's and Bootstrap's paginations, kkpager,
Element's in a template, and those of a portal's own.

The general form: a call of one of the known names with an object of settings. Where the number of pages stands there as
a literal (or rows and rows a page do), and a template, a prefix, or a function of a few lines says where page k is, the
addresses are made of it; they lie where the list does. Else the call alone says that the list may go on
(sources/systems#plain-html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from crawler.conventions.functions import Functions
from crawler.conventions.growing import counts_pages
from crawler.conventions.paging import MAX_PAGES, Paging, Source
from crawler.conventions.series import belongs
from crawler.words.addresses import host_of, join, trap
from crawler.words.expressions import Reader
from crawler.words.lexer import UnreadableError
from crawler.words.text import squeeze
from crawler.words.values import UNKNOWN

_NAMES = (
    "pagination|twbsPagination|bootstrapPaginator|jqPaginator|createPage|simplePagination|extendPagination|paging|pager"
    "|Paging|page|whjPaging|myPagination|sPage|zPager"
)
# Every way begins with a letter or a dot of its own: the engine then goes by these alone.
_CALL = re.compile(
    rf"(?P<name>laypage(?:\s*\.\s*render)?|\.\s*(?:{_NAMES})|{_NAMES}|kkpager\s*\.\s*generPageHtml|"
    r"new\s+(?:Page|Pager|Paging|Pagination|Paginator|PageNav))\s*\(\s*(?=[\{\d\"'$#\w])"
)
_CALLED = re.compile(r"ag(?:e(?:r|Nav|Html)?|ing|ination|inator)\s*+(?:\.\s*+render\s*+)?\(")
"""How every one of those calls ends; looked for first, because it is cheap."""
_ELEMENT = re.compile(r"<(?:el|a|i|van|n)-(?:pagination|page)\b[^<>]{0,600}")
_COUNT = ("pages", "pageCount", "pagecount", "totalPages", "totalPage", "total_pages", "countPage", "pageTotal",
          "totalpage", "pageNum_all", "maxPage", "allPage")  # fmt: skip
_ROWS = ("count", "total", "totalCount", "totalRecords", "totalNum", "recordCount", "items", "totalData", "totalCounts",
         "totalRecord", "totalRows", "totalSize", "totalItems", "maxentries", "records", "dataCount")  # fmt: skip
_SIZE = ("limit", "pageSize", "pagesize", "items_per_page", "itemsOnPage", "showData", "perPage", "pageRows", "size",
         "num", "rows", "per_page")  # fmt: skip
_FUNCTION = ("jump", "callback", "backFn", "onPageClicked", "onPageClick", "onPageChange", "pageUrl", "getLink",
             "getHref", "click", "onChange", "onSelectPage", "change", "hrefFn", "turn",
             "url", "link", "href")  # fmt: skip
_TEMPLATE = ("link_to", "href", "url", "link", "pageUrl", "hrefTemplate", "linkTo", "urlTemplate", "hrefFormat")
_HOLE = re.compile(
    r"\{\{?\s*(?:page|number|num|pageNo|pageNum|p|n|i|0|id|current|curr)?\s*\}?\}"
    r"|#\{?(?:id|page|num|p)\}?#?|__(?:id|page)__|\[page\]|%d|%s|:page\b|\(:num\)",
    re.I,
)
_KEY = re.compile(r"\s*[\"']?([A-Za-z_$][\w$]*)[\"']?\s*(?::|(?=\())\s*")
_MAX_CALL = 4_000
_CALLS = 20
"""Calls of such names that are looked at on one page; `page(` and `pager(` are names of other things as well."""
_PARAMETERS = re.compile(r"(?:async\s+)?(?:function\s*[\w$]*\s*)?\(?([^(){}=]{0,120})\)?\s*(?:=>\s*)?\{?")
_RETURN = re.compile(r"\breturn\s+(?=[\"'`\w(])(?!false|true)")
_ASKED = re.compile(r"\.\s*(?:getCurrent|current|getPage|pageNo)\s*\(\s*\)")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A call: its name, the number of pages where that is literal, and its settings as written."""

    name: str
    pages: int | None
    settings: Mapping[str, str]
    at: int = 0


def called_plugin(html: str, functions: Functions) -> Plugin | None:
    """The first call of a pager plugin on a page; one that names a number of pages goes before the others."""
    plugins = list(_plugins(html, functions))
    return next((plugin for plugin in plugins if plugin.pages), plugins[0] if plugins else None)


def plugin_links(source: Source) -> Paging | None:
    """The pages that a plugin's call with literal settings leads to; None where it does not say."""
    plugin = called_plugin(source.html, source.functions)
    if plugin is None or not plugin.pages:
        return None
    pages = []
    for number in range(source.page_no + 1, min(plugin.pages, MAX_PAGES) + 1):
        href = _address(plugin.settings, number, source.functions)
        url = join(source.url, href) if href else None
        if url is None or not (belongs(url, source) or _is_service(url, source)):
            return None
        pages.append((number, url))
    distinct = {url for _, url in pages}
    return Paging(plugin.name, pages, None, plugin.pages) if len(distinct) == len(pages) else None


def _is_service(url: str, source: Source) -> bool:
    """Whether what a plugin asks for is a service of the page's own host that is told the page's number."""
    return host_of(url) == host_of(source.url) and counts_pages(url) and trap(url) is None


def _plugins(html: str, functions: Functions) -> Iterator[Plugin]:
    for place, match in enumerate(_CALL.finditer(html) if _CALLED.search(html) else ()):
        if place >= _CALLS:
            return
        name = squeeze(match["name"]).strip(".")
        arguments = html[match.end() : match.end() + _MAX_CALL]
        if html[max(0, match.start() - 9) : match.start()].rstrip().endswith("function"):
            continue
        opened = arguments.find("{")
        settings = _settings(arguments[opened + 1 :]) if 0 <= opened < 120 else {}
        pages = _pages(settings, functions, of_pages=name.startswith("kkpager"))
        leading = re.match(r"\s*(\d{1,7})\s*,", arguments)
        if pages is None and leading:  # $(…).pagination(69, {items_per_page: 20})
            pages = _pages({"total": leading.group(1), **settings}, functions)
        general = name.lower() in ("page", "pager", "paging")
        if pages is not None or (settings and not general) or name.startswith(("kkpager", "laypage")):
            yield Plugin(name, pages, settings, match.start())
    if (element := _ELEMENT.search(html)) is not None:
        figures = dict(re.findall(r"[:\s]([\w-]{1,30})\s*=\s*[\"'](\d{1,7})[\"']", element.group()))
        figures = {"total": figures.get("total", ""), "pageSize": figures.get("page-size", "10")}
        yield Plugin(
            element.group().split()[0].strip("<"), _pages(figures, functions) if figures["total"] else None, {}
        )


def _settings(text: str) -> dict[str, str]:
    """The entries of an object literal as written, up to its closing brace; functions as their whole text."""
    settings: dict[str, str] = {}
    at = 0
    while at < len(text) and len(settings) < 40:
        key = _KEY.match(text, at)
        if key is None:
            break
        end = _end(text, key.end())
        written = text[key.end() : end].strip()
        settings.setdefault(
            key.group(1), f"function{written}" if written[:1] == "(" and "=>" not in written else written
        )
        if end >= len(text) or text[end] != ",":
            break
        at = end + 1
        at += len(text[at:]) - len(text[at:].lstrip())
    return settings


def _end(text: str, at: int) -> int:
    """Where the value that begins at `at` ends: at a comma or brace outside its own brackets and strings."""
    depth = 0
    quoted = ""
    place = at
    while place < len(text):
        sign = text[place]
        if quoted:
            if sign == "\\":
                place += 1
            elif sign == quoted:
                quoted = ""
        elif sign in "'\"`":
            quoted = sign
        elif sign in "({[":
            depth += 1
        elif sign in ")}]":
            if not depth:
                return place
            depth -= 1
        elif sign == "," and not depth:
            return place
        place += 1
    return place


def _figure(settings: Mapping[str, str], names: tuple[str, ...], functions: Functions) -> int | None:
    """The first of these settings that comes to a whole number: a literal, or a variable that the page sets to one."""
    for name in names:
        written = settings.get(name, "").strip("\"' ")
        if not written:
            continue
        if written.isdecimal():
            return int(written[:9])
        try:
            value = Reader(written, names=functions.constant).expression()
        except UnreadableError:
            continue
        if value is not UNKNOWN and str(value).isdecimal():
            return int(str(value)[:9])
    return None


def _pages(settings: Mapping[str, str], functions: Functions, of_pages: bool = False) -> int | None:
    """The number of pages that settings come to, None where they do not say. `of_pages`: `total` counts pages."""
    if of_pages:
        return _figure(settings, ("total", *_COUNT), functions)
    if (count := _figure(settings, _COUNT, functions)) is not None:
        return count
    rows, size = _figure(settings, _ROWS, functions), _figure(settings, _SIZE, functions)
    if rows is None:
        return None
    if size:
        return max(1, -(-rows // size))
    return max(1, -(-rows // 10)) if rows > 10 else None


def _address(settings: Mapping[str, str], number: int, functions: Functions) -> str | None:
    """Where page `number` is, by the settings' template, prefix or function."""
    for name in _TEMPLATE:
        written = settings.get(name, "")
        if written[:1] in "\"'`" and written and _HOLE.search(written):
            return _HOLE.sub(str(number), written.strip("\"'`"), count=1)
    former = settings.get("hrefTextPrefix", settings.get("hrefFormer", "")).strip("\"'`")
    if former and "getLink" not in settings:
        joint = "_" if "hrefFormer" in settings else ""
        latter = settings.get("hrefTextSuffix", settings.get("hrefLatter", "")).strip("\"'`")
        return f"{former}{joint}{number}{latter}"
    for name in _FUNCTION:
        written = settings.get(name, "")
        if written and (href := _turned(written, number, functions)) is not None:
            return href
    return None


def _turned(written: str, number: int, functions: Functions) -> str | None:
    """Where a function of the settings goes, or what it returns, when it is handed the page's number."""
    if written.startswith(("function", "async", "(")) or "=>" in written[:60]:
        head = _PARAMETERS.match(written)
        names = [name.strip() for name in (head.group(1) if head else "").split(",") if name.strip()]
        code = written[head.end() :].rstrip() if head else ""
        code = code.removesuffix("}") if "{" in written[: head.end() if head else 0] else f"return {code}"
    elif re.fullmatch(r"[\w$]{1,60}", written) and functions.defined(written) is not None:
        return functions.address(f"{written}({number})")
    else:
        return None
    turned = _RETURN.sub("location.href=", _ASKED.sub(".curr", code))
    element = {
        name: str(number) for name in ("curr", "page", "current", "num", "number", "pageno", "pagenumber", "value")
    }
    arguments = [_handed(name, turned) for name in names]
    declarations = "".join(
        f"var {name} = {value.format(number)};" for name, value in zip(names, arguments, strict=True)
    )
    return functions.address(declarations + turned, element)


def _handed(name: str, code: str) -> str:
    """What a parameter is: the object that holds the number where its properties are asked for, else the number."""
    if re.fullmatch(r"first|init\w*|isFirst", name, re.I):
        return "false"
    if name in ("e", "event", "evt", "type"):
        return "this" if re.search(rf"\b{re.escape(name)}\s*\.\s*\w", code) else "''"
    return "this" if re.search(rf"(?<![\w$.]){re.escape(name)}\s*\.\s*\w", code) else "{}"
