"""HTML that is served as a Word file, as many portals do, or holds the text of another page's report."""

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
    article = find_container(tree)[0] if links >= _CHROME else None
    return Document("html", marked(article if article is not None else tree))
