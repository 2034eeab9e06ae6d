"""`scrapy crawl annual_reports`: as Scrapy has it, but what ends a run before its time is said in one sentence."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess

from crawler.fetching.state import error_of
from crawler.records.errors import NianbaoError


class Command(crawl.Command):
    """Scrapy's command by the same name, which the setting COMMANDS_MODULE puts in its place."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl. A profile, an argument or an archive that cannot be used ends it with the exit code that
        `nianbao crawl` has for that; any other error is raised."""
        process = self.crawler_process
        if len(args) != 1 or not isinstance(process, AsyncCrawlerProcess):
            super().run(args, opts)
            return
        crawler = process.create_crawler(args[0])
        task = process.crawl(crawler, **opts.spargs)
        process.start()
        error = error_of(crawler, task) if task.done() else None
        if isinstance(error, NianbaoError):
            print(f"nianbao: {error}", file=sys.stderr)
            self.exitcode = error.exit_code
        elif error is not None:
            raise error
