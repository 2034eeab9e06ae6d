"""One page that came, held against what the archive knows of its address. Knows nothing of how it was fetched."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from crawler.archive.archive import Archive
from crawler.archive.file.blobs import digest
from crawler.archive.queries.addresses import Known
from crawler.fetching.luggage import Luggage
from crawler.navigation.serialization import unpacked
from crawler.navigation.survey import Survey, survey_again
from crawler.navigation.walk import Walk
from crawler.records.capture import Capture, Context
from crawler.records.errors import ArchiveError
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import ATTENTION_KINDS, Problem
from crawler.records.ways import ENDS, Next, Position, Ways

_ENDS_THERE = frozenset({"report", "article", "attachment"})
"""Kinds of pages that nothing leads on from where a list led to them: the same again, they need not even be parsed."""


@dataclass(slots=True)
class Visit:
    """A capture with the luggage of its request, in the walk it belongs to.

    `twin`: what is archived, where the capture says nothing new.
    """

    luggage: Luggage
    walk: Walk
    archive: Archive
    capture: Capture
    context: Context
    twin: Known | None

    @property
    def position(self) -> Position:
        """Where the page stands on the trail."""
        return self.luggage.way.position

    def is_same_at_an_end(self) -> bool:
        """Whether it is the same again, and nothing leads on from it."""
        return self.twin is not None and self.twin.kind in _ENDS_THERE and self.leads_nowhere

    def known_ways(self) -> Ways | None:
        """What leads on from a page that is the same again; None where that is not known, or is no redirect's business,
        or is what scripts build, which changes behind a page that does not."""
        twin = self.twin
        if twin is None or twin.kind == "redirect" or (self.luggage.profile.browser and not self.capture.rendered):
            return None
        ways = self.archive.addresses.ways(twin.capture_id, self.walk.seal(self.position))
        try:
            return None if ways is None else unpacked(ways)
        except (ValueError, KeyError, TypeError, zlib.error):
            return None

    def known_page(self) -> Page:
        """A page that is the same again, as far as the walk looks at it, without reading it."""
        assert self.twin is not None
        self.capture.status = self.twin.status
        page = Page(self.capture, self.context, kind=self.twin.kind)
        page.breadcrumb = self.archive.addresses.breadcrumb(self.twin.capture_id)
        return page

    def restore(self) -> bool:
        """Put the archived page in the place of a 304 that speaks of it; False where its body is damaged."""
        precedent = self.luggage.precedent
        if precedent is None or self.capture.status != 304:
            return True
        try:
            body = self.archive.captures.body(precedent.sha256)
        except ArchiveError:
            return False
        if body is None:
            return False
        self.capture.status, self.capture.headers, self.capture.body = precedent.status, precedent.headers, body
        return True

    def arrive(self, page: Page, survey: Survey | None) -> list[Next]:
        """Have the walk take the page in; return what follows (Walk.arrive)."""
        way = self.luggage.way
        return self.walk.arrive(page, way.position, way.why, self.luggage.redirects, survey)

    def arrive_known(self, page: Page, ways: Ways) -> list[Next]:
        """Have the walk take in a page that was not read again; return what follows."""
        way = self.luggage.way
        return self.arrive(page, survey_again(page, way.position, way.why, ways))

    @property
    def leads_nowhere(self) -> bool:
        """Whether nothing is expected to lead on from it."""
        return self.luggage.way.why in ENDS

    def item(self, page: Page) -> Page | SeenAgain:
        """What is to be archived of it: the page, or that it was seen again."""
        return page if self.twin is None else self.again(_pressing(page), page.ways)

    def again(self, problems: tuple[Problem, ...] = (), ways: tuple[str, bytes] | None = None) -> SeenAgain:
        """That what is archived was seen again."""
        assert self.twin is not None
        capture = self.capture
        return SeenAgain(
            self.twin.capture_id, capture.address, capture.fetched_at, self.luggage.profile.id, problems, ways
        )


def visit_of(luggage: Luggage, walk: Walk, archive: Archive, capture: Capture, url: str) -> Visit:
    """The visit that a capture from `url` is, an answer to the request with this luggage."""
    context = walk.context(url, luggage.way.position)
    precedent = luggage.precedent
    twin = precedent if precedent is not None and says_nothing_new(precedent, capture, context) else None
    return Visit(luggage, walk, archive, capture, context, twin)


def says_nothing_new(known: Known, capture: Capture, context: Context) -> bool:
    """Whether a response says nothing that is not archived: a 304, or the same bytes as before, and no doubt."""
    if known.doubted or known.gone or known.lifted or known.kind in ("missing", "challenge"):
        return False
    if known.context != context:
        return False
    if capture.status == 304:
        return True
    if known.status != capture.status or known.sha256 != digest(capture.body):
        return False
    # A redirect has no body to speak of: where it leads is what it says.
    before = Capture(known.url, known.status, known.headers, b"", "")
    return not 300 <= known.status < 400 or before.header("location") == capture.header("location")


def _pressing(page: Page) -> tuple[Problem, ...]:
    """The problems of an unchanged page that are told on every run."""
    return tuple(problem for problem in page.problems if problem.kind in ATTENTION_KINDS)
