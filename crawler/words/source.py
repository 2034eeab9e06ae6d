"""The source of a page in small letters, and which signs it has: one walk over it for all that stages ask for.

To look for one sign after another is as many walks, and takes twice as long together
(sources/measurements#levers-of-a-page).
"""

from __future__ import annotations

import re
from functools import cached_property

from ahocorasick_rs import BytesAhoCorasick, Implementation

PAGERS = ("Page(", "Page (", "PageHTML", "countPage", "totalPage", "pageCount", "aypage", "ayPage", "aginat", "ager(")
"""Of these one stands in the source of a page whose pages a script counts."""
_PAGERS = frozenset(sign.lower().encode() for sign in PAGERS)
_DATA = b"data-"
_DATA_NAME = re.compile(rb"data-[^\s=<>\"'/]*+")
_SIGNS = (*_PAGERS, _DATA, b"onclick", b"url", b"link", b"<time", b"itemprop")
_AUTOMATON = BytesAhoCorasick(_SIGNS, implementation=Implementation.DFA)


class Source:
    """All that a tree was read from, in UTF-8 and small letters: an element or attribute whose name is not in it is not
    in the tree."""

    def __init__(self, low: bytes) -> None:
        self._low = low

    def __contains__(self, sign: bytes) -> bool:
        """Whether one of the signs above, or of `data_names`, stands in it; of others nothing is known."""
        return sign in self._signs or sign in self.data_names

    @cached_property
    def _signs(self) -> frozenset[bytes]:
        matches = _AUTOMATON.find_matches_as_indexes(self._low, overlapping=True)
        return frozenset([_SIGNS[number] for number in {number for number, _, _ in matches}])

    @cached_property
    def data_names(self) -> frozenset[bytes]:
        """What may be the names of attributes of the site's own making, `data-…`."""
        return frozenset(_DATA_NAME.findall(self._low)) if _DATA in self._signs else frozenset()

    @property
    def may_count_pages(self) -> bool:
        """Whether it may have one of PAGERS."""
        return not _PAGERS.isdisjoint(self._signs)
