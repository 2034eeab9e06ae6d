"""Two things that a walk must not go on with for ever: redirects in a circle, and ever more hosts of the same site."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.records.ways import MAX_REDIRECTS, MAX_SIBLINGS, Plan
from crawler.words.addresses import canonical
from crawler.words.hosts import host_key

MAX_BOUNCES = 2
"""Times that an address may redirect in a circle, each time with a cookie (sources/obstacles#cookies)."""


@dataclass(slots=True)
class Circles:
    """Where each address that redirects led, in canonical form, in the order in which it was asked."""

    _targets: dict[str, list[str]] = field(default_factory=dict)

    def book(self, url: str, target: str) -> None:
        """An address redirected."""
        self._targets.setdefault(canonical(url), []).append(canonical(target))

    def leads_back(self, url: str) -> bool:
        """Whether the redirects from `url` on lead to it again."""
        start = at = canonical(url)
        for _ in range(MAX_REDIRECTS + 1):
            if at not in self._targets:
                return False
            at = self._targets[at][-1]
            if at == start:
                return True
        return False

    def may_bounce(self, url: str) -> bool:
        """Whether `url` may be asked again, having set a cookie: browsers do so until they give up."""
        return len(self._targets.get(canonical(url), ())) <= MAX_BOUNCES


@dataclass(slots=True)
class Siblings:
    """The hosts that a walk asked for no other reason than that they are of the home's site."""

    _hosts: set[str] = field(default_factory=set)

    def is_too_many(self, url: str, plan: Plan) -> bool:
        """Whether `url` is on one more of them than are asked; else its host is one of them from now on."""
        if not plan.sibling(url) or host_key(url) in self._hosts:
            return False
        if len(self._hosts) >= MAX_SIBLINGS:
            return True
        self._hosts.add(host_key(url))
        return False
