"""What happens to a page once it is here, one stage a module, in order: pure functions over bytes, URL and headers."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.records.page import Capture, Context, Page


def derive(
    capture: Capture,
    context: Context = Context(),  # noqa: B008 -- frozen, safe to share
    files: Mapping[str, bytes] | None = None,
) -> Page:
    """All that follows from one capture: every stage in order, without the network and without Scrapy.

    `files`: bodies of the attachments of a report that are here, by address. Never raises: a stage that fails is a
    problem of the page. The same capture, context and files always give the same page.
    """
    from pipelines.describe.stage import describe
    from pipelines.documents.links import note_attachments
    from pipelines.documents.stage import read_attached, read_document, strip_document
    from pipelines.guard import decoded, guarded
    from pipelines.recognise.stage import recognise
    from pipelines.statistics import read_statistics
    from pipelines.strip.stage import strip

    page = decoded(capture, context)
    page.files = files or {}
    for stage in (
        read_document,
        recognise,
        strip,
        strip_document,
        note_attachments,
        read_attached,
        describe,
        read_statistics,
    ):
        guarded(stage, page)
    return page
