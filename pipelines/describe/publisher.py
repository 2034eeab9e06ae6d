"""Whom an article comes from: 来源 and its kin at the title, 发布机构 of the index table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crawler.records.capture import Evidence
from crawler.words.display import CELL, LINE
from crawler.words.entries import is_organ
from crawler.words.text import clean
from pipelines.describe.labelled import BREAKS, COLON, VALUE_AT, line_at, trimmed

_SOURCE_NOT = re.compile(
    r"(?:资料|资金|单一|数据|收入|经济|图片|视频|人才|水|热|经费|财政|食品|传染|污染|信号|线索|货物|能源|主要|材料|问题|征集)$"
)
_SOURCE_END = re.compile(
    f"[{LINE}{CELL}\\n\\r\\t【】〖［］\\[\\]|｜<>{{]|\\s{{2,}}|[\u00a0\u3000]|(?:19|20)\\d\\d[-年./]|"
    r"(?:浏览|点击|阅读|访问)(?:次数|量|数|率|人次)?\s*[:：]|(?:发布|发表|更新|公布|发稿)?(?:时间|日期)\s*[:：]|字体|字号|文字大小|"
    r"作者[:：]|(?:文号|发文字号|索引号)[:：]|编辑[:：]|责任编辑|责编|审核[:：]|分享|(?<=.)\s(?:下载|收藏|打印|大|中|小|次|点击)|打印|关闭|视力保护|我要纠错|信息来源|文章来源"
)
_NO_SOURCE = re.compile(
    r"(?:网站名称|站点名称|null|none|undefined|无|暂无|不详|未知|其他|其它|本网|本站|本站原创|本网站|本网原创|原创|原创文章|转载|互联网|网络|网站|"
    r"管理员|admin|系统管理员|.*\{\{.*|.*\$\{.*|[^\w]*|[大中小]+)",
    re.I,
)
_SOURCE_AT = re.compile(f"[】\\])）]?[ \u00a0\u3000]*[{COLON}][ \u00a0\u3000\\r\\n\\t]*")
_EDGE = re.compile(f"[{BREAKS}\\s\\d日：:|】）)]$|^$")
_LABELS = ("来源", "稿源", "供稿单位", "供稿", "信息提供单位", "信息提供", "提供单位")
_LOOSE_LABELS = ("发布机构", "发布部门", "发布单位", "发布者", "发布机关")
_PUBLISHER_LABELS = ("发布机构", "发文机关", "发文机构", "公开主体", "发布单位", "发布机关", "责任单位", "责任部门")


def read_source(parts: Sequence[str], metas: Mapping[str, str], names: Sequence[str]) -> Evidence | None:
    """The source that the first part names; else that of a meta tag; else 发布机构 or 作者 of the publication line.

    A placeholder or an empty value is none. `names`: meta tags that hold a source, lower-case, the best first.
    """
    for part in parts:
        for label in _LABELS:
            value = _at_label(part, label)
            if value is not None:
                return Evidence(f"label {label}", value)
    for name in names:
        value = _usable(metas.get(name, "")[:200])
        if value is not None and is_organ(value):
            return Evidence(f"meta {name}", value)
    for part in parts:
        for label in _LOOSE_LABELS:
            at = part.find(label)
            if at >= 0 and len(line := line_at(part, at)) < 200 and re.search("发布时间|发布日期|浏览", line):
                colon = _SOURCE_AT.match(part, at + len(label))
                value = _value(part, colon.end()) if colon else None
                if value is not None:
                    return Evidence(f"label {label}", value)
        value = _at_label(part, "作者")
        if value is not None and len(value) > 3 and is_organ(value):
            return Evidence("label 作者", value)
    return None


def _at_label(raw: str, label: str) -> str | None:
    """The first usable value of a label: behind a colon, in the next cell or block, or glued to it in a line of labels
    (<span>来源</span><span>某局</span>), where it must read like an organ."""
    at = raw.find(label)
    while at >= 0:
        end = at + len(label)
        colon = _SOURCE_AT.match(raw, end)
        if not _SOURCE_NOT.search(raw[max(0, at - 2) : at]):
            value = None
            if colon is not None:
                value = _value(raw, colon.end())
                if value is None and raw[colon.end() : colon.end() + 1] in (LINE, CELL):
                    value = _value_of_cell(raw, colon.end())
            elif raw[end : end + 1] in (LINE, CELL):
                value = _value_of_cell(raw, end)
            elif _EDGE.search(_before(raw, at)):
                glued = _value(raw, end)
                value = glued if glued is not None and 4 <= len(glued) <= 30 and is_organ(glued) else None
            if value is not None:
                return value
        at = raw.find(label, end)
    return None


def _before(raw: str, at: int) -> str:
    """What stands right before a label, 信息, 文章 and 稿件 being part of it."""
    before = raw[max(0, at - 3) : at]
    for lead in ("信息", "文章", "稿件", "新闻"):
        before = before.removesuffix(lead)
    return before


_NEXT = re.compile(f"[{BREAKS}\\s\u00a0\u3000]{{1,60}}")
_BRACKETED = re.compile(r"^[【\[［]([^【】\[\]［］]{2,40})[】\]］]")
"""来源：【县财政局】"""
_A_LABEL = re.compile(
    "(?:发布|公开|更新|成文|生成)?(?:时间|日期)|浏览|点击|阅读|访问|字体|字号|作者|编辑|责编|审核|索引|文号|发文|主题|分类|打印|分享|关闭|来源|标题|名称"
)


def _value_of_cell(raw: str, at: int) -> str | None:
    """The words of the next cell or block, if they are no label of their own and no sentence."""
    gap = _NEXT.match(raw, at)
    value = _value(raw, gap.end()) if gap else None
    if value is None or len(value) > 40 or _A_LABEL.match(value) or re.search("[:：。，；]", value):
        return None
    return value if re.search("[\u3400-\u9fff]{2}", value) else None


def _value(raw: str, at: int) -> str | None:
    """The words of a value that begins at a place; None for a placeholder."""
    text = raw[at : at + 120]
    text = _BRACKETED.sub(r"\1", text, count=1)
    end = _SOURCE_END.search(text)
    value = text[: end.start()] if end else text
    if text and end and end.start() and value.rstrip().endswith(("...", "…")):
        value = clean(value)
        return None if len(value) > 60 or _NO_SOURCE.fullmatch(value) else value
    return _usable(value)


def _usable(words: str) -> str | None:
    value = trimmed(words)
    return None if not value or len(value) > 60 or _NO_SOURCE.fullmatch(value) else value


def read_publisher(parts: Sequence[str]) -> Evidence | None:
    """发布机构 of the index table, or one of its other names."""
    for part in parts:
        for label in _PUBLISHER_LABELS:
            at = part.find(label)
            if at < 0:
                continue
            here = VALUE_AT.match(part, at + len(label))
            value = _value(part, here.end()) if here else None
            if (
                value is not None
                and not re.search("[:：]|日期|时间|号$|名称", value)
                and here
                and not _A_LABEL.match(part, here.end())
            ):
                return Evidence(f"label {label}", value)
    return None


_KEEPER = re.compile("(?:主办(?:单位|机关)?|版权所有)[:：\\s©]*([\u3400-\u9fff]{4,24})")
_KEEPERS_OF_SITES = re.compile("数据|信息|网络|政务服务|宣传|电子|政府$|办公[室厅]$")
"""Who keeps a whole government's site says nothing of the reports on it."""
_FOOT = 2000


def read_keeper(words: str) -> str | None:
    """The department or township that a page's foot names as the one whose site this is (主办单位, 版权所有)."""
    found = _KEEPER.search(words, max(0, len(words) - _FOOT))
    name = found[1].removeprefix("属于").removesuffix("版权所有").removesuffix("主办") if found else ""
    return name if name and is_organ(name) and not _KEEPERS_OF_SITES.search(name) else None
