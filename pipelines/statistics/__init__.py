"""Sixth stage: the figures of a report, each with its evidence, out of its tables and text, and whether they fit."""

from __future__ import annotations

from crawler.items import Page


def read_statistics(page: Page) -> None:
    """Fill `page.figures` and `page.checks` of a report from its tables and then from its text.

    Needs `page.body` and `page.text`.
    """
    from pipelines.statistics.checks import check_figures
    from pipelines.statistics.narrative import read_narrative
    from pipelines.statistics.tables import read_tables

    if page.kind != "report":
        return
    page.figures = read_tables(page)
    if page.text:
        page.figures += read_narrative(page.text, page.report.report_year if page.report else None)
    page.checks += check_figures(page.figures)
