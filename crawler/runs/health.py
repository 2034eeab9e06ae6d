"""Was it a healthy run? What a portal yielded, held against its profile's [expect] and against the run before.

Told once, by the run that sees it: the numbers of the last finished run are what the next is measured by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from crawler.portals.profile import Band, Profile
from crawler.records.problems import Problem
from crawler.words.counts import counted

FEW_ITEMS = 4
"""A list this short may lose half of its entries without anything being wrong."""
FEW_PROBLEMS = 10
"""So many problems more than in any run before are no rise yet: one dead district brings a handful."""
RUNS_COMPARED = 5
MIN_KIN = 5
"""Portals of one level in a run that say what is usual."""
MIN_USUAL = 10
"""Reports that most of them have to have: a level of small portals says nothing."""


@dataclass(slots=True)
class Yield:
    """What a portal yielded, as `runs.yields` keeps it.

    `reports`: those in the archive and not gone; `listed`: those of them that a page met in the walk still leads to, or
    whose list was rightly not asked; `years`: these by report year; `with_text`: how many of `reports` have their text;
    `list_pages`: pages of the lists as last walked to their end.
    """

    reports: int = 0
    listed: int = 0
    with_text: int = 0
    list_pages: int = 0
    years: dict[str, int] = field(default_factory=dict)

    def count(self, report_year: int | None, listed: bool, has_text: bool) -> None:
        """Take in one report that is not gone."""
        self.reports += 1
        self.with_text += has_text
        if listed:
            self.listed += 1
            if report_year is not None:
                self.years[str(report_year)] = self.years.get(str(report_year), 0) + 1

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {"years": dict(sorted(self.years.items()))}


def breaches(profile: Profile, years: range, counts: Mapping[int, int], now: Yield) -> Iterator[Problem]:
    """What the profile's [expect] says and the portal did not yield.

    `counts`: reports by year. Of `reports_per_year` only years between the first and the last that have a report are
    held to it: a portal that begins in 2014 owes nothing for 2008, and the newest year may not be due yet. A portal
    without any report is a broken trail, told apart.
    """
    expect, home = profile.expect, profile.home
    held = [year for year in years if counts.get(year)]
    if expect.reports_per_year is not None and held:
        for year in range(min(held), max(held) + 1):
            yield from _outside(expect.reports_per_year, counts.get(year, 0), f"reports on {year}", home)
    if expect.reports is not None:
        yield from _outside(expect.reports, now.reports, "reports", home)
    if expect.list_pages is not None:
        yield from _outside(expect.list_pages, now.list_pages, "pages of lists", home)
    share = now.with_text / now.reports if now.reports else 1.0
    if expect.with_text is not None and share < expect.with_text:
        yield Problem(
            "expectation", home, f"{share:.0%} of the reports have their text, {expect.with_text:.0%} expected"
        )


def _outside(band: Band, count: int, what: str, home: str) -> Iterator[Problem]:
    if band.min is not None and count < band.min:
        yield Problem("expectation", home, f"{count} {what}, at least {band.min} expected")
    elif band.max is not None and count > band.max:
        yield Problem("expectation_above", home, f"{count} {what}, at most {band.max} expected")


def losses(profile: Profile, years: range, before: Mapping[str, Any] | None, now: Yield) -> Iterator[Problem]:
    """What lists led to when the portal was last walked to its end (`before`, a Yield as kept) and lead to no more."""
    if before is None:
        return
    for year in years:
        former = before["years"].get(str(year), 0)
        if former and not now.years.get(str(year)):
            yield Problem(
                "year_emptied", profile.home, f"{counted(former, 'report')} on {year} listed before, now none"
            )
    drop, former = profile.expect.max_drop, before["listed"]
    if drop is not None and now.listed < former * (1 - drop):
        detail = f"{counted(now.listed, 'report')} listed, {former} before; a drop of at most {drop:.0%} is expected"
        yield Problem("expectation", profile.home, detail)


def shrunk(url: str, before: int, now: int) -> Iterator[Problem]:
    """A list with less than half of the entries that it had."""
    if before >= FEW_ITEMS and now * 2 < before:
        yield Problem("list_shrank", url, f"the list had {before} entries, now it has {now}")


def meagre(profiles: Sequence[Profile], yields: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Profile, Problem]]:
    """The portals that yielded less than a fifth of what most portals of their level (province, city, county) did.

    `yields`: by portal, as kept, of those that this run walked to their end. What a profile expects goes before: where
    it says how many reports are healthy, nothing is compared.
    """
    levels: dict[int, dict[str, int]] = {}
    for profile in profiles:
        if profile.id in yields:
            levels.setdefault(_level(profile.region), {})[profile.id] = yields[profile.id]["reports"]
    for profile in profiles:
        kin = levels.get(_level(profile.region), {})
        if profile.id not in kin or len(kin) < MIN_KIN or profile.expect.reports is not None:
            continue
        usual, count = int(median(kin.values())), kin[profile.id]
        if usual >= MIN_USUAL and count * 5 < usual:
            detail = f"{count} reports, most of the {len(kin)} portals of its level in this run have {usual} or more"
            yield profile, Problem("portal_meagre", profile.home, detail)


def _level(region: str) -> int:
    """0 for the code of a province, 1 of a city, 2 of a county."""
    return 0 if region.endswith("0000") else 1 if region.endswith("00") else 2


def rise(home: str, before: Sequence[int], now: int) -> Iterator[Problem]:
    """More than twice as many problems as in any of the last runs of the same portals, and not just a few more."""
    if before and now > 2 * max(before) and now - max(before) > FEW_PROBLEMS:
        worst = max(before)
        yield Problem(
            "problems_rose",
            home,
            f"{counted(now, 'problem')}, at most {worst} in the last {counted(len(before), 'run')}",
        )
