"""What the header `Link` of an answer says of the pages around it (RFC 8288): <…/index_2.html>; rel="next"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARAMETER = r"\s{0,9};\s{0,9}[^\s=;,\"<>]{1,40}(?:\s?=\s?(?:\"[^\"]{0,500}\"|[^\s\",;<>]{0,500}))?"
_LINK = re.compile(rf"<([^<>]{{1,2000}})>((?:{_PARAMETER}){{0,20}})")
_RELATION = re.compile(r";\s{0,9}rel\s?=\s?(?:\"([^\"]{0,200})\"|([^\s\",;]{1,200}))", re.I)


def next_in_header(headers: Iterable[tuple[str, str]]) -> str | None:
    """The address that an answer's headers call the next page's, as written; None where they call none so."""
    for name, value in headers:
        for href, parameters in _LINK.findall(value[:20_000]) if name.lower() == "link" else ():
            relation = _RELATION.search(parameters)
            if relation is not None and "next" in (relation[1] or relation[2] or "").lower().split():
                return str(href).strip()
    return None
