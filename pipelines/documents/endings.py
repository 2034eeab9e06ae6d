"""What the ending of a name suggests that a file is; its bytes decide once it is here (pipelines.documents.kind)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from crawler.records.media import BY_ENDING

_ENDING = re.compile(r"\.([A-Za-z0-9]{2,4})$")
NAMED = re.compile(r"\.(pdf|docx?|wps|xlsx?|et|pptx?|ofd|rtf|zip|rar|7z)(?=$|[&?#;)）\s(（])", re.I)
"""A document's name within words or a query."""


def media_type_of(name: str) -> str | None:
    """The media type that the ending of a file name or address suggests; None for an unknown or missing ending."""
    path = name.split("?")[0].split("#")[0] if "://" in name else name
    found = _ENDING.search(path.strip())
    if found is None or found.group(1).lower() not in BY_ENDING:
        found = NAMED.search(unquote(name))
    return BY_ENDING.get(found.group(1).lower()) if found else None
