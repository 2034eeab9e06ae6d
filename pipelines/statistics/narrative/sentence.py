"""A sentence with its numbers, and what its words say of them: topics, times, subjects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from crawler.words.numerals import SIGNS
from pipelines.statistics.narrative.candidate import Context
from pipelines.statistics.narrative.disputes import AMONG_THEM, ANY_KIND, OF_DISCLOSURE
from pipelines.statistics.narrative.numbers import Number
from pipelines.statistics.narrative.scope import Span, subjects, times

_REQUESTS = re.compile("依申请|公开申请|申请公开|公开[^，。]{0,8}申请|申请信息|申请数量|申请人")
_OUTCOMES = re.compile("予以公开|部分公开|不予公开|无法提供|不予处理")
"""Of these a sentence on requests names several, with or without the word for them."""
_TRIED = re.compile("审理|审结|一审|二审")
"""Of these words a passage on disclosure alone makes use, too."""
_OPEN = re.compile("(?:尚|均|暂)?未审结|正在审理|审理中")
"""How far a suit is, not that it was tried."""
_DISCLOSURE = re.compile("主动公开|公开[^，。]{0,6}信息|发布[^，。]{0,6}信息")
_COMPLAINTS = re.compile("举报|投诉|申诉")
_HINT = re.compile(rf"[\d{SIGNS}未无没]|不存在")
_LIKELY = re.compile(
    rf"\d|[{SIGNS}](?:余|多)?(?:条|篇|件|份|人次|场次|名|人|宗|起|场|期|次)|未|无|没有|不存在|(?<=[为：:])零"
)


@dataclass
class Sentence:
    """`text`: as printed. `numbers`: all of it, in order. `context`: what the text before it left behind."""

    text: str
    numbers: list[Number]
    context: Context

    @cached_property
    def times(self) -> list[Span]:
        """The times it names; looked for only where a number may be a measure."""
        return times(self.text, self.context.year)

    @cached_property
    def subjects(self) -> list[Span]:
        """Whose figures it gives; looked for only where a number may be a measure."""
        return subjects(self.text, self.context.organ)

    @cached_property
    def any_kind(self) -> bool:
        """Whether its reviews and lawsuits are of any kind, or only some of them on disclosure."""
        spoken = OF_DISCLOSURE.search(self.text) is not None
        context = self.context
        headed = "info" in context.section and not context.section.isdisjoint(("review", "suit"))
        words = (_TRIED if headed else _OPEN).sub("", self.text)
        if (not spoken and ANY_KIND.search(words)) or AMONG_THEM.search(self.text):
            return True
        told = spoken or "req" in context.topics or not context.section.isdisjoint(("review", "suit"))
        return context.headed and not told


def topics_of(words: str) -> set[str]:
    """What a stretch of text speaks of: suit, review, complaint, req, disc; info where it says 公开 at all."""
    found = set()
    if "诉讼" in words:
        found.add("suit")
    if "复议" in words:
        found.add("review")
    if ("申请" in words and _REQUESTS.search(words)) or ("不予" in words and len(set(_OUTCOMES.findall(words))) > 1):
        found.add("req")
    disclosed = "公开" in words
    if disclosed:
        found.add("info")
    if (disclosed or "复议" in words) and _COMPLAINTS.search(words):
        found.add("complaint")
    if (disclosed or "发布" in words) and _DISCLOSURE.search(words):
        found.add("disc")
    return found


def likely(sentence: str) -> bool:
    """Whether a sentence can state a measure at all: it has a number, or words for none."""
    hint = _HINT.search(sentence)
    return hint is not None and _LIKELY.search(sentence, hint.start()) is not None
