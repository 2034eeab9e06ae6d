"""What a script calls the address of the page that it stands in, and how it names parts of objects."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_BY_NAME = re.compile(r"(?<=[\w\])])\[\s*([\"'])(location|href|replace|assign|document|cookie)\1\s*\]")
OWN_WINDOWS = frozenset({"_self", "_top", "_parent"})
"""Windows that `open` shows its address in without a new one, which browsers keep from opening by itself."""
EXPRESSION = re.compile(r"\$\{([^{}]*)\}")
"""An expression within a template: `${location.origin}/a.html`."""


def by_dots(source: str) -> str:
    """A script in which a part of an object by its name, window["location"], is written window.location."""
    return _BY_NAME.sub(r".\2", source)


def part_of_address(url: str, path: list[str]) -> str | None:
    """What `location.host` and its like (`path`, owners left out) are on the page at `url`; None for all else."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return None
    values = {
        "location.host": parts.netloc,
        "location.hostname": host,
        "domain": host,
        "location.protocol": f"{parts.scheme}:",
        "location.origin": f"{parts.scheme}://{parts.netloc}",
        "location.port": str(parts.netloc.rpartition(":")[2]) if ":" in parts.netloc else "",
    }
    return values.get(".".join(path))
