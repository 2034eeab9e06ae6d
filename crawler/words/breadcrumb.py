"""Where a page says it stands: its breadcrumb, read from the page's own words, and compared with the trail.

Class names of breadcrumbs hardly repeat from site to site, so they are found by what a reader sees: a lead-in
(当前位置：) or the word 首页 in front of a chain with separators (sources/pages#breadcrumb: lead-in on two of three
sites, separator > on most, none on an eighth). The labelled chain may be a decoy (网站首页 > 详情页) while the true one
stands elsewhere on the page.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from crawler.words.crumbs import LEAD, MAX_LABELS, MAX_TEXT, labels_in
from crawler.words.display import Seen
from crawler.words.text import squeeze, years_in

_MAX_CANDIDATES = 12
_MAX_CLIMB = 5

_home_links: Any = etree.XPath("descendant::a[contains(., '首页')]", smart_strings=False)
_named: Any = etree.XPath("descendant::*/@class[contains(., 'crumb') or contains(., 'Crumb')]/..")
"""Breadcrumbs whose separators are drawn by the stylesheet (Bootstrap's `ol.breadcrumb`)."""
_words: Any = etree.XPath(
    "descendant::body/descendant::text()[contains(., '首页') or contains(., '位置')]/..", smart_strings=False
)
_string: Any = etree.XPath("string(.)", smart_strings=False)

_WORTH_A_SCAN = re.compile(r"(?:当前|现在|目前|所在|所处|您)[^\n]{0,6}位置|位置[:：]|首页\s*[>＞»›→/-]")
"""What the page's text must hold for the dear scan of all text nodes (four times the price of all else here)."""
_HOME = re.compile(r"[\[【]?(?:网站|返回|本站|门户|官网)?(?:首页|主页)[\]】]?")
_STRONG = re.compile(r"[>＞》»›→⟩▶▸/／]|(?:^|\s)[-–—](?:\s|$)")
_NO_CRUMB = re.compile(r"上一?页|下一?页|尾页|末页|登录|注册|设为首页|加入收藏|无障碍|繁體|English|RSS")
_DECOY = re.compile(r"(?:详情页?|正文|内容|文章详情|详细内容|内容页|信息内容|返回|列表页?)$")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


def read_breadcrumb(tree: Any, display: Seen | None = None) -> list[str]:
    """The labels of the page's breadcrumb, from the home page on, as printed without white space; [] if it has none.

    A last label such as 正文 or 内容 is kept, for it is printed; the article's own title is left out. Of several
    breadcrumbs the labelled one wins, unless it is a decoy that names no column. `display`: what the tree shows, where
    that is known. Never raises on a wild tree.
    """
    if tree is None:
        return []
    display = display or Seen(tree)
    best = _best_of(_home_links(tree)) if "首页" in display.flat else (0, [])
    if best[0] == 0 and _WORTH_A_SCAN.search(display.flat):
        best = _best_of(_words(tree))
    if best[0] == 0 and ("crumb" in display.classes or "Crumb" in display.classes):
        for element in [crumb for crumb in _named(tree) if next(crumb.iter("a"), None) is not None][:_MAX_CANDIDATES]:
            labels, _ = labels_in(element)
            if 2 <= len(labels) <= MAX_LABELS and _HOME.fullmatch(labels[0]) and not _hidden(element):
                best = 50, labels
                break
    return _without_title(best[1], display)


def _best_of(elements: list[Any]) -> tuple[int, list[str]]:
    """The chain to believe most, and how far, of those that the elements stand in."""
    best: tuple[int, list[str]] = (0, [])
    for element in elements[:_MAX_CANDIDATES]:
        holder = _holder(element)
        if holder is None:
            continue
        labelled, labels, strong = holder
        worth = _worth(labels, labelled, strong)
        if worth > best[0] and not _hidden(element):
            best = worth, labels
            if worth == 100:
                break
    return best


def _hidden(element: Any) -> bool:
    """Whether the element, or one of the next that hold it, is not displayed."""
    at = element
    for _ in range(_MAX_CLIMB):
        if at is None:
            return False
        if _HIDDEN.search(at.get("style") or ""):
            return True
        at = at.getparent()
    return False


def _worth(labels: list[str], labelled: bool, strong: bool) -> int:
    """How far a chain of labels can be believed: 0 not at all, 100 at once."""
    if not labels or any(_NO_CRUMB.search(label) for label in labels):
        return 0
    places = sum(1 for label in labels if not _HOME.fullmatch(label) and not _DECOY.match(label))
    if labelled:
        return 100 if places else 5
    return 50 + len(labels) if strong and places and _HOME.fullmatch(labels[0]) else 0


def _holder(element: Any) -> tuple[bool, list[str], bool] | None:
    """The chain that an element stands in: (labelled, labels, strong separators); None if it stands in none.

    Climbs from the element to the smallest ancestor that has the whole chain; menus, which have no separators that
    mean «below» and no lead-in, are given up on without reading them.
    """
    best: tuple[bool, list[str], bool] | None = None
    at = element
    for _ in range(_MAX_CLIMB):
        if at is None or not isinstance(at.tag, str) or at.tag in ("body", "html"):
            break
        text = _string(at)
        if len(text) > MAX_TEXT and len(text := text.lstrip()) > 3 * MAX_TEXT:
            break
        labelled = bool(LEAD.match(text.lstrip()))
        if labelled or _STRONG.search(text):
            labels, strong = labels_in(at)
            if best is not None and (
                labels[: len(best[1])] != best[1] or (len(labels) == len(best[1]) and labelled == best[0])
            ):
                break
            if labels and (strong or labelled):
                best = labelled, labels, strong
        at = at.getparent()
    return best


def _without_title(labels: list[str], display: Seen) -> list[str]:
    """The chain without the article's own title at its end."""
    if len(labels) > 1:
        title = squeeze(display.head.metas.get("articletitle", ""))
        if len(title) > 8 and labels[-1][:20] == title[:20]:
            return labels[:-1]
        if len(labels[-1]) > 30:
            return labels[:-1]
    return labels


_SAME = re.compile(r"[^\w]|人民政府|政府|工作|年度|报告")


def disagreement(breadcrumb: list[str], labels: list[str], year: int | None) -> str | None:
    """In what the page's breadcrumb contradicts the trail that led there, as a sentence; None where it does not.

    `labels`: the labels of the trail, first to last, the page's own included; `year`: what a year step said. A
    breadcrumb that merely says less (first and last levels are often left out) or words a label differently agrees.
    """
    said = {number for label in breadcrumb for number in years_in(label)}
    if year is not None and len(said) == 1 and year not in said:
        return f"the breadcrumb {' > '.join(breadcrumb)!r} names {said.pop()}, the trail {year}"
    places = [_SAME.sub("", label) for label in breadcrumb if not _HOME.fullmatch(label) and not _DECOY.match(label)]
    steps = [_SAME.sub("", squeeze(label)) for label in labels]
    places, steps = [place for place in places if place], [step for step in steps if step]
    if not places or not steps:
        return None
    if any(place in step or step in place for place in places for step in steps):
        return None
    return f"the breadcrumb {' > '.join(breadcrumb)!r} has no label of the trail {' > '.join(labels)!r}"
