"""Entries of a page that are called reports and are not asked: without an address, back to where one stands, in a trap.

What a link's script says and no rule settles is told with that script; a browser may follow it.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from crawler.navigation.expectations import ENTRY, promises
from crawler.navigation.rows import Entry
from crawler.records.page import Page
from crawler.records.ways import Ways
from crawler.words.addresses import trap
from crawler.words.labels import tidy
from crawler.words.link import Link, words

MAX_TOLD = 50
"""Entries of one page that are told by name."""
_MAX_ROWS = 5_000
_ROWS = ("li", "tr", "dd", "p", "div")


def tell(page: Page, links: list[Link], entries: list[Entry], ways: Ways) -> None:
    """Note what is called a report on a page of the column and leads nowhere; each title once."""
    met = {entry.link.label for entry in entries if entry.why is not None}
    lost: dict[str, str] = {}
    for link in links:
        if not link.url and promises(link.label):
            lost.setdefault(link.label, _without_address(link))
    for entry in entries:
        label = entry.link.label
        if entry.said.years and entry.why is None and promises(label) and trap(entry.link.url) != "search_form":
            lost.setdefault(label, f"{entry.link.url} is not asked: it is one of endlessly many, or of a calendar")
    for label in _plain_rows(entries):
        lost.setdefault(label, "no link stands there")
    lost = {label: reason for label, reason in lost.items() if label not in met}
    for label, reason in islice(lost.items(), MAX_TOLD):
        ways.problems.append((ENTRY, f"{label!r}: {reason}"))
    if len(lost) > MAX_TOLD:
        ways.problems.append((ENTRY, f"{len(lost) - MAX_TOLD} more entries of this page lead nowhere, too"))


def _without_address(link: Link) -> str:
    code = link.element.get("onclick") or link.href
    if not code or code == "#":
        return "a link without an address; `browser = true` shows whether a script gives it one"
    called = f"a link without an address, {code[:120]!r}"
    return f"{called}; what that comes to is not settled by the page's words, and `browser = true` may follow it"


def _plain_rows(entries: list[Entry]) -> list[str]:
    """Titles of reports in rows without any link, in lists whose other rows are followed."""
    found = []
    lists: dict[Any, None] = dict.fromkeys(entry.block for entry in entries if entry.listed and entry.why is not None)
    for block in lists:
        for count, row in enumerate(block):
            if count >= _MAX_ROWS:
                break
            if row.tag not in _ROWS or next(row.iter("a", "area", "option"), None) is not None:
                continue
            label = tidy((words(row, 200) or "").strip())
            if promises(label) and row.get("onclick") is None:
                found.append(label)
    return found
