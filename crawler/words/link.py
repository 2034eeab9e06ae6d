"""One link of a page: where it leads, what it says, and the row and block it stands in.

Addresses, rows and dates are worked out only when asked for, since of the 400 links of a page all but a few are told by
their words alone.
"""

from __future__ import annotations

import re
from typing import Any

from crawler.words.addresses import join
from crawler.words.files import shown_file

ROWS = frozenset({"li", "tr", "dd", "dt", "option"})
INLINE = frozenset(
    {"a", "span", "b", "strong", "font", "em", "i", "u", "h1", "h2", "h3", "h4", "h5", "h6", "label", "nobr"}
)
_DATED = re.compile(
    r"(?:19|20)\d\d\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}|[\[【（(]\s*\d{1,2}[-./月]\d{1,2}日?\s*[\]】）)]"
)
_MAX_ELEMENTS = 100
_MAX_ROW = 600
"""Characters of a row; more is no row of a list but the page around it."""


class Link:
    """One link. `label` is tidied (labels.tidy), `href` as written, in a page of `charset` (addresses.join); the
    rest is worked out on demand."""

    __slots__ = ("_base", "_charset", "_row", "_url", "element", "href", "label", "title")

    def __init__(self, element: Any, href: str, label: str, title: str, base: str, charset: str | None = None) -> None:
        self.element = element
        self.href = href
        self.label = label
        self.title = title
        self._base = base
        self._charset = charset
        self._url: str | None = None
        self._row: Any = None

    def __repr__(self) -> str:
        return f"Link({self.label!r}, {self.href!r})"

    def another(self, element: Any, href: str, label: str, title: str = "") -> Link:
        """A further link of the same page."""
        return Link(element, href, label, title, self._base, self._charset)

    @property
    def url(self) -> str:
        """The absolute address, "" where the link leads nowhere by itself; of a viewer that is given a document the
        document's."""
        if self._url is None:
            url = join(self._base, self.href, self._charset) or ""
            self._url = (shown_file(url) if "?" in url else None) or url
        return self._url

    @property
    def row(self) -> Any:
        """The element that holds this entry of a list with its date: li, tr, dd, dt, else the nearest block."""
        if self._row is None:
            at = self.element
            nearest = None
            for _ in range(0 if at.tag in ROWS else 8):  # a row that is clicked itself
                above = at.getparent()
                if above is None or above.tag in ("body", "html"):
                    break
                at = above
                if at.tag in ROWS:
                    break
                if nearest is None and at.tag not in INLINE:
                    nearest = at
            self._row = at if at.tag in ROWS else nearest if nearest is not None else self.element
        return self._row

    @property
    def block(self) -> Any:
        """The element that holds the rows: entries of one list share it."""
        above = self.row.getparent()
        return above if above is not None else self.row

    @property
    def row_text(self) -> str:
        """The words of the row, "" where it is too long to be one."""
        return words(self.row, _MAX_ROW) or ""

    @property
    def dated(self) -> bool:
        """True where a date stands in the row."""
        return bool(_DATED.search(self.row_text))


def words(element: Any, most: int) -> str | None:
    """The words inside an element, None for more than `most` characters or 100 elements.

    Not `string()`: where a page is one table in another, a thousand rows each hold half of it.
    """
    if len(element) == 0:
        text = (element.text or "") if isinstance(element.tag, str) else ""
        return text if len(text) <= most else None
    parts = []
    size = 0
    for count, at in enumerate(element.iter()):
        if count > _MAX_ELEMENTS:
            return None
        for text in (at.text if isinstance(at.tag, str) else None, at.tail if at is not element else None):
            if text:
                size += len(text)
                if size > most:
                    return None
                parts.append(text)
    return "".join(parts)
