"""Organs whose names hold the words of other papers: 审计局, 机构编制委员会办公室, 价格评估中心.

Every city has an 审计局 and an 编制委员会办公室, and both publish reports; 审计 and 编制 elsewhere in a title speak of
another paper (sources/pages#lookalikes).
"""

from __future__ import annotations

import re

_WORDS = "编制|审计|工商|绩效|考核|评估|测评|培训|会议|预算|决算|提案|法治|依法行政"
_TAILS = "局|厅|署|委员会|委|办公室|办|中心|院|处|所|站|队|联合会|协会|学会"
_OFFICE = re.compile(
    rf"(?:{_WORDS})(?:(?!(?:19|20)\d\d)[^，。、；：《》（）()的]){{0,16}}?(?:{_TAILS})"
    r"(?=$|[（(]|(?:19|20)\d\d|政府信息|政务公开|信息公开|关于)"
)
"""One of the words, and no more than a name up to its last word; what follows is a year, the report's words or
nothing. 考核办法 and 编制工作的通知 go on otherwise."""


def offices_aside(words: str) -> str:
    """Words without such organs' names, from the misleading word on. Never raises."""
    return _OFFICE.sub("", words)
