"""The pure stages as Scrapy pipelines: each takes a page, lets its stage fill it, and hands it on."""

from __future__ import annotations

from crawler.items import Page, PortalProblem
from pipelines.attachments import note_attachments
from pipelines.describe import describe
from pipelines.strip import strip


class Strip:
    """Stage 3: the page's own text without the chrome."""

    def process_item(self, item: Page | PortalProblem) -> Page | PortalProblem:
        """Fill the page's text and sections."""
        if isinstance(item, Page):
            strip(item)
        return item


class Describe:
    """Stage 4: title, organ, region, year, dates."""

    def process_item(self, item: Page | PortalProblem) -> Page | PortalProblem:
        """Fill the page's report."""
        if isinstance(item, Page):
            describe(item)
        return item


class Attachments:
    """Stage 5: the files that belong to the report."""

    def process_item(self, item: Page | PortalProblem) -> Page | PortalProblem:
        """Fill the page's attachments."""
        if isinstance(item, Page):
            note_attachments(item)
        return item
