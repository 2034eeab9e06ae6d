"""What a profile's [expect] says of a healthy run, held against what the archive holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.items import Problem
from crawler.portals import Profile


def breaches(profile: Profile, years: range, counts: Mapping[int, int]) -> Iterator[Problem]:
    """One problem for each report year of `years` whose number of reports (`counts`) is outside the profile's band.

    Only years between the first and the last that have a report are held to it: a portal that begins in 2014 owes
    nothing for 2008, and the newest year may not be due yet. A portal without any report is a broken trail, told apart.
    """
    band = profile.reports_per_year
    held = [year for year in years if counts.get(year)]
    if band is None or not held:
        return
    for year in range(min(held), max(held) + 1):
        count = counts.get(year, 0)
        if band.min is not None and count < band.min:
            yield Problem("expectation", profile.home, f"{count} reports on {year}, at least {band.min} expected")
        elif band.max is not None and count > band.max:
            yield Problem("expectation_above", profile.home, f"{count} reports on {year}, at most {band.max} expected")
