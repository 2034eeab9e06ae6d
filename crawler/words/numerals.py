"""Chinese numerals: 十二, 八百六十五, 一万零二百, 三百六十万, 二〇一八."""

from __future__ import annotations

ZEROES = "〇零○◯Ｏ０ОO０"
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LONGEST = 16
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
SIGNS = "一二三四五六七八九十百千万亿〇零○两廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
"""What a numeral in a sentence is written with."""


def chinese_number(text: str) -> int | None:
    """The value of a numeral as it is spoken (七, 百, 一千零五, 三十五万) or digit by digit (二〇一八), else None.

    One that leaves its last unit out (三百五: 350 in speech, 305 by its signs) is None, as is what is out of order.
    """
    text = text.translate(_CAPITALS).replace("廿", "二十").replace("卅", "三十")
    if not 1 <= len(text) <= _LONGEST:
        return None
    if any(sign in "十百千万亿" for sign in text):
        return _spoken(text)
    value = 0
    for sign in text:
        digit = 0 if sign in ZEROES else _DIGITS.get(sign)
        if digit is None:
            return None
        value = value * 10 + digit
    return value


def _spoken(text: str) -> int | None:
    total = 0
    for sign, scale in (("亿", 100_000_000), ("万", 10_000)):
        before, found, text = text.rpartition(sign)
        if found:
            high = _below_ten_thousand(before) if before else 1
            if high is None or (not before and total):
                return None
            total += high * scale
            if not text:
                return total
    rest = _below_ten_thousand(text)
    return None if rest is None or (total and rest < 1000 and text[0] not in ZEROES) else total + rest


def _below_ten_thousand(text: str) -> int | None:
    value, digit, last, gap = 0, None, 10_000, False
    for at, sign in enumerate(text):
        unit = _UNITS.get(sign)
        if sign in ZEROES:
            if digit is not None or (not at and len(text) == 1):
                return None
            gap = True
        elif unit is None:
            if digit is not None or sign not in _DIGITS:
                return None
            digit = _DIGITS[sign]
        else:
            if unit >= last or (digit is None and at and not gap):
                return None
            value += (1 if digit is None else digit) * unit
            digit, last, gap = None, unit, False
    if digit is None:
        return value if value else None
    return value + digit if gap or last in (10, 10_000) else None


def numeral(value: float) -> str:
    """A number as it is printed: without a point where it is whole."""
    return str(int(value)) if value == int(value) else f"{value:.15g}"
