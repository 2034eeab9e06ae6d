"""The books that pages of a column are entered in: what entries are called, which are new, whether a list rests."""

from __future__ import annotations

from crawler.conventions.growing import GROWING
from crawler.navigation.expectations import ENTRY, Expectations
from crawler.navigation.lists import ListLedger
from crawler.navigation.memory import Memory
from crawler.navigation.remarks import is_empty_list
from crawler.records.page import Page
from crawler.records.ways import Position, Ways


def list_at(page: Page, position: Position) -> str:
    """The first page of the list that a page belongs to; a service's first answer is that of the column's list."""
    return position.list_url or page.capture.url


class ColumnPages:
    """The books of one walk, as the pages of its column fill them; a page off the column is in none."""

    def __init__(self, lists: ListLedger, expectations: Expectations, memory: Memory) -> None:
        self._lists = lists
        self._expectations = expectations
        self._memory = memory

    def expect(self, page: Page, position: Position, ways: Ways) -> None:
        """Take down what the entries of a page are called."""
        if not position.in_column:
            return
        url = list_at(page, position)
        for way in ways.next:
            if way.why in ("item", "step"):
                self._expectations.expect(url, way.label, way.url)
            if page.kind != "home" and position.trail and way.why != "explore":
                self._expectations.lead(position.trail[-1].url, way.url, step=way.why == "step")
        for kind, detail in ways.problems:
            if kind == ENTRY:
                self._expectations.lose(url, detail)
        if position.trail and not ways.items and is_empty_list(ways):
            self._expectations.excuse(position.trail[-1].url)

    def count(self, page: Page, position: Position, ways: Ways) -> int:
        """Book the list items of a page; return how many of them this list had not shown before."""
        if not position.in_column:
            return len(ways.items)
        url = list_at(page, position)
        link = position.trail[-1].url if position.trail else url
        fresh = self._lists.book(url, link, ways.items, ways.stated_total)
        if position.page_no == 1:
            self._lists.begin(url, ways.paging_rule)
        else:
            self._lists.turned(url, fresh=fresh > 0)
        if not fresh and ways.items and 1 < position.page_no <= (ways.stated_pages or 0):
            detail = f"page {position.page_no} of {ways.stated_pages} shows nothing that those before it had not"
            page.problem("paging_not_understood", detail)
        return fresh

    def is_guess(self, page: Page, position: Position, ways: Ways) -> bool:
        """Whether a further page speaks of one behind it by nothing but its shape, and its list does not grow so."""
        grows = ways.paging_rule == GROWING and position.page_no > 1
        return grows and self._lists.rule_of(list_at(page, position)) != GROWING

    def rests(self, page: Page, position: Position, ways: Ways) -> bool:
        """Whether the further pages of a list need not be asked: all on its first page is archived, and nothing else
        speaks for it (crawler.runs.recheck)."""
        if not position.in_column or position.page_no > 1 or not any(way.why == "paging" for way in ways.next):
            return False
        if any(way.why == "item" and self._memory.leaf(way.url) is None for way in ways.next):
            return False
        url = list_at(page, position)
        if not self._memory.rests(url, ways.stated_total) or not ways.newest_first():
            return False
        self._lists.rest(url)
        return True
