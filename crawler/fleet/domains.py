"""Politeness domains: portals that may ask a common host, directly or over others, are never asked at a time.

A domain is a connected component of portals by the hosts that their profiles allow (portals.profile.Profile.allows):
the home's, those that `hosts` names, and those of the home's site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from crawler.portals.profile import DEFAULT_PORTS, Profile
from crawler.words.hosts import site_of

Claim = tuple[str, bool, int | None]
"""A host; whether those below it are meant and it is not; the port, None for the usual ones."""


def domains(profiles: Iterable[Profile]) -> dict[str, str]:
    """The domain of each portal, by id: the first id, by the alphabet, of those that it is connected to."""
    leader: dict[str, str] = {}

    def lead(portal: str) -> str:
        while leader[portal] != portal:
            leader[portal] = leader[leader[portal]]
            portal = leader[portal]
        return portal

    claimed: dict[Claim, str] = {}
    claims = [(profile.id, claim) for profile in profiles for claim in claims_of(profile)]
    for portal, claim in claims:
        leader.setdefault(portal, portal)
        claimed.setdefault(claim, portal)
    for portal, claim in claims:
        for other in (claim, *_above(claim)):
            if other in claimed:
                first, second = sorted((lead(portal), lead(claimed[other])))
                leader[second] = first
    return {portal: lead(portal) for portal in leader}


def claims_of(profile: Profile) -> set[Claim]:
    """The hosts that a profile allows."""
    home = urlsplit(profile.home)
    host, usual = home.hostname or "", {None, _port(home.port)}
    claims = {(host, False, port) for port in usual}
    if (site := site_of(host)) is not None:
        claims |= {(site, below, port) for below in (False, True) for port in usual}
    for pattern in profile.hosts:
        match = re.fullmatch(r"(\*\.)?(.*?)(?::(\d+))?", pattern)
        assert match is not None
        ports = usual if match[3] is None else {_port(int(match[3]))}
        claims |= {(match[2].strip("[]"), match[1] is not None, port) for port in ports}
    return claims


def _above(claim: Claim) -> Iterator[Claim]:
    """The patterns that cover hosts of a claim, as wide or wider."""
    host, below, port = claim
    if below:
        yield host, True, port
    while host := host.partition(".")[2]:
        yield host, True, port


def _port(port: int | None) -> int | None:
    return None if port in DEFAULT_PORTS.values() else port
