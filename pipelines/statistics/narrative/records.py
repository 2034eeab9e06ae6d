"""Passages that count records by how open they are: their 依申请公开 and 不予公开 are no requests.

Seen: sources/forms#figures-in-sentences.
"""

from __future__ import annotations

import re

_RECEIVED = r"(?![^。]*(?:收到|受理|接到))"
_MADE = re.compile(
    "(?:(?:制作|获取|保存|形成|生成|产生)[^，,；;。]{0,10}?信息"
    "|(?:印发|制发|下发|发出|制作|起草|拟制|产生|形成|行)[^，,；;。]{0,10}?(?:文件|公文|发文))" + _RECEIVED
)
_OPEN = (
    r"主动公开[^，,；;。、\d]{0,8}(?P<open>\d+)(?P<unit>[条件份篇])(?:(?!收到|受理|接到)[^；;。\d]){0,8}(?:依申请|申请)公开"
    r"[^，,；;。、\d]{0,8}(?P<asked>\d+)(?P=unit)"
)
"""Of one unit: «公开200条，依申请公开2件» counts two things."""
_KINDS = re.compile(_OPEN + r"[^；;。\d]{0,8}(?:不予|不|免予)公开" + _RECEIVED)
"""Three kinds side by side, whether or not it is said that the records were made."""
_PARTS = re.compile(r"(?P<whole>\d+)[条件份篇][^。\d]{0,12}?其中[：:，,]?[^，,；;。、\d]{0,6}" + _OPEN + _RECEIVED)
"""Two kinds that make up the whole before them."""


def records_of(sentence: str) -> re.Match[str] | None:
    """Where a sentence begins to count records by how open they are («制作信息61条，主动公开29条，依申请公开2条»); None
    where it does not."""
    start = _MADE.search(sentence)
    if start is not None or "申请公开" not in sentence or "主动公开" not in sentence:
        return start
    start = _KINDS.search(sentence)
    if start is not None:
        return start
    parts = _PARTS.search(sentence)
    return parts if parts is not None and int(parts["whole"]) == int(parts["open"]) + int(parts["asked"]) else None
