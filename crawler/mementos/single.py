"""What is taken singly: captures that may be pages of reports, and that no walk over the portal of then came by."""

from __future__ import annotations

from crawler.archive.queries.reader import Reader
from crawler.portals.profile import Profile
from crawler.records.mementos import Memento
from crawler.words.addresses import column_prefix
from crawler.words.mementos import key

NEAR = 366
"""Days within which a second capture of an address that is no page of a list is not taken beside the first."""
MOST_SINGLE = 2_000
"""Captures that one backfill takes of a portal beside its walks; the rest is the next one's."""
_NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript")
"""How media types begin that no report has."""


def single(reader: Reader, profile: Profile, source: str) -> list[Memento]:
    """Captures that may be pages of reports, and of which no walk took one that is the same or nearly as old: at the
    addresses that lead to nothing any more, and below lists that the archive knows from any time."""
    gone = frozenset(map(key, reader.mementos.gone(profile.id)))
    prefixes = {column_prefix(url) for url in reader.mementos.lists(profile.id)} - {None}
    below = tuple(key(prefix) + "/" for prefix in prefixes if prefix is not None)
    return [
        memento
        for memento in reader.mementos.remainder(profile.id, source, NEAR)
        if (memento.key in gone or memento.key.startswith(below))
        and _may_be_page(memento.media_type)
        and profile.allows(memento.url)
    ][:MOST_SINGLE]


def _may_be_page(media_type: str | None) -> bool:
    return media_type is None or not media_type.lower().startswith(_NO_PAGES)
