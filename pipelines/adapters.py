"""The pure stages as Scrapy pipelines: each takes a page, lets its stage fill it, and hands it on."""

from __future__ import annotations

from crawler.items import Page, PortalProblem, SeenAgain
from pipelines.attachments import note_attachments
from pipelines.describe import describe
from pipelines.guard import guarded
from pipelines.statistics import read_statistics
from pipelines.strip import strip


class _Stage:
    """What the three adapters share: a page goes through the stage, all else passes by."""

    stage: staticmethod[[Page], None]

    def process_item(self, item: Page | PortalProblem | SeenAgain) -> Page | PortalProblem | SeenAgain:
        """Let the stage fill its fields of the page."""
        if isinstance(item, Page):
            guarded(self.stage, item)
        return item


class Strip(_Stage):
    """Stage 3: the page's own text without the chrome."""

    stage = staticmethod(strip)


class Describe(_Stage):
    """Stage 4: title, organ, region, year, dates."""

    stage = staticmethod(describe)


class Attachments(_Stage):
    """Stage 5: the files that belong to the report."""

    stage = staticmethod(note_attachments)


class Statistics(_Stage):
    """Stage 6: the figures of a report, and whether they fit together."""

    stage = staticmethod(read_statistics)
