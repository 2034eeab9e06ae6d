"""What a request carries: one record under one key of its meta, and beside it what Scrapy and its parts look for.

The record is written by whoever makes the request; what happens to the request on its way is added to a copy, which
takes its place. All that the walk needs to go on from the answer is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from scrapy import Request

from crawler.archive.queries.addresses import Known
from crawler.portals.profile import Profile
from crawler.records.capture import Capture, Sent
from crawler.records.problems import Problem
from crawler.records.ways import ENDS, Next
from crawler.words.hosts import BROWSER, host_key

Purpose = Literal["page", "rendering", "script", "robots", "requisite"]
"""Whether a request asks for a page of the walk, has a browser show one that came, or asks, in another request's time
and once only, for what the scripts of such a page want or for robots.txt; or for what pages need to look as they
did."""

LARGEST_REQUISITE = 8 << 20
"""Bytes of one style, picture or font at most; fonts of all Chinese characters have five to eight million."""
_KEY = "luggage"
_SCRAPY: Mapping[Purpose, Mapping[str, Any]] = {
    # The walk follows redirects of pages itself: each hop is a capture.
    "page": {"dont_redirect": True},
    # scrapy-playwright renders what bears this.
    "rendering": {"playwright": True},
    "script": {},
    "robots": {},
    "requisite": {"dont_redirect": True, "download_maxsize": LARGEST_REQUISITE},
}
"""Keys of the meta that others than this project read, by the purpose of a request."""
_SLOT = "download_slot"
"""The key by which Scrapy's downloader and queue know a request's slot."""


@dataclass(frozen=True, slots=True)
class Original:
    """A page as it came, before a browser showed it: the capture, and its source as it was decoded."""

    capture: Capture
    html: str


@dataclass(frozen=True, slots=True)
class Answer:
    """When an answer came (UTC), its headers as they were sent, and the request `sent` as far as it is known.

    `source`: the web archive that it was captured by, None where it was not.
    """

    at: str
    headers: tuple[tuple[str, str], ...]
    sent: Sent | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a browser says of the document that it made: its name and version, what the page's scripts asked for and
    did not get, in words, and hosts that they asked for and may not."""

    browser: str
    unanswered: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Luggage:
    """What a request was made for: the portal's `profile`, and the `way`, which says where the page stands.

    `precedent`: the capture last seen at the address. `redirects`: those in a row that led here. `original`: with a
    rendering, what is to be shown.

    `is_last`: the page was answered by a challenge and is asked once more, at the end of all.

    Of its journey: `retries`: how often it was asked again. `lacks_rules`: robots.txt was not to be had yet.
    `host_problem`: of a host that is left alone from this request on. `answer`, `rendering`: of what came.
    """

    profile: Profile
    way: Next
    precedent: Known | None = None
    redirects: int = 0
    purpose: Purpose = "page"
    original: Original | None = None
    is_last: bool = False
    retries: int = 0
    lacks_rules: bool = False
    host_problem: Problem | None = None
    answer: Answer | None = None
    rendering: Rendering | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether the request may be asked again: what concerns a browser, and robots.txt, is asked once."""
        return self.purpose in ("page", "requisite")

    @property
    def leads_on(self) -> bool:
        """Whether other pages may follow from it in the walk."""
        return self.purpose == "page" and self.way.why not in ENDS

    def afresh(self, precedent: Known | None) -> Luggage:
        """For the same way once more, with nothing of its journey; `precedent`: conditional on that."""
        return Luggage(self.profile, self.way, precedent, self.redirects)

    def to_be_shown(self, original: Original, precedent: Known | None) -> Luggage:
        """For a browser to show what was served; `precedent`: what it showed there last."""
        return replace(self.afresh(precedent), purpose="rendering", original=original)

    def aside(self, purpose: Purpose) -> Luggage:
        """The luggage of a request that is made in this one's time."""
        return Luggage(self.profile, self.way, purpose=purpose)

    def meta(self) -> dict[str, Any]:
        """The meta of a request that carries this."""
        return {_KEY: self, **_SCRAPY[self.purpose]}


def luggage_of(request: Request) -> Luggage:
    """What a request carries; every request of this project does."""
    luggage = request.meta[_KEY]
    assert isinstance(luggage, Luggage)
    return luggage


def note(request: Request, **facts: Any) -> None:
    """Add what happened to a request on its way: fields of Luggage."""
    request.meta[_KEY] = replace(luggage_of(request), **facts)


def address_of(request: Request, url: str) -> str:
    """The address under which a request is known: `url`, where it came from or was sent to, and a POST's body."""
    return luggage_of(request).way.url if request.method == "POST" else url


def assign_slot(request: Request) -> str:
    """Say which slot a request stands in: the browser's, or its host's and port's. Return it."""
    slot = BROWSER if luggage_of(request).purpose == "rendering" else host_key(request.url)
    request.meta[_SLOT] = slot
    return slot


def slot_of(request: Request) -> str:
    """The slot that a request was assigned; empty: none yet."""
    return str(request.meta.get(_SLOT, ""))
