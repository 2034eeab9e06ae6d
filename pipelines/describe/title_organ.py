"""The organ's words in a report's title."""

from __future__ import annotations

import re

from crawler.reference import placenames
from crawler.words.text import squeeze
from pipelines.describe.organs import kind_of

_YEAR = re.compile(
    r"[(（〔\[]?(?<!\d)(?:(?:19|20)\d\d|二[〇○零Ｏ0O][一二三四五六七八九〇○零]{2})(?!\d)(?:[-—至](?:20)\d\d)?年?(?:度|份)?[)）〕\]]?的?"
)
_CORE = re.compile(r"(?:政府)?(?:政务)?(?:信息公开|政务公开|信息公示|政府信息|公开信息)|年度?报告|工作报告|年报")
_PERIOD = re.compile(r"[(（][^()（）]{0,8}\d月\d{1,2}日[^()（）]{0,20}[)）]")
_LEAD = re.compile(r"^(?:关于|公布|印发|发布|报送|上报|转发|公开|[:：《<「【\[(（])+")
_TAIL = re.compile(
    r"(?:关于(?:公布|印发|发布|报送|上报|转发|公开)?|的|工作|年度|开展|依法|本级|[《<「【\[(（》>」】\])）:：、，,\-—_])+$"
)
_FAR_NAME = re.compile(r"[(（]([^()（）]{2,20})[)）]$")
_TOO_LITTLE = re.compile(r"[我本该]?[省市州县区旗镇乡]?(?:级|局|镇|乡|办|委|院|厅|街道|单位|部门|地区)?")


def organ_in_title(title: str) -> str | None:
    """The organ's words in a report's title without the year and all that says report; None if there are none.

    `{organ}{Y}年政府信息公开…`, `{Y}年{organ}政府信息公开…`, `{organ}关于{Y}年…`, `关于公布{organ}…的通知`, or a
    title that is nothing but the organ's name (sources/pages#titles).
    """
    flat = _PERIOD.sub("", squeeze(title))
    core = _CORE.search(flat)
    head = flat[: core.start()] if core else flat
    if core and head.endswith("人民") and core.group().startswith("政府"):
        head += "政府"
    words = _tidy(_YEAR.sub("", head))
    if not words and core and (inside := _FAR_NAME.search(flat)):
        words = _tidy(_YEAR.sub("", inside.group(1)))
        return words if kind_of(words) else None
    if core is None and kind_of(words) is None and placenames.locate(words) is None:
        return None
    return None if _TOO_LITTLE.fullmatch(words) or len(words) > 40 else words


def _tidy(words: str) -> str:
    before = None
    while before != words:
        before = words
        words = _TAIL.sub("", _LEAD.sub("", words))
    return words
