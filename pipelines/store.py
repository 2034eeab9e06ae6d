"""Stage 7: write a page, and all that follows from it, into the archive; open and close the run's row."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler import expectations, reportyears
from crawler.archive.archive import Archive
from crawler.items import Page, PortalProblem


class Store:
    """Holds the archive's lock for the run; counts what the run found in Scrapy's stats under `nianbao/`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.path = Path(crawler.settings["NIANBAO_ARCHIVE"])
        self.reason = "finished"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.closing, signals.spider_closed)
        return pipeline

    def closing(self, reason: str) -> None:
        """Remember why the spider stops: `finished`, or `shutdown` after a signal."""
        self.reason = reason

    def open_spider(self) -> None:
        """Open and lock the archive; begin the run. Raises ArchiveError before anything is fetched."""
        spider: Any = self.crawler.spider
        self.archive = Archive.open(self.path)
        self.archive.lock()
        self.run_id = self.archive.begin_run([profile.id for profile in spider.profiles])
        self.crawler.stats.set_value("nianbao/run_id", self.run_id)
        for profile in spider.profiles:
            self.archive.expect(reportyears.expected(profile.id, profile.region, spider.years))

    def process_item(self, item: Page | PortalProblem) -> Page | PortalProblem:
        """Store a page in one transaction with all its rows, or note a problem."""
        stats = self.crawler.stats
        if isinstance(item, PortalProblem):
            self.archive.problem(self.run_id, item.portal, item.problem)
            stats.inc_value("nianbao/problems")
            return item
        stored = self.archive.store(item)
        stats.inc_value("nianbao/pages")
        stats.inc_value(f"nianbao/kind/{item.kind}")
        if item.problems:
            stats.inc_value("nianbao/problems", len(item.problems))
        if stored.new:
            stats.inc_value("nianbao/reports_new")
        if stored.changed:
            stats.inc_value("nianbao/reports_changed")
        item.let_go()
        return item

    def close_spider(self) -> None:
        """Check what the profiles expect, end the run's row and let go of the archive."""
        spider: Any = self.crawler.spider
        stats = self.crawler.stats
        status = "finished" if self.reason == "finished" else "interrupted"
        if status == "finished":
            for profile in spider.profiles:
                counts = self.archive.reports_per_year(profile.id)
                for problem in expectations.breaches(profile, spider.years, counts):
                    self.archive.problem(self.run_id, profile.id, problem)
                    stats.inc_value("nianbao/problems")
        self.archive.finish_run(
            self.run_id,
            status,
            requests=stats.get_value("downloader/request_count", 0),
            not_modified=0,
            bytes=stats.get_value("downloader/response_bytes", 0),
        )
        self.archive.close()
