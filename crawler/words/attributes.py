"""Elements by the attributes they have, looked for only where the source of the page has such a name.

A look through the attributes of all elements costs more than most stages. What a page does not name in its source its
tree does not have: the source is asked first (C speed), and then only for the names that it has.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree

from crawler.words.source import Source

_PLAIN_NAME = re.compile(rb"data-[a-z0-9_.-]*")
_STAMPED = (b"time", b"date", b"publish")
_MAX_NAMES = 8
"""Names that are looked for one by one; to look through all attributes costs as much."""
_HOLDS = "[contains(., '/') or contains(., '.') or contains(., '?')]"
_NO_LINK = "/parent::*[not(self::a or self::area)]"
_pressed: Any = etree.XPath(
    f"//@onclick{_NO_LINK}|//@*[starts-with(name(), 'data-') or name() = 'url' or name() = 'link']{_HOLDS}{_NO_LINK}",
    smart_strings=False,
)


def pressed_elements(tree: Any, source: Source | None) -> list[Any]:
    """The elements that are no links and have `onclick`, or an attribute of the site's own making (`data-…`, `url`,
    `link`) that may hold an address, in the order of the page.

    `source`: that of the whole tree; None where it is not known.
    """
    if source is None:
        return list(_pressed(tree))
    names = source.data_names
    if len(names) > _MAX_NAMES or not all(map(_PLAIN_NAME.fullmatch, names)):
        return list(_pressed(tree))
    asked = (b"onclick", *sorted(names), b"url", b"link")
    steps = tuple(name.decode() for name in asked if name in source)
    return list(_finder(steps)(tree)) if steps else []


@lru_cache(maxsize=256)
def _finder(names: tuple[str, ...]) -> Any:
    """The search for elements with one of these attributes."""
    steps = (f"//@{name}{'' if name == 'onclick' else _HOLDS}{_NO_LINK}" for name in names)
    return etree.XPath("|".join(steps), smart_strings=False)


def may_have_stamps(source: Source | None) -> bool:
    """Whether a page can carry a date in its mark-up alone: in `time`, `itemprop` or an attribute of the site's own
    making. `source` as for `pressed_elements`."""
    if source is None or b"<time" in source or b"itemprop" in source:
        return True
    return any(word in name for name in source.data_names for word in _STAMPED)
