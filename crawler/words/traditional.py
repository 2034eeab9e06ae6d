"""Pages in traditional characters (the 繁體 version of a portal) in the simplified ones that all rules are written in.

Character by character, so that every place in the text stays what it was; only characters that simplified text never
has are changed, so that nothing else is (sources/pages#traditional-characters).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

_SHARE, _LEAST = 0.08, 12
"""Share and number of traditional characters from which on a page is in them; a link to the 繁體版 has two."""

_REFERENCE = re.compile(r"&#(?:([0-9]{5})|[xX]([0-9a-fA-F]{4}));")
_NUMBERED = ("&#38283;", "&#x958b;", "&#x958B;", "&#22577;", "&#x5831;", "&#32317;", "&#x7e3d;", "&#x7E3D;")
"""開, 報 and 總 as numbers."""


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    text = (resources.files("crawler.data.characters") / "traditional.tsv").read_text("utf-8")
    return {ord(line[0]): line[2] for line in text.splitlines()[1:]}


def is_traditional(text: str) -> bool:
    """Whether a text is written in traditional characters."""
    if "\u958b" not in text and "\u5831" not in text and "\u7e3d" not in text:  # 開 報 總: no report is without
        return False
    table = _table()
    han = sum("\u3400" <= letter <= "\u9fff" for letter in text)
    found = sum(ord(letter) in table for letter in text)
    return found >= _LEAST and found >= _SHARE * han


def without_references(text: str) -> str:
    """The text with the traditional characters that it has as numbers (&#38283;) written out; as it is where it has
    none of those that no report is without."""
    if "&#" not in text or not any(number in text for number in _NUMBERED):
        return text
    table = _table()

    def written(reference: re.Match[str]) -> str:
        point = int(reference[1]) if reference[1] else int(reference[2], 16)
        return chr(point) if point in table else reference[0]

    return _REFERENCE.sub(written, text)


def simplified(text: str) -> str:
    """The text in simplified characters, of the same length."""
    return text.translate(_table())
