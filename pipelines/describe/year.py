"""Which year a report covers, and which statistical form it carries: both told by words, never by the address.

A folder `bmzfxxgkndbg2024` holds 2025's reports (sources/pages#addresses). The title's year, or the column's where
the title has none, wins over the text's, which is often last year's text with the old year left in it; 4 of 169 real
reports disagree with their title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.records.report import Form
from crawler.words.numerals import chinese_number
from crawler.words.text import squeeze, years_in

_FIRST, _LAST = 2003, 2099
"""The earliest local rules on disclosure are of 2003 (广州); the national regulation covers 2008 and later."""

_BEGINNING = 1500
_Y = "(20\\d\\d|二[〇○零◯O0０][一二三四五六七八九〇○零◯O0０]{2})"
_PERIOD = re.compile(
    rf"{_Y}年?1月1?日?(?:起|开始)?(?:至|到|—|－|-|~|～)+(?:{_Y}年)?12月|统计(?:期限|数据|时间|范围|截止)[^。]{{0,24}}?{_Y}年"
    rf"|(?:截至|截止)(?:到|至)?{_Y}年12月"
)
_STATED = re.compile(
    rf"{_Y}年?度?[^。，；]{{0,14}}(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:情况|年度报告|工作报告|报告)"
)
_OF_THE_YEAR = re.compile(
    r"((?:19|20)\d\d|二[〇○零◯O0０][一二三四五六七八九〇○零◯O0０]{2})年?度?(?=[^\d]*(?:公开|报告|年报))"
)


@dataclass(frozen=True, slots=True)
class Year:
    """The year, the rule and words it came from, and what contradicts it (a sentence, or None)."""

    year: int | None
    rule: str
    words: str
    contradiction: str | None = None


def read_year(title: str | None, column: int | None, crumbs: list[str], text: str | None) -> Year:
    """The report year out of title, column (the trail's year step, else the breadcrumb) and text, in this order."""
    named = _title_years(title or "")
    from_crumbs = sorted({year for label in crumbs for year in years_in(label) if _FIRST <= year <= _LAST})
    in_column = column if column is not None else from_crumbs[0] if len(from_crumbs) == 1 else None
    in_text = text_year(text or "")
    told = [(name, year) for name, year in (("title", named), ("column", in_column), ("text", in_text)) if year]
    if not told:
        return Year(None, "none", "")
    rule, year = told[0]
    others = [f"the {name} says {other}" for name, other in told[1:] if other != year]
    words = {"title": title or "", "column": str(column) if column else " > ".join(crumbs), "text": str(in_text)}[rule]
    return Year(year, rule, words, f"the {rule} says {year}, " + ", ".join(others) if others else None)


def _title_years(title: str) -> int | None:
    """The year a title reports on: the one before its 公开 or 报告; another may be that of a document or a day."""
    flat = squeeze(title)
    found = _OF_THE_YEAR.search(flat)
    years = [year for year in years_in(flat) if _FIRST <= year <= _LAST]
    if found and len(years) > 1:
        year = _number(found.group(1))
        return year if year in years else years[0]
    return years[0] if years else None


def _number(digits: str) -> int | None:
    return int(digits) if digits.isdecimal() else chinese_number(digits)


def text_year(text: str) -> int | None:
    """The year that a report's own text states: its period (2018年1月1日至12月31日) or «2018年度…情况»."""
    flat = squeeze(text[:_BEGINNING])
    for pattern in (_PERIOD, _STATED):
        found = pattern.search(flat)
        if found:
            digits = next(group for group in found.groups() if group)
            year = _number(digits)
            if year is not None and _FIRST <= year <= _LAST:
                return year
    return None


_MARKS: tuple[tuple[Form, re.Pattern[str], int], ...] = (
    ("f2021", re.compile("本年制发件数|本年废止件数|现行有效件数"), 1),
    (
        "f2019",
        re.compile("本年新制作数量|本年新公开数量|对外公开总数量|上一年项目数量|处理决定数量|本年增/减|采购总金额"),
        2,
    ),
    (
        "f2014",
        re.compile(
            "统计指标|不同渠道和方式公开相同信息计1条|主动公开规范性文件数|制发规范性文件总数|政府网站公开政府信息数|"
            "收到申请数|申请办结数|申请答复数|当面申请数|同意公开答复数|回应公众关注热点"
        ),
        3,
    ),
)
"""Row and column heads that only one form has (sources/forms#the-annex-of-2014 and after), and how many different ones
must stand there."""

_ROW = 60
"""Characters of a line that may be a table's row printed as a paragraph; a narrative may use a row's words in longer
sentences (四川教育厅 2016: 政府网站公开政府信息数8250条)."""


def read_form(text: str | None) -> tuple[Form | None, str]:
    """The statistical form by the heads of its tables in the text, and the marks; None without text."""
    if not text:
        return None, ""
    rows = "\n".join(line for line in text.split("\n") if "\t" in line or len(line) < _ROW)
    for form, pattern, needed in _MARKS:
        for words, enough in ((rows, needed), (squeeze(rows), needed), (text, 1 if form == "f2021" else needed + 2)):
            marks = set(pattern.findall(words))
            if len(marks) >= enough:
                return form, "、".join(sorted(marks))
    return "narrative", "no table of a national form"
