"""The pure stages as Scrapy pipelines: each takes a page, lets its stage fill it, and hands it on."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from crawler.fetching.state import RunState, state_of
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import PortalProblem
from pipelines.stages import Stage, advance, stage


class _Adapter:
    """What the two adapters share: a page goes through the stage, all else passes by."""

    stage: Stage

    def __init__(self, run: RunState) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(state_of(crawler))

    def process_item(self, item: Page | PortalProblem | SeenAgain) -> Page | PortalProblem | SeenAgain:
        """Let the stage fill its fields of the page."""
        if isinstance(item, Page):
            with self.run.hand.holding(item.capture, item.context):
                advance(item, self.stage)
        return item


class Describe(_Adapter):
    """Stage 5: title, organ, region, year, dates."""

    stage = stage("describe")


class Statistics(_Adapter):
    """Stage 6: the figures of a report, and whether they fit together."""

    stage = stage("statistics")
