"""What navigation hands around: where a page stands, what leads on from it, and what the profile says of the way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Literal

from crawler.records.capture import Step
from crawler.records.report import OrganKind

Why = Literal["step", "item", "paging", "iframe", "redirect", "explore", "recheck", "attachment", "requisite"]
Group = Literal["city", "districts", "departments", "townships", "zones"]

PRIORITIES: dict[Why, int] = {
    "attachment": 45,
    "item": 40,
    "paging": 30,
    "redirect": 25,
    "iframe": 25,
    "step": 20,
    "recheck": 10,
    "explore": 0,
    "requisite": -10,
}
"""Greater first: what is nearest to reports is fetched first; exploring adds up to 9 by how well the label fits."""

ENDS: frozenset[Why] = frozenset({"item", "recheck", "attachment", "requisite"})
"""Why a page was asked that nothing is expected to lead on from."""

MAX_REDIRECTS = 5
"""Redirects in a row, in HTTP or in the page; RFC 9110 15.4 leaves the number to the client, RFC 9309 names five."""

MAX_SIBLINGS = 12
"""Hosts beside the home's that a walk asks because they are of its site: a portal's platforms are two or three, and a
province's name has those of all its departments below it."""

LEADING_PAGES = 500
"""Pages that lead on (columns, pages of lists) that a walk may cost beside those that its reports pay for: a portal
whose every page is a new column ends here, after a quarter of an hour at a page a second."""

SKIP_REASONS: dict[str, str] = {
    "bad_link": "an address that cannot be read, a template's placeholder, or no address at all",
    "too_deep": "the trail would have more steps than any real one",
    "no_label": "a link without words, title or picture text",
    "no_new_item": "a further page of a list that had just shown nothing new",
    "not_http": "mailto:, javascript: and other links that are no address on the web",
    "off_trail": "the label fits no step of the trail",
    "other_column": "an entry of another column: news, related links, other lists",
    "other_host": "a link of the trail to a host that the profile does not allow",
    "paging": "a control of the list's pages; the paging rules decide about these",
    "same_page": "the page itself, or an address that stood on it before",
    "search_form": "a search, whose results are endless",
    "seen": "an address that was asked before, in this run, or in an earlier one and is not due again",
    "settled": "a further page of a list that was walked to its end lately, where all on this page is archived",
    "trap": "a calendar, a tag cloud or another link into endlessly many pages",
    "veto": "words that mark something else beside the list: rules, notices, budgets, the website's own report",
    "wrong_year": "a year outside the years asked for",
}
"""Why a link was not followed: the closed list, with what each reason means."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page stands on the trail.

    `year` is what a year step said; `region` the GB/T 2260 code of a region step (a district's own name); `organ_kind`
    and `group` what a group step said (市直部门: department, "departments"). `list_url`: first page of the list that
    this page continues, `page_no` its number from 1. `column_url`: the column's address on this host. `explored`: steps
    off the trail. `attached`: a file of the report that the trail led to.
    """

    trail: tuple[Step, ...] = ()
    in_column: bool = False
    year: int | None = None
    region: str | None = None
    organ_kind: OrganKind | None = None
    group: Group | None = None
    list_url: str | None = None
    page_no: int = 1
    column_url: str | None = None
    explored: int = 0
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """A request that follows from a page. `priority`: greater first. `url` names a POST's body too (words/posts.py).

    `form`: what a POST sends along that does not name the page.
    """

    url: str
    label: str
    position: Position
    why: Why
    priority: int
    form: dict[str, str] | None = None


@dataclass(slots=True)
class Ways:
    """All that leads on from a page, and all that does not.

    `skipped`: links by reason (SKIP_REASONS). `items`: canonical addresses of the list's entries, also of those not
    followed. `stated_total`, `stated_pages`: what the list says of itself. `paging_rule`: the convention that was
    recognised, also where there is but one page. `problems`: (kind of PROBLEM_KINDS, detail). `labels`: the first 40
    that stood there. `newest_first`: whether the dates of the list's rows fall from row to row; asked only where it
    matters. `untaken`: the links of `skipped`, each with its label and its address, as far as it has them; they are not
    kept with the page.
    """

    next: list[Next] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)
    stated_total: int | None = None
    stated_pages: int | None = None
    paging_rule: str | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    newest_first: Callable[[], bool] = lambda: False
    untaken: list[tuple[str, str, str]] = field(default_factory=list)

    def skip(self, reason: str, label: str = "", address: str = "") -> None:
        """Count one link not followed, and keep its words and where it leads."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1
        self.untaken.append((label, address, reason))


Years = range | frozenset[int]
"""Report years: a span, or single ones."""


def years_of(years: Collection[int]) -> Years:
    """Report years as a span where they are one without gaps, else as single ones."""
    least, most = min(years, default=0), max(years, default=-1)
    return range(least, most + 1) if len(years) == most + 1 - least else frozenset(years)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the profile says of the way.

    `labels`: the trail of the profile, for each step the labels that fit, "{year}" and "{region}" being marks; None for
    the usual names. `years`: report years wanted. `allows`: whether a URL's host may be fetched. `sibling`: whether it
    may only because it is of the home's site, of whose hosts no more than MAX_SIBLINGS are asked.
    `wide`: look around behind any short link, whatever its words.
    """

    home: str
    region: str
    labels: tuple[tuple[str, ...], ...] | None
    years: Years
    allows: Callable[[str], bool]
    sibling: Callable[[str], bool] = lambda url: False
    wide: bool = False


def file_of(url: str, label: str | None, position: Position) -> Next:
    """The way to a file of the report that stands at `position`."""
    words = label or url.rsplit("/", 1)[-1]
    there = replace(position, trail=(*position.trail, Step(words, url)), attached=True)
    return Next(url, words, there, "attachment", PRIORITIES["attachment"])
