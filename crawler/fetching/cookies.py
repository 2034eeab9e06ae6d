"""Cookies: what a host itself set by header in this run, sent to that host and to no other (sources/obstacles#cookies).

No public suffix list is asked, because `Domain` is not heeded: a cookie is its host's, as one without `Domain` is
(RFC 6265 5.4). What scripts set does not come here, nor what a challenge sets: with its cookie the next answer would be
a challenge passed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetching.challenges import is_challenge
from crawler.fetching.luggage import luggage_of
from crawler.fetching.state import RunState, state_of
from crawler.words.hosts import host_key

MOST_COOKIES, LONGEST_COOKIE = 50, 4096
"""Cookies of a host, and bytes of one: the least that RFC 6265 6.1 has browsers keep."""
_SMALL = 16 * 1024
"""Bytes of a page; a challenge is less, so that what is longer need not be read to know that it is none."""
_PAIR = re.compile(r"[\x21\x23-\x3a\x3c\x3e-\x7e]+=[\x20\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\"\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Cookie:
    """One cookie: `pair` as it is sent, `path` below which it is, `secure`: only over TLS."""

    pair: str
    path: str
    secure: bool


@dataclass(slots=True)
class Jar:
    """The cookies of one run, by host and by name and path."""

    _cookies: dict[str, dict[tuple[str, str], Cookie]] = field(default_factory=dict)

    def take(self, url: str, line: str, now: datetime) -> None:
        """Take in the value of a Set-Cookie header of the response from `url`; one that cannot be read is left out."""
        pair, *attributes = (part.strip() for part in line.split(";"))
        said = {name.strip().lower(): value.strip() for name, _, value in (part.partition("=") for part in attributes)}
        name, _, value = pair.partition("=")
        pair = f"{name.strip()}={value.strip()}"
        if not _PAIR.fullmatch(pair) or len(pair) > LONGEST_COOKIE:
            return
        path = said.get("path", "")
        if not path.startswith("/"):
            # RFC 6265 5.1.4: the folder of the page.
            path = urlsplit(url).path.rpartition("/")[0] or "/"
        held = self._cookies.setdefault(host_key(url), {})
        key = name.strip(), path
        held.pop(key, None)
        if not _gone(said, now) and len(held) < MOST_COOKIES:
            held[key] = Cookie(pair, path, "secure" in said)

    def header(self, url: str) -> str | None:
        """The value of the Cookie header for a request of `url`, longer paths first; None where there is none."""
        parts = urlsplit(url)
        wanted = [
            cookie
            for cookie in self._cookies.get(host_key(url), {}).values()
            if _below(parts.path or "/", cookie.path) and (parts.scheme == "https" or not cookie.secure)
        ]
        return "; ".join(cookie.pair for cookie in sorted(wanted, key=lambda cookie: -len(cookie.path))) or None


def _gone(said: dict[str, str], now: datetime) -> bool:
    """Whether a cookie is taken back: Max-Age of 0 or less, else a date that has passed."""
    if re.fullmatch(r"-?\d{1,12}", said.get("max-age", "")):
        return said["max-age"].startswith("-") or not int(said["max-age"])
    try:
        until = parsedate_to_datetime(said.get("expires", "").replace("-", " "))
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
    return (until if until.tzinfo is not None else until.replace(tzinfo=UTC)) <= now


def _below(path: str, folder: str) -> bool:
    """RFC 6265 5.1.4: the same path, or one below it."""
    return path == folder or path.startswith(folder if folder.endswith("/") else folder + "/")


class Cookies:
    """Downloader middleware: keeps the jar of a run."""

    def __init__(self, run: RunState) -> None:
        self.jar = Jar()
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(state_of(crawler))

    def process_request(self, request: Request) -> None:
        """Send what the host set; what an earlier attempt of the request had is not sent again by itself."""
        told = self.jar.header(request.url)
        request.headers.pop("Cookie", None)
        if told is not None and luggage_of(request).original is None:
            request.headers["Cookie"] = told.encode("latin-1")

    async def process_response(self, request: Request, response: Response) -> Response:
        """Keep what the response sets, unless it is a challenge."""
        lines = response.headers.getlist("Set-Cookie")
        small = len(response.body) < _SMALL and not _sends_on(response)
        if not lines or (small and await is_challenge(request, response, self.run)):
            return response
        for line in lines:
            self.jar.take(response.url, line.decode("latin-1"), datetime.now(UTC))
        return response


def _sends_on(response: Response) -> bool:
    return 300 <= response.status < 400 and b"Location" in response.headers
