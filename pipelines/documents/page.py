"""HTML that is served as a Word file, as many portals do: read as a page is, and a page that holds a report's text for another."""

from __future__ import annotations

from itertools import islice

from crawler.records.capture import Capture
from pipelines.decode.stage import decode
from pipelines.marked.document import Document
from pipelines.marked.flatten import marked
from pipelines.strip.container import find_container


_CHROME = 5
"""Links from which on a page has menus around its text; a file that a word processor wrote has hardly any."""


def read_page(body: bytes) -> Document:
    """Raises nothing of its own; a page without words is one without words."""
    tree = decode(Capture("http://localhost/", 200, [("Content-Type", "text/html")], body, "")).tree
    if tree is None:
        return Document("html", "")
    links = sum(1 for _ in islice(tree.iter("a"), _CHROME))
    body = find_container(tree)[0] if links >= _CHROME else None
    return Document("html", marked(body if body is not None else tree))
