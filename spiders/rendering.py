"""Which pages a browser is to show, and what is noted of those that it showed or could not."""

from __future__ import annotations

from collections import Counter

from crawler.fetching.luggage import Luggage
from crawler.portals.profile import Profile
from crawler.records.page import Page
from crawler.records.problems import Problem
from crawler.records.ways import ENDS
from crawler.words.text import one_line

MOST_FAILURES = 5
"""Pages in a row that the browser cannot show, after which a portal is walked as it is served: each costs minutes."""


class Screen:
    """The browser of a run, as the spider sees it: how often in a row it failed each portal."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()

    def wants(self, luggage: Luggage, page: Page, source: str | None) -> bool:
        """Whether a page is to be shown by a browser before the walk goes on: it came as it was served, is HTML with
        this `source`, and ways lead on from it, or it stands where a report was expected and has no text of its own."""
        profile, why = luggage.profile, luggage.way.why
        if not profile.browser or luggage.rendering is not None or source is None or page.capture.status != 200:
            return False
        if why == "attachment" or self._failures[profile.id] >= MOST_FAILURES:
            return False
        return page.kind == "other" or (page.kind in ("home", "column", "list") and why not in ENDS)

    def check(self, luggage: Luggage, page: Page) -> bool:
        """After a page that a browser showed: whether it may lack something, which what its scripts did not get is
        noted as. False for any other page."""
        if luggage.rendering is None:
            return False
        self._failures[luggage.profile.id] = 0
        unanswered = luggage.rendering.unanswered
        if not unanswered:
            return False
        more = f" and {len(unanswered) - 3} more" if len(unanswered) > 3 else ""
        page.problem("script_unanswered", "; ".join(unanswered[:3]) + more)
        return True

    def failed(self, profile: Profile, url: str, error: BaseException) -> Problem:
        """Count a page that the browser could not show; its problem."""
        self._failures[profile.id] += 1
        detail = one_line(str(error))[:200]
        if self._failures[profile.id] == MOST_FAILURES:
            detail += f"; the {MOST_FAILURES}th in a row, the portal is walked on as it is served"
        return Problem("not_rendered", url, detail)
