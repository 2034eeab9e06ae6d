"""The rest of a report whose page ends before the last chapters: in tabs of its own row, or behind numbers of a script.

Asked only where the text has neither problems nor other matters, with which reports of any generation end
(sources/forms#chapters): a row of tabs or of numbers beside a whole text says nothing.
"""

from __future__ import annotations

import re
from typing import Any

from crawler.records.page import Page
from crawler.records.report import Attachment
from crawler.words.link import Link
from crawler.words.text import squeeze
from pipelines.documents.parts import by_chapter, links_of
from pipelines.documents.turns import TURN

_CLOSING = re.compile(r"(?:存在|主要|面临).{0,10}(?:问题|不足|困难)|改进(?:措施|情况)|其[他它].{0,12}事项|下一步")
_FIRST = (1, 2)
"""The number with which a row of pages begins: the page's own, or the next one's."""


def rest_of(page: Page) -> tuple[list[Attachment], str | None]:
    """The pages of the chapters that a report's page is without, and what leads to its rest by a script that no rule
    follows; nothing of a page whose text is whole, or is none. Never raises."""
    if page.tree is None or page.text is None or _CLOSING.search(squeeze(page.text)):
        return [], None
    links = links_of(page)
    tabs = by_chapter(links, page.capture.url, among=True)
    return tabs, None if tabs else _without_address(links)


def _without_address(links: list[Link]) -> str | None:
    """A row of pages' numbers, 2 and 3 … or 1 and 2 …, none of which has an address."""
    rows: dict[Any, list[int]] = {}
    led: set[Any] = set()
    for link in links:
        said = TURN.fullmatch(squeeze(link.label))
        if said is None or said[1] is None:
            continue
        parent = link.element.getparent()
        row = parent.getparent() if parent is not None and parent.tag == "li" else parent
        rows.setdefault(row, []).append(int(said[1]))
        if link.url:
            led.add(row)
    for row, numbers in rows.items():
        first, last = numbers[0], numbers[-1]
        if row not in led and first in _FIRST and last > first and numbers == [*range(first, last + 1)]:
            return f"pages {first} to {last} of the report have no address of their own"
    return None
