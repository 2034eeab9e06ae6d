"""Numbers with their units in a sentence: what may be a figure, and what is a year, a share or an article's number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.words.text import chinese_number

UNITS = (
    *("万人次", "人次", "件次", "条次", "万元", "条", "篇", "件", "份", "次", "个", "场"),
    *("期", "人", "元", "项", "宗", "起", "例", "处", "名", "位"),
)
"""Units that figures of the forms are counted in; longer ones first."""

_SCALES = {"万": 10_000, "亿": 100_000_000}
_DIGIT = re.compile(r"[\d一二三四五六七八九十百千万〇零两]")
_NUMBER = re.compile(
    r"(?<![\d.．第〔\[（(/])(?<!\d[,，])(?P<digits>\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+(?:[.．]\d+)?)(?P<more>\s*+(?:余|多))?\s*+(?P<scale>[万亿])?"
    r"(?P<after>\s*+(?:余|多))?\s*+(?P<unit>" + "|".join(UNITS) + r")(?!份证|月|年|工作日)"
    r"|(?<![一二三四五六七八九十百千万亿〇零两第几数])(?P<words>[一二三四五六七八九十百千万〇零两]{1,9})(?P<some>余|多)?"
    r"(?P<unit2>条|篇|件|份|人次|场次)(?!套|事项实|例)"
    r"|(?:(?<=政府信息)|(?<=公开申请))(?P<bare>\d+)(?=[，,；;。]|$)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a sentence: `value` in `unit`, 万 multiplied out except in 万元; `raw` as printed.

    `start` and `end`: where the number with its unit stands.
    """

    value: float
    unit: str
    raw: str
    start: int
    end: int


def numbers_in(sentence: str) -> Iterator[Number]:
    """The counted numbers of a sentence, in order. Percentages, years and dates are none.

    A number without unit counts only right behind 政府信息 or 公开申请 and before a stop.
    """
    if not _DIGIT.search(sentence):
        return
    for match in _NUMBER.finditer(sentence):
        unit = match["unit"] or match["unit2"] or ""
        if match["bare"]:
            value = float(match["bare"])
        elif match["words"]:
            told = chinese_number(match["words"])
            if told is None:
                continue
            value = float(told)
        else:
            value = float(match["digits"].replace(",", "").replace("，", "").replace("．", "."))
            value *= _SCALES.get(match["scale"] or "", 1)
        if unit.startswith("万人"):
            value, unit = value * 10_000, "人次"
        yield Number(round(value, 4), unit, sentence[match.start() : match.end()], match.start(), match.end())
