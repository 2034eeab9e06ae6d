"""What happens to a page once it is here, one stage a module, in order: pure functions over bytes, URL and headers."""

from __future__ import annotations

from crawler.items import Capture, Context, Page


def derive(capture: Capture, context: Context = Context()) -> Page:  # noqa: B008 -- frozen, safe to share
    """All that follows from one capture: every stage in order, without the network and without Scrapy.

    Never raises: a stage that fails is a problem of the page. The same capture and context always give the same page.
    """
    from pipelines.attachments import note_attachments
    from pipelines.describe import describe
    from pipelines.guard import decoded, guarded
    from pipelines.recognise import recognise
    from pipelines.statistics import read_statistics
    from pipelines.strip import strip

    page = decoded(capture, context)
    for stage in (recognise, strip, describe, note_attachments, read_statistics):
        guarded(stage, page)
    return page
