"""Which elements of a page no reader sees: they have no words, no title, no date.

Templates, pop-ups and the lines of other pages are kept in a page and not shown (`hidden`, `display: none`, no size,
outside the window, a class that the page's own stylesheet hides, or one that all stylesheets do). A page may also hide
its article until a script has run: what holds most of its words is shown (sources/pages#hidden-elements).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from crawler.words.text import unspaced

MAX_HIDDEN = 2000
"""Elements that are looked at; a page that hides more is read as if it hid no others."""
_MAX_RULES = 300_000
"""Characters of the page's own stylesheets that are read."""
_MAX_KEPT = 60_000
"""Characters of a stylesheet whose meaning is kept for the next page."""
_NO_WORDS = "template", "dialog"
_CLASSES = frozenset({"hidden", "hide", "d-none", "layui-hide", "sr-only", "visually-hidden", "invisible"})
"""Classes that the common stylesheets hide by; the stylesheet itself is a file of its own and not here."""
_CONCEALS = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:(?:0|\.0+)(?:\.0+)?(?:[;!%]|$)|font-size:0(?:px|pt|em|rem|%)?(?:[;!]|$)"
    r"|(?:left|right|top|text-indent|margin-left|margin-top):-\d{3,}|clip:rect\(0|clip-path:inset\((?:50|100)%"
    r"|transform:scale\(0\)|color:transparent"
)
_NO_SIZE = re.compile(r"(?:^|;)(?:max-)?(?:height|width):0(?:px|pt|em|%)?(?:[;!]|$)")
_BRACE = re.compile("[{}]")
_PLAIN_SELECTOR = re.compile(r"[\w-]*[.#][\w-]+")
_COMMENT = re.compile(r"/\*[^*]{0,5000}+(?:\*(?!/)[^*]{0,5000}+){0,200}+\*/")

# Values first: to give out strings costs a third of what elements do, and most pages have few values that hide.
_styles: Any = etree.XPath("//@style", smart_strings=False)
_marked: Any = etree.XPath("//@hidden/.. | //@style/..", smart_strings=False)
_hidden_marks: Any = etree.XPath("//@hidden", smart_strings=False)
_classed: Any = etree.XPath("//@class/..", smart_strings=False)
_size: Any = etree.XPath("string-length(normalize-space(.))")


@lru_cache(maxsize=4096)
def conceals(style: str) -> bool:
    """Whether the declarations of a style (an attribute, or a rule's) take an element out of sight."""
    flat = unspaced(style).lower()
    return _CONCEALS.search(flat) is not None or ("overflow:hidden" in flat and _NO_SIZE.search(flat) is not None)


def hidden_elements(tree: Any, classes: Collection[str]) -> list[Any]:
    """The elements that no reader sees, each the outermost of its kind, in no order; [] for a page without a tree.
    `classes`: the values of all class attributes of the tree.

    One that holds more than half of the page's words outside links is none of them: a script will show it.
    """
    if tree is None:
        return []
    marked = _hidden_marks(tree) or any(conceals(style) for style in set(_styles(tree)))
    found = list(islice((one for one in _marked(tree) if _is_marked(one)), MAX_HIDDEN)) if marked else []
    found += islice(tree.iter(*_NO_WORDS), MAX_HIDDEN)
    found += _hidden_by_rule(tree, classes)
    found = [one for one in dict.fromkeys(found) if one.tag not in ("html", "head", "body", "script", "style")]
    if not found:
        return []
    every = set(found)
    outer = [one for one in found if every.isdisjoint(one.iterancestors())]
    sizes = {one: _words(one) for one in outer}
    if sum(sizes.values()) * 2 <= _LEAST:
        return outer
    body = tree.find("body")
    whole = _words(body if body is not None else tree)
    return [one for one in outer if sizes[one] <= _LEAST or 2 * sizes[one] <= whole]


_LEAST = 150
"""Characters outside links below which an element cannot be the article, however little else the page has."""


def _is_marked(element: Any) -> bool:
    if element.get("hidden") is not None and element.get("hidden") != "false":
        return True
    return conceals(element.get("style") or "")


def _hidden_by_rule(tree: Any, values: Collection[str]) -> list[Any]:
    """Elements of a class or id that the page's own stylesheet hides, and of classes that are always hidden."""
    classes, names = set(_CLASSES), set[str]()
    for sheet in islice(tree.iter("style"), 50):
        rules = (sheet.text or "")[:_MAX_RULES]
        if "{" in rules:
            by_class, by_id = (_concealed if len(rules) <= _MAX_KEPT else _concealed.__wrapped__)(rules)
            classes |= by_class
            names |= by_id
    concealing = {value for value in values if not classes.isdisjoint(value.split())}
    found = [one for one in _classed(tree) if one.get("class") in concealing] if concealing else []
    if names:
        found += [one for one in tree.iter() if one.get("id") in names]
    return found[:MAX_HIDDEN]


@lru_cache(maxsize=64)
def _concealed(rules: str) -> tuple[frozenset[str], frozenset[str]]:
    """The classes and ids that a stylesheet hides; kept, for all pages of a template have the same."""
    classes, names = set[str](), set[str]()
    for selectors, declarations in _rules(_COMMENT.sub("", rules)):
        if conceals(declarations):
            for selector in selectors.split(","):
                if _PLAIN_SELECTOR.fullmatch(selector.strip()):
                    name = re.split("[.#]", selector)[-1].strip()
                    (names if "#" in selector else classes).add(name)
    return frozenset(classes), frozenset(names)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of every rule outside `@media` and its kin, which hold for print or a telephone."""
    depth, start, selectors, nested = 0, 0, "", False
    for brace in _BRACE.finditer(sheet):
        words = sheet[start : brace.start()]
        start = brace.end()
        if brace[0] == "{":
            if depth == 0:
                selectors, nested = words.rsplit(";", 1)[-1], words.lstrip().startswith("@")
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and not nested:
                yield selectors, words


def _words(element: Any) -> int:
    """Characters of an element outside links, scripts and styles, runs of white space counted once."""
    beside = sum(int(_size(inner)) for inner in element.iter("a", "script", "style"))
    return int(_size(element)) - beside
