"""What a script of the page does when an element is clicked or changed, where it binds that by a selector:

    $(".tab li").click(function(){ $("#list").load("/nb/" + $(this).data("id") + ".html"); })
    $(document).on("click", ".item", e => { location.href = "/a/" + e.currentTarget.dataset.id + ".html" })

The selectors that are read are made of names of tags, ids, classes and attributes; what the bound function comes to is
for `Functions` (sources/pages#scripts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from lxml import etree

from crawler.conventions.definitions import scripts_in

_TEXT = r"(?:\"([^\"<\n]{1,150})\"|'([^'<\n]{1,150})')"
_FUNCTION = r"(?:function\s*\w*\s*\(\s*([\w$]*)\s*\)\s*\{|\(?\s*([\w$]*)\s*\)?\s*=>\s*\{)"
_BOUND = re.compile(
    rf"\$\s*\(\s*(?:document|window|{_TEXT})\s*\)\s*\.\s*"
    rf"(?:(click|change|scroll)\s*\(|(?:on|bind|live|delegate)\s*\(\s*{_TEXT}\s*,\s*(?:{_TEXT}\s*,\s*)?)\s*{_FUNCTION}"
    rf"|document\s*\.\s*(?:querySelector(?:All)?|getElementById)\s*\(\s*{_TEXT}\s*\)\s*\.\s*"
    rf"(?:addEventListener\s*\(\s*[\"'](click|change|scroll)[\"']\s*,|on(click|change)\s*=)\s*{_FUNCTION}"
    rf"|window\s*\.\s*(?:addEventListener\s*\(\s*[\"'](scroll)[\"']\s*,|on(scroll)\s*=)\s*{_FUNCTION}"
)
_EVENTS = re.compile(r"(?:click|change|tap|scroll)(?:\.\w+)?")
_SIGNS = ("click", "change", "scroll")
_MAX_HANDLERS = 40
_MAX_ELEMENTS = 500
"""Elements of one selector that are looked at."""
_STEP = re.compile(r"(\s*>\s*|\s+|^)([A-Za-z][\w-]*|\*)?((?:[.#][\w-]+|\[[\w-]+\])*)(?=\s|>|$)")
_PART = re.compile(r"([.#\[])([\w-]+)")


@dataclass(frozen=True, slots=True)
class Handler:
    """One bound function. `selector`: of the elements, empty for the window; `event`: click, change or scroll;
    `argument`: what it calls the event; `script`, `body`: where it begins."""

    selector: str
    event: str
    argument: str
    script: str
    body: int


def handlers_in(html: str) -> Iterator[Handler]:
    """The functions that the scripts of a page bind, in order."""
    if not any(sign in html for sign in _SIGNS):
        return
    count = 0
    for attributes, script in scripts_in(html):
        if "json" in attributes or "template" in attributes:
            continue
        for match in _BOUND.finditer(script):
            handler = _handler(match, script)
            if handler is not None:
                count += 1
                yield handler
            if count >= _MAX_HANDLERS:
                return


def _handler(match: re.Match[str], script: str) -> Handler | None:
    groups = [part or "" for part in match.groups()]
    outer, short = groups[0] or groups[1], groups[2]
    first, second = groups[3] or groups[4], groups[5] or groups[6]
    argument = groups[7] or groups[8] or groups[13] or groups[14] or groups[17] or groups[18]
    name, event = groups[9] or groups[10], groups[11] or groups[12]
    if window := groups[15] or groups[16]:
        return Handler("", window, argument, script, match.end())
    if name:
        plain = "getElementById" in match.group()
        return Handler(f"#{name}" if plain else name, event, argument, script, match.end())
    if short:
        return Handler(outer, short, argument, script, match.end())
    event, inner = (first, second) if _EVENTS.fullmatch(first) else (second, first)  # delegate names the selector first
    if not _EVENTS.fullmatch(event):
        return None
    event = event.partition(".")[0].replace("tap", "click")
    selector = ", ".join(f"{above.strip()} {inner}".strip() for above in outer.split(",")) if inner else outer
    return Handler(selector, event, argument, script, match.end())


def elements_of(handler: Handler, tree: Any) -> Iterator[Any]:
    """The elements of a tree that a function is bound to; none where its selector is not read."""
    path = _path(handler.selector)
    return islice(path(tree), _MAX_ELEMENTS) if path is not None else iter(())


@lru_cache(maxsize=1024)
def _path(selector: str) -> Any:
    """The search for the elements of a selector; None for one that is not read."""
    paths = [_xpath(part.strip()) for part in selector.split(",")]
    whole = [path for path in paths if path]
    return etree.XPath("|".join(whole), smart_strings=False) if len(whole) == len(paths) else None


def _xpath(selector: str) -> str | None:
    """A selector as XPath: `ul.tab > li a[data-id]`."""
    path, at = "", 0
    while at < len(selector):
        step = _STEP.match(selector, at)
        if step is None or step.end() == at or not (step[2] or step[3]):
            return None
        path += ("/" if ">" in step[1] else "//") + (step[2] or "*").lower()
        for sign, name in _PART.findall(step[3]):
            if sign == "#":
                path += f"[@id='{name}']"
            elif sign == ".":
                path += f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
            else:
                path += f"[@{name.lower()}]"
        at = step.end()
    return path or None
