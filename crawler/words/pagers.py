"""The words of a pager's controls: 下一页, [2], 第3页, ›, 尾页, 更多 (sources/pages#lists).

The general form: one word, or one number, with whatever signs stand around it. Brackets of any kind, arrows,
bullets, dashes, a count in brackets behind (下一页(2)), 转到 or 点击 before, 第 and 页 around a number, the number of
pages behind it (2/5). What has other words in it, as 下一篇 and 下一条, is no control of a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

ControlKind = Literal["number", "next", "last", "back", "more", "first"]


@dataclass(frozen=True, slots=True)
class Control:
    """What a control says. `number`: of the page, 0 where it says none. back: leads back or nowhere (上一页, 跳转)."""

    kind: ControlKind
    number: int = 0


MAX_CONTROL = 20
"""Characters of the longest control with its signs: [ 点击转到下一页 (12) >> ]."""
_AROUND = r"[\s\[\]【】〔〕［］（）()《》<>＜＞«»‹›〈〉「」『』“”\"'/{}|｜·•.。．、,，:：_=→←↓▶►▷▸⇒»➔➜➡✦*~～—–－-]"
_EDGES = re.compile(rf"^{_AROUND}+|{_AROUND}+$")
_COUNT = re.compile(r"[(（\[【]共?\d{1,4}(?:/\d{1,4})?[页頁]?[)）\]】]$")
_ASKING = re.compile(r"^(?:点击|请点击|转到|跳转到|跳到|跳转|进入|前往|查看|阅读|翻到|去|转|翻)(?=.)")
_NEXT = re.compile(
    r"下[一1]?[页頁](?:/?next(?:page)?)?|下一?翻|[往向]下翻?[页頁]?|下\d{1,3}[条條篇]|后一?[页頁]|[往向]后(?:翻?[页頁]?)?|后翻[页頁]?|下翻[页頁]?|次[页頁]|翻下一?[页頁]|next(?:page)?|pagenext",
    re.I,
)
_LAST = re.compile(r"(?:尾|末|最后|最末|最终)一?[页頁]|last(?:page)?|end(?:page)?", re.I)
_FIRST = re.compile(r"首[页頁]|第一[页頁]|最前[页頁]?|first(?:page)?", re.I)
_BACK = re.compile(
    r"上一?[页頁]|前一?[页頁]|[往向]前(?:翻?[页頁]?)?|前翻[页頁]?|上翻[页頁]?|prev(?:ious)?(?:page)?|pageprev|跳转|转到|go|确定",
    re.I,
)
_MORE = re.compile(
    r"(?:查看|点击|加载|显示|浏览|点击查看|点击加载)?(?:更多|全部|所有)(?:年报|年度报告|报告|信息|内容|列表|文章|数据|>>)?|more|loadmore|viewall",
    re.I,
)
_NEXT_SIGN = re.compile(r"(?:>|›|»|＞|→|▶|►|▷|▸|⇒|➔|➜|➡|>>|››|＞＞|&gt;|&raquo;|&rsaquo;)", re.I)
_LAST_SIGN = re.compile(r">>?\||»\||›\||⏭|▶\||►\|")
_BACK_SIGN = re.compile(r"(?:<|‹|«|＜|←|◀|◄|<<|‹‹|＜＜|\|<<?|\|«|\.{2,3}|…{1,2}|&lt;)", re.I)
_NUMBER = re.compile(r"第?(\d{1,3})(?:/\d{1,4})?[页頁]?|page-?(\d{1,3})|p(\d{1,3})", re.I)
_HAN = {sign: value for value, sign in enumerate("一二三四五六七八九十", 1)}
_HAN_NUMBER = re.compile(r"第([二三四五六七八九十]|十[一二三四五六七八九])[页頁]")


_NEXT_PICTURE = re.compile(
    r"(?:^|[/_-])(?:page_?|pg_?)?(?:next|xiayiye|xyy)(?:_?page)?[\d_-]{0,3}\.(?:gif|png|jpe?g|svg|webp|bmp)(?:\?|$)",
    re.I,
)


def is_next_picture(source: str) -> bool:
    """Whether a picture is called as the sign for the next page is: /images/next.gif."""
    return bool(_NEXT_PICTURE.search(source))


@lru_cache(maxsize=4096)
def read_control(label: str) -> Control | None:
    """What the tidied label (labels.tidy) of a pager's control says, None for any other label. Never raises."""
    if not label or len(label) > MAX_CONTROL:
        return None
    if label.isdecimal():
        return Control("number", int(label)) if len(label) < 4 else None
    for signs, kind in ((_LAST_SIGN, "last"), (_NEXT_SIGN, "next"), (_BACK_SIGN, "back")):
        if signs.fullmatch(label):
            return Control(kind)  # type: ignore[arg-type]
    core = _EDGES.sub("", label)
    if found := (_NUMBER.fullmatch(core) or _NUMBER.fullmatch(_EDGES.sub("", _ASKING.sub("", core)))):
        return Control("number", int(found.group(1) or found.group(2) or found.group(3)))
    if found := _HAN_NUMBER.fullmatch(core):
        told = found.group(1)
        return Control("number", _HAN[told[0]] + (_HAN[told[1]] if len(told) > 1 else 0))
    core = _EDGES.sub("", _COUNT.sub("", label))
    for words in (core, _EDGES.sub("", _ASKING.sub("", core))):
        for pattern, kind in ((_NEXT, "next"), (_LAST, "last"), (_FIRST, "first"), (_BACK, "back"), (_MORE, "more")):
            if pattern.fullmatch(words):
                return Control(kind)  # type: ignore[arg-type]
    return None
