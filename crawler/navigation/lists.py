"""The ledger of the lists that one walk meets: what each states, what was found, and which were walked to their end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from statistics import median

from crawler.records.problems import Problem
from crawler.words.addresses import canonical

MAX_LIST_PAGES = 500
"""Further pages of one list; 500 pages of 15 reports are more than any column holds."""
MAX_VAIN = 10
"""Further pages of one list in a row that are gone, or show nothing new; those behind them are not asked. A count
that is wrong (`total: 999999`) has hundreds of them."""
MIN_NEIGHBOURS = 4
"""Lists beside each other of which one may be called short."""
MIN_USUAL = 6
"""Items that most of them have to have: of three, one is no sign."""
MAX_SHORT = 5
"""Short lists told of one page that leads to them."""


@dataclass(slots=True)
class _Entry:
    """One list over all its pages: what it states, its items and its further pages by canonical address.

    `rested`: its further pages were not asked, nothing speaking for it. `broken`: a page or an item of it could not be
    had. `rule`: the convention that its first page is paged by. `vain`: further pages in a row that were nothing, up to
    now; `spared`: those that were not asked for that.
    """

    stated: int | None = None
    items: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    rested: bool = False
    broken: bool = False
    rule: str | None = None
    vain: int = 0
    spared: int = 0


@dataclass(frozen=True, slots=True)
class WalkedList:
    """A list, or a column, that was walked to its end: its first page, how many pages and entries, what it states."""

    url: str
    pages: int
    items: int
    stated: int | None


class ListLedger:
    """The lists of one walk, each by the address of its first page."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}
        self._list_of: dict[str, str] = {}
        self._by_link: dict[str, set[str]] = {}
        self._news = False

    def book(self, url: str, link: str, items: Collection[str], stated: int | None) -> int:
        """Take in one page of the list at `url`; return how many of its items the list had not shown before.

        `link`: the address that the trail names; the list may stand in a frame there, or behind a redirect.
        """
        entry = self._entries.setdefault(url, _Entry())
        self._by_link.setdefault(canonical(link), set()).add(url)
        before = len(entry.items)
        entry.items.update(items)
        if stated is not None:
            entry.stated = stated
        return len(entry.items) - before

    def turn(self, url: str, page: str) -> bool:
        """Whether the list may have `page` as one more further page; if so, that is noted."""
        pages = self._entries.setdefault(url, _Entry()).pages
        if len(pages) >= MAX_LIST_PAGES:
            return False
        pages.add(canonical(page))
        return True

    def begin(self, url: str, rule: str | None) -> None:
        """The first page of the list came, and says by this convention where the others are."""
        self._entries.setdefault(url, _Entry()).rule = rule

    def rule_of(self, url: str) -> str | None:
        """The convention that the first page of the list is paged by."""
        return self._entries[url].rule if url in self._entries else None

    def turned(self, url: str, fresh: bool) -> None:
        """A further page of the list came, and showed something new or not."""
        entry = self._entries.setdefault(url, _Entry())
        entry.vain = 0 if fresh and entry.vain < MAX_VAIN else entry.vain + 1
        self._news = self._news or entry.vain == MAX_VAIN

    def abandons(self, url: str | None) -> bool:
        """Whether the further pages of the list at `url`, where there is one, are not asked any more."""
        return url in self._entries and self._entries[url].vain >= MAX_VAIN

    def news(self) -> bool:
        """Whether a list was abandoned since this was asked last."""
        news, self._news = self._news, False
        return news

    def spare(self, url: str) -> None:
        """One more further page of an abandoned list is not asked."""
        self._entries[url].spared += 1

    def assign(self, way: str, url: str) -> None:
        """The address `way` is asked because the list at `url` leads there."""
        self._list_of[canonical(way)] = url

    def redirect(self, source: str, target: str) -> None:
        """What `source` was asked for is to be had at `target`."""
        if (url := self._list_of.get(canonical(source))) is not None:
            self._list_of[canonical(target)] = url

    def rest(self, url: str) -> None:
        """The further pages of a list that was booked are not asked in this walk."""
        self._entries[url].rested = True

    def break_at(self, way: str) -> None:
        """What `way` leads to could not be had: the list that led there was not walked whole."""
        self.doubt(self._list_of.get(canonical(way)))

    def doubt(self, url: str | None) -> None:
        """The list at `url`, where there is one, was not walked whole."""
        if url in self._entries:
            self._entries[url].broken = True

    def has_items(self) -> bool:
        """Whether any list has shown an item."""
        return any(entry.items for entry in self._entries.values())

    def unsettled_at(self, link: str) -> bool:
        """Whether a list that the trail's address `link` led to rests, or was not walked whole."""
        entries = (self._entries[url] for url in self._by_link.get(canonical(link), ()))
        return any(entry.rested or entry.broken for entry in entries)

    def incomplete(self) -> Iterator[Problem]:
        """The lists, but for those that rest, of which fewer items were found than they state."""
        for url, entry in self._entries.items():
            if entry.stated is not None and len(entry.items) < entry.stated and not entry.rested:
                detail = f"the list states {entry.stated} items and {len(entry.items)} were found"
                yield Problem("list_incomplete", url, detail)

    def abandoned(self) -> Iterator[Problem]:
        """The lists of which further pages were not asked, so many before them having been nothing."""
        for url, entry in self._entries.items():
            if entry.spared:
                detail = f"{MAX_VAIN} further pages in a row are gone or show nothing new"
                yield Problem("paging_not_understood", url, f"{detail}; {entry.spared} more were not asked")

    def short(self) -> Iterator[Problem]:
        """The lists with a third or less of what most lists have to which the same page leads: the lists of other years
        or groups beside them. A year with few reports is one as well; a person sees which."""
        beside: dict[str, set[str]] = {}
        for link, urls in self._by_link.items():
            if (parent := self._list_of.get(link)) is not None:
                beside.setdefault(parent, set()).update(url for url in urls if self._entries[url].items)
        for parent, urls in beside.items():
            sizes = {url: len(self._entries[url].items) for url in sorted(urls - {parent})}
            if len(sizes) < MIN_NEIGHBOURS:
                continue
            usual = int(median(sizes.values()))
            short = [url for url, size in sizes.items() if size * 3 <= usual and not self._settled(url)]
            for url in short[:MAX_SHORT] if usual >= MIN_USUAL else ():
                detail = f"the list has {sizes[url]} items, most of the {len(sizes)} lists beside it {usual} or more"
                yield Problem("list_short", url, detail)

    def _settled(self, url: str) -> bool:
        """Whether a list says how much it has, or was not walked whole on purpose."""
        return self._entries[url].stated is not None or self._entries[url].rested

    def walked(self) -> list[WalkedList]:
        """The lists of which every page and item was had, and as many items as they state."""
        return [
            WalkedList(url, len(entry.pages) + 1, len(entry.items), entry.stated)
            for url, entry in self._entries.items()
            if not entry.rested and not entry.broken and len(entry.items) >= (entry.stated or 0)
        ]

    def broken(self) -> list[str]:
        """The lists of which a page or an item could not be had."""
        return [url for url, entry in self._entries.items() if entry.broken]
