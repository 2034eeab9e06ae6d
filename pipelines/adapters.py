"""The pure stages as Scrapy pipelines: each takes a page, lets its stage fill it, and hands it on."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.records.page import Page, PortalProblem, SeenAgain
from pipelines.describe.stage import describe
from pipelines.guard import guarded
from pipelines.statistics import read_statistics


class _Stage:
    """What the two adapters share: a page goes through the stage, all else passes by."""

    stage: staticmethod[[Page], None]

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Page | PortalProblem | SeenAgain) -> Page | PortalProblem | SeenAgain:
        """Let the stage fill its fields of the page."""
        if isinstance(item, Page):
            spider: Any = self.crawler.spider
            with spider.hand.holding(item.capture, item.context):
                guarded(self.stage, item)
        return item


class Describe(_Stage):
    """Stage 5: title, organ, region, year, dates."""

    stage = staticmethod(describe)


class Statistics(_Stage):
    """Stage 6: the figures of a report, and whether they fit together."""

    stage = staticmethod(read_statistics)
