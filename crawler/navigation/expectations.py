"""The ledger of what looks like a report: each entry that is called one, or stands among reports, and what it led to.

An entry is kept to its word by the address that its link named: a report whose trail goes through that address keeps
it, whatever redirects, frames or lists lay between. What does not is told by name at the end of the walk, with what
came instead (sources/pages#lookalikes). Words that say something else (通知, 指南, 目录) promise nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.records.capture import Step
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.words.addresses import canonical
from crawler.words.disagreement import names_another
from crawler.words.entries import is_cut_title, is_organ, is_silent
from crawler.words.labels import read_label

ENTRY, ENTRIES = "entry_no_report", "entries_no_report"
"""The kinds of problem: for each entry, and for a list with more than a few of them."""
A_FEW = 3
"""Entries of a list that may lead to no report before it wants a person."""
A_SHARE = 10
"""One entry in so many may as well, of a longer list none more than `A_FEW`."""
MAX_NAMED = 30
"""Entries of one list that are named one by one."""
_AKIN = re.compile("公开.{0,8}(?:报告|年报|总结|情况)|年报|年度报告")
_ROWS = frozenset({"challenge", "missing"})
"""Kinds of pages that have a problem row of their own already, and settle nothing."""


def promises(label: str) -> bool:
    """Whether an entry's words are a report's title, whole or cut off, and say nothing else."""
    said = read_label(label)
    return (said.kind == "item" and not said.veto) or is_cut_title(label)


def is_neighbour(label: str) -> bool:
    """Whether an entry's words leave it to the entries around it what it is: a year, an organ, 查看, words akin to a
    title."""
    said = read_label(label)
    if said.veto:
        return False
    return said.kind in ("year", "group") or is_silent(label) or is_organ(label) or bool(_AKIN.search(label))


@dataclass(slots=True)
class _Entry:
    """One entry. `came`: what its address led to, None: nothing came yet, or what came has a row of its own."""

    label: str
    url: str
    called: bool
    came: str | None = None


class Expectations:
    """What the lists of one walk promise, each list by the address of its first page."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, _Entry]] = defaultdict(dict)
        self._entries: dict[str, list[_Entry]] = defaultdict(list)
        self._lost: dict[str, set[str]] = defaultdict(set)
        self._kept: set[str] = set()
        self._titles: dict[str, str] = {}
        """Of the reports that came, by the last address of their trail."""
        self._untold = False
        """Whether a report is among those that are archived, whose titles are not asked."""
        self._sources: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
        """Addresses that lead to an address: as a redirect or by an entry, and by a step."""

    def expect(self, list_url: str, label: str, url: str) -> None:
        """The list at `list_url` has an entry of these words, which is followed."""
        called = promises(label)
        if not called and not is_neighbour(label):
            return
        key = canonical(url)
        if key not in self._lists[list_url]:
            entry = _Entry(label, url, called)
            self._lists[list_url][key] = entry
            self._entries[key].append(entry)

    def lose(self, list_url: str, detail: str) -> None:
        """An entry of a list has no address, or is not asked; its page has told of it."""
        self._lost[list_url].add(detail)

    def excuse(self, url: str) -> None:
        """What `url` led to has a list, and that is empty: the entries around it say nothing of it."""
        for entry in self._entries.get(canonical(url), ()):
            if not entry.called:
                entry.came = None

    def keep(self, trail: Sequence[Step], title: str | None = None) -> None:
        """A report of this title came, or, with none, is archived, at the end of this trail."""
        self._kept.update(canonical(step.url) for step in trail)
        if title and trail:
            self._titles[canonical(trail[-1].url)] = title
        self._untold = self._untold or not title

    def lead(self, url: str, target: str, step: bool = False) -> None:
        """What `url` led to leads to `target`, which may have been asked before and for another list."""
        self._sources[step][canonical(target)].add(canonical(url))

    def arrive(self, page: Page, trail: tuple[Step, ...], account: str, empty: bool) -> None:
        """A page came that is no report, at the end of this trail: in words, and whether it says that it is empty."""
        if trail and page.kind not in _ROWS and page.capture.status < 400:
            self.settle(trail[-1].url, account, empty=empty)

    def settle(self, url: str, came: str, empty: bool = False) -> None:
        """The entries with this address led to `came`. `empty`: it says itself that it holds nothing, and only what is
        called a report is then missed."""
        for entry in self._entries.get(canonical(url), ()):
            if entry.called or not empty:
                entry.came = came

    def problems(self) -> Iterator[Problem]:
        """The entries that led to no report, each by name, and the lists that have more than a few of them."""
        kept = self._reached(steps=False)
        near = self._reached(steps=True)
        for list_url in dict.fromkeys((*self._lists, *self._lost)):
            entries = self._lists.get(list_url, {})
            among = sum(key in near for key in entries) * 2 >= len(entries)
            lost = [
                entry
                for key, entry in entries.items()
                if entry.came is not None and (key not in kept if entry.called else among and key not in near)
            ]
            for entry in lost[:MAX_NAMED]:
                yield Problem(ENTRY, entry.url, f"{entry.label!r} led to {entry.came}")
            without = len(self._lost.get(list_url, ()))
            count, whole = len(lost) + without, len(entries) + without
            if count > A_FEW or count * A_SHARE > whole:
                first = f", the first {lost[0].label!r}" if lost else ""
                yield Problem(ENTRIES, list_url, f"{count} of {whole} entries became no report{first}")
        yield from self._strangers()

    def _strangers(self) -> Iterator[Problem]:
        """The entries whose address led to the report of another year or organ, and whose own did not come elsewhere;
        where not all titles are known, nothing is said of that."""
        for key, title in self._titles.items() if not self._untold else ():
            for label, url in {entry.label: entry.url for entry in self._entries.get(key, ()) if entry.called}.items():
                other = names_another(label, title)
                if other and all(names_another(label, name) for name in self._titles.values()):
                    yield Problem(ENTRY, url, f"{label!r} led to {title!r}, the report of another {other}")

    def _reached(self, steps: bool) -> set[str]:
        """The addresses from which a report is reached, by entries alone or by steps as well."""
        reached = set(self._kept)
        waiting = list(reached)
        while waiting:
            key = waiting.pop()
            sources = self._sources[False].get(key, set()) | (self._sources[True].get(key, set()) if steps else set())
            waiting += sources - reached
            reached |= sources
        return reached
