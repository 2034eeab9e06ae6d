"""Downloader middlewares: who may be asked, how often, and what came over the wire."""

from __future__ import annotations

import ipaddress
import socket
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.portals import DEFAULT_DELAY, Profile


class HostNotAllowedError(IgnoreRequest):
    """The address is outside what the profile allows; the message says in which way."""


class HostBlockedError(IgnoreRequest):
    """The host answered with a challenge earlier in this run and is left alone."""


class HostGuard:
    """Lets no request leave for a host outside the profile, a blocked host, or a private address."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._public: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise HostNotAllowedError or HostBlockedError for what must not be asked."""
        spider: Any = self.crawler.spider
        profile: Profile | None = request.meta.get("profile")
        profiles = [profile] if profile else spider.profiles
        parts = urlsplit(request.url)
        allowing = [candidate for candidate in profiles if candidate.allows(request.url)]
        if not allowing:
            raise HostNotAllowedError(f"{parts.netloc} is not among the hosts of the profile")
        if parts.netloc in spider.blocked_hosts:
            raise HostBlockedError(f"{parts.netloc} answered with a challenge earlier in this run")
        if not any(candidate.allow_private_addresses for candidate in allowing) and not self._is_public(parts.hostname):
            raise HostNotAllowedError(
                f"{parts.netloc} is a private or loopback address; the profile does not set allow_private_addresses"
            )

    def _is_public(self, host: str | None) -> bool:
        """Whether `host` resolves to public addresses only. What does not resolve is left to the downloader to say."""
        if host is None:
            return False
        if host not in self._public:
            try:
                found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
            except OSError:
                return True
            self._public[host] = all(ipaddress.ip_address(str(address).split("%")[0]).is_global for address in found)
        return self._public[host]


class Politeness:
    """One request at a time per host and port, with the delay of the portal that the host belongs to."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Name the request's slot (host and port) and, the first time, set the slot's delay from the profile."""
        slot = urlsplit(request.url).netloc
        request.meta["download_slot"] = slot
        assert self.crawler.engine is not None
        slots = self.crawler.engine.downloader.per_slot_settings
        if slot not in slots:
            spider: Any = self.crawler.spider
            delays = [profile.delay for profile in spider.profiles if profile.allows(request.url)]
            slots[slot] = {"concurrency": 1, "delay": max(delays, default=DEFAULT_DELAY), "jitter": 0}


class Wire:
    """Notes the time and the headers of a response as they came, before any other component touches them."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Leave `wire` (UTC time, header list) in the request's meta."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        request.meta["wire"] = (datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"), headers)
        return response
