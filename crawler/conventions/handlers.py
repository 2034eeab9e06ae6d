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
        for found in _BOUND.finditer(script):
            handler = _handler(found, script)
            if handler is not None:
                count += 1
                yield handler
            if count >= _MAX_HANDLERS:
                return


def _handler(found: re.Match[str], script: str) -> Handler | None:
    told = [part or "" for part in found.groups()]
    outer, short = told[0] or told[1], told[2]
    first, second = told[3] or told[4], told[5] or told[6]
    argument = told[7] or told[8] or told[13] or told[14] or told[17] or told[18]
    own, event = told[9] or told[10], told[11] or told[12]
    if window := told[15] or told[16]:
        return Handler("", window, argument, script, found.end())
    if own:
        plain = "getElementById" in found.group()
        return Handler(f"#{own}" if plain else own, event, argument, script, found.end())
    if short:
        return Handler(outer, short, argument, script, found.end())
    event, inner = (first, second) if _EVENTS.fullmatch(first) else (second, first)  # delegate names the selector first
    if not _EVENTS.fullmatch(event):
        return None
    event = event.partition(".")[0].replace("tap", "click")
    selector = ", ".join(f"{above.strip()} {inner}".strip() for above in outer.split(",")) if inner else outer
    return Handler(selector, event, argument, script, found.end())


def elements_of(handler: Handler, tree: Any) -> Iterator[Any]:
    """The elements of a tree that a function is bound to; none where its selector is not read."""
    path = _path(handler.selector)
    return islice(path(tree), _MAX_ELEMENTS) if path is not None else iter(())


@lru_cache(maxsize=1024)
def _path(selector: str) -> Any:
    """The search for the elements of a selector; None for one that is not read."""
    told = [_xpath(one.strip()) for one in selector.split(",")]
    return etree.XPath("|".join(one for one in told if one), smart_strings=False) if all(told) and told else None


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
