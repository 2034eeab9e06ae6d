"""Words of entries that do not say by themselves what they lead to: names of organs, silent words, titles cut off."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.words.labels import YEAR, vetoes

_ORGAN = re.compile(
    "(?:局|委|委员会|办|办公室|办公厅|厅|院|中心|街道|办事处|镇|乡|苏木|区|县|旗|市|州|盟|政府|管委会|管理处|公司|集团|支队|总队|大队|站|社|会|处|所|馆|银行)"
    "(?:[（(].{1,12}[)）])?$"
)


@lru_cache(maxsize=4096)
def is_organ(label: str) -> bool:
    """True where the label ends like the name of an organ or a place: 市教育局, 万柳塘街道, 大东区."""
    return 2 <= len(label) <= 30 and bool(_ORGAN.search(label))


_SILENT = re.compile(
    r"\W{0,3}(?:(?:请?点击|点此|请|立即|在线|我要)*(?:查看|查阅|浏览|阅读|打开|下载|预览|打印|进入|访问|显示)(?:全文|详情|详细|原文|内容|更多|正文|附件|信息|报告|年报|页面|此处|这里|链接|网站)*"
    r"|(?:请?点击|点此)(?:这里|此处|链接)?|[√✓✔☑]|详细(?:信息|内容|情况)?|详情|详见|全文|原文|正文|链接|操作|更多|pdf|word|html?|docx?|view|more|details?|read(?:more)?|open|here|click(?:here)?|go)\W{0,4}",
    re.I,
)


@lru_cache(maxsize=4096)
def is_silent(label: str) -> bool:
    """True for words that say what a link does and not what it leads to (查看, [详细], 点击下载), and for none at all.

    What it leads to is then said beside it: in its row, or in the heading of its card (sources/pages#lists).
    """
    return len(label) <= 16 and (not label or bool(_SILENT.fullmatch(label)))


CUT = ("…", "⋯", "‥", "...", "..", "．．．", "。。。", "··", "••")
_DOTS = "….．。⋯‥·•"
_WITHIN = re.compile(r"([^….⋯‥]{2,60})(?:[…⋯‥]+|\.{2,})([^….⋯‥]{2,20})")
"""A title of which the middle is left out: its beginning and its end."""
_TITLES = tuple(
    head + name + tail
    for head in ("年度", "年", "")
    for name in ("政府信息公开", "信息公开", "政务公开", "政府信息公开工作", "政务公开工作", "信息公开工作")
    for tail in ("年度报告", "年度工作报告", "年报", "工作年度报告", "工作报告", "情况报告", "情况年度报告", "报告")
)
_SAID_OF = re.compile(r"(?:关于)?(?:发布|公布|印发)?(?:的)?$")
_FROM_YEAR = re.compile(r"(?:(?:19|20)?\d{1,2}|(?:19|20)\d\d)$")


@lru_cache(maxsize=4096)
def is_cut_title(label: str) -> bool:
    """True for a title that was cut off and up to there may be a report's: 和平区人民政府2022年政府信…, 市水务局20….

    In front of the year stands an organ or a place or nothing, behind it the beginning of what reports are called.
    """
    within = _WITHIN.fullmatch(label)
    if within is not None:
        return any(title.endswith(within[2]) for title in _TITLES) and is_cut_title(f"{within[1]}…")
    stem = label.rstrip(_DOTS)
    if stem == label or not 2 <= len(stem) <= 60 or vetoes(stem):
        return False
    years = re.search(rf"{YEAR}(?=年|\D|$)", stem)
    if years is not None:
        front, behind = stem[: years.start()].removeprefix("关于"), stem[years.end() :]
    else:
        begun = _FROM_YEAR.search(stem)
        front, behind = (stem[: begun.start()], "") if begun else (stem, "")
        if begun is None and (at := front.find("信息公开")) > 0:
            at = at - 2 if front[:at].endswith("政府") and at > 2 else at
            front, behind = front[:at], front[at:]
    said = not front or is_organ(_SAID_OF.sub("", front)) or front.endswith(("人民", "人民政", "政府", "办公"))
    return said and (not behind or any(title.startswith(behind) for title in _TITLES))
