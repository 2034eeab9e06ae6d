"""Numbers behind words of a measure that no rule reads: told where nothing else is said of the measure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.statistics.narrative.candidate import Candidate
from pipelines.statistics.narrative.numbers import Number, numbers_in
from pipelines.statistics.narrative.records import records_of
from pipelines.statistics.narrative.rule import CASES, COUNTED

UNREAD = "unread"
_DISCLOSED = re.compile(
    r"(?:公开|发布|公布|更新|上传|刊登|刊发)[^，,；;。：:\d]{0,24}(?:信息|内容|文章)[^，,；;。：:\d]{0,16}$|(?:信息|公开)(?:发布|更新|公开)?(?:总?数?量|总数)[^，,；;。：:\d]{0,6}$"
)
_NO_DISCLOSURE = re.compile(
    "点击|访问|浏览|咨询|建议|提案|信件|来信|留言|申请|采购|许可|处罚|栏目|专栏|目录|舆情|培训|招聘|收到|受理|不予|人次"
)
_REQUESTED = re.compile(
    r"(?:收到|受理|接到|接收|办理|提出|提交|收)[^，,；;。：:\d]{0,24}申请[^，,；;。：:\d]{0,12}$|(?:依申请公开|申请公开)[^，,；;。：:\d]{0,10}$"
)
_NO_REQUEST = re.compile(
    "许可|审批|登记|救助|补贴|赔偿|认定|仲裁|低保|住房|复议|诉讼|举报|投诉|目录|类|主动公开|产生|形成|结转"
)
_REVIEWED = re.compile(r"行政复议(?!后)[^，,；;。\d]{0,16}$")
_SUED = re.compile(r"行政诉讼[^，,；;。\d]{0,16}$")
_NO_DISPUTE = re.compile("维持|撤销|纠正|纠错|驳回|胜诉|败诉|审结|培训|条例|应诉|出庭|办理行政")
_SPOKEN_OF = re.compile("公开")
_KINDS: tuple[tuple[str, tuple[str, ...], re.Pattern[str], re.Pattern[str], frozenset[str]], ...] = (
    ("disc_total", ("disc_total", "disc_via_"), _DISCLOSED, _NO_DISCLOSURE, COUNTED - {""}),
    ("req_received", ("req_received",), _REQUESTED, _NO_REQUEST, CASES - {"个", "项", ""}),
    ("review_total", ("review_",), _REVIEWED, _NO_DISPUTE, CASES - {"个", "项", "条", ""}),
    ("suit_total", ("suit_",), _SUED, _NO_DISPUTE, CASES - {"个", "项", "条", ""}),
)
"""Measure; what must not be said of it; the words before a number and those that forbid it; units."""


def remainder(candidates: Sequence[Candidate], sentences: Iterable[str]) -> list[Candidate]:
    """A candidate without scope for each chief measure of which nothing was noted and that a number is said of in words
    that no rule reads."""
    noted = tuple({candidate.code for candidate in candidates})
    missing = [kind for kind in _KINDS if not any(code.startswith(kind[1]) for code in noted)]
    chief: dict[str, Candidate] = {}
    for sentence in sentences if missing else ():
        if not _SPOKEN_OF.search(sentence):
            continue
        numbers: list[Number] | None = None
        for code, _, words, never, units in missing:
            if code in chief or (code == "req_received" and records_of(sentence)):
                continue
            numbers = list(numbers_in(sentence)) if numbers is None else numbers
            start = 0
            for number in numbers:
                lead, start = sentence[max(start, number.start - 80) : number.start], number.end
                said = words.search(lead) if number.unit in units else None
                if said and not never.search(lead, max(0, said.start() - 8)):
                    chief[code] = Candidate(code, number.value, number.raw, sentence, "sentence", UNREAD)
                    break
    return list(chief.values())
