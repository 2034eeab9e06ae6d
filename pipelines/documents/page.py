"""HTML that is served as a Word file, as many portals do: read as a page is, without its chrome being looked for."""

from __future__ import annotations

from crawler.records.capture import Capture
from pipelines.decode.stage import decode
from pipelines.marked.document import Document
from pipelines.marked.flatten import marked


def read_page(body: bytes) -> Document:
    """Raises nothing of its own; a page without words is one without words."""
    tree = decode(Capture("http://localhost/", 200, [("Content-Type", "text/html")], body, "")).tree
    return Document("html", marked(tree) if tree is not None else "")
