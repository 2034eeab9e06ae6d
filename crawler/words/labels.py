"""What the words of a link say about where it leads: the column, a year, a group of organs, a report, a page number.

Names as they are met: sources/pages#names-of-columns, sources/pages#lookalikes (what is none), sources/pages#titles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from crawler.records.report import OrganKind
from crawler.records.ways import Group
from crawler.words.groups import GROUPS
from crawler.words.offices import offices_aside
from crawler.words.pagers import read_control
from crawler.words.text import squeeze, years_in

LabelKind = Literal[
    "column", "upper", "year", "years", "group", "item", "next", "last", "number", "month", "other", "none"
]


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says. `rank`: 0 fits best; `years`: those it names; `veto`: words of something else in it; `number`:
    that of a page.

    kinds: column (of annual reports), upper (a level above it), year, years (历年, 2015年以前), group (of organs), item
    (a report's title, or near enough to be in the list), next and last (paging), number, month, other, none (no words).
    """

    kind: LabelKind
    rank: int = 0
    years: tuple[int, ...] = ()
    group: Group | None = None
    organ_kind: OrganKind | None = None
    veto: bool = False
    number: int = 0


_EDGE = re.compile(
    r"^[·•●◆■►▶▸※★☆◎○※>»›＞|｜\-—－*]+(?=.)|[>»›＞|｜*]+$|(?:NEW|new|HOT|(?<!查看)(?<!加载)(?<!点击)(?<!显示)(?<!浏览)(?:更多|更多>+|more))$"
)
_GLUED_DATE = re.compile(
    r"^[\[【（(]?\d{4}[-./]\d{1,2}[-./]\d{1,2}[\]】）)]?(?=\D)|[\[【（(]?\d{4}[-./]\d{1,2}[-./]\d{1,2}[\]】）)]?$"
)


@lru_cache(maxsize=4096)
def tidy(raw: str) -> str:
    """A label as it is compared and kept: no white space, no bullet or arrow at its edges, no date glued to it."""
    label = squeeze(raw)
    trimmed = _EDGE.sub("", label)
    if len(trimmed) > 10:
        trimmed = _GLUED_DATE.sub("", trimmed)
    return trimmed or label


_DISCLOSURE = "(?:政府信息公开|信息公开|政务公开|政府公开)"
_REPORT = "(?:年度工作情况报告|年度情况报告|情况年度报告|年度工作报告|工作年度报告|年度报告|工作年报|年报|年度工作年报)"
_COLUMN_TAIL = "(?:专栏|栏目|专区|列表|公示|公布|信息)?"
_BEHIND = re.compile(
    r"[（(\[【]?(?:(?:19|20)\d\d年?度?[-—–－~～至到]+(?:(?:(?:19|20)\d\d|\d\d)年?度?|至?今)|共?\d{1,4}[条篇份件个]?)[)）\]】]?$"
)
"""The years that a column has, or how many entries: 年报（2008-2022）, 年报2008—2022年, 年报（12）."""
_BRACKETED = re.compile(r"[）)\]】年今条篇份件个]$|[-—–－~～至到]\d{2,4}$")
_COLUMN_NAMES: tuple[re.Pattern[str], ...] = (
    # best first (sources/pages#names-of-columns); the full name, the name with the organs it is for, the bare name
    re.compile(rf"政府信息公开(?:工作)?{_REPORT}{_COLUMN_TAIL}"),
    re.compile(rf"{_DISCLOSURE}(?:工作)?{_REPORT}{_COLUMN_TAIL}|年度政府信息公开工作?报告"),
    re.compile(
        rf"(?:历年)?[^\d，。《》]{{0,16}}?{_DISCLOSURE}(?:工作)?(?:{_REPORT}|工作报告)(?:[（(][^）)]{{1,8}}[)）])?{_COLUMN_TAIL}"
    ),
    re.compile(
        r"公开年报|年度报告|工作年报|年报|公开年度报告|历年年报|年度工作报告|工作年度报告|政府年报|年报公[开布示]|公开报告"
    ),
)
FULL_NAME = 2
"""Column names up to this rank say both 公开 and 年报: all of them on a page are followed. Beyond, only without better
ones."""
_UPPER_NAMES: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"政府信息公开(?:专栏|平台|专区|栏目)?|信息公开(?:专栏|平台|专区|栏目)?|政务公开(?:专栏|平台|专区|栏目)?"
    ),
    re.compile(
        r"法定主动公开内容|法定主动公开|主动公开|公开|政务信息公开|阳光政务|政务|政府信息|信息公开目录|政府信息公开目录|公开目录"
    ),
    re.compile(r".{0,10}(?:政府信息公开|信息公开|政务公开)(?:专栏|平台|专区|网|专网|统一平台|目录)?|(?:网站|站点)地图"),
)
VETO = re.compile(
    "制度|办法|规定|细则|格式|范文|模板|编制|解读|图解|读懂|通报|报表|法治|依法行政|决算|预算|统计公报|统计年报|网站(?:工作)?年|新媒体"
    "|指南|流程|培训|会议|考核|评估|测评|提案|建议|答复|企业年报|工商|审计|绩效|学年|条例|要点|方案|征求|意见|通知|政府工作报告"
)
"""Words of what stands beside reports and is none (sources/pages#lookalikes)."""
_REPORT_WORDS = re.compile(
    r"(?:信息公开|政务公开|信息公示|政府公开).{0,18}?(?:年报|报告)|(?:年报|报告).{0,6}(?:信息公开|政务公开)"
    r"|(?:(?:19|20)\d\d|[一二][九〇○零][〇○零一二三四五六七八九]{2})年?度?.{0,24}(?:年度报告|年报|年度工作报告)"
)
YEAR = "(?:(?:19|20)\\d\\d|[一二][九〇○◯零0O][〇○◯零一二三四五六七八九0O]{2})"
_YEAR_STEP = re.compile(
    rf"[（(【\[]?{YEAR}(?:年度|年)?[)）】\]]?"
    rf"(?:{_DISCLOSURE}(?:工作)?(?:年度)?(?:年报|报告|工作报告|年度报告)?|(?:年报|年度报告|工作年报|工作年度报告|报告)?){_COLUMN_TAIL}"
    rf"|{_DISCLOSURE}?(?:工作)?{_REPORT}[（(]?{YEAR}(?:年度|年)?[)）]?"
)
_PAST = (
    r"历年|往年|历史|以往|往期|既往|过往|更早|以前年度|之前年度|早期|其[他它]年"
    r"|(?:其[他它]|更多|以前|之前|往前|早前)(?:的)?(?:年份|年度)"
)
_OLD_SITE = r"(?:旧|老|原)(?:版|网站|站|平台)*"
_BEFORE = r"(?:及|和)?(?:其)?(?:以前|之前|以后|更早|前)(?:年份|年度)?"
_STORE = r"(?:存档|归档|档案|资料|汇总|汇编|合集|库|查阅|查询|查看|入口|回顾)"
_YEARS_STEP = re.compile(
    rf"(?:(?:请?点击)?(?:查看|查阅|浏览|进入))?(?:更多)?(?:"
    rf"(?:{YEAR}年?度?[-—–~～至到]+{YEAR}年?度?|{YEAR}年?度?{_BEFORE}|{_PAST})"
    rf"(?:的)?{_DISCLOSURE}?(?:工作)?(?:{_REPORT}|报告)?{_COLUMN_TAIL}{_STORE}?"
    rf"|{_OLD_SITE}{_DISCLOSURE}?(?:工作)?{_REPORT}{_COLUMN_TAIL}{_STORE}?"
    rf"|{_DISCLOSURE}?(?:工作)?{_REPORT}(?:{_STORE}|[（(](?:{YEAR}年?度?{_BEFORE}|{_PAST})[）)])"
    rf")(?:请?点击(?:查看|进入|这里|此处)?)?"
)
_MONTH = re.compile(
    rf"(?:{YEAR}年)?(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份|\d{{1,2}}日)?|{YEAR}[-/.]\d{{1,2}}"
)
_BRACKETS = re.compile(r"[（）()、，,·/\[\]【】]")
_GROUP_TAIL = re.compile(
    rf"(?:{_DISCLOSURE}(?:工作)?(?:{_REPORT}|工作报告|报告)?|(?:信息公开)?{_REPORT})?{_COLUMN_TAIL}$"
)
_GROUP_HEAD = re.compile(rf"^(?:{YEAR}年?度?)?(?:各|全市|全县|全区|全省|市辖|所辖|下辖|本市|辖区内?)*")
_CONTROLS: dict[str, LabelKind] = {"number": "number", "next": "next", "last": "last"}


def vetoes(label: str) -> bool:
    """Whether a label has words of what is no report, those in an organ's name aside (审计局)."""
    return bool(VETO.search(label)) and bool(VETO.search(offices_aside(label)))


@lru_cache(maxsize=4096)
def read_label(label: str) -> Label:
    """What a tidied label says. Never raises; the answer depends on nothing but the words."""
    if not label:
        return Label("none")
    control = read_control(label)
    if control is not None and control.kind in _CONTROLS:
        return Label(_CONTROLS[control.kind], number=control.number)
    if len(label) <= 8 and _MONTH.fullmatch(label):
        return Label("month")
    years = tuple(years_in(label)) if len(label) < 120 else ()
    if years and len(label) <= 32:
        if _YEARS_STEP.fullmatch(label):
            return Label("years", years=years)
        if len(years) == 1 and _YEAR_STEP.fullmatch(label):
            return Label("year", years=years)
    named = _named(label) if len(label) <= 32 else label
    if named != label and (column := read_label(named)).kind == "column":
        return column
    group = _group(label) if len(label) <= 32 else None
    for rank, names in enumerate(_COLUMN_NAMES):
        if not years and len(label) <= 32 and names.fullmatch(label):
            if vetoes(label):
                break
            return Label("column", rank, group=group[0] if group else None, organ_kind=group[1] if group else None)
    if group is not None:
        return Label("group", years=years, group=group[0], organ_kind=group[1])
    if not years and _YEARS_STEP.fullmatch(label):
        return Label("years")
    if _REPORT_WORDS.search(label):
        return Label("item", years=years, veto=vetoes(label))
    for rank, names in enumerate(_UPPER_NAMES):
        if len(label) <= 20 and names.fullmatch(label):
            return Label("upper", rank)
    return Label("other", years=years, veto=vetoes(label))


def _named(label: str) -> str:
    """A column's name without the range of years or the number behind it; one year alone stays, for it is a step."""
    behind = _BEHIND.search(label)
    if behind is None or not _BRACKETED.search(label):
        return label
    only_year = re.fullmatch(r"\D?(?:19|20)\d\d\D{0,2}", behind.group()) and not behind.group().rstrip(
        "）)]】"
    ).endswith("今")
    return label if only_year else label[: behind.start()]


def _group(label: str) -> tuple[Group, OrganKind] | None:
    bare = _GROUP_TAIL.sub("", _BRACKETS.sub("", label))
    core = _GROUP_HEAD.sub("", bare).replace("各", "")
    if core in ("市", "地"):  # 各市: the districts of a province; 市 before 政府信息公开年报: the city itself
        return ("districts", "government") if bare.startswith("各") else ("city", "government")
    if not core or len(core) > 16:
        return None
    return next(((group, kind) for names, group, kind in GROUPS if names.fullmatch(core)), None)


@lru_cache(maxsize=4096)
def is_pager(label: str) -> bool:
    """True for the words of paging controls that lead back or nowhere (首页 is one, too, and never leads on)."""
    control = read_control(label)
    return control is not None and control.kind in ("back", "first")


_HINT = re.compile("公开|信息|政务|政府|报告|专栏|专题|目录|平台|地图|透明|阳光|sitemap", re.I)


def worth_exploring(label: str) -> bool:
    """True for a menu entry whose words leave room for the column being below it."""
    return 2 <= len(label) <= 12 and bool(_HINT.search(label)) and not VETO.search(label)
