"""What a cell of a table says: a number, nothing, words for none, or something that is not for a program to tell."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from crawler.words.numerals import chinese_number
from crawler.words.text import squeeze

How = Literal["number", "signed words", "blank", "words for none", "unread"]
"""number: as printed; signed words: 增4, 减4; blank: empty, or a dash or stroke; unread: no rule reads it."""


class Said(NamedTuple):
    """The value of a cell; `unit` only if the cell itself prints one. Value None: blank or unread."""

    value: float | None
    unit: str | None
    how: How


_BLANK = re.compile(r"[-—–―─~〜_/\\|.·*×xX]{0,6}")
_NONE = re.compile(
    r"(?:无|没有|未有|未发生|没有发生|未收到|未收取|未涉及|不涉及|无此项|无此类|暂无|均无|零)[件条项次]?"
)
_UNITS = "人次|件次|条次|件|条|份|次|篇|个|人|宗|项|起|例|家|场|期|元|人民币"
_AMOUNT = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_NUMBER = re.compile(
    rf"(?:(?P<word>增加|新增|增长|上升|增|减少|减|下降|↑|↓)|(?P<sign>[+-]))?(?P<about>约|近)?[¥￥]?(?P<n>{_AMOUNT})"
    rf"(?P<wan>万)?(?:余|多)?(?P<unit>{_UNITS})?(?:\(.*\)?|\[.*\])?"
)
_NOTES = re.compile(r"[⁰¹²³⁴-⁹₀-₉①-⑳]+")
"""Raised and lowered marks of notes: NFKC would make digits of them, and one more of the number beside them."""
_EDGES = re.compile(r"""^[“"'=:]+(?=\d)|(?<=[\d\u4e00-\u9fff])(?:[*※△▲。”"]|注\d{0,2})+$""")
"""What stands around a number and is none of it: marks of notes, quotation marks, a stop, what sheets show of texts."""
_PIECES = re.compile(r"\s+")


@lru_cache(maxsize=8192)
def read_cell(raw: str) -> Said:
    """Read a cell as printed; lines of it apart by newline. Two numbers in one cell are not told apart: unread."""
    if not raw.isascii() and _NOTES.search(raw):
        raw = _NOTES.sub("", raw)
        if not raw.strip():
            return Said(None, None, "unread")
    pieces = _PIECES.split(raw.strip())
    if len(pieces) > 1 and not _one_number(raw, pieces):
        return Said(None, None, "unread")
    text = raw if raw.isascii() and raw.isdecimal() else unicodedata.normalize("NFKC", squeeze(raw))
    if text.isdecimal() and text.isascii() and len(text) < 16 and (text[0] != "0" or len(text) == 1):
        return Said(int(text), None, "number")
    if text == "一":  # one, or a dash
        return Said(None, None, "unread")
    if _BLANK.fullmatch(text):
        return Said(None, None, "blank")
    if _NONE.fullmatch(text):
        return Said(0, None, "words for none")
    text = _EDGES.sub("", text).replace("−", "-").replace("﹣", "-")
    found = _NUMBER.fullmatch(text)
    if found is None:
        numeral = chinese_number(text.rstrip("件条份次篇个人项"))
        return Said(numeral, None, "number") if numeral is not None else Said(None, None, "unread")
    digits = found["n"].replace(",", "")
    if len(digits) > 1 and digits[0] == "0" and digits[1].isdigit():
        return Said(None, None, "unread")
    value = float(digits) if "." in digits or len(digits) > 16 else int(digits)
    unit = found["unit"] if found["unit"] != "人民币" else "元"
    if found["wan"]:
        if unit == "元":
            unit = "万元"
        else:
            value = round(value * 10_000, 4)
    down = found["sign"] == "-" or ((found["word"] or "")[:1] in ("减", "下", "↓") and bool(found["word"]))
    value = -value if down else value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Said(value, unit, "signed words" if found["word"] else "number")


def _one_number(raw: str, pieces: list[str]) -> bool:
    """True unless the pieces of a cell hold several numbers: «1 234», «1 2 3» and «12 件» are one, «12 34» is two."""
    numbers = [piece for piece in pieces if any(sign.isdecimal() for sign in squeeze(piece))]
    if len(numbers) < 2 or any(mark in raw for mark in "(（"):
        return True
    if "\n" in raw:
        return False
    parts = [squeeze(piece) for piece in pieces]
    if not all(part.isdecimal() for part in parts):
        return False
    return all(len(part) == 1 for part in parts) or (len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:]))


def is_value(raw: str) -> bool:
    """True for a cell that a number column may hold: blank, a number or words for none."""
    return read_cell(raw).how != "unread"
