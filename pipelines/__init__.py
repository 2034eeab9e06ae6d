"""What happens to a page once it is here, one stage a room, in order: pure functions over bytes, URL and headers."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.records.capture import Capture, Context
from crawler.records.page import Page


def derive(
    capture: Capture,
    context: Context = Context(),  # noqa: B008 -- frozen, safe to share
    files: Mapping[str, bytes] | None = None,
    fatal: Mapping[str, str] | None = None,
    *,
    until: str | None = None,
) -> Page:
    """All that follows from one capture; see `pipelines.stages.derive`, which is imported when it is called."""
    from pipelines import stages

    return stages.derive(capture, context, files, fatal, until=until)
