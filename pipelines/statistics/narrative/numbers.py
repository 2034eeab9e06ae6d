"""Numbers with their units in a sentence: what may be a figure, and what is a year, a share or an article's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.words.numerals import SIGNS, chinese_number

UNITS = (
    *("万人次", "人次", "件次", "条次", "场次", "万元", "条", "篇", "件", "份", "次", "个", "场"),
    *("期", "人", "元", "项", "宗", "起", "例", "处", "名", "位"),
)
"""Units that figures of the forms are counted in; longer ones first."""

_SCALES = {"百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_RUN = re.compile(rf"[\d{SIGNS}]+")
NOTE = r"(?:\s*+(?:[⁰¹²³⁴-⁹①-⑳]|[\[〔［][\d⁰¹²³⁴-⁹]{1,2}[\]〕］]))?"
"""A raised mark of a note: it stands beside a number and is no digit of it."""
_RANGE = "-－–—~～至到"
_MORE = "余|多|来"
_NUMBER = re.compile(
    rf"(?<![\d.．第〔\[（(/百千万亿⁰¹²³⁴-⁹])(?<!\d[ \u3000\xa0,，{_RANGE}])"
    rf"(?<![{SIGNS}][{_RANGE}])(?<![\d件条份篇][{_RANGE}])"
    r"(?P<digits>\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+(?:[ \u3000\xa0]\d+){0,6}+(?:[.．]\d+)?)"
    rf"{NOTE}(?P<more>\s*+(?:{_MORE}))?\s*+(?P<scale>百万|千万|[百千万亿])?"
    rf"(?P<after>\s*+(?:{_MORE}))?\s*+(?P<unit>" + "|".join(UNITS) + rf")(?!份证|月|年|工作日|[{_RANGE}]\s?\d){NOTE}"
    rf"|(?<![{SIGNS}第几数成统唯\d.．])(?<!\d[{_RANGE}])(?<![{SIGNS}][{_RANGE}])(?P<words>[{SIGNS}]{{1,16}})(?P<some>{_MORE})?"
    r"(?P<wan>万)?(?P<unit2>条次|件次|人次|场次|条|篇|件|份|名|宗|起|场|期|人|次)(?!套|事项实|例|性|民|员|数|要|码|步)"
    r"|(?:(?<=政府信息)|(?<=公开申请))(?P<bare>\d+)(?=[，,；;。])"
)
_ABOUT_BEFORE = re.compile(r"(?:近|约|逾|超|超过|将近|接近|大约)$")
_ABOUT_AFTER = re.compile("左右|上下")
_NOT_A_RUN = re.compile(r"(?:19|20)\d\d[ \u3000\xa0]")


@dataclass(frozen=True, slots=True)
class Number:
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
        value = _value(match)
        if value is None:
            continue
        unit = match["unit"] or match["unit2"] or ""
        if unit.startswith("万人"):
            value, unit = value * 10_000, "人次"
        about = bool(match["more"] or match["after"] or match["some"])
        about = about or _ABOUT_BEFORE.search(sentence, max(0, match.start() - 3), match.start()) is not None
        about = about or _ABOUT_AFTER.match(sentence, match.end()) is not None
        yield Number(round(value, 4), unit, match[0], match.start(), match.end(), about)


def _matches(sentence: str) -> Iterator[re.Match[str]]:
    """Where the pattern fits, in order; tried only where digits or numerals stand, which is ten times as fast."""
    run = _RUN.search(sentence)
    while run is not None:
        found = next(filter(None, (_NUMBER.match(sentence, at) for at in range(run.start(), run.end()))), None)
        if found is not None:
            yield found
        run = _RUN.search(sentence, run.end() if found is None else found.end())


def _value(match: re.Match[str]) -> float | None:
    if match["bare"]:
        return float(match["bare"])
    if match["words"]:
        value = chinese_number(match["words"])
        return None if value is None else float(value) * (10_000 if match["wan"] else 1)
    digits = match["digits"]
    if _NOT_A_RUN.match(digits):
        return None
    for sign in ",， \u3000\xa0":
        digits = digits.replace(sign, "")
    return float(digits.replace("．", ".")) * _SCALES.get(match["scale"] or "", 1)
