"""Challenges met in a run: when one is a page's own trouble, and when it is the host's (sources/obstacles#challenges).

One on a page that nothing is expected to lead on from is the page's: the host has a rest, the others are asked, and
the page once more at the end. A second in a row, or one in place of a home page, a column or a list, is the host's,
which is left alone for the rest of the run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.fetching.luggage import Luggage
from crawler.records.ways import ENDS

IN_A_ROW = 2
"""Challenges after which they are the host's."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A page that was answered by a challenge and is to be asked once more: its luggage, address and the marks."""

    luggage: Luggage
    url: str
    marks: str


@dataclass(slots=True)
class Shields:
    """`blocked`: the hosts that are left alone. `aside`: by portal, the pages that are to be asked once more.

    `past`: what answers are captures of a web archive: a challenge says nothing of the next, and no host is spared.
    """

    blocked: set[str] = field(default_factory=set)
    aside: dict[str, list[Aside]] = field(default_factory=dict)
    past: bool = False
    _row: Counter[str] = field(default_factory=Counter)

    def answered(self, url: str) -> None:
        """A page came from the host of `url`: what came before was no more than those pages'."""
        self._row.pop(urlsplit(url).netloc, None)

    def met(self, luggage: Luggage, url: str, marks: str) -> str | None:
        """A challenge came for a request; what a person is told of it, None where the page is asked once more."""
        host = urlsplit(url).netloc
        if self.past:
            return f"{marks}; what was captured is the challenge, and no proof that nothing stood behind it"
        self._row[host] += 1
        if host in self.blocked or self._row[host] >= IN_A_ROW:
            self.blocked.add(host)
            return f"{marks}; the {IN_A_ROW}nd in a row, the host is left alone for this run; {_LATER}"
        if _leads_on(luggage):
            self.blocked.add(host)
            return f"{marks}; in place of a page that leads on, the host is left alone for this run; {_LATER}"
        if luggage.is_last:
            return f"{marks}; asked twice, other pages of the host came; {_LATER}"
        self.aside.setdefault(luggage.profile.id, []).append(Aside(luggage, url, marks))
        return None

    def take(self, portal: str) -> list[Aside]:
        """The pages of a portal that are to be asked once more, each once."""
        return self.aside.pop(portal, [])


_LATER = "nothing is solved: ask again on another day with --retry-problems, or ask the portal's administrators"


def _leads_on(luggage: Luggage) -> bool:
    """Whether a home page, a column, a list, or what they redirect to, was asked for."""
    position = luggage.way.position
    if luggage.way.why == "redirect":
        return len(position.trail) <= 1
    return luggage.way.why not in ENDS
