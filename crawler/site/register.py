"""Every extract of the site, and the page of the docs that is written of them."""

from __future__ import annotations

from pathlib import Path

from crawler.site import comparison, figures, hits, home, measures, portal, province, regions
from crawler.site.extracts import Extract

EXTRACTS: tuple[Extract, ...] = (
    *home.EXTRACTS,
    *province.EXTRACTS,
    *portal.EXTRACTS,
    *hits.EXTRACTS,
    *figures.EXTRACTS,
    *regions.EXTRACTS,
    *comparison.EXTRACTS,
    *measures.EXTRACTS,
)
PAGE = Path("docs/site-data.md")


def manual() -> str:
    """The page as Markdown: each address, what a row is, its columns."""
    parts = [
        "# The site's pages as data",
        "Written by `make docs` out of the code; do not edit.",
        "Each address here with `.json` or `.csv` behind it is the table of a page of the site, whole, with the same"
        " names of columns in every language and version; a column may be added at the end, none is renamed. JSON is a"
        " list of objects, `null` for what is not known; CSV (RFC 4180, UTF-8) has the names in its first line, an"
        " empty cell for what is not known, 1 and 0 for true and false, and lists as JSON. The parameters are the"
        " page's own. Answers have an `ETag`; asked again with `If-None-Match` they are 304. What does not exist is"
        " 404, what cannot be meant 400, with one sentence (in JSON as `error`). Datasette's tables have JSON and CSV"
        " of their own ([site.md](site.md)).",
    ]
    for extract in EXTRACTS:
        parts += [f"## `{extract.path}`", extract.about]
        parts.append("\n".join(["| column | holds |", "| --- | --- |", *_lines(extract)]))
    return "\n\n".join(parts) + "\n"


def _lines(extract: Extract) -> list[str]:
    return [f"| `{name}` | {words} |" for name, words in extract.columns.items()]
