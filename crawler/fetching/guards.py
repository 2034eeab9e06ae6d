"""Downloader middlewares: who may be asked, how often, and what came over the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.utils.defer import maybe_deferred_to_future

from crawler.fetching.luggage import Answer, assign_slot, luggage_of, note
from crawler.fetching.resolver import GuardedResolver, PrivateAddressError
from crawler.fetching.state import RunState, state_of
from crawler.portals.profile import DEFAULT_DELAY
from crawler.records.capture import Sent
from crawler.words.hosts import BROWSER, is_public, literal, remedy


class HostNotAllowedError(IgnoreRequest):
    """The address is outside what the profile allows; the message says in which way."""


class HostBlockedError(IgnoreRequest):
    """The host answered with a challenge earlier in this run and is left alone."""


class WalkStoppedError(IgnoreRequest):
    """The portal's walk was stopped before this request was made, or the list that it is for abandoned."""


class HostGuard:
    """Lets no request leave for a host outside the profile, a blocked host, or an address that is not public.

    Stands before all others, so that it sees robots.txt and every redirect as well.
    """

    def __init__(self, run: RunState) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(state_of(crawler))

    async def process_request(self, request: Request) -> None:
        """Raise HostNotAllowedError or HostBlockedError for what must not be asked; DNSLookupError."""
        luggage = luggage_of(request)
        # A robots.txt serves all portals on its host, whichever of them it was first wanted for.
        serves_all = luggage.purpose == "robots"
        if not serves_all and self.run.walk(luggage.profile).forgoes(luggage.way):
            raise WalkStoppedError(f"the walk, or its list, was stopped before {request.url} was asked")
        parts = urlsplit(request.url)
        portals = self.run.hosts.allowing(request.url)
        if not portals or (not serves_all and luggage.profile not in portals):
            raise HostNotAllowedError(f"{parts.netloc} is not among the hosts of the profile; {remedy(request.url)}")
        if parts.netloc in self.run.shields.blocked:
            raise HostBlockedError(f"{parts.netloc} answered with a challenge earlier in this run")
        await self._judge(parts.hostname or "", all(portal.allow_private_addresses for portal in portals))

    async def _judge(self, host: str, private: bool) -> None:
        """Raise HostNotAllowedError for a host whose address is not public, unless that is allowed."""
        address = literal(host)
        resolver = _resolver()
        if private:
            resolver.private.add(host)
            return
        resolver.private.discard(host)
        said = "a private or loopback address; the profile does not set allow_private_addresses"
        if address is not None:
            if not is_public(address):
                raise HostNotAllowedError(f"{host} is {said}")
            return
        try:
            await maybe_deferred_to_future(resolver.getHostByName(host))
        except PrivateAddressError as error:
            raise HostNotAllowedError(f"{error}, {said}") from error


def _resolver() -> GuardedResolver:
    """The one that all connections ask (setting TWISTED_DNS_RESOLVER)."""
    from twisted.internet import reactor

    resolver = reactor.resolver
    assert isinstance(resolver, GuardedResolver)
    return resolver


class Politeness:
    """One request at a time per host and port, with the delay of the portal that the host belongs to."""

    def __init__(self, crawler: Crawler, run: RunState) -> None:
        self.crawler = crawler
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler, state_of(crawler))

    def process_request(self, request: Request) -> None:
        """Name the request's slot (host and port) and, the first time, set the slot's delay from the profile. Where the
        profile has a user agent of its own, it asks by that."""
        slot = assign_slot(request)
        assert self.crawler.engine is not None
        slots = self.crawler.engine.downloader.per_slot_settings
        if (agent := luggage_of(request).profile.user_agent) is not None:
            request.headers["User-Agent"] = agent
        if slot == BROWSER:
            slots[slot] = {"concurrency": 1, "delay": 0, "jitter": 0}
        elif slot not in slots:
            delays = [profile.delay for profile in self.run.hosts.allowing(request.url)]
            slots[slot] = {"concurrency": 1, "delay": max(delays, default=DEFAULT_DELAY), "jitter": 0}


class Wire:
    """Notes the time and the headers of a response as they came, before any other component touches them, and the
    request as all others left it."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Leave the answer in the request's luggage."""
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        note(request, answer=Answer(now, _plain(response.headers), _sent(request, response)))
        return response


def _plain(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def _sent(request: Request, response: Response) -> Sent:
    """The request as it went over the wire: Twisted adds the host, and sends path and query without a fragment."""
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    address = str(response.ip_address) if response.ip_address is not None else None
    return Sent(f"{request.method} {target} HTTP/1.1", (("Host", parts.netloc), *_plain(request.headers)), address)
