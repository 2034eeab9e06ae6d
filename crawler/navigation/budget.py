"""What a walk may cost, so that a portal without an end has one, and what a walk that was stopped has left undone."""

from __future__ import annotations

from collections import Counter

from crawler.records.ways import LEADING_PAGES, Next, Why
from crawler.words.counts import counted

PER_REPORT = 2
"""Pages that lead on that a report pays for: where each unit has a page for each year, the unit's and the year's."""

_NAMES: dict[Why, tuple[str, str]] = {
    "step": ("column", "columns"),
    "item": ("entry of lists", "entries of lists"),
    "paging": ("further page of lists", "further pages of lists"),
    "iframe": ("frame", "frames"),
    "redirect": ("target of redirects", "targets of redirects"),
    "explore": ("page off the trail", "pages off the trail"),
    "recheck": ("report to be asked again", "reports to be asked again"),
    "attachment": ("file", "files"),
}
"""What a request is for, in a problem's words: one, and several."""


class Budget:
    """Pages that lead on: so many are free, and each report that is met pays for two more."""

    def __init__(self, free: int = LEADING_PAGES) -> None:
        self._free = free
        self._spent = 0
        self._titles: set[str] = set()

    def earn(self, title: str) -> None:
        """A report was met; one that says the same under ever new addresses pays once."""
        self._titles.add(title)

    def spend(self) -> str:
        """Pay for a page that leads on; why the walk is to be stopped where that is too much, else empty."""
        self._spent += 1
        if self._spent <= self._free + PER_REPORT * len(self._titles):
            return ""
        return f"{counted(self._spent, 'page')} led on, {counted(len(self._titles), 'report')} met"


class Remainder:
    """The requests that a walk did not make because it was stopped."""

    def __init__(self) -> None:
        self._counts: Counter[Why] = Counter()
        self._first = ""

    def __bool__(self) -> bool:
        return bool(self._counts)

    def add(self, way: Next) -> None:
        """Count a request that was not made."""
        self._counts[way.why] += 1
        self._first = self._first or way.url

    def __str__(self) -> str:
        """How many requests were not made, of what, and the first of them."""
        parts = ", ".join(counted(count, *_NAMES[why]) for why, count in self._counts.most_common())
        requests = counted(self._counts.total(), "request")
        return f"{requests} left ({parts}), the first to {self._first}; the next run goes on"
