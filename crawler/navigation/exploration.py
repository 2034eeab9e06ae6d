"""Looking around off the trail: the pages that might lead to the column, likeliest first, within a number of pages."""

from __future__ import annotations

from collections.abc import Callable

from crawler.records.ways import Next

MAX_EXPLORED = 60
"""Pages a portal may cost off the trail: a home page's whole top menu and the columns under two of its entries."""


class Exploration:
    """The pages off the trail that wait to be looked at; `spent` once one would have been more than `most`."""

    def __init__(self, most: int = MAX_EXPLORED) -> None:
        self.spent = False
        self._allowance = most
        self._waiting: list[Next] = []

    def keep(self, way: Next) -> None:
        """Have a page wait for its turn."""
        self._waiting.append(way)

    def best(self, asked: Callable[[Next], bool]) -> Next | None:
        """The likeliest page that was not `asked` for by now, of equal ones the first met; None: no more is allowed."""
        self._waiting.sort(key=lambda way: -way.priority)
        while self._waiting:
            way = self._waiting.pop(0)
            if asked(way):
                continue
            if self._allowance <= 0:
                self.spent = True
                return None
            self._allowance -= 1
            return way
        return None

    def waiting(self, asked: Callable[[Next], bool]) -> list[Next]:
        """What waits and was not `asked` for by now."""
        return [way for way in self._waiting if not asked(way)]
