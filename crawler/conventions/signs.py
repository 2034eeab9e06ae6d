"""What looks as if a list went on: asked where no rule made a page of it, so that no list ends in silence.

Two strengths. `certain`: the page itself says so (a number of pages, numbers in a row, a pager plugin's call, an
address that differs from its own in the page's number alone). `doubtful`: what a list of one page may have as well
(下一页 that leads nowhere, a bare 更多). What says that there is one page only, or that nothing follows, is no sign.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from crawler.conventions.anchors import rows_of
from crawler.conventions.figures import said_by_field, said_by_object
from crawler.conventions.loops import unread_loop
from crawler.conventions.paging import Paging, Source
from crawler.conventions.plugins import called_plugin
from crawler.conventions.series import PAGE_KEY, belongs, queried, series_of
from crawler.words.addresses import directory, path_of
from crawler.words.labels import read_label, tidy
from crawler.words.link import words
from crawler.words.pagers import MAX_CONTROL, read_control
from crawler.words.text import squeeze

_MAX_MODEL = 20_000
"""Characters from the first word of a list's model on that are searched for the rest of it."""
_LIST_MODEL = re.compile(
    r"maxStaticIndex\s*:\s*[\"']?(\d{1,5}).{0,400}?prepage\s*:\s*[\"']?(\d{1,4}).{0,200}?recordCount\s*:\s*[\"']?(\d{1,7})",
    re.S,
)
_SMALL = ("span", "li", "em", "button", "strong", "a", "b", "i", "div")
_MAX_SMALL = 3_000
_PAGER_NAME = re.compile(r"pag(?:e|in)|fenye|fy\b|turn", re.I)
_AT_END = re.compile(
    r"没有更多|暂无更多|无更多|已(?:经)?(?:全部|加载)|到底了|加载(?:完|完毕)|共\s*1\s*页|1\s*/\s*1\s*页?"
)
_DISABLED = re.compile(r"disabled?|gray|grey|forbid|unable|nolink|current|active|no-?(?:next|page)", re.I)
_NUMBERED = re.compile(r"[\d第]")
"""A sign of which every control with a number has one; looked for first, because it is cheap."""
_LOADING = re.compile(r"加载|load", re.I)
_BESIDE = re.compile(r"[\w-]{0,30}?[_-]?\d{1,3}\.\w{3,6}")


def look_for(source: Source, paging: Paging) -> None:
    """Note in `paging` what says that the list goes on beyond this page, where nothing leads there."""
    if paging.pages or (
        paging.rule is not None and paging.page_count is not None and paging.page_count <= source.page_no
    ):
        return
    paging.unresolved = next((told for ask in _CERTAIN if (told := ask(source, paging)) is not None), None)
    if paging.unresolved is None and source.page_no == 1 and paging.page_count is None:
        paging.doubtful = _elsewhere(source) or _following_word(source) or _more(source, certain=False) or _loop(source)


def _counted(source: Source, paging: Paging) -> str | None:
    count = paging.page_count
    return f"the list has {count} pages" if count is not None and count > source.page_no else None


_NUMBER_GIVEN = re.compile(r"=\s*[\"']?(\d{1,5})")
_DECLARED = re.compile(
    r"\b(?:var|let|const)\s+(?:page_?count|count_?page|total_?pages?|pages_?count|page_?total|max_?page)\s*\Z", re.I
)
_COUNTERS = ("count", "page", "pages", "total")
"""How those names end; looked at first, because it is cheap."""
_MAX_DECLARED = 120


def _said_by_script(source: Source, paging: Paging) -> str | None:
    """The number of pages that a script declares, by the first such declaration; numbers are looked for, being rare."""
    html = source.html
    for given in _NUMBER_GIVEN.finditer(html) if source.page_no == 1 else ():
        before = html[max(0, given.start() - _MAX_DECLARED) : given.start()]
        if before.rstrip().lower().endswith(_COUNTERS) and _DECLARED.search(before):
            return f"a script says {given[1]} pages" if int(given[1]) > 1 else None
    return None


def _model(source: Source, paging: Paging) -> str | None:
    at = source.html.find("maxStaticIndex")
    model = _LIST_MODEL.search(source.html, at, at + _MAX_MODEL) if at >= 0 else None
    if model and int(model.group(3)) > int(model.group(1)) * int(model.group(2)):
        return f"the list has {model.group(3)} entries, {model.group(2)} a page, the further ones by a script"
    return None


def _numbers(source: Source, paging: Paging) -> str | None:
    """A row of numbers of which the next page's has no address."""
    for row in rows_of(source.links):
        dead = [number for number, url in sorted(row.numbers.items()) if not url and number > source.page_no]
        if source.page_no + 1 in dead and (len(row.numbers) > 1 or row.words):
            return f"pages {', '.join(map(str, dead[:8]))} have no address of their own"
    return None


def _written_numbers(source: Source, paging: Paging) -> str | None:
    """Numbers from 1 on that stand in a pager's box and are no links: a script makes them such."""
    if source.page_no > 1 or source.tree is None:
        return None
    run: dict[Any, int] = {}
    for element in islice(source.tree.iter(*_SMALL), _MAX_SMALL):
        if len(element) > 1:
            continue
        text = words(element, MAX_CONTROL) if len(element) else element.text
        if not text or len(text) > MAX_CONTROL or not _NUMBERED.search(text):
            continue
        parent = element.getparent()
        if parent is None:
            continue
        said = read_label(tidy(text))
        if said.kind == "number" and said.number == run.get(parent, 0) + 1:
            run[parent] = said.number
    for parent, count in run.items():
        linked = any(child.get("href") or child.find(".//a") is not None for child in parent)
        if count > 1 and not linked and _PAGER_NAME.search(f"{parent.get('class')} {parent.get('id')}"):
            return f"numbers from 1 to {count} that are no links"
    return _written_row(source)


_PLAIN_ROW = re.compile(
    r"(?:首页)?(?:上一?页)?\W{0,3}1\W{0,3}2(?:\W{0,3}\d{1,3})*\W{0,3}(?:…|\.{3})?\d{0,3}\W{0,3}下一?页(?:尾页|末页)?\W*"
)


def _written_row(source: Source) -> str | None:
    """A pager that is one line of words without a link: 上一页 1 2 3 下一页."""
    if "下一页" not in source.html and "下页" not in source.html:
        return None
    for element in islice(source.tree.iter("div", "p", "td", "span", "center"), _MAX_SMALL):
        text = squeeze((words(element, _MAX_LINE) or "").replace(" ", "|"))
        if text and _PLAIN_ROW.fullmatch(text) and element.find(".//a") is None:
            return f"{text.replace('|', ' ')!r} is no link"
    return None


_MAX_LINE = 80


def _plugin(source: Source, paging: Paging) -> str | None:
    if source.page_no > 1:
        return None
    plugin = called_plugin(source.html, source.functions)
    if plugin is None or plugin.pages == 1:
        return None
    count = f", {plugin.pages} pages" if plugin.pages else ""
    return f"a pager is made by a script ({plugin.name}{count})"


def _certain_more(source: Source, paging: Paging) -> str | None:
    return _more(source, certain=True) if source.page_no == 1 else None


def _more(source: Source, certain: bool) -> str | None:
    """加载更多 that leads nowhere by itself; `certain`: only words that can be nothing else."""
    if source.tree is None or _AT_END.search(source.html):
        return None
    for element in islice(source.tree.iter(*_SMALL), _MAX_SMALL):
        label = squeeze(words(element, MAX_CONTROL) or "")
        said = read_control(label)
        if said is None or said.kind != "more" or len(element) > 2:
            continue
        link = element if element.tag == "a" else element.find(".//a")
        if link is not None and (link.get("href") or "#").strip()[:1] != "#" and not _scripted(link.get("href")):
            continue
        if bool(_LOADING.search(label)) == certain:
            return f"{label!r} leads nowhere by itself"
    return None


def _scripted(href: str) -> bool:
    return href.strip()[:11].lower() == "javascript:"


def _sibling(source: Source, paging: Paging) -> str | None:
    """A link whose address is the page's own but for a page's number, whatever its words."""
    own = queried(source.first)
    folder = directory(source.first)
    stem = source.first[len(folder) :].partition("?")[0].rpartition(".")[0] or "index"
    for link in source.links:
        url = link.url
        if not url or url in (source.url, source.first) or not ("?" in url or url.startswith(folder)):
            continue
        if read_label(link.label).kind in ("item", "year", "none"):
            continue
        if "?" in url:
            asked = queried(url)
            added = [key for key in asked if asked[key] != own.get(key)]
            page = len(added) == 1 and PAGE_KEY.fullmatch(added[0]) and asked[added[0]].isdecimal()
            if page and int(asked[added[0]][:6]) > source.page_no and path_of(url) == path_of(source.first):
                return f"{link.label!r} leads to {url}, which differs from this page in {added[0]} alone"
        elif "?" not in source.first and directory(url) == folder:
            name = url[len(folder) :]
            alike = name.startswith((f"{stem}_", f"{stem}-")) and _BESIDE.fullmatch(name) is not None
            if alike and source.page_no == 1 and belongs(url, source):
                return f"{link.label!r} leads to {url}, which differs from this page in a number alone"
    return None


def _elsewhere(source: Source) -> str | None:
    """A row of numbers that leads on at the page's own script, and does not say whether to more of its list."""
    for row in rows_of(source.links):
        url = row.numbers.get(2, "")
        if url and path_of(url) == path_of(source.url) and url.split("/")[:3] == source.url.split("/")[:3]:
            series = series_of({number: told for number, told in row.numbers.items() if told})
            if series is not None and PAGE_KEY.fullmatch(series.key):
                return f"2 leads to {url}, which may be another list's"
    return None


def _following_word(source: Source) -> str | None:
    """下一页 that leads nowhere, and nothing says that it must not."""
    if _AT_END.search(source.html):
        return None
    for link in source.links:
        if read_label(link.label).kind == "next" and not link.url:
            element, parent = link.element, link.element.getparent()
            named = " ".join(filter(None, (element.get("class"), parent.get("class") if parent is not None else "")))
            if not _DISABLED.search(named) and element.get("disabled") is None:
                return f"{link.label!r} leads nowhere by itself"
    return None


def _loop(source: Source) -> str | None:
    """Links by number that a loop of a script writes, up to a number that the page does not say."""
    loop = unread_loop(source.html, source.functions)
    return None if loop is None else f"a loop of a script writes links, for({loop} …"


_CERTAIN = (
    _counted,
    _said_by_script,
    said_by_field,
    said_by_object,
    _model,
    _numbers,
    _written_numbers,
    _plugin,
    _certain_more,
    _sibling,
)
