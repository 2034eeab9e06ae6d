"""Folders of an address: those that stand in it again and again, one level deeper on every page.

A portal that answers any address with a whole page (sources/pages#soft-404) answers its own relative links and frames
with that page as well, and each leads one folder deeper. No bound of a walk but its budget ends that.
"""

from __future__ import annotations

from collections import Counter

_MOST = 3
"""Times that one folder stands in a real address: /xxgk/xxgk/ is met, and a third is thinkable."""


def is_nested(url: str) -> bool:
    """Whether a folder stands in the path of `url` more often than in any real one. Never raises."""
    folders = url.partition("?")[0].partition("#")[0].split("/")[3:-1]
    return len(folders) > _MOST and max(Counter(filter(None, folders)).values(), default=0) > _MOST
