"""What pages need to look as they did: a kind of its own, of which nothing else is asked."""

from __future__ import annotations

from crawler.records.capture import Evidence
from crawler.records.page import Page
from pipelines.decode.media import media_type


def fill_requisite(page: Page) -> None:
    """The media type and the kind of a style, a picture or a font; an error page in its place is not read either."""
    page.media_type = media_type(page.capture.body, page.capture.header("content-type"))
    page.kind = "requisite"
    page.evidence.append(Evidence("requisite", "a page names it as a style, a picture or a font"))
