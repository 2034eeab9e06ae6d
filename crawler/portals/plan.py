"""What a walk through a portal is after, as its profile says."""

from __future__ import annotations

from functools import lru_cache

from crawler.portals.profile import Profile
from crawler.records.ways import Plan, Years


@lru_cache(maxsize=1024)
def plan_of(profile: Profile, years: Years, wide: bool = False) -> Plan:
    """The plan of a walk through a portal for the report years `years`; `wide`: see Plan."""
    return Plan(
        home=profile.home,
        region=profile.region,
        labels=tuple((label,) for label in profile.trail) if profile.trail else None,
        years=years,
        allows=profile.allows,
        sibling=profile.sibling,
        wide=wide,
    )
