"""How a list names its further pages: one rule a convention, never one for a site (domain sheet 4; real-pages.md,
lists).

`RULES` are asked in order; the first that recognises its convention answers, also when there is but one page. A rule
never counts on beyond what the page states, and an address it makes up lies in the list's own directory.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.navigation.addresses import column_prefix, directory, host_of, join, path_of, trap
from crawler.navigation.hanweb import datastore
from crawler.navigation.labels import read_label
from crawler.navigation.links import Link

MAX_PAGES = 500
"""Pages of one list that are named at once; 500 pages of 15 reports are more than any column holds."""


@dataclass(slots=True)
class Paging:
    """What a list page says of its pages.

    `rule`: the convention; None where none was recognised. `pages`: (number, address) of further pages. `total`:
    entries of the whole list, `page_count`: its pages, each None where not stated. `unresolved`: there are more pages
    by the page's own words, and no rule leads to them.
    """

    rule: str | None = None
    pages: list[tuple[int, str]] = field(default_factory=list)
    total: int | None = None
    page_count: int | None = None
    unresolved: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a rule may look at: the page's source, address, number in the list, the links on it, what it states."""

    html: str
    url: str
    page_no: int
    links: list[Link]
    pages_said: int | None
    first: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One convention: its name, where it was learnt, and what it makes of a page (None: not this convention)."""

    name: str
    source: str
    read: Callable[[Source], Paging | None]


_Q = r"\\?[\"']"
_TRS = re.compile(
    rf"create\w{{0,12}}Page\w{{0,12}}\s*\(\s*(\d{{1,5}})\s*,\s*(\d{{1,5}})\s*,\s*{_Q}([^\"'\\]{{1,80}}){_Q}\s*,\s*{_Q}(\w{{1,8}}){_Q}",
    re.I,
)
_QUOTED = re.compile(
    rf"create\w{{0,12}}Page\w{{0,12}}\s*\(\s*{_Q}[^\"']{{0,80}}{_Q}\s*,\s*(\d{{1,5}})\s*,\s*(\d{{1,5}})\s*,\s*{_Q}([^\"'\\]{{1,80}}){_Q}\s*,\s*"
    rf"{_Q}(\w{{1,8}}){_Q}(?:\s*,\s*{_Q}?(\d{{1,7}}))?",
    re.I,
)
_COUNT_PAGE = re.compile(r"\bvar\s+countPage\s*=\s*[\"']?(\d{1,5})", re.I)
_CURRENT_PAGE = re.compile(r"\bvar\s+currentPage\s*=\s*[\"']?(\d{1,5})", re.I)
_COUNT_ROWS = re.compile(r"\bvar\s+(?:countnum|recordCount|totalCount)\s*=\s*[\"']?(\d{1,7})", re.I)
_WRITTEN_NAME = re.compile(r"href=\\?[\"']?([\w-]{1,40})\\?[\"']?\s*\+\s*\\?[\"']_")
_WRITTEN_EXT = re.compile(r"\+\s*\\?[\"']\.\\?[\"']?\s*\+?\s*\\?[\"']?(s?html?|jsp|jhtml|aspx?|php)\b")
_PAGER_CALL = re.compile(r"\bPager\s*\(\s*\{([^}]{1,600})\}")
_SIZE = re.compile(r"\bsize\s*:\s*[\"']?(\d{1,5})")
_CURRENT = re.compile(r"\bcurrent\s*:\s*[\"']?(\d{1,5})")
_PREFIX = re.compile(r"\bprefix\s*:\s*[\"']([^\"']{1,80})[\"']")
_SUFFIX = re.compile(r"\b(?:suffix|ext)\s*:\s*[\"']\.?(\w{1,8})[\"']")


def _named(source: Source, count: int, prefix: str, ext: str, shift: int) -> list[tuple[int, str]]:
    """Pages by number: page k is `{prefix}_{k - shift}.{ext}` beside the page. From a later page only the next one."""
    folder = directory(source.url)
    last = min(count, MAX_PAGES)
    wanted = range(2, last + 1) if source.page_no == 1 else range(source.page_no + 1, min(last, source.page_no + 1) + 1)
    made = ((number, join(folder, f"{prefix}_{number - shift}.{ext}")) for number in wanted)
    return [(number, address) for number, address in made if address and address.startswith(folder)]


def _datastore(source: Source) -> Paging | None:
    """Hanweb: records in a datastore, the rest from dataproxy.jsp (hanweb.py)."""
    found = datastore(source.html, source.url, source.page_no)
    if found is None:
        return None
    return Paging("hanweb datastore", list(found.batches), found.total)


def _trs(source: Source) -> Paging | None:
    """TRS: createPageHTML(pages, current from 0, "index", "html"); page k is index_{k-1}.html. Gold dz-rsks-list."""
    if "create" not in source.html or not (found := _TRS.search(source.html)):
        return None
    count, _, prefix, ext = found.groups()
    return Paging("createPageHTML from 0", _named(source, int(count), prefix, ext, 1), None, int(count))


def _quoted(source: Source) -> Paging | None:
    """The shtml family: createPageHTML('id', pages, current from 1, 'list', 'shtml', rows); page k is list_k.shtml.

    Gold scedu-tzgg-list.
    """
    if "create" not in source.html or not (found := _QUOTED.search(source.html)):
        return None
    count, _, prefix, ext, rows = found.groups()
    total = int(rows) if rows else None
    return Paging("createPageHTML from 1", _named(source, int(count), prefix, ext, 0), total, int(count))


def _count_page(source: Source) -> Paging | None:
    """Older TRS: var countPage = N and document.write; page k is index_{k-1}.html. Gold hd-list."""
    found = _COUNT_PAGE.search(source.html) if "countPage" in source.html else None
    if found is None:
        return None
    count = int(found.group(1))
    around = source.html[found.start() : found.start() + 6000]
    name, ext, rows = _WRITTEN_NAME.search(around), _WRITTEN_EXT.search(around), _COUNT_ROWS.search(source.html)
    own_ext = path_of(source.url).rpartition("/")[2].rpartition(".")[2]
    suffix = ext.group(1) if ext else own_ext or "html"
    total = int(rows.group(1)) if rows and int(rows.group(1)) >= count else None
    return Paging("countPage", _named(source, count, name.group(1) if name else "index", suffix, 1), total, count)


def _pager(source: Source) -> Paging | None:
    """TRS too: Pager({size: pages, current: from 0, prefix: 'index', suffix: 'html'}), as on ccgp.gov.cn:
    index_{k-1}."""
    found = _PAGER_CALL.search(source.html) if "Pager" in source.html else None
    size = _SIZE.search(found.group(1)) if found else None
    prefix = _PREFIX.search(found.group(1)) if found else None
    if found is None or size is None or prefix is None:
        return None
    suffix = _SUFFIX.search(found.group(1))
    count = int(size.group(1))
    return Paging(
        "Pager", _named(source, count, prefix.group(1), suffix.group(1) if suffix else "html", 1), None, count
    )


_EPORTAL_STEP = re.compile(r"javascript:\s*next\s*\(\s*['\"]?(\d{1,5})", re.I)


def _eportal(source: Source) -> Paging | None:
    """eportal (Beijing's districts): javascript:next(N) means ?currentPage=N on the same address (domain sheet 4)."""
    if "/eportal/" not in source.url:
        return None
    numbers = [int(found.group(1)) for link in source.links if (found := _EPORTAL_STEP.match(link.href))]
    if not numbers:
        return None
    last = min(max(max(numbers), source.pages_said or 0), MAX_PAGES)
    base = re.sub(r"([?&])currentPage=\d*&?", r"\1", source.url).rstrip("?&")
    mark = "&" if "?" in base else "?"
    pages = [(number, f"{base}{mark}currentPage={number}") for number in range(source.page_no + 1, last + 1)]
    return Paging("eportal next()", pages, None, source.pages_said)


_PAGE_KEY = re.compile(
    r"(?:cur(?:rent)?_?)?(?:page|p|pn|pg|paged|pageno|page_?num(?:ber)?|page_?index|toPage)(?:no|num|index)?", re.I
)


def _page_key(url: str, own: str) -> tuple[str, int] | None:
    """The query key and number in which an address differs from the list's own, where that key counts pages."""
    here, there = urlsplit(own), urlsplit(url)
    if here.netloc != there.netloc or here.path != there.path:
        return None
    mine, its = _queried(own), _queried(url)
    key = next((name for name in its if _PAGE_KEY.fullmatch(name)), None)
    if key is None or not its[key].isdecimal() or len(its[key]) > 5:
        return None
    same = {name: value for name, value in its.items() if name != key and value}
    other = {name: value for name, value in mine.items() if name != key and value}
    # a key that says nothing may be left out of the links (kw=), one that is a number names the column
    agree = all(same.get(name, None if value.isdecimal() else value) == value for name, value in other.items())
    return (key, int(its[key])) if agree else None


def _query(source: Source) -> Paging | None:
    """Addresses that differ only in ?page=N, currentPage=N … (old ASP, JSP, ASP.NET; domain sheet 4)."""
    found: dict[int, tuple[str, str, int]] = {}
    shift = 0
    last = 0
    for link in source.links:
        if "=" not in link.href or not link.url:
            continue
        told = _page_key(link.url, source.url)
        if told is None:
            continue
        kind = read_label(link.label).kind
        if kind not in ("number", "next", "last") or link.url in (entry[0] for entry in found.values()):
            continue
        if kind == "number":
            shift = int(link.label) - told[1]
        if kind == "last":
            last = told[1]
        found[told[1]] = (link.url, told[0], told[1])
    if not found:
        return None
    url, key, _ = next(iter(found.values()))
    numbers = {value + shift: entry[0] for value, entry in found.items()}
    count = source.pages_said or (last + shift if last else None)
    if count is not None:
        pattern = re.compile(rf"([?&]{re.escape(key)}=)\d+")
        for number in range(2, min(count, MAX_PAGES) + 1):
            numbers.setdefault(number, pattern.sub(rf"\g<1>{number - shift}", url))
    pages = [(number, address) for number, address in sorted(numbers.items()) if number > source.page_no]
    return Paging(f"?{key}=N", pages[:MAX_PAGES], None, count)


def _queried(url: str) -> dict[str, str]:
    return {key: value for key, _, value in (pair.partition("=") for pair in urlsplit(url).query.split("&")) if key}


def _beside(url: str, source: Source) -> bool:
    """Whether a page of the list may have this address: in the list's own directory or the one of its own name (VSB).

    A query may add one number to what the first page's says, and change nothing of that: cid=8 is another list than
    cid=9.
    """
    own, first = source.url, source.first
    if host_of(url) != host_of(own):
        return False
    if "?" in url or "?" in own:
        said, asked = _queried(first), _queried(url)
        added = [key for key in asked if key not in said or (_PAGE_KEY.fullmatch(key) and asked[key] != said[key])]
        return (
            path_of(url) == path_of(own)
            and len(added) == 1
            and asked[added[0]].isdecimal()
            and trap(url) is None
            and all(asked.get(key) == value for key, value in said.items() if key not in added)
        )
    return directory(url) in {directory(own), directory(first), column_prefix(own), column_prefix(first)}


def _next_link(source: Source) -> Paging | None:
    """下一页, 下页, 后一页 with an address: the next page, nothing counted. VSB numbers its pages downwards (page 2 of
    10 is 9.htm), so only the link itself is right. Addresses in onclick are read too (gold icama-dfdt-list)."""
    following = None
    controls = False
    for link in source.links:
        kind = read_label(link.label).kind
        if kind != "next" and not (link.title and read_label(link.title).kind == "next"):
            controls = controls or kind == "last"
            continue
        controls = True
        if link.url and link.url != source.url and _beside(link.url, source):
            following = link.url
            break
    if following is None:
        return Paging("next link") if controls and source.page_no > 1 else None
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


def _numbers_only(source: Source) -> Paging | None:
    """A row of numbers without 下一页: the numbers themselves, where they stand beside each other and count upwards."""
    numbers: dict[int, str] = {}
    for link in source.links:
        if read_label(link.label).kind == "number" and link.url and "?" not in link.url and _beside(link.url, source):
            digits = re.findall(r"\d+", link.url[len(host_of(link.url)) :])
            if digits and int(digits[-1][-6:]) in (int(link.label), int(link.label) - 1):
                numbers.setdefault(int(link.label), link.url)
    if len(numbers) < 1 or (2 not in numbers and source.page_no + 1 not in numbers):
        return None
    pages = [(number, url) for number, url in sorted(numbers.items()) if number > source.page_no and url != source.url]
    return Paging("numbered links", pages[:MAX_PAGES], None, source.pages_said)


RULES: tuple[Rule, ...] = (
    Rule("hanweb datastore", "domain sheet 4.1", _datastore),
    Rule("createPageHTML from 1", "domain sheet 4, shtml family", _quoted),
    Rule("createPageHTML from 0", "domain sheet 4, TRS", _trs),
    Rule("countPage", "domain sheet 4, TRS; gold hd-list", _count_page),
    Rule("Pager", "real-pages.md, lists", _pager),
    Rule("eportal next()", "domain sheet 4, eportal", _eportal),
    Rule("?page=N", "domain sheet 4, ASP.NET", _query),
    Rule("next link", "domain sheet 4, VSB; gold icama-dfdt-list", _next_link),
    Rule("numbered links", "real-pages.md, lists", _numbers_only),
)
"""Every convention in the order in which it is asked: a datastore before its decoys, scripts that count before
links."""

_GAP = r"(?:\s|&nbsp;|&#160;|<(?!!--)[^<>]{0,120}>|[:：])*"
_ROWS_SAID = re.compile(
    rf"(?:[共总](?:有|计|记录数?|条数)?){_GAP}(\d{{1,6}}){_GAP}(?:条|篇)(?={_GAP}(?:记录|信息|数据|[,，;；\d]|当前|第|每页|分|首页|共|/|$))"
)
_PAGES_SAID = re.compile(rf"(?:(?:共|总页数|分为){_GAP}|(?<![\d/-])\d{{1,5}}{_GAP}/{_GAP})(\d{{1,5}}){_GAP}页")
_ENDS_IN_NUMBER = re.compile(rf"\d{_GAP}$")
_LIST_MODEL = re.compile(
    r"maxStaticIndex\s*:\s*[\"']?(\d{1,5}).{0,400}?prepage\s*:\s*[\"']?(\d{1,4}).{0,200}?recordCount\s*:\s*[\"']?(\d{1,7})",
    re.S,
)
_MAX_MARKS = 500


def stated(html: str) -> tuple[int | None, int | None]:
    """The number of entries and of pages that a list says it has («共 45 条 当前第 1 / 5 页»), comments not read."""
    return _number_before(html, "条", _ROWS_SAID), _number_before(html, "页", _PAGES_SAID)


def _number_before(html: str, mark: str, pattern: re.Pattern[str]) -> int | None:
    """What a pattern finds that ends in a mark: asked only around the mark, since few of them have a number before."""
    at = -1
    for _ in range(_MAX_MARKS):
        at = html.find(mark, at + 1)
        if at < 0:
            return None
        start = max(0, at - 160)
        if html[at - 1 : at].isalpha() or not _ENDS_IN_NUMBER.search(html, max(0, at - 80), at):
            continue
        found = next((hit for hit in pattern.finditer(html, start, at + 60) if hit.start() <= at < hit.end()), None)
        if found is not None and not _in_comment(html, found.start()):
            return int(found.group(1))
    return None


def _in_comment(html: str, at: int) -> bool:
    opened = html.rfind("<!--", max(0, at - 5000), at)
    return opened >= 0 and html.find("-->", opened, at) < 0


def read_paging(html: str, url: str, page_no: int, links: list[Link], first: str | None = None) -> Paging:
    """What a list page at `url` says of its further pages. Never raises.

    `page_no`: its number in the list, from 1; `first`: the address of the list's first page. Addresses that the page
    itself or its first page have are left out, as are those outside the list's directory.
    """
    rows_said, pages_said = stated(html)
    source = Source(html, url, page_no, links, pages_said, first or url)
    paging = next((found for rule in RULES if (found := rule.read(source)) is not None), Paging())
    if paging.total is None:
        paging.total = rows_said
    if paging.page_count is None:
        paging.page_count = pages_said
    own = {url, first}
    paging.pages = [(number, address) for number, address in paging.pages if address not in own]
    if not paging.pages and page_no == 1:
        paging.unresolved = _unresolved(source, paging)
    return paging


def _unresolved(source: Source, paging: Paging) -> str | None:
    """Why there must be more pages although no rule leads to them, or None."""
    if paging.page_count is not None and paging.page_count > 1:
        return f"the list has {paging.page_count} pages"
    model = _LIST_MODEL.search(source.html) if "maxStaticIndex" in source.html else None
    if model and int(model.group(3)) > int(model.group(1)) * int(model.group(2)):
        return f"the list has {model.group(3)} entries, {model.group(2)} a page, the further ones by a script"
    dead = [link.label for link in source.links if read_label(link.label).kind == "number" and not link.url]
    following = any(read_label(link.label).kind == "next" and not link.url for link in source.links)
    if following and len([label for label in dead if int(label) > 1]) >= 1:
        return f"pages {', '.join(dead[:8])} have no address of their own"
    return None
