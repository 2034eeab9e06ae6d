"""Sixth stage: the figures of a report, each with its evidence, out of its tables and text, and whether they fit."""

from __future__ import annotations

from crawler.records.page import Page

MAX_TEXT = 1_000_000
"""Characters of a text whose sentences are read; a report of a whole province has a tenth of that."""


def read_statistics(page: Page) -> None:
    """Fill `page.figures` and `page.checks` of a report from its tables and then from its text.

    Needs `page.body` and `page.text`. Problems: `table_unread`, `table_other_year`, `figure_ambiguous`,
    `figure_implausible`, `page_cut`, `several_reports`.
    """
    from crawler.words.location import locate
    from pipelines.statistics.checks import check_figures
    from pipelines.statistics.lost import tell_absent, tell_annex
    from pipelines.statistics.proportion import implausible
    from pipelines.statistics.several import settle_several
    from pipelines.statistics.tables import read_tables

    if page.kind != "report":
        return
    page.figures = read_tables(page)
    tell_absent(page)
    tell_annex(page)
    if page.text:
        _read_sentences(page, page.text)
        settle_several(page)
    locate(page.figures, page.text, {file.url: file.text for file in reversed(page.attachments)})
    page.checks += check_figures(page.figures)
    for detail in implausible(page.figures, page.checks, page.report):
        page.problem("figure_implausible", detail)


def _read_sentences(page: Page, text: str) -> None:
    """Add what the sentences of a report state."""
    from pipelines.statistics.narrative import AMBIGUOUS, IMPLAUSIBLE, MAX_SENTENCE, read_narrative

    if len(text) > MAX_TEXT:
        page.problem("page_cut", f"a text of {len(text)} characters; the sentences of the first {MAX_TEXT} are read")
        text = text[:MAX_TEXT]
    report = page.report
    read = read_narrative(text, report.report_year if report else None, (report.organ or "") if report else "")
    page.figures += read.figures
    page.checks += read.checks
    for figure in read.figures:
        if figure.method.endswith(IMPLAUSIBLE):
            page.problem("figure_implausible", f"{figure.code}: «{(figure.raw or '')[:80]}» in a sentence")
        if figure.method == AMBIGUOUS:
            page.problem("figure_ambiguous", f"{figure.code}: sentences say {(figure.raw or '')[:80]}")
        elif len(figure.evidence) >= MAX_SENTENCE:
            page.problem(
                "page_cut", f"{figure.code}: a sentence of more than {MAX_SENTENCE} characters, read in pieces"
            )
