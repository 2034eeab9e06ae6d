"""Labels made comparable: numbering, white space, punctuation and notes in brackets never tell two rows apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from crawler.words.text import squeeze

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.,．]|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]项[:：]?"
    r"|[(（]?\d{1,2}[)）.、,．:]+|\d{1,2}(?=[^\d\W])|其中[:：,]?|[*·●◆—–-]+)+"
)
_NOTES = re.compile(r"[(（][^()（）]*(?:[)）]|$)")
_MARKS = re.compile(r"[\W_]+")
_LONGEST = 200
"""Characters of a label that may be a longer wording of a name."""
_SIMILAR, _APART = 0.72, 0.1
"""How much of a label must agree with a name, and how much better than with any other."""


@lru_cache(maxsize=8192)
def plain(label: str) -> str:
    """A label without numbering, notes in brackets, white space and punctuation: «2． 重复申请» gives 重复申请."""
    text = unicodedata.normalize("NFKC", squeeze(label))
    rest = _NUMBERING.sub("", text)
    without = _MARKS.sub("", _NOTES.sub("", rest))
    return without or _MARKS.sub("", rest)


def _ratio_at_most(signs: Counter[str], length: int, name: str) -> float:
    """A bound of SequenceMatcher's ratio, by the signs that both have; comparing in full costs twenty times as much."""
    both = sum(min(count, name.count(sign)) for sign, count in signs.items() if sign in name)
    return 2 * both / (length + len(name))


def nearest(label: str, names: Mapping[str, str]) -> str | None:
    """What `names` (plain name to code) gives for the one that a plain label is cut from, lengthens or misspells.

    None unless all names that fit mean the same.
    """
    if not 3 <= len(label) <= _LONGEST:
        return None
    cut = {code for name, code in names.items() if len(label) >= 4 and len(name) >= 4 and name.startswith(label)}
    if not cut:
        longest = max((len(name) for name in names if len(name) >= 4 and label.startswith(name)), default=0)
        cut = {code for name, code in names.items() if len(name) == longest and label.startswith(name)}
    if cut:
        return cut.pop() if len(cut) == 1 else None
    if len({code for name, code in names.items() if label in name}) > 1:
        return None  # 规范性文件数 is part of two names: which is meant is not said
    scores: dict[str, float] = {}
    signs = Counter(label)
    for name, code in names.items():
        if _ratio_at_most(signs, len(label), name) < _SIMILAR - _APART:
            continue  # neither the best nor too near to it
        ratio = SequenceMatcher(None, label, name, autojunk=False).ratio()
        scores[code] = max(ratio, scores.get(code, 0))
    best = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if not best or best[0][1] < _SIMILAR or (len(best) > 1 and best[0][1] - best[1][1] < _APART):
        return None
    return best[0][0]
