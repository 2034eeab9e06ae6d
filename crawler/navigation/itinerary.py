"""The ways of one walk: which were handed out and are pending, done, left or failed, and where pages met in it lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from crawler.navigation.budget import Remainder
from crawler.navigation.lists import ListLedger
from crawler.records.capture import Step
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.ways import Next, Position
from crawler.words.addresses import canonical


class Itinerary:
    """`pending`: ways that were handed out and are neither done nor left. `lists`: those that were met. `remainder`:
    the ways that were left."""

    def __init__(self) -> None:
        self.pending = 0
        self.lists = ListLedger()
        self.remainder = Remainder()
        self._held_back: Counter[tuple[str, str]] = Counter()
        self._asked: set[str] = set()
        self._linked: set[str] = set()
        self._unread: set[str] = set()

    def send(self, way: Next) -> Next:
        """Hand out a way."""
        self._asked.add(canonical(way.url))
        self.pending += 1
        return way

    def was_asked(self, way: Next) -> bool:
        """Whether this way, or another one to the same address, was handed out."""
        return canonical(way.url) in self._asked

    def done(self) -> None:
        """A way that was handed out has come to its end: with a page or without, all that follows is handed out."""
        self.pending -= 1

    def left(self, way: Next) -> None:
        """A way that was handed out is not asked, because the walk was stopped, or its list is abandoned."""
        self.pending -= 1
        if self.abandons(way):
            assert way.position.list_url is not None
            self.lists.spare(way.position.list_url)
            self.failed(way.url)
        else:
            self.leave(way)

    def abandons(self, way: Next) -> bool:
        """Whether a way is a further page of a list of which none is asked any more."""
        return way.why == "paging" and self.lists.abandons(way.position.list_url)

    def leave(self, way: Next) -> None:
        """A way is not handed out, because the walk was stopped: its list was not walked whole."""
        self.remainder.add(way)
        self.failed(way.url)

    def failed(self, url: str) -> None:
        """An address that was asked could not be had: the list that led there was not walked whole."""
        self.spare(url)
        self.lists.break_at(url)

    def spare(self, url: str) -> None:
        """What an address leads to was not looked at."""
        self._unread.add(canonical(url))

    def held_back(self, url: str, kind: str) -> None:
        """Count an address that was not asked because its host is left alone; `kind` out of PROBLEM_KINDS says why."""
        self._held_back[urlsplit(url).netloc, kind] += 1
        self.failed(url)

    def doubt(self, page: Page, position: Position) -> None:
        """A page that came, but may lack something: its list was not walked whole."""
        self.failed(page.capture.url)
        self.lists.doubt(position.list_url)
        self.lists.doubt(page.capture.url)

    def link(self, ways: Iterable[Next]) -> None:
        """A page leads to these, whether they are asked or not."""
        self._linked.update(canonical(way.url) for way in ways)

    def leads_to(self, way: Sequence[Step], urls: Iterable[str]) -> list[bool]:
        """Whether a page met in this walk still leads to each of the addresses that `way` ended in; True where that was
        not looked at.

        `way`: the trail of a report's capture, home page first, without the report. Not looked at: a list that rests, a
        page that could not be had, a report beside which the other years stand (Hanweb's module) and which was not due.
        """
        steps = [canonical(step.url) for step in way]
        if not steps or not self._unread.isdisjoint(steps) or self.lists.unsettled_at(steps[-1]):
            return [True for _ in urls]
        # Most are linked as they are spelled here, and need not be taken apart.
        return [url in self._linked or self._may_lead(canonical(url)) for url in urls]

    def _may_lead(self, address: str) -> bool:
        return address in self._linked or address in self._unread

    def problems(self) -> Iterator[Problem]:
        """The lists of which less was found than they state or their neighbours have, the hosts that were held back."""
        yield from self.lists.incomplete()
        yield from self.lists.abandoned()
        yield from self.lists.short()
        for (host, kind), count in self._held_back.items():
            yield Problem(kind, f"//{host}/", f"{count} further addresses of this host were not asked")
