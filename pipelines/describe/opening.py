"""Who made a report, as its first sentences say: 本报告由某局编制, 现将某局2018年…, 某街道办事处认真贯彻《…条例》."""

from __future__ import annotations

import re

from crawler.words.text import squeeze
from pipelines.describe.organs import is_name, kind_of

_OPENING, _LINES = 900, 6
"""Characters and lines of a text in which it says who made it."""
_NAME = "([\u3400-\u9fff（）()]{3,30}?)"
_REPORT = "(?:报告|年报)"
_MADE = re.compile(
    f"(?:现将|现由|现公布){_NAME}(?:(?:19|20)\\d\\d年|关于|编制|发布)"
    f"|(?:本|年度){_REPORT}由{_NAME}(?:负责|组织|汇总|具体)*(?:编制|编写|撰写|发布)"
    f"|{_REPORT}[^。]{{0,80}}[，,]由{_NAME}(?:负责|组织|汇总|具体)*(?:编制|编写|撰写)"
    f"|(?:规定|要求|精神|部署|条例》|[〉》）])[，,](?:现由)?{_NAME}(?:组织|汇总)?(?:编制|撰写|制作|形成)[^。]{{0,40}}{_REPORT}"
    f"|(?:^|[。；\\n])(?:(?:19|20)\\d\\d年度?[，,]?)?{_NAME}(?:严格)?(?:根据|按照|依据)[^。]{{0,120}}编制[^。]{{0,40}}{_REPORT}"
)
_SUBJECT = re.compile(
    f"(?:(?:19|20)\\d\\d年度?[，,]?)?{_NAME}(?:始终|继续|积极|认真|严格|深入|全面|切实|坚决|坚持|扎实)+(?:学习|宣传)?"
    "(?:贯彻|落实|执行|按照|依照|遵照)[^。]{0,60}条例"
)
"""The first sentence of many reports: the organ itself carries out the regulation."""
_NOT_OURS = re.compile(
    "^(?:国|中共|党|省[委政府]|[我本该各]|全|区[委政府人]|县[委政府人]|市[委政府人]|[省市州县区旗盟镇乡](?:级|直|属|内)|.{0,12}关于)"
    "|.*(?:党委|党组|领导|同志|单位|部门|机关|公民|人员)$|.*(?:小组|印发|发布|要求|规定)"
)
"""A body above, a group of organs, or words that only end as an organ does."""


def compiler_in(text: str | None) -> str | None:
    """The organ that a report's first lines name as the one that made it, in its own words; None where none does.

    我局 and 区政府 name nobody. Who is only said to have carried out the regulation counts in the first sentence alone.
    """
    lines = [squeeze(line) for line in (text or "")[:_OPENING].split("\n")[:_LINES] if "\t" not in line]
    opening = "\n".join(lines)
    for match in _MADE.finditer(opening):
        if name := next((_usable(words) for words in match.groups() if words), None):
            return name
    first = next((line for line in lines if len(line) > 20), "")
    subject = _SUBJECT.match(first)
    return _usable(subject[1]) if subject else None


def _usable(words: str) -> str | None:
    return words if is_name(words) and _NOT_OURS.match(words) is None and kind_of(words) else None
