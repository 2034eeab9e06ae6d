"""A profile that is proposed for a portal, with what led to it and what of it is not sure."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.portals.notation import toml_of
from crawler.portals.profile import Profile
from crawler.words.counts import counted


@dataclass(slots=True)
class Proposal:
    """A profile with what led to it.

    `no_home`: why the home page could not be had, "" where it was. `listed`: entries of reports that lists showed,
    archived or not yet.
    """

    id: str
    name: str
    home: str
    region: str | None = None
    region_by: str = ""
    trail: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    no_home: str = ""
    make: str | None = None
    make_by: str = ""
    paging: list[str] = field(default_factory=list)
    reports: int = 0
    listed: int = 0
    years: list[int] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)


def as_toml(proposal: Proposal, profile: Profile) -> str:
    """The proposal as a profile, what is not sure as comments."""
    remarks = [f"Proposed by `nianbao portals probe {proposal.home}`; {counted(proposal.reports, 'report')} seen."]
    if proposal.make:
        remarks.append(
            f"Make: {proposal.make} ({proposal.make_by})."
            + (f" Paging: {', '.join(proposal.paging)}." if proposal.paging else "")
        )
    remarks += [f"Not sure: {doubt}" for doubt in proposal.uncertain]
    proposed = Profile(
        id=proposal.id,
        name=proposal.name,
        home=proposal.home,
        region=proposal.region or "",
        trail=tuple(proposal.trail) or None,
        hosts=tuple(proposal.hosts),
        delay=profile.delay,
        allow_private_addresses=profile.allow_private_addresses,
        browser=profile.browser,
        verified=False,
    )
    return toml_of(proposed, remarks)
