"""Numbers with their units in a sentence: what may be a figure, and what is a year, a share or an article's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

from crawler.words.numerals import SIGNS, chinese_number

UNITS = (
    *("万人次", "人次", "件次", "条次", "场次", "万元", "条", "篇", "件", "份", "次", "个", "场"),
    *("期", "人", "元", "项", "宗", "起", "例", "处", "名", "位"),
)
"""Units that figures of the forms are counted in; longer ones first."""

_SCALES = {"百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_RUN = re.compile(rf"[\d{SIGNS}][\d{SIGNS}]*")
NOTE = r"(?:\s*+(?:[⁰¹²³⁴-⁹①-⑳]|[\[〔［][\d⁰¹²³⁴-⁹]{1,2}[\]〕］]))?"
"""A raised mark of a note: it stands beside a number and is no digit of it."""
_RANGE = "-－–—~～至到"
_MORE = "余|多|来"
_NUMBER = re.compile(
    rf"(?<![\d.．第〔\[（(/百千万亿⁰¹²³⁴-⁹])(?<!\d[ \u3000\xa0,，{_RANGE}])"
    rf"(?<![{SIGNS}][{_RANGE}])(?<![\d件条份篇][{_RANGE}])"
    r"(?P<digits>\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+(?:[ \u3000\xa0]\d+){0,6}+(?:[.．]\d+)?)"
    rf"{NOTE}(?P<more>\s*+(?:{_MORE}))?\s*+(?P<scale>百万|千万|[百千万亿])?(?:(?P<low>\d)(?P<step>[百千]))?"
    rf"(?P<after>\s*+(?:{_MORE}))?\s*+(?P<unit>" + "|".join(UNITS) + rf")(?!份证|月|年|工作日|[{_RANGE}]\s?\d){NOTE}"
    rf"|(?<![{SIGNS}第几数成统唯\d.．])(?<!\d[{_RANGE}])(?<![{SIGNS}][{_RANGE}])(?P<words>[{SIGNS}]{{1,16}})(?P<some>{_MORE})?"
    r"(?P<wan>万)?(?P<unit2>条次|件次|人次|场次|条|篇|件|份|名|宗|起|场|期|人|次)(?!套|事项实|例|性|民|员|数|要|码|步)"
    r"|(?:(?<=政府信息)|(?<=公开申请)|(?<=部分公开)|(?<=不予公开)|(?<=予以公开)|(?<=同意公开)|(?<=信息数)|(?<=申请数)|(?<=答复数))(?P<bare>\d+)(?=[，,；;。](?!\d))"
)
_BEHIND_NUMERAL = frozenset("余多来条件人场篇份名宗起期次")
"""The first sign of all that may stand behind a Chinese numeral: of a unit, or of words that it is only near."""
_BEHIND_DIGITS = frozenset((*(unit[0] for unit in UNITS), *"余多来,，.．；;。[〔［⁰¹²³⁴⁵⁶⁷⁸⁹①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"))
"""The same behind digits, beside white space: a unit, a group of thousands, a point, a note, or a stop."""
_NEAR_BEFORE = ("近", "约", "逾", "超", "超过", "将近", "接近", "大约")
_NEAR_AFTER = ("左右", "上下")
_SOME = re.compile("[一二三四五六七八九]{2}")
"""三五条: some."""
_NOT_A_RUN = re.compile(r"(?:19|20)\d\d[ \u3000\xa0]")


class Number(NamedTuple):
    """A number in a sentence: `value` in `unit`, 万 multiplied out except in 万元; `raw` as printed.

    `start` and `end`: where the number with its unit stands. `about`: the text says it is only near (近, 余, 左右).
    """

    value: float
    unit: str
    raw: str
    start: int
    end: int
    about: bool = False


def numbers_in(sentence: str) -> Iterator[Number]:
    """The counted numbers of a sentence, in order. Percentages, years and dates are none, nor is a range (3至5件).

    Digits parted by single spaces are one number: a page's mark-up or a line's end had cut it. Left alone where the
    first part may be a year. Chinese numerals of any size are read (八百六十五条, 2千余条, 百余件), not those that
    name none (数百, 几十). A number without unit counts only right behind 政府信息 or 公开申请 and before a stop.
    """
    for match in _matches(sentence):
        digits, more, scale, low, step, after, unit, words, some, wan, unit_of_words, bare = match.groups()
        value = float(bare) if bare else _spoken(words, wan) if words else _written(digits, scale)
        if low and value is not None:  # 3万5千
            value = value + int(low) * _SCALES[step] if scale and _SCALES[scale] > _SCALES[step] else None
        if value is None:
            continue
        unit = unit or unit_of_words or ""
        # Half a record: a share, an area, a digit too many. What is beyond all numbers has no half, and is told.
        if isfinite(value) and value % 1 and "元" not in unit:
            continue
        if unit.startswith("万人"):
            value, unit = value * 10_000, "人次"
        start, end = match.span()
        about = bool(more or after or some) or sentence.endswith(_NEAR_BEFORE, max(0, start - 3), start)
        yield Number(round(value, 4), unit, match[0], start, end, about or sentence.startswith(_NEAR_AFTER, end))


def _matches(sentence: str) -> Iterator[re.Match[str]]:
    """Where the pattern fits, in order; tried only where digits or numerals begin, which is ten times as fast."""
    run = _RUN.search(sentence)
    while run is not None:
        found = _match(sentence, run)
        if found is not None:
            yield found
        run = _RUN.search(sentence, run.end() if found is None else found.end())


def _match(sentence: str, run: re.Match[str]) -> re.Match[str] | None:
    """The first place in a run of digits and numerals where the pattern fits.

    It can only begin where digits or numerals do; and most runs are no number by the sign behind them: the 一 of 统一,
    a year, a date.
    """
    signs, behind = run[0], sentence[run.end() : run.end() + 1]
    if signs.isdecimal():
        return _NUMBER.match(sentence, run.start()) if behind in _BEHIND_DIGITS or behind.isspace() else None
    if signs.isalpha():
        return _NUMBER.match(sentence, run.start()) if behind in _BEHIND_NUMERAL else None
    places = [at for at in range(1, len(signs)) if signs[at].isdecimal() and not signs[at - 1].isdecimal()]
    tried = (_NUMBER.match(sentence, run.start() + at) for at in (0, *places))
    return next(filter(None, tried), None)


def _spoken(words: str, wan: str | None) -> float | None:
    value = None if _SOME.fullmatch(words) else chinese_number(words)
    return None if value is None else float(value) * (10_000 if wan else 1)


def _written(digits: str, scale: str | None) -> float | None:
    if not digits.isdecimal():
        if _NOT_A_RUN.match(digits):
            return None
        for sign in ",， \u3000\xa0":
            digits = digits.replace(sign, "")
        digits = digits.replace("．", ".")
    return float(digits) * _SCALES[scale] if scale else float(digits)
