"""The stages in their order: one tuple that crawl, `extract`, `import` and `rebuild` all go through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from pipelines.decode.stage import read_source
from pipelines.describe.stage import describe
from pipelines.documents.links import note_attachments
from pipelines.documents.stage import read_attached, read_document, strip_document
from pipelines.recognise.requisite import fill_requisite
from pipelines.recognise.stage import recognise
from pipelines.statistics import read_statistics
from pipelines.strip.stage import strip


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: a pure function over a page. `needs`: the fields of `Page` that it reads, beside the capture and its
    context; `fills`: those that it may change, beside `problems` and what is worked out once for all (`seen`)."""

    name: str
    run: Callable[[Page], None]
    needs: tuple[str, ...]
    fills: tuple[str, ...]


STAGES: tuple[Stage, ...] = (
    Stage("decode", read_source, (), ("media_type", "charset_declared", "charset", "html", "tree", "evidence")),
    Stage(
        "document", read_document, ("media_type", "html"), ("document", "marked", "media_type", "charset", "evidence")
    ),
    Stage(
        "recognise",
        recognise,
        ("media_type", "html", "tree", "document"),
        ("kind", "evidence", "lookalike", "title", "breadcrumb"),
    ),
    Stage("strip", strip, ("kind", "tree", "title"), ("body", "marked", "text", "sections", "evidence")),
    Stage("strip_document", strip_document, ("kind", "document", "title"), ("marked", "text", "sections", "evidence")),
    Stage("attachments", note_attachments, ("kind", "tree", "body"), ("attachments",)),
    Stage(
        "attached",
        read_attached,
        ("kind", "attachments", "files", "text", "title"),
        ("attachments", "documents", "text", "sections", "marked"),
    ),
    Stage(
        "describe",
        describe,
        ("kind", "title", "tree", "html", "text", "breadcrumb", "document", "documents"),
        ("report", "report_evidence"),
    ),
    Stage("statistics", read_statistics, ("kind", "report", "marked", "text", "documents"), ("figures", "checks")),
)
"""Each fills its own fields and leaves the others alone."""


def advance(page: Page, entry: Stage) -> None:
    """Take a page through a stage; a fault in it is a problem of the page, which keeps what the earlier ones filled."""
    try:
        entry.run(page)
    except MemoryError:
        raise  # whoever reads has little left to go on with
    except Exception as error:
        page.problem("stage_failed", f"{entry.name}: {type(error).__name__}: {error}")


def derive(
    capture: Capture,
    context: Context = Context(),  # noqa: B008 -- frozen, safe to share
    files: Mapping[str, bytes] | None = None,
    fatal: Mapping[str, str] | None = None,
    *,
    until: str | None = None,
) -> Page:
    """All that follows from one capture: every stage in order, without the network and without Scrapy.

    `files`: bodies of the attachments of a report that are here, by address. `fatal`: by SHA-256, documents that are
    not to be read, and why. `until`: the name of the last stage. Raises MemoryError, and nothing else: a stage that
    fails is a problem of the page. The same of all these always give the same page.
    """
    page = Page(capture, context)
    page.files, page.fatal = files or {}, fatal or {}
    if context.requisite:
        fill_requisite(page)
        return page
    for entry in STAGES:
        advance(page, entry)
        if entry.name == until:
            break
    return page
