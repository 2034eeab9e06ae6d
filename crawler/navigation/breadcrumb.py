"""Where a page says it stands: its breadcrumb, read from the page's own words, and compared with the trail.

Class names of breadcrumbs hardly repeat from site to site, so they are found by what a reader sees: a lead-in
(当前位置：) or the word 首页 in front of a chain with separators (real-pages sheet, breadcrumb: lead-in on two of three
sites, separator > on most, none on an eighth). The labelled chain may be a decoy (网站首页 > 详情页) while the true one
stands elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from crawler.text import squeeze, years_in

_MAX_TEXT = 400
"""Characters of an element that may still be a breadcrumb; the longest real one has some ninety."""
_MAX_LABELS, _MAX_LABEL = 12, 60
_MAX_CANDIDATES = 12
_MAX_CLIMB = 5

_candidates = etree.XPath("//body//text()[contains(., '首页') or contains(., '位置') or contains(., '主页')]/..")
_by_class = etree.XPath(
    "//body//*[contains(@class, 'crumb') or contains(@class, 'dqwz') or contains(@class, 'location')"
    " or contains(@class, 'position') or contains(@class, 'weizhi') or contains(@class, 'curmb')]"
)
_article_title = etree.XPath("string(//meta[@name='ArticleTitle']/@content)")

_LEAD = re.compile(
    r"[^\w]{0,3}(?:您|你)?(?:们)?(?:当前|现在|目前)?(?:所在|所处)?(?:的|网站|页面|栏目)?(?:所在|所处)?的?位置"
    r"(?:是|为|在|导航)?(?:[:：﹕∶]|(?=[\s>»＞【\[]|首页|$))"
)
_HOME = re.compile(r"[\[【]?(?:网站|返回|本站|门户|官网)?(?:首页|主页)[\]】]?")
_SEPARATOR = re.compile(r"[-－—=]*[>＞》]+|[»›→⟩▶▸]+|[/／|｜\\]+|(?<![^\s\ufdd0])[-－–—]+(?![^\s\ufdd0])|::")
_WEAK = re.compile(r"[|｜\-－–—]+")
_NO_CRUMB = re.compile(r"上一?页|下一?页|尾页|末页|登录|注册|设为首页|加入收藏|无障碍|繁體|English|RSS")
_DECOY = re.compile(r"(?:详情页?|正文|内容|文章详情|详细内容|内容页|信息内容|返回|列表页?)$")
_BRACKETS = re.compile(r"^[\[【](.*)[\]】]$")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_SKIPPED = frozenset({"script", "style", "select", "option", "input", "noscript", "button", "textarea"})
_EDGES = frozenset({"a", "li", "td", "dd", "dt", "div", "p"})


def read_breadcrumb(tree: Any) -> list[str]:
    """The labels of the page's breadcrumb, from the home page on, as printed without white space; [] if it has none.

    A last label such as 正文 or 内容 is kept, for it is printed; the article's own title is left out. Of several
    breadcrumbs the labelled one wins, unless it is a decoy that names no column. Never raises on a wild tree.
    """
    if tree is None:
        return []
    best: tuple[int, list[str]] = (0, [])
    found = _candidates(tree)
    seen = 0
    for element in found:
        text = _start_of(element)
        labelled = bool(_LEAD.match(text))
        if not labelled and not _HOME.search(text[:30]):
            continue
        seen += 1
        if seen > _MAX_CANDIDATES:
            break
        best = max(best, _judge(_chain(element, labelled), labelled, element), key=lambda judged: judged[0])
        if best[0] >= 100:
            break
    if best[0] == 0:
        for element in _by_class(tree)[:_MAX_CANDIDATES]:
            labels, strong = _labels(element)
            if strong and len(labels) > 1:
                best = max(best, _judge((labels, strong), False, element, home=False), key=lambda judged: judged[0])
    return _without_title(best[1], tree)


def _start_of(element: Any) -> str:
    """The first words inside an element, without space before them."""
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > _MAX_TEXT:
            break
    return text.lstrip()[:_MAX_TEXT]


def _judge(chain: tuple[list[str], bool], labelled: bool, element: Any, home: bool = True) -> tuple[int, list[str]]:
    """How far a chain of labels can be believed (0: not at all, 100: at once), and the chain."""
    labels, strong = chain
    if not labels or any(_NO_CRUMB.search(label) for label in labels):
        return 0, []
    places = [label for label in labels if not _HOME.fullmatch(label) and not _DECOY.match(label)]
    if labelled:
        return (100 if places else 5), labels
    if not strong or not places or (home and not _HOME.fullmatch(labels[0])):
        return 0, []
    hidden = any(_HIDDEN.search(up.get("style") or "") for up in [element, *element.iterancestors()][:6])
    return (10 if hidden else 50 if home else 20) + len(labels), labels


def _chain(element: Any, labelled: bool) -> tuple[list[str], bool]:
    """The labels read from an element or from what holds it: the smallest that has the whole chain."""
    best: tuple[list[str], bool] = ([], False)
    at = element
    for _ in range(_MAX_CLIMB):
        if at is None or not isinstance(at.tag, str) or at.tag in ("body", "html"):
            break
        if len(_start_of(at)) >= _MAX_TEXT and best[0]:
            break
        labels, strong = _labels(at)
        if best[1] and (labels[: len(best[0])] != best[0] or len(labels) == len(best[0])):
            break
        if len(labels) > len(best[0]) and (strong or labelled):
            best = labels, strong
        at = at.getparent()
    return best


def _pieces(element: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it is a link's) in document order; an empty text marks the edge of a link or block."""
    stack: list[tuple[Any, bool, bool]] = [(element, False, False)]
    while stack:
        at, in_link, is_tail = stack.pop()
        if is_tail:
            if at.tag in _EDGES:
                yield "", in_link
            if at.tail:
                yield at.tail, in_link
            continue
        if not isinstance(at.tag, str) or at.tag in _SKIPPED:
            continue
        link = in_link or at.tag == "a"
        if at.tag in _EDGES:
            yield "", in_link
        if at.text:
            yield at.text, link
        for child in reversed(at):
            stack.append((child, link, True))
            stack.append((child, link, False))


def _labels(element: Any) -> tuple[list[str], bool]:
    """The labels inside an element, and whether a separator that means «below» stands between them.

    Where separators are used, what follows a label without one is no longer part of the breadcrumb.
    """
    tokens: list[str | None] = []  # a label, or None for a separator
    gaps: list[str] = []
    current = ""
    total = 0
    strong = False
    for text, linked in _pieces(element):
        total += len(text.strip())
        if total > _MAX_TEXT:
            break
        if not text:
            if current.strip():
                tokens.append(current)
            current = ""
            continue
        if linked:
            current += text
            continue
        end = 0
        for match in _SEPARATOR.finditer(text):
            current += text[end : match.start()]
            if current.strip():
                tokens.append(current)
            current = ""
            tokens.append(None)
            gaps.append(match.group())
            end = match.end()
        current += text[end:]
    if current.strip():
        tokens.append(current)
    strong = any(not _WEAK.fullmatch(gap) for gap in gaps)
    return _read(tokens, bool(gaps)), strong


def _read(tokens: list[str | None], separated: bool) -> list[str]:
    labels: list[str] = []
    after_separator = True
    for token in tokens:
        if token is None:
            after_separator = True
            continue
        for line in [token] if separated else token.splitlines():
            label = squeeze(line)
            lead = _LEAD.match(label)
            if lead and not labels:
                label = label[lead.end() :]
            bracketed = _BRACKETS.match(label)
            label = (bracketed.group(1) if bracketed else label).strip(":：")
            if not label:
                continue
            if (separated and labels and not after_separator) or len(label) > _MAX_LABEL or len(labels) >= _MAX_LABELS:
                return labels
            labels.append(label)
            after_separator = False
    return labels


def _without_title(labels: list[str], tree: Any) -> list[str]:
    """The chain without the article's own title at its end."""
    if len(labels) > 1:
        title = squeeze(_article_title(tree))
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
    said = {found for label in breadcrumb for found in years_in(label)}
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
