"""Downloader middleware: asks again for what failed, spaced and bounded; leaves a host alone that goes on failing."""

from __future__ import annotations

from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.fetching.challenges import asks_to_wait, is_answer
from crawler.fetching.failures import cause_of
from crawler.fetching.luggage import luggage_of, note
from crawler.fetching.pace import RETRIED_STATUSES, Patience, resting_problem, retry_after
from crawler.fetching.robots import RobotsUnreachableError
from crawler.fetching.state import RunState, state_of
from crawler.words.hosts import host_key

WAITED = 2
"""Times that a page is asked again which is empty or asks to wait: the first request may have filled a cache."""


class HostRestingError(IgnoreRequest):
    """The host is left alone for the rest of this run; the message says why."""


class Retrying:
    """Stands nearest to the spider, so that it judges responses as the spider would get them.

    A request to be repeated goes back into the queue, before the others of its host; the walk still counts it as one
    that is under way. When a host is to rest, the last request carries the problem row to the spider.
    """

    def __init__(self, crawler: Crawler, run: RunState) -> None:
        self.crawler = crawler
        self.run = run
        waits = [float(wait) for wait in crawler.settings.getlist("NIANBAO_RETRY_WAITS")]
        self.patience = Patience(waits, crawler.settings.getfloat("NIANBAO_MAX_WAIT"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler, state_of(crawler))

    def process_request(self, request: Request) -> None:
        """Raise HostRestingError for a request of a host that rests."""
        host = host_key(request.url)
        if host in self.patience.resting:
            raise HostRestingError(self.patience.resting[host])

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """The response, or the request once more."""
        if not luggage_of(request).is_repeatable:
            return response
        luggage = luggage_of(request)
        waits = luggage.retries < WAITED and await asks_to_wait(request, response, self.run)
        if not waits and (response.status not in RETRIED_STATUSES or await is_answer(request, response, self.run)):
            self.patience.answered(host_key(request.url))
            return response
        if waits:
            return self._again(request, WAITED) or response
        header = response.headers.get("Retry-After")
        wait = retry_after(header.decode("latin-1") if header else None)
        return self._again(request, len(self.patience.waits), wait) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request once more; None where the exception stands."""
        if not luggage_of(request).is_repeatable:
            return None
        cause = cause_of(exception)
        if isinstance(exception, IgnoreRequest) and not cause.retries:
            return None
        repeat = self._again(request, cause.retries)
        host = host_key(request.url)
        if repeat is None and luggage_of(request).lacks_rules and host not in self.patience.resting:
            # RFC 9309 2.3.1.4: a robots.txt that cannot be had forbids all.
            self.patience.rest(host, f"robots.txt could not be had: {cause.words}")
            if isinstance(exception, RobotsUnreachableError):
                note(request, host_problem=resting_problem(request.url, self.patience.resting[host]))
        return repeat

    def _again(self, request: Request, most: int, wait_asked: float | None = None) -> Request | None:
        host = host_key(request.url)
        rested = host in self.patience.resting
        luggage = luggage_of(request)
        wait = self.patience.failed(host, luggage.retries, most, wait_asked)
        if wait is None:
            if host in self.patience.resting and not rested:
                note(request, host_problem=resting_problem(request.url, self.patience.resting[host]))
            return None
        repeat = request.copy()
        note(repeat, lacks_rules=False, retries=luggage.retries + 1)
        repeat.priority += 1
        if not self.run.walk(luggage.profile).stopped:  # else it is not asked again, and not waited for
            assert self.crawler.engine is not None
            downloader: Any = self.crawler.engine.downloader
            downloader.queue.hold(host, wait)
        return repeat
