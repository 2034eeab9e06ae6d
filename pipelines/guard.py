"""A fault in a stage is a problem of one page and must not cost the page, the run or a rebuild."""

from __future__ import annotations

from collections.abc import Callable

from crawler.records.page import Capture, Context, Page
from pipelines.decode.stage import decode


def guarded(stage: Callable[[Page], None], page: Page) -> None:
    """Run a stage; a fault in it becomes a problem row of the page, which keeps what the earlier stages filled."""
    try:
        stage(page)
    except Exception as error:
        page.problem("stage_failed", f"{stage.__name__}: {type(error).__name__}: {error}")


def decoded(capture: Capture, context: Context) -> Page:
    """The capture as a page, decoded; a page with nothing but its capture where that fails."""
    try:
        return decode(capture, context)
    except Exception as error:
        page = Page(capture, context)
        page.problem("stage_failed", f"decode: {type(error).__name__}: {error}")
        return page
