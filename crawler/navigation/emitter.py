"""What follows from a page: each address once, on allowed hosts only, and what does not with its reason."""

from __future__ import annotations

from crawler.records.page import Page
from crawler.records.ways import PRIORITIES, Next, Plan, Position, Ways, Why
from crawler.words.addresses import canonical, host_of
from crawler.words.hosts import remedy


class Emitter:
    """Collects what follows, each address once and none that the trail came through, and books what does not."""

    def __init__(self, page: Page, position: Position, plan: Plan, ways: Ways) -> None:
        self.plan = plan
        self.ways = ways
        self._seen = {canonical(page.capture.url), *(canonical(step.url) for step in position.trail)}
        self._items: set[str] = set()
        self._hosts: dict[str, bool] = {}

    def allowed(self, url: str) -> bool:
        """Whether the profile allows the host; asked once a host."""
        host = host_of(url)
        if host not in self._hosts:
            self._hosts[host] = self.plan.allows(url)
        return self._hosts[host]

    def count(self, url: str) -> None:
        """Book an entry of the list, followed or not."""
        key = canonical(url)
        if key not in self._items:
            self._items.add(key)
            self.ways.items.append(key)

    def emit(
        self,
        url: str,
        label: str,
        position: Position,
        why: Why,
        bonus: int = 0,
        form: dict[str, str] | None = None,
    ) -> bool:
        """Follow `url`; False where it was booked as skipped instead. A wanted link to a forbidden host is a
        problem. `form`: see Next."""
        key = canonical(url)
        if key in self._seen:
            self.ways.skip("same_page", label, url)
            return False
        if not self.allowed(url):
            self.ways.skip("other_host", label, url)
            if why != "explore":
                self._seen.add(key)
                self.ways.problems.append(("host_not_allowed", f"{label!r} leads to {url}; {remedy(url)}"))
            return False
        self._seen.add(key)
        self.ways.next.append(Next(url, label, position, why, PRIORITIES[why] + bonus, form))
        return True
