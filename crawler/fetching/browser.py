"""Pages that only a browser can show: the system's Chromium behind scrapy-playwright, without a network of its own.

The page itself is not asked for twice: Chromium is given the bytes that were served and are archived. What their
scripts ask for goes through the crawler's own door, so that the profile's hosts, public addresses, robots.txt, the
delay and one request at a time hold for it as well; pictures, styles, fonts and other pages are refused. Chromium finds
no name and no proxy: whatever is not asked through the door (web sockets, beacons, prefetching) leads nowhere.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from contextlib import suppress
from itertools import count
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary

from playwright.async_api import Browser as Chromium
from playwright.async_api import Error, Page
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler  # type: ignore[import-untyped]
from scrapy_playwright.provider import PlaywrightBrowserProvider  # type: ignore[import-untyped]

from crawler.fetching.door import GRACE, MOST_REQUESTS, BrowserError, Door
from crawler.fetching.handler import Lenient
from crawler.fetching.luggage import Rendering, luggage_of, note
from crawler.records.errors import NianbaoError
from crawler.words.text import one_line

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names under which systems have a Chromium; NIANBAO_CHROMIUM may name another."""
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # WebRTC asks numbers, not names, and by UDP, not by the proxy.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)


class NoBrowserError(NianbaoError):
    """Chromium does not start at all: the run is ended."""


def program() -> str:
    """The path of a Chromium. Raises NianbaoError where there is none."""
    named = os.environ.get("NIANBAO_CHROMIUM")
    path = next(filter(None, map(shutil.which, [named] if named else PROGRAMS)), None)
    if path is None:
        said = f"no program {named} (NIANBAO_CHROMIUM)" if named else f"none of {', '.join(PROGRAMS)} is installed"
        raise NianbaoError(f"a profile with `browser = true` needs Chromium: {said}")
    return path


def settings() -> dict[str, Any]:
    """Scrapy's settings for a run with a browser. Raises NianbaoError where there is no Chromium."""
    return {
        "DOWNLOAD_HANDLERS": {"http": "crawler.fetching.browser.Browser", "https": "crawler.fetching.browser.Browser"},
        "PLAYWRIGHT_BROWSER_PROVIDER": "crawler.fetching.browser.Provider",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": program(),
            "args": list(_ARGUMENTS),
            # Port 9 is for discarding: nothing answers there. Without the bypass rule loopback would go past it.
            "proxy": {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"},
            # Chromium's own sandbox does not start for root.
            "chromium_sandbox": os.geteuid() != 0,
            # A signal is for the crawl, which ends in order and closes its browser.
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
        },
    }


class Provider(PlaywrightBrowserProvider):  # type: ignore[misc]
    """Starts Chromium, or says in one sentence that it does not start."""

    async def launch_browser(self) -> Chromium:
        """Raises NoBrowserError."""
        try:
            browser: Chromium = await super().launch_browser()
        except Error as error:
            said = one_line(error.message)[:200]
            raise NoBrowserError(f"{self.config.launch_options['executable_path']} does not start: {said}") from error
        return browser


class Browser(Lenient, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Download handler that renders pages that were served (luggage.Original); all other requests go the usual way.

    What the browser says of the document comes into the request's luggage (luggage.Rendering).
    """

    lazy = False
    _made: ClassVar[WeakKeyDictionary[Crawler, Browser]] = WeakKeyDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy, once for http and once for https; they share one browser."""
        if crawler not in cls._made:
            cls._made[crawler] = cls(crawler)
        return cls._made[crawler]

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._of = crawler
        self._closed = False
        self._scripts: dict[str, Response] = {}
        self._doors: dict[str, Door] = {}
        self._numbers = count()
        self._seconds = crawler.settings.getfloat("NIANBAO_BROWSER_SECONDS")
        # Where a terminal's Ctrl-C ends Playwright's own process as well, what it leaves undone would be told there.
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)

    async def download_request(self, request: Request) -> Response:
        """The document as the browser shows it. Raises BrowserError where it does not in time, or breaks down;
        NoBrowserError where there is none."""
        luggage = luggage_of(request)
        if luggage.original is None:
            response: Response = await super().download_request(request)
            return response
        # A context of its own: nothing that a page keeps or opens outlives it.
        name = f"page {next(self._numbers)}"
        door = Door(self._of, request.url, luggage.original.html, luggage, self._scripts)
        self._doors[name] = door
        # What scrapy-playwright looks for; the context's name is also the door's.
        request.meta.update(
            playwright_context=name,
            playwright_context_kwargs={
                "service_workers": "block",
                "accept_downloads": False,
                "user_agent": luggage_of(request).profile.user_agent or self._of.settings["USER_AGENT"],
            },
            playwright_page_init_callback=door.open,
        )
        longest = self._seconds + MOST_REQUESTS * door.delay() + 4 * GRACE
        try:
            response = await asyncio.wait_for(super().download_request(request), longest)
        except TimeoutError as error:
            raise BrowserError(f"no document after {longest:g} seconds") from error
        except Error as error:
            raise BrowserError(one_line(error.message)[:200]) from error
        finally:
            door.shut.set()
            del self._doors[name]
            if (opened := self.context_wrappers.get(name)) is not None:
                with suppress(Error, TimeoutError):
                    await asyncio.wait_for(opened.context.close(), GRACE)
        rendering = Rendering(f"Chromium/{self.browser.version}", tuple(door.unanswered), tuple(sorted(door.refused)))
        note(request, rendering=rendering)
        return response

    async def _download_request_with_page(self, request: Request, page: Page, spider: Spider) -> Response:
        """In place of scrapy-playwright's, which follows where a page leaves to, takes downloads for pages, waits for
        an event that may never come, and cannot write half a surrogate pair."""
        await page.goto(request.url, wait_until="commit", timeout=GRACE * 1000)
        await self._doors[request.meta["playwright_context"]].settle(page, self._seconds)
        try:
            document = await asyncio.wait_for(page.content(), GRACE)
        except TimeoutError as error:
            raise BrowserError(f"its scripts do not let go: no document after {GRACE:g} seconds more") from error
        kind = {"Content-Type": "text/html; charset=utf-8"}
        body = document.encode("utf-8", "replace")
        return HtmlResponse(request.url, headers=kind, body=body, encoding="utf-8", request=request)

    async def close(self) -> None:
        """Called by Scrapy for each scheme."""
        if not self._closed:
            self._closed = True
            await super().close()
