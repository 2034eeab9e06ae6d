"""Numbers of reports among those of all archives. What two archives met in one second may have one number, for that has
few digits of what was met: then a merge moves the one that comes later, and so does a corpus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crawler.archive.corpus.union import Claim
from crawler.archive.merge.order import Words, free

NEAR = 100
"""So far beside a number that two archives have it is known which others are taken."""


def apart(claims: Iterable[Claim], near: frozenset[int]) -> list[Claim]:
    """The claims with numbers of their own, as a merge gives them that takes the archives by name.

    `near`: numbers that reports of any archive have, at most NEAR beside those that several have. Reports of one
    address keep one number: they are one capture.
    """
    claims = sorted(claims, key=lambda claim: (claim.holder, claim.number))
    others = near.difference(claim.number for claim in claims)
    held: dict[int, Words] = dict.fromkeys(others, ())
    settled = []
    for claim in claims:
        words = (claim.founded_url,)
        place = free(claim.number, words, held.get)
        held[place] = words
        settled.append(claim if place == claim.number else replace(claim, place=place))
    return settled
