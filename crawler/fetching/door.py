"""What one page's browser may have: the page as it was served, and what its scripts ask of the profile's hosts."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from playwright.async_api import Error, Page, Route
from playwright.async_api import TimeoutError as WaitedError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.fetching.guards import HostNotAllowedError
from crawler.fetching.luggage import Luggage
from crawler.words.hosts import host_key
from crawler.words.text import one_line

MOST_REQUESTS = 60
"""Requests of one page's scripts; a list asks for a dozen scripts and an answer or two."""
MOST_KEPT = 32 * 1024 * 1024
"""Bytes of scripts that are kept for the run: the pages of a portal share theirs, and one answer serves all."""
GRACE = 10.0
"""Seconds in which Chromium must show what it was given, and again hand over the document."""
_SCRIPT = "script"
_NEEDED = frozenset({_SCRIPT, "xhr", "fetch"})
"""What a document is built from, by Playwright's names of resource types."""
_PASSED_ON = ("accept", "content-type", "referer", "x-requested-with")
_LEFT_OUT = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})
"""Headers of an answer that no longer hold: its codings are undone."""


class BrowserError(Exception):
    """A page that could not be rendered; the message says why."""


@dataclass
class Door:
    """What one page's browser may have: the page as it was served, and what its scripts ask of the profile's hosts.

    `luggage`: that of the request that has the page shown. `scripts`: those that came earlier in the run, by address.
    `unanswered`: what the document lacks, in words; `refused`: hosts outside the profile that it was asked for.
    """

    crawler: Crawler
    url: str
    html: str
    luggage: Luggage
    scripts: dict[str, Response]
    page: Page | None = None
    entered: bool = False
    asked: int = 0
    unanswered: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    shut: asyncio.Event = field(default_factory=asyncio.Event)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def delay(self) -> float:
        """Seconds between two requests of the page's host, which are not the page's to answer for."""
        assert self.crawler.engine is not None
        slot = self.crawler.engine.downloader.per_slot_settings.get(host_key(self.url), {})
        return float(slot.get("delay", self.luggage.profile.delay))

    async def open(self, page: Page, request: Request) -> None:
        """Stand between a new page and the network (scrapy-playwright's playwright_page_init_callback)."""
        # Where Chromium died the page is opened again, in another one.
        self.page, self.entered, self.asked = page, False, 0
        self.unanswered.clear()
        await page.route("**/*", self.answer)
        page.on("popup", _close)

    async def answer(self, route: Route) -> None:
        """Answer one request of the page, or refuse it. Never raises: the page may be gone by then."""
        with suppress(Error):
            asked = route.request
            if asked.is_navigation_request():
                await self._navigate(route)
            elif asked.resource_type not in _NEEDED:
                await route.abort()
            elif (kept := self.scripts.get(asked.url)) is not None and asked.method == "GET":
                await _fulfil(route, kept)
            else:
                await self._fetch(route)

    async def _navigate(self, route: Route) -> None:
        """The page itself, once; frames and pages that a script moves on to are the walk's business."""
        assert self.page is not None
        if self.entered or route.request.frame != self.page.main_frame:
            # No content: the document that stands there stays. Refused, it would give way to Chromium's own error page.
            await route.fulfill(status=204)
            return
        self.entered = True
        await route.fulfill(
            status=200, content_type="text/html; charset=utf-8", body=self.html.encode("utf-8", "replace")
        )

    async def _fetch(self, route: Route) -> None:
        """Ask in turn, one thing at a time: what still waits when the door shuts is never sent."""
        async with self.turn:
            if self.shut.is_set() or self.asked >= MOST_REQUESTS:
                self._lacks(route, "not asked: its time or its number of requests was used up")
                await route.abort()
                return
            self.asked += 1
            download = asyncio.ensure_future(self._download(route))
            shut = asyncio.ensure_future(self.shut.wait())
            await asyncio.wait({download, shut}, return_when=asyncio.FIRST_COMPLETED)
            shut.cancel()
        if not download.done():
            # A request that is under way is not torn off: it ends by itself, and nobody waits for it.
            self._lacks(route, "no answer in time")
            await route.abort()
            return
        response = download.result()
        if response is None:
            await route.abort()
            return
        if route.request.resource_type == _SCRIPT and response.status == 200:
            room = MOST_KEPT - sum(len(kept.body) for kept in self.scripts.values())
            if len(response.body) <= room:
                self.scripts[route.request.url] = response
        elif response.status >= (500 if route.request.resource_type == _SCRIPT else 400):
            self._lacks(route, f"status {response.status}")
        await _fulfil(route, response)

    async def _download(self, route: Route) -> Response | None:
        """The answer to a script's request, by the crawler's own downloader; None where it may or can not be had."""
        asked = route.request
        said = await asked.all_headers()
        engine = self.crawler.engine
        assert engine is not None
        try:
            request = Request(
                asked.url,
                method=asked.method,
                body=asked.post_data_buffer or b"",
                headers={name: said[name] for name in _PASSED_ON if name in said},
                callback=NO_CALLBACK,
                meta=self.luggage.aside("script").meta(),
            )
            return await engine.download_async(request)
        except HostNotAllowedError:
            self.refused.add(urlsplit(asked.url).netloc)
        except Exception as error:
            # Whatever it is, the page gets no answer, and the spider is told.
            self._lacks(route, one_line(str(error))[:100] or type(error).__name__)
        return None

    def _lacks(self, route: Route, why: str) -> None:
        if len(self.unanswered) < MOST_REQUESTS:
            self.unanswered.append(f"{route.request.url[:200]} ({why})")

    async def settle(self, page: Page, seconds: float) -> None:
        """Wait until the page asks for nothing more, at most so long, the delay between its requests not counted; then
        it gets nothing more. Raises BrowserError where it is no longer the page that it was."""
        begun, delay = monotonic(), self.delay()
        while (left := begun + seconds + self.asked * delay - monotonic()) > 0:
            try:
                await page.wait_for_load_state("networkidle", timeout=min(left, 1.0) * 1000)
                break
            except WaitedError:
                continue
        self.shut.set()
        if _origin(page.url) != _origin(self.url):
            raise BrowserError(f"its scripts put another page in its place: {page.url[:100]}")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


async def _close(page: Page) -> None:
    """A window that a script opened."""
    with suppress(Error):
        await page.close()


async def _fulfil(route: Route, response: Response) -> None:
    headers = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in _LEFT_OUT
    }
    await route.fulfill(status=response.status, headers=headers, body=response.body)
