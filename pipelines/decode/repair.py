"""Text that was decoded wrongly before the portal served it, and encoded again: read once more the right way.

A page of UTF-8 taken for Latin-1 or GBK by the system that stored it is valid UTF-8 when it comes, and says nothing
(sources/obstacles#charset). What was lost on the way cannot be had again; how much, is told.
"""

from __future__ import annotations

import re

_LATIN = (
    "\x80-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022"
    "\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_RUN = re.compile(f"[{_LATIN}]{{2,}}")
"""What bytes above 127 look like, read as Latin-1 or as Windows' code page 1252."""
_HAN = re.compile("[\u3400-\u9fff]")
_AS_GBK = ("鏀垮簻", "淇℃伅", "鍏紑", "宸ヤ綔", "骞村害", "鎶ュ憡")
"""政府, 信息, 公开, 工作, 年度, 报告 in UTF-8, read as GBK. The first characters are rare, and found in a fraction of
the time that a count of the words takes."""
_ENOUGH = 20
"""Chinese characters that a repair must give: fewer may be chance."""
_ENTITY = re.compile(r"&amp;(#\d{2,6}|#x[0-9a-fA-F]{2,5}|nbsp|[lr]dquo|mdash|hellip|middot);")
LOST = "\ufffd"
_MOST_LOST = 50
"""One lost character in so many Chinese ones is told; a page may show one for itself."""


_FEW_LOST = 3
_LEADS = "äåæçèéÖÐÊ¹"
"""What the first bytes of most Chinese characters look like, read as Latin-1: E4 to E9 of UTF-8, D6 D0 CA B9 of GBK."""


def repaired(text: str) -> tuple[str, str | None]:
    """The text as it was meant, and what was done, as a sentence; the text and None where nothing was amiss."""
    done = []
    if "&amp;" in text and (fixed := _ENTITY.sub(r"&\1;", text)) != text:
        text = fixed
        done.append("entities that were escaped twice")
    for words, attempt in (("Latin-1", _from_latin), ("GBK", _from_gbk)):
        if (meant := attempt(text)) is not None:
            text = meant
            done.append(f"UTF-8 that was read as {words} and encoded again")
            break
    return text, "; ".join(done) or None


def lost_in(text: str) -> int:
    """How many characters were lost before the page was served; 0 where they are too few to tell of."""
    count = text.count(LOST) if LOST in text else 0
    return count if count >= _FEW_LOST and count * _MOST_LOST > len(_HAN.findall(text)) else 0


def _from_latin(text: str) -> str | None:
    if sum(text.count(lead) for lead in _LEADS if lead in text) < _ENOUGH // 2:
        return None
    runs = _RUN.findall(text)
    size = sum(map(len, runs))
    if size < 3 * _ENOUGH or size < 3 * len(_HAN.findall(text)):
        return None
    for charset in ("utf-8", "gb18030"):
        fixed = _RUN.sub(lambda run, charset=charset: _bytes(run[0]).decode(charset, "replace"), text)  # type: ignore[misc]
        if len(_HAN.findall(fixed)) >= max(_ENOUGH, size // 4) and fixed.count(LOST) * 50 < size:
            return fixed
    return None


def _bytes(run: str) -> bytes:
    return b"".join(sign.encode("latin-1") if sign < "\u0100" else sign.encode("cp1252", "replace") for sign in run)


def _from_gbk(text: str) -> str | None:
    if sum(text.count(word) for word in _AS_GBK if word[0] in text) < 3:
        return None
    fixed = text.encode("gb18030", "replace").decode("utf-8", "replace")
    whole = len(_HAN.findall(fixed))
    return fixed if whole >= _ENOUGH and fixed.count(LOST) * 4 < whole else None
