"""Fifth stage: the figures of a report, each with its evidence, out of its tables and its text."""

from __future__ import annotations

from importlib import import_module

from crawler.items import Page


def read_statistics(page: Page) -> None:
    """Fill `page.figures` of a report from its tables and then from its text. Needs `page.body` and `page.text`."""
    from pipelines.statistics.tables import read_tables

    if page.kind != "report":
        return
    page.figures = read_tables(page)
    try:
        narrative = import_module("pipelines.statistics.narrative")
    except ModuleNotFoundError:
        return
    if page.text:
        page.figures += narrative.read_narrative(page.text, page.report.report_year if page.report else None)
