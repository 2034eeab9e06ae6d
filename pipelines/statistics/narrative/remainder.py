"""Numbers behind words of a measure that no rule reads: told where nothing else is said of the measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.statistics.narrative.candidate import Candidate
from pipelines.statistics.narrative.numbers import Number, numbers_in
from pipelines.statistics.narrative.records import records_of
from pipelines.statistics.narrative.rule import CASES, COUNTED

UNREAD = "unread"
_DISCLOSED = re.compile(
    r"(?:公开|发布|公布|更新|上传|刊登|刊发)[^，,；;。：:\d]{0,60}(?:信息|内容|文章|文件)[^，,；;。：:\d]{0,16}$|(?:信息|公开)(?:发布|更新|公开)?(?:总?数?量|总数)[^，,；;。：:\d]{0,6}$"
)
_NO_DISCLOSURE = re.compile(
    "规范性|点击|访问|浏览|咨询|建议|提案|信件|来信|留言|申请|采购|许可|处罚|栏目|专栏|目录|舆情|培训|招聘|收到|受理|不予|人次"
    "|报送|上报|接收|移交|政策|解读|财政|预算|决算|执法|招标|动态类|动态信息|应当|其他"
)
"""What is sent elsewhere, and kinds of what is published: of neither is the number a report's total."""
_REQUESTED = re.compile(
    r"(?:收到|受理|接到|接收|办理|提出|提交|收)[^，,；;。：:\d]{0,24}申请[^，,；;。：:\d]{0,12}$|(?:依申请公开|申请公开)[^，,；;。：:\d]{0,10}$"
)
_NO_REQUEST = re.compile(
    "许可|审批|登记|下载|救助|补贴|赔偿|认定|仲裁|低保|住房|复议|诉讼|举报|投诉|目录|类|主动公开|产生|形成|结转"
)
_HANDLED = re.compile(r"(?:已|共|全部)(?:处理|办理)(?:完毕|完成)?(?:申请)?[了共]?$")
_REVIEWED = re.compile(r"行政复议(?!后)[^，,；;。\d]{0,16}$")
_SUED = re.compile(r"行政诉讼[^，,；;。\d]{0,16}$")
_NO_DISPUTE = re.compile("维持|撤销|纠正|纠错|驳回|胜诉|败诉|审结|培训|条例|应诉|出庭|办理行政")


class _Kind(NamedTuple):
    """`code`: a chief measure. `family`: what must not be said of it. `word`: what is in every sentence on it. `lead`,
    `never`: the words before a number, and those that forbid it. `units`: of the number."""

    code: str
    family: tuple[str, ...]
    word: str
    lead: re.Pattern[str]
    never: re.Pattern[str]
    units: frozenset[str]


_KINDS = (
    _Kind("disc_total", ("disc_total", "disc_via_"), "公开", _DISCLOSED, _NO_DISCLOSURE, COUNTED - {""}),
    _Kind("req_received", ("req_received",), "申请", _REQUESTED, _NO_REQUEST, CASES - {"个", "项", ""}),
    _Kind("req_closed", ("req_closed", "req_ans"), "申请", _HANDLED, _NO_REQUEST, CASES - {"个", "项", ""}),
    _Kind("review_total", ("review_",), "复议", _REVIEWED, _NO_DISPUTE, CASES - {"个", "项", "条", ""}),
    _Kind("suit_total", ("suit_",), "诉讼", _SUED, _NO_DISPUTE, CASES - {"个", "项", "条", ""}),
)


def remainder(candidates: Sequence[Candidate], sentences: Sequence[str]) -> Iterator[Candidate]:
    """A candidate without scope for each chief measure of which nothing was noted and that a number is said of in words
    that no rule reads."""
    noted = {candidate.code for candidate in candidates}
    for kind in _KINDS:
        if any(code.startswith(kind.family) for code in noted):
            continue
        for sentence in sentences:
            number = _said(kind, sentence) if kind.word in sentence and "公开" in sentence else None
            if number is not None:
                yield Candidate(kind.code, number.value, number.raw, sentence, "sentence", UNREAD)
                break


def _said(kind: _Kind, sentence: str) -> Number | None:
    """The first number of a sentence that words of the measure stand before."""
    if kind.code == "req_received" and records_of(sentence):
        return None
    start = 0
    for number in numbers_in(sentence):
        lead, start = sentence[max(start, number.start - _LEAD) : number.start], number.end
        words = kind.lead.search(lead) if number.unit in kind.units else None
        if words and not kind.never.search(lead, max(0, words.start() - 8)):
            return number
    return None


_LEAD = 80
"""Characters before a number in which its words may stand."""
