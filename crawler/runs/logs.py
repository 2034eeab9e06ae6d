"""What a run says on standard error: plain sentences, or with --log-json one JSON object a line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Self

import click
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.records.page import Page, SeenAgain
from crawler.records.problems import PortalProblem, Problem


def line(event: str, message: str, **fields: Any) -> str:
    """One log line as JSON: `at` (UTC), `event`, `message`, and what else belongs to it."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"at": at, "event": event, "message": message} | fields, ensure_ascii=False, default=str)


def _say(message: str) -> None:
    """Standard output stays for results."""
    click.echo(message, err=True)


class JsonFormatter(logging.Formatter):
    """Records of Python's logging (Scrapy's warnings among them), an exception as a field."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        fields: dict[str, Any] = {"level": record.levelname, "logger": record.name}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return line("log", record.getMessage(), **fields)


class JsonLog:
    """Scrapy extension: a line for each page and each problem, as they come."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy, which is told of it only where --log-json is given (crawler.runs.run)."""
        extension = cls()
        crawler.signals.connect(extension.took, signals.item_scraped)
        return extension

    def took(self, item: Page | SeenAgain | PortalProblem) -> None:
        """A page was stored or seen again, or a problem met."""
        if isinstance(item, PortalProblem):
            self._problem(item.portal, item.problem)
            return
        portal = item.portal if isinstance(item, SeenAgain) else item.capture.portal
        if isinstance(item, SeenAgain):
            _say(line("unchanged", item.url, portal=portal, url=item.url))
        else:
            capture = item.capture
            _say(line("page", capture.url, portal=portal, url=capture.url, status=capture.status, kind=item.kind))
        for problem in item.problems:
            self._problem(portal, problem)

    def _problem(self, portal: str | None, problem: Problem) -> None:
        told = {"portal": portal, "url": problem.url, "kind": problem.kind}
        _say(line("problem", problem.detail, **told))
