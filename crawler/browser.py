"""Pages that only a browser can show: the system's Chromium behind scrapy-playwright, without a network of its own.

The page itself is not asked for twice: Chromium is given the bytes that were served and are archived. What their
scripts ask for goes through the crawler's own door, so that the profile's hosts, public addresses, robots.txt, the
delay and one request at a time hold for it as well; pictures, styles, fonts and other pages are refused. Chromium finds
no name and no proxy: whatever is not asked through the door (web sockets, beacons, prefetching) leads nowhere.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary

from playwright.async_api import Error, Page, Route
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler  # type: ignore[import-untyped]

from crawler.errors import NianbaoError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names under which systems have a Chromium; NIANBAO_CHROMIUM may name another."""
MOST_REQUESTS = 60
"""Requests of one page's scripts; a list asks for a dozen scripts and an answer or two."""
MOST_KEPT = 32 * 1024 * 1024
"""Bytes of scripts that are kept for the run: the pages of a portal share theirs, and one answer serves all."""
GRACE = 20.0
"""Seconds beyond those for a page's own requests in which Chromium must hand over the document."""

_NEEDED = frozenset({"script", "xhr", "fetch"})
"""What a document is built from, by Playwright's names of resource types."""
_PASSED_ON = ("accept", "content-type", "referer", "x-requested-with")
_LEFT_OUT = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})
"""Headers of an answer that no longer hold: its codings are undone."""
_ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)


class BrowserError(Exception):
    """A page that could not be rendered; the message says why."""


def program() -> str:
    """The path of a Chromium. Raises NianbaoError where there is none."""
    named = os.environ.get("NIANBAO_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else PROGRAMS)), None)
    if found is None:
        said = f"no program {named} (NIANBAO_CHROMIUM)" if named else f"none of {', '.join(PROGRAMS)} is installed"
        raise NianbaoError(f"a profile with `browser = true` needs Chromium: {said}")
    return found


def settings(user_agent: str) -> dict[str, Any]:
    """Scrapy's settings for a run with a browser. Raises NianbaoError where there is no Chromium."""
    return {
        "DOWNLOAD_HANDLERS": {"http": "crawler.browser.Browser", "https": "crawler.browser.Browser"},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": program(),
            "args": list(_ARGUMENTS),
            # Port 9 is for discarding: nothing answers there. Without the bypass rule loopback would go past it.
            "proxy": {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"},
            # Chromium's own sandbox does not start for root.
            "chromium_sandbox": os.geteuid() != 0,
        },
        "PLAYWRIGHT_CONTEXTS": {
            "default": {"service_workers": "block", "accept_downloads": False, "user_agent": user_agent}
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
    }


class Browser(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Download handler that renders requests with `playwright` in their meta; all others go the usual way.

    Such a request has `html`, the source that was served, and gets `rendered_by`, the browser's name and version.
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
        self._seconds = crawler.settings.getfloat("NIANBAO_BROWSER_SECONDS")

    async def download_request(self, request: Request) -> Response:
        """The document as the browser shows it. Raises BrowserError where it does not in time, or breaks down."""
        if not request.meta.get("playwright"):
            response: Response = await super().download_request(request)
            return response
        door = Door(self._of, request.url, request.meta["html"], request.meta["profile"], self._scripts)
        request.meta.update(
            playwright_page_init_callback=door.open,
            playwright_page_goto_kwargs={"wait_until": "commit"},
            door=door,
        )
        try:
            response = await asyncio.wait_for(super().download_request(request), self._seconds + GRACE)
        except TimeoutError as error:
            await door.tear_down()
            raise BrowserError(f"no document after {self._seconds + GRACE:g} seconds") from error
        except Error as error:
            raise BrowserError(" ".join(error.message.split())[:200]) from error
        request.meta["rendered_by"] = f"Chromium/{self.browser.version}"
        return response

    async def _apply_page_methods(self, page: Page, request: Request, spider: Spider) -> None:
        # After its own methods scrapy-playwright waits for the event `load`, which does not come to a page that tried
        # to leave meanwhile.
        await request.meta["door"].settle(page, self._seconds)

    async def close(self) -> None:
        """Called by Scrapy for each scheme."""
        if not self._closed:
            self._closed = True
            await super().close()


@dataclass
class Door:
    """What one page's browser may have: the page as it was served, and what its scripts ask of the profile's hosts.

    `scripts`: those that came earlier in the run, by address.
    """

    crawler: Crawler
    url: str
    html: str
    profile: Any
    scripts: dict[str, Response]
    page: Page | None = None
    entered: bool = False
    asked: int = 0
    shut: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, page: Page, request: Request) -> None:
        """Stand between a new page and the network (scrapy-playwright's playwright_page_init_callback)."""
        self.page = page
        await page.route("**/*", self.answer)
        page.on("popup", _close)

    async def answer(self, route: Route) -> None:
        """Answer one request of the page, or refuse it. Never raises: the page may be gone by then."""
        with suppress(Error):
            if route.request.is_navigation_request():
                await self._navigate(route)
            elif self.shut.is_set() or self.asked >= MOST_REQUESTS or route.request.resource_type not in _NEEDED:
                await route.abort()
            elif (kept := self.scripts.get(route.request.url)) is not None and route.request.method == "GET":
                await _fulfil(route, kept)
            else:
                self.asked += 1
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
        download = asyncio.ensure_future(self._download(route))
        shut = asyncio.ensure_future(self.shut.wait())
        await asyncio.wait({download, shut}, return_when=asyncio.FIRST_COMPLETED)
        shut.cancel()
        # A request that is under way is not torn off: it ends by itself, and nobody waits for it.
        response = download.result() if download.done() else None
        if response is None:
            await route.abort()
            return
        if route.request.resource_type == "script" and response.status == 200:
            room = MOST_KEPT - sum(len(kept.body) for kept in self.scripts.values())
            if len(response.body) <= room:
                self.scripts[route.request.url] = response
        await _fulfil(route, response)

    async def _download(self, route: Route) -> Response | None:
        """The answer to a script's request, by the crawler's own downloader; None where it may or can not be had."""
        asked = route.request
        said = await asked.all_headers()
        request = Request(
            asked.url,
            method=asked.method,
            body=asked.post_data_buffer or b"",
            headers={name: said[name] for name in _PASSED_ON if name in said},
            callback=NO_CALLBACK,
            meta={"profile": self.profile, "for_browser": True},
        )
        engine = self.crawler.engine
        assert engine is not None
        try:
            return await engine.download_async(request)
        except Exception:
            # Whatever it is, the page gets no answer; what the walk then does not find is said by the walk.
            return None

    async def settle(self, page: Page, seconds: float) -> None:
        """Wait until the page asks for nothing more, at most so long; then it gets nothing more."""
        with suppress(Error):
            await page.wait_for_load_state("networkidle", timeout=seconds * 1000)
        self.shut.set()
        if page.url.startswith("chrome-error:"):
            raise BrowserError("the page left for another one, and Chromium shows its own error page")

    async def tear_down(self) -> None:
        """Close a page that does not answer."""
        self.shut.set()
        if self.page is not None:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(self.page.close(), GRACE)


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
