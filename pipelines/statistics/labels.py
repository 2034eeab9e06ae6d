"""Labels made comparable: numbering, white space, punctuation and notes in brackets never tell two rows apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from crawler.text import squeeze

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.,．]|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]项[:：]?"
    r"|[(（]?\d{1,2}[)）.、,．:]+|\d{1,2}(?=[^\d\W])|其中[:：,]?|[*·●◆—–-]+)+"
)
_NOTES = re.compile(r"[(（][^()（）]*(?:[)）]|$)")
_MARKS = re.compile(r"[\W_]+")
_SIMILAR = 0.72


@lru_cache(maxsize=8192)
def plain(label: str) -> str:
    """A label without numbering, notes in brackets, white space and punctuation: «2． 重复申请» gives 重复申请."""
    text = squeeze(label)
    rest = _NUMBERING.sub("", text)
    without = _MARKS.sub("", _NOTES.sub("", rest))
    return without or _MARKS.sub("", rest)


def nearest(label: str, names: Iterable[str]) -> str | None:
    """The one of the plain `names` that a plain label is cut from, lengthens or misspells; None unless only one is."""
    if len(label) < 3:
        return None
    names = list(dict.fromkeys(names))
    cut = [name for name in names if len(label) >= 4 and len(name) >= 4 and name.startswith(label)]
    if not cut:
        longest = max((len(name) for name in names if len(name) >= 4 and label.startswith(name)), default=0)
        cut = [name for name in names if len(name) == longest and label.startswith(name)]
    if cut:
        return cut[0] if len(cut) == 1 else None
    scored = sorted(
        ((SequenceMatcher(None, label, name, autojunk=False).ratio(), name) for name in names), reverse=True
    )
    if not scored or scored[0][0] < _SIMILAR or (len(scored) > 1 and scored[0][0] - scored[1][0] < 0.1):
        return None
    return scored[0][1]
