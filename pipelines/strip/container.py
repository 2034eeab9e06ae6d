"""Which element of a page holds the article: known containers first, else where the sentences are.

Names of containers are hints, counted on real pages (sources/pages#body: TRS_Editor 25,
zoom 21, UCAP-CONTENT 7; the rest are names of one site). Every hint is weighed against the text it holds; a page that
carries none is read by density: the deepest element that holds nearly all long runs of text outside links.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import islice
from typing import Any

from lxml import etree

from crawler.conventions.registry import CLASSES, ELEMENTS, IDS
from crawler.records.capture import Evidence
from crawler.words.text import unspaced

_ids: Any = etree.XPath(f"id('{' '.join(IDS)}')")
_class_finders: dict[str, Any] = {
    name: etree.XPath(f"descendant-or-self::*/@class[contains(., '{name}')]/..") for name in CLASSES
}
_class_values: Any = etree.XPath("descendant-or-self::*/@class", smart_strings=False)
_zoom_class: Any = etree.XPath("descendant::*/@class[. = 'zoom' or starts-with(., 'zoom ')]/..")
_count_text: Any = etree.XPath("string-length(normalize-space(.))")
_long_runs: Any = etree.XPath(
    "//*[not(self::script or self::style or self::a or self::title or self::option or self::textarea "
    "or self::noscript)]/text()[string-length() > 24]"
)
_short_runs: Any = etree.XPath(
    "//body//*[not(self::script or self::style or self::a or self::option or self::textarea or self::noscript)]"
    "/text()[string-length(normalize-space()) > 3]"
)
_FOOTER = re.compile("版权所有|主办单位|承办单位|ICP备|网站标识码|公网安备|技术支持|浏览器|分辨率|建议使用")
_ENOUGH = 60
"""A container by name with fewer characters than this is checked against the page's density."""
_SHARE = 0.6
"""The container by density holds this share of the long runs of text."""


MAX_CONTAINERS = 64
"""Elements with a known name that are weighed; a page with more of them shows many articles, or means harm."""


def find_container(tree: Any, classes: Collection[str] | None = None) -> tuple[Any, Evidence | None]:
    """The element that holds the article's text and why; (None, None) for a page without text.

    `classes`: the values of all class attributes of the tree, where they are known.
    """
    hinted, evidence = _by_name(tree, classes)
    if hinted is not None and (_text_length(hinted) >= _ENOUGH or _has_file(hinted)):
        return _with_lead(hinted), evidence
    dense = _by_density(tree)
    if hinted is not None and (
        dense is None or _inside(hinted, dense) or _text_length(dense) < 4 * _text_length(hinted)
    ):
        return hinted, evidence
    if dense is not None:
        return _with_lead(dense), Evidence("density", _describe(dense))
    return None, None


_LEAD = re.compile("[^。]{8,300}。(?:[^。]{1,300}。){0,6}[”’」』）)]?")
_LABELLED = re.compile("(?:时间|日期|来源|浏览|点击|字体|字号|位置|索引号|编辑|作者)[^。]{0,6}[:：]")
_MAX_LEADS = 8


def _with_lead(body: Any) -> Any:
    """The body, or the element around it that holds the article's first paragraph in a block of its own before it.

    Editors for 微信 put each part in a section; a body by name may begin with the second. Whole sentences without a
    link, right before the body, are the article's; a line of labels is not.
    """
    outer = body.getparent()
    if outer is None or outer.tag in ("body", "html", "tr", "tbody", "table", "form"):
        return body
    before = [one for one in islice(body.itersiblings(preceding=True), _MAX_LEADS) if isinstance(one.tag, str)]
    words = (unspaced("".join(one.itertext())) for one in before if one.tag not in ("script", "style"))
    nearest = next((text for text in words if text), "")
    linked = any(next(one.iter("a"), None) is not None for one in before)
    return outer if not linked and _LEAD.fullmatch(nearest) and not _LABELLED.search(nearest) else body


def _by_name(tree: Any, classes: Collection[str] | None) -> tuple[Any, Evidence | None]:
    """The best container with a known name: by id, else by class; within it a narrower one that holds nearly all."""
    found = [*_ids(tree), *tree.iter(*ELEMENTS)]
    scope = found[0] if len(found) == 1 else tree
    values = "\n".join(set(_class_values(scope)) if classes is None else classes)
    for name in CLASSES:
        if name in values:
            found += _class_finders[name](scope)
            if len(found) > 8:
                break
    if not found and "zoom" in values:
        found += _zoom_class(tree)
    found = [element for element in found if element.tag not in _NO_CONTAINER][:MAX_CONTAINERS]
    if not found:
        return None, None
    if len(found) == 1:
        return found[0], Evidence("container", _describe(found[0]))
    sized = [(_text_length(element), element) for element in found]
    most = max(length for length, _ in sized)
    # The innermost of those that hold nearly all of it: an outer one may carry the title and the publication line.
    near = [element for length, element in sized if length >= 0.85 * most]
    outer = {above for element in near for above in element.iterancestors()}
    best = next(element for element in near if element not in outer)
    return best, Evidence("container", _describe(best))


def _by_density(tree: Any) -> Any:
    """The deepest element with nearly all long runs of text; with short ones where no run is long."""
    for finder, least in ((_long_runs, 20), (_short_runs, 4)):
        weights: Counter[Any] = Counter()
        total = 0
        seen: set[str] = set()  # an article printed twice, for desktop and mobile, counts where it stands first
        for run in finder(tree)[:2000]:
            text = run.strip()
            if len(text) < least or text in seen or (len(text) < 200 and _FOOTER.search(text)):
                continue
            seen.add(text)
            weight = len(text)
            total += weight
            parent = run.getparent()
            if run.is_tail:
                parent = parent.getparent()
            weights[parent] += weight
        if total < 20:
            continue
        depth = _add_up(weights)
        best = max((element for element in weights if weights[element] >= _SHARE * total), key=depth.__getitem__)
        # A lone paragraph, inline element or table of figures is part of a body, not the body.
        while best.getparent() is not None and (
            best.tag in _NEVER_ALONE or (best.tag == "table" and best.find(".//table") is None)
        ):
            best = best.getparent()
        return _with_tables(best)
    return None


def _add_up(weights: Counter[Any]) -> dict[Any, int]:
    """Add to every element's weight that of all below it, each element once; returns the depth of each."""
    depth: dict[Any, int] = {}
    for element in list(weights):
        chain = []
        at = element
        while at is not None and at not in depth:
            chain.append(at)
            at = at.getparent()
        level = depth[at] + 1 if at is not None else 0
        for number, above in enumerate(reversed(chain)):
            depth[above] = level + number
    for element in sorted(depth, key=depth.__getitem__, reverse=True):
        parent = element.getparent()
        if parent is not None:
            weights[parent] += weights[element]
    return depth


_MAX_TABLES = 200
"""Tables beside a body that are looked at."""


def _with_tables(body: Any) -> Any:
    """The body, or the ancestor at most two levels up that adds tables of figures to it.

    Cells are too short to weigh as runs of text, so a table that stands beside the narrative would be lost. A table
    of links, and any table around the body itself, is layout.
    """
    best = body
    for _ in range(2):
        parent = best.getparent()
        if parent is None or parent.tag in ("body", "td", "tr", "tbody", "table", "form"):
            break
        own, above = set(best.iter("table")), set(best.iterancestors("table"))
        if any(table in above for table in parent.iter("table")):
            break
        beside = list(islice((table for table in parent.iter("table") if table not in own), _MAX_TABLES))
        if any(30 < _text_length(table) < 4000 and 5 * _link_length(table) < _text_length(table) for table in beside):
            body = parent
        best = parent
    return body


_link_runs: Any = etree.XPath(".//a//text()", smart_strings=False)


def _text_length(element: Any) -> int:
    """Characters of an element's text, runs of white space counted once."""
    return int(_count_text(element))


def _link_length(element: Any) -> int:
    return sum(len(run.strip()) for run in _link_runs(element))


_NO_CONTAINER = {"body", "html", "input", "textarea", "script", "style", "a", "link", "meta"}
_NEVER_ALONE = {
    "thead",
    "p",
    "span",
    "font",
    "b",
    "strong",
    "em",
    "i",
    "u",
    "tr",
    "tbody",
    "a",
    "h1",
    "h2",
    "h3",
    "li",
    "wbr",
    "section",
}


def _has_file(element: Any) -> bool:
    return next(element.iter("img", "embed", "iframe"), None) is not None or next(element.iter("a"), None) is not None


def _inside(element: Any, outer: Any) -> bool:
    """True if `element` is a proper descendant of `outer`."""
    parent = element.getparent()
    while parent is not None:
        if parent is outer:
            return True
        parent = parent.getparent()
    return False


def _describe(element: Any) -> str:
    """An element as `tag#id.class`, for the evidence."""
    name = str(element.tag)
    if element.get("id"):
        name += f"#{element.get('id')}"
    if element.get("class"):
        name += "." + ".".join(element.get("class").split()[:3])
    return name
