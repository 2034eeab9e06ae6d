"""When a page that is archived is asked for again, and when a list is walked to its end: the policy, and its memory.

Home pages, columns and the first pages of lists are asked on every run; all below is about what they lead to.

- A page at the end of a trail (a report, an article, a dead link) is asked again when as much time has passed since it
  was last seen as it had been stable for by then, at least a day, at most 90: a report published yesterday is asked a
  day later, then after 2, 4, 8 … days; one published years ago every 90 days. Each address has its own share, 80 to 100
  per cent, of that time, so that what was first met on one day is not asked for on one day for ever.
- An address of a report that led to nothing is asked on every run until a second run has confirmed or denied it. One
  that is gone is asked every 90 days; where a list still leads to it, after 1, 2, 4 … days as any dead link.
- A list is walked to its end when it was not within 7 days, when the plan (profile, years, program) is another, when
  its first page has an entry that is not archived, when it states another number of entries than then, when the dates
  on its first page do not plainly fall, or when its last walk was not whole. Else its first page is all that is asked.

Worst case, with a run a day: a new report is met a day after it is listed on top, 8 days after it was slipped in
further down a list that states no total; a change of an old report 91 days after, one of a new report after as many
days again as it had stood unchanged; a removed report on the second run after its recheck was due, at the latest
92 days after it was taken down.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler import __version__
from crawler.archive.queries.addresses import Known
from crawler.archive.queries.reader import Reader
from crawler.navigation.memory import Leaf
from crawler.navigation.serialization import unpacked
from crawler.portals.profile import Profile
from crawler.records.capture import RENDERED
from crawler.records.errors import NianbaoError
from crawler.records.problems import RETRIED_KINDS
from crawler.records.ways import MAX_REDIRECTS, PRIORITIES, Next, Position, file_of
from crawler.words.durations import duration

FIRST = timedelta(days=1)
"""No page is asked again sooner: a run a day is the most that a portal should have to bear."""
LONGEST = timedelta(days=90)
"""A correction of an old report is rare, and a yearly report is cited for years: a season's delay is bearable."""
SWEEP = timedelta(days=7)
"""Reports are due once a year; a late insertion into an old list may wait a week."""
GRACE = timedelta(hours=2)
"""A timer that fires each day does not fire to the second; without grace every second run would come too early."""

_LEAST_SHARE = 0.8
_LEAVES = frozenset({"report", "article", "missing", "attachment", "redirect"})


@dataclass(frozen=True, slots=True)
class Policy:
    """`age`: ask again what has not answered for so long, not by the rule above. `retry`: what had problems, too."""

    now: datetime
    age: timedelta | None = None
    retry: bool = False

    def due(self, address: Known) -> bool:
        """Whether it is time to ask for a page again."""
        if address.doubted or address.lifted:
            return True
        unseen = self.now - _time(address.answered_at)
        if self.age is not None:
            return unseen >= self.age
        stable = _time(address.answered_at) - _time(address.stable_since)
        wait = LONGEST if address.gone else min(max(stable, FIRST), LONGEST)
        return unseen + GRACE >= wait * _share(address.url)

    def too_soon(self, answered_at: str) -> bool:
        """Whether no page that answered then can be due: told without looking closer."""
        return self.now - _time(answered_at) + GRACE < FIRST * _LEAST_SHARE and self.age is None

    def sweeps(self, swept_at: str) -> bool:
        """Whether a list last walked to its end at `swept_at` is to be walked to its end again."""
        return self.retry or self.now - _time(swept_at) + GRACE >= (SWEEP if self.age is None else self.age)


def parse_recheck(text: str) -> timedelta | None:
    """The age that `--recheck` names: 12h, 30d, 2w, or `all`; None where it is empty. Raises NianbaoError."""
    if not text:
        return None
    age = timedelta(0) if text == "all" else duration(text, "hdw")
    if age is None:
        raise NianbaoError(f"--recheck is {text!r}; expected an age in hours, days or weeks as in 12h, 30d, 2w, or all")
    return age


def plan_hash(profile: Profile, years: range) -> str:
    """What a walk looks for and by which program, as `lists.plan` has it."""
    what = (
        __version__,
        profile.home,
        profile.region,
        profile.trail,
        profile.hosts,
        years.start,
        years.stop,
        *(["browser"] if profile.browser else ()),
    )
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


class ArchiveMemory:
    """The memory of one portal's walk, read from the archive as it was when the run began (navigation.memory.Memory).

    `plan`: hash of what is looked for, as `lists.plan` has it. Raises sqlite3.Error where the file cannot be read.
    """

    def __init__(self, archive: Reader, portal: str, plan: str, years: range, policy: Policy) -> None:
        self._addresses, self._lists = archive.addresses, archive.lists
        self._portal = portal
        self.plan = plan
        self._years = years
        self._policy = policy

    def leaf(self, url: str) -> Leaf | None:
        """The page last seen at `url`, where nothing leads on from it."""
        return self._leaf(url, MAX_REDIRECTS)

    def _leaf(self, url: str, redirects: int) -> Leaf | None:
        """As `leaf`. A redirect is one if what it leads to is: its target may have failed, or the run ended before."""
        answer = self._addresses.kind_there(url)
        if answer is not None and answer[0] == "other":
            # Served bytes that are no more than a shell: what a browser made of them decides.
            url += RENDERED
            answer = self._addresses.kind_there(url)
        if answer is None or answer[0] not in _LEAVES or answer[1] >= 500:
            return None
        if answer[0] == "redirect" and redirects:
            targets = self._targets(url)
            if targets is None or not all(self._settled(target, redirects - 1) for target in targets):
                return None
        if answer[0] != "missing" and self._policy.too_soon(answer[2]):
            return Leaf(answer[0], self._failed(url))
        address = self._addresses.last_seen(url)
        return Leaf(answer[0], address is None or self._policy.due(address) or self._failed(url))

    def _settled(self, target: str, redirects: int) -> bool:
        """Whether what a redirect leads to is archived; the home page, where dead links often lead, always is."""
        answer = self._addresses.kind_there(target)
        return (answer is not None and answer[0] == "home") or self._leaf(target, redirects) is not None

    def _targets(self, url: str) -> list[str] | None:
        """Where the redirect last seen at `url` led: nowhere that may be followed, or one place; None: not known."""
        address = self._addresses.last_seen(url)
        ways = None if address is None else self._addresses.ways(address.capture_id)
        try:
            return None if ways is None else [way.url for way in unpacked(ways).next]
        except (ValueError, KeyError, TypeError, zlib.error):
            return None

    def rests(self, list_url: str, stated: int | None) -> bool:
        """Whether nothing speaks for walking the list to its end."""
        ledger = self._lists.known(self._portal, list_url)
        return (
            ledger is not None
            and ledger.plan == self.plan
            and ledger.stated == stated
            and not self._policy.sweeps(ledger.swept_at)
        )

    def due(self) -> Iterator[Next]:
        """The portal's reports whose recheck is due, from where they stood."""
        for address, report_year in list(self._addresses.reports(self._portal)):
            wanted = report_year is None or report_year in self._years
            if wanted and (self._policy.due(address) or self._failed(address.url)):
                position = _position(address)
                label = position.trail[-1].label if position.trail else "首页"
                yield Next(address.url.removesuffix(RENDERED), label, position, "recheck", PRIORITIES["recheck"])
        for url, words, address in list(self._addresses.attachments(self._portal)):
            # A file that was asked for and did not come, or never was since the run was ended, is asked for until it is
            # here; one that is here as any other page.
            leaf = self.leaf(url)
            if leaf is None or leaf.due:
                yield file_of(url, words, _position(address))

    def _failed(self, url: str) -> bool:
        return self._policy.retry and self._addresses.had_problem(url, RETRIED_KINDS)


def _position(address: Known) -> Position:
    """Where a report stood, as far as its capture says."""
    said = address.context
    return Position(
        trail=address.trail,
        in_column=True,
        year=said.column_year,
        region=said.column_region,
        organ_kind=said.column_kind,
    )


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _share(url: str) -> float:
    """From 0.8 to 1.0, the same for an address on every run."""
    return _LEAST_SHARE + hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=1).digest()[0] / 255 * (
        1 - _LEAST_SHARE
    )
