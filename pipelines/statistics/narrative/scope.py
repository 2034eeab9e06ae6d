"""What a number of a sentence is of: which time, whose, of which topic, by which channel, met or only wanted.

The words that say so stand before the number, the nearest rule: «自网站开通以来累计公开900条，2020年公开70条». Forms
counted over real reports: sources/forms#scopes-of-sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from operator import attrgetter
from typing import Literal, NamedTuple

Time = Literal["year", "ages", "until", "other", ""]
"""year: the report's; other: another or a part of it; ages: several, for the sentences that follow as well; until: up
to a day (截至), from whichever; "": not said.
累计 by itself says nothing: real reports write it of the year (sources/forms#scopes-of-sentences)."""
Whose = Literal["own", "whole", "one", "parts", ""]
"""own: 我局, 本机关; whole: 全市, 各级各部门; one: 县政府办公室; parts: 县直部门, 各乡镇."""


def _begun(signs: str, pattern: str) -> re.Pattern[str]:
    """A pattern of many ways that is tried only at one of the signs with which each of them begins: a class of signs is
    compared in one step, and most signs of a sentence begin none."""
    return re.compile(f"(?=[{signs}])(?:{pattern})")


_COMPARISON = _begun(
    r"同环相比较与和超上去12结《（(〔\[度政部收预决",
    r"(?:同比|环比|相比|比|较|与|同|和|超)[^，,；;。：:\d]{0,4}(?:上年|去年|上一年度?|往年|前一年|(?:19|20)\d\d年)(?:度|同期|底|末)*"
    r"|(?:上一?年|去年|(?:19|20)\d\d年)度?(?:同期)?结转|结转(?:到|至|入)?(?:下一?年|次年|(?:19|20)\d\d年)度?"
    r"|《[^》\n]{1,80}》|[（(〔\[]\d{4}[）)〕\]]"
    r"|(?:上一?年|去年|(?:19|20)\d\d年)度?(?:政府)?(?:部门)?(?:收支)?(?:预算|决算|预决算)",
)
"""Years and times that say nothing of a number after them: a comparison, what is carried, the name of a paper."""
_TIME = _begun(
    r"\d截到至迄历累自今本年半施实成开运上启建组挂换大以近过前这期“\"任去往同此下季每全当该一二两三四五六七八九十",
    r"(?P<whole>自?\s*(?P<from>(?:19|20)\d\d)\s*年?\s*1\s*月\s*(?:1\s*日)?(?:起)?\s*[至到—–~～-]+\s*(?:(?P<to>(?:19|20)\d\d)\s*年)?\s*12\s*月\s*(?:31\s*日)?(?:止|底)?)"
    r"|(?P<range>(?<!\d)(?:19|20)\d\d年?(?:度|底|\d{1,2}月(?:\d{1,2}日)?)?(?:起)?[至到—–~～-]+(?:19|20)\d\d年?度?)"
    r"|(?P<several>(?<!\d)(?:19|20)\d\d年?(?:[、,，和及与](?:19|20)\d\d年?)+度?|[两二三四五六七八九十]年(?:共|累计|合计|总计))"
    r"|(?P<until>截[至止]到?(?:目前|当前|今)?(?:(?:19|20)\d\d年?度?)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:[底末]|年底|年末)?"
    r"|[到至]\s*(?:19|20)\d\d\s*年(?:底|末|12月)|迄今|至今|历年|历史|累计至今)"
    r"|(?P<since>自[^，,；;。\d]{0,24}?(?:(?:19|20)\d\d年?[^，,；;。]{0,12}?)?(?:以来|起|后|至今|(?:开通|施行|实施|建立|成立|运行|上线|启用)))"
    r"|(?P<year_since>(?:今年|本年度?|年初|(?P<since_year>(?:19|20)\d\d)年度?)以来)"
    r"|(?P<event>(?:施行|实施|成立|开通|运行|上线|启用|建立|建成|组建|挂牌|换届|大)以来|以来)"
    r"|(?P<years>(?:近|过去|前|这)[两二三四五六七八九十几\d]{1,4}个?年|近年来?|(?<![\d第一])(?:[两二三四五六七八九十]|\d{1,2})年(?:来|间|里|内|以来))"
    r"|(?P<span>(?<!统计)(?<!报告)(?<!数据)期间|[“\"]?十[一二三四]五[”\"]?|任期|任内|本届)"
    r"|(?P<earlier>上一?年|去年|往年|前年|上年度|同期|此前|以往)"
    r"|(?P<part>[上下]半年|半年(?:来|以来|间|里)|(?<![一二三四1-4])[一二三四1-4前]{1,4}个?季度|季度|\d{1,2}月(?:份|底|初|[上中下]旬|\d{1,2}日)?(?:[至到—–~～-]+\d{1,2}月(?:份|底|\d{1,2}日)?)?"
    r"|(?<!\d)1[至到—–~～-]12月|每[年月季周日天](?!更新))"
    r"|(?P<this>全年度?|本年(?!报)度?|今年度?|当年度?|年内|该年度?|年度(?=累计|共|主动|公开|发布|收到|受理)|一年来|一年[间内中])"
    r"|(?P<named>(?<!\d)(?:19|20)\d\d)年度?",
)
_TIMELY = re.compile("[年月期来后起今前历季往任届去截迄以施实十开建成运上启此同]")
"""A sign that is in all words for a time."""
_MONTHS = re.compile(r"1[至到—–~～-]12月|1月(?:份|1日)?[至到—–~～-]+12月")

_CHANNEL_NAME = re.compile(
    r"(?:省|市|县|区|州|旗|镇|乡|街道)?(?:人民)?政府(?:办公室)?(?=门户|网|公报|官网|信息网|系统|新闻|信息公开|信息|文件|规章|工作报告|常务|会议|机构)"
)
_FIELDS = (
    "教育|公安|民政|财政|卫生|卫健|人社|人力资源|自然资源|国土|住建|住房|建设|交通|水利|水务|农业|农牧|林业|林草|环保|生态环境|环境保护|市场监[督管]"
    "|文旅|文化|旅游|体育|税务|发展和改革|发改|工信|工业和|商务|审计|统计|司法|应急|城管|城市管理|综合执法|规划|房管|房产|食药|食品药品|工商|质监|安监"
    "|粮食|物价|科技|科学技术|扶贫|乡村振兴|医保|医疗保障|退役军人|信访|民宗|民族|金融|气象|档案|国资|法院|检察|招商|审批|烟草|消防|人防|机关事务|大数据"
)
"""What the departments of a government have in their names; a named one's figures are its own (县教育局收到…)."""
_WHOSE = _begun(
    r"\d我本全各省市县区州旗盟镇乡街下所办一二三四五六七八九十"
    + "".join(sorted({field[0] for field in _FIELDS.split("|")})),
    r"(?P<whole>全(?:市|县|区|州|旗)\d{1,4}[个家](?:部门|单位)(?:和|、|及|与)\d{1,4}个(?:乡镇|镇街|街镇|街道|乡|镇)(?:街道|（街道）)?|全(?:市|县|区|省|州|旗|盟|镇|乡|系统|域|自治区|街道?)(?:(?:各|行政|机关|级|职能|有关|相关|部门|单位|板块|乡|镇|街|道|办|县|市|区|、|和|及)+)?|各级|各(?:地|镇|乡|级|县|区|市|单位)[^，,；;。\d]{0,10}各(?:部门|单位|委|办|局)"
    r"|各部门[^，,；;。\d]{0,6}各(?:单位|镇|乡|街道|县|区))"
    rf"|(?P<bureau>[我本全]?(?:省|市|县|区|州|旗|盟)?(?:{_FIELDS})[^，,；;。\d\s]{{0,6}}?(?:局|委|厅|院|中心|大队|支队))"
    r"|(?P<own>[我本](?:市|县|区|省|州|旗|盟|镇|乡|街道?|局|厅|委|办|处|院|单位|部门|机关|中心|署|站|行政机关)|全(?:局|厅|委|院|处|办|站))"
    r"|(?P<parts>各(?:乡|镇|街|县|区|市|旗|部门|单位|委|局|科|股|处|室|站|所|成员|职能|相关)"
    r"|(?:省|市|县|区|州|旗)(?:政府)?(?:直|级|属)各?(?:行政机关|机关|部门|单位)|(?:省|市|县|区|州|旗)(?:人民)?政府(?:各|组成|工作|直属|所属)*部门"
    r"|(?:乡镇|镇街|街镇|镇办|街乡|县区|区县|乡\(镇\)|乡（镇）|镇\(街\)|镇（街）)(?:街道|（街道）|\(街道\))?|下属|所属|(?<![\d一二三四五六七八九十])(?:\d{1,5}|[一二三四五六七八九十]{1,5})[个家](?:部门|单位|乡镇|镇|街道|县))"
    r"|(?P<one>(?:省|市|县|区|州|旗|镇|乡)(?:人民)?政府(?:办公[室厅]|办)?|[省市县区]本级|(?<!设在)办公[室厅])",
)

_GENERIC = re.compile(
    "政府|政务|信息|公开|主动|依申请|依法|工作|重点|领域|内容|发布|力度|全面|各类|各种|各项|法定|及时|深入|重要|中心|大局|社会|群众|公众"
    "|关切|关注|关心|热点|焦点|问题|决策|执行|管理|服务|结果|事项|情况|方面|要求|条例|规定|文件|公布|推进|深化|加强|强化|做好|规范|加大|推动|抓好"
    "|落实|拓展|拓宽|渠道|平台|网站|门户|建设|机制|制度|质量|水平|透明度|透明|增强|提升|提高|不断|进一步|持续|切实|积极|有效|扎实|有序|稳步"
    "|围绕|聚焦|突出|针对|坚持|原则|范围|目录|指南|解读|回应|政策|常态|例外|阶段性|标准化|标准|优化|完善|丰富|形式|载体|方式|途径|全市|全县|全区|全省|全镇|全局"
    "|我[市县区省镇乡局厅委办]|本[市县区省镇乡局厅委办]|县委|市委|区委|党委|年度|全年|共|数据|数量|总数|总体|其中|开展|实施|基本|具体|主要|健全|体系|系统|阳光|行政|权力|运行"
    '|以来|今年|本年|[的和与及等在、“”"《》：:（）()了为是对由从以将按照根据严格\\s\\d]|年|月|日|[一二三四五六七八九十]是|[.．,，]'
)
_LED_AIM = (
    r"(?:围绕|聚焦|针对|突出|瞄准|紧扣|涉及|关于|有关)(?P<aim>[^，,；;。]{1,30})"
    r"|在(?P<field>[^，,；;。]{1,20}?)(?:方面|领域|工作中)"
    r"|(?:加强|做好|推进|深化|强化|规范|加大|推动|抓好|开展|落实|完善|重点|细化|扎实做好|及时|集中)(?P<work>[^，,；;。]{0,24}?)(?:信息|公开|发布|公示)"
    r"|重点公开(?P<listed>[^，,；;。]{1,24})"
)
_PLAIN_AIM = _begun("围聚针突瞄紧涉关有在加做推深强规抓开落完重细扎及集", _LED_AIM)
"""For words in which neither 领域, 方面 nor 类 names what stands before it."""
_AIM = re.compile(
    _LED_AIM + r"|(?P<kind>[^，,；;。\d]{2,14}?)(?:领域|方面)(?:的)?(?:政府|政务)?(?:信息)?(?:公开)?"
    r"|(?P<sort>[^，,；;。\d]{1,10}(?<![各分种大几]))类(?:政府|政务)?(?:信息|公开)"
)
_BOUND = re.compile(
    r"不少于|不低于|不得|不超过|至少|[日周月年]均|每[年月季周日天个家人名项]|平均|人均|力争|争取|目标|计划(?=主动|公开|发布|收|受|全年|完成|新增|召开|举办|培训)|拟|预计"
    r"|任务[数量]|明年|下一?年度?(?!结转)|来年|将(?=主动|公开|发布|达到|完成|实现)|要求[^，,]{0,6}(?:达到|完成)|确保"
)
_BOUND_AFTER = re.compile(r"\s*(?:以上|以下|以内|之内)")


class Span(NamedTuple):
    """Where words stand and what they say."""

    start: int
    end: int
    says: str


_END = attrgetter("end")


def masked(sentence: str) -> str:
    """The sentence with comparisons, what is carried over and names of papers blanked; of the same length."""
    return _COMPARISON.sub(lambda match: "□" * len(match[0]), sentence)


_WIDE = re.compile("[０-９]")
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")


def narrow(sentence: str) -> str:
    """The sentence with digits of full width as plain ones: a year is known by them."""
    return sentence.translate(_NARROW) if _WIDE.search(sentence) else sentence


@lru_cache(maxsize=64)
def times(sentence: str, year: int | None) -> list[Span]:
    """The times that a sentence names, in order: `year` is that of the report, `other` any else."""
    if not _TIMELY.search(sentence):
        return []
    return [Span(found.start(), found.end(), _time(found, year)) for found in _TIME.finditer(masked(narrow(sentence)))]


def _time(found: re.Match[str], year: int | None) -> Time:
    kind = found.lastgroup
    if found["whole"]:
        same = found["to"] is None or found["to"] == found["from"]
        return "year" if same and _is(found["from"], year) else "other"
    if found["year_since"]:
        return "year" if found["since_year"] is None or _is(found["since_year"], year) else "other"
    if found["named"]:
        return "year" if _is(found["named"], year) else "other"
    if (found["until"] or "").startswith("截"):
        return "until"
    if found["part"]:
        return "year" if _MONTHS.fullmatch(found["part"]) else "other"
    if found["years"] or found["span"] or found["several"]:
        return "other" if (found["years"] or "").startswith("近年") else "ages"
    return "year" if kind == "this" else "other"


def _is(named: str, year: int | None) -> bool:
    return year is None or int(named) == year


def subjects(sentence: str, organ: str = "") -> list[Span]:
    """Whose figures a sentence gives, in order; a government within the name of its site or gazette is no subject.

    A department by its name is the organ that reports where the name is in `organ`, else one of its parts; without an
    `organ` it says nothing.
    """
    words = _CHANNEL_NAME.sub(lambda match: "□" * len(match[0]), sentence) if "政府" in sentence else sentence
    return [Span(found.start(), found.end(), _subject(found, organ)) for found in _WHOSE.finditer(words)]


_COMMON_SIGNS = set("省市县区州旗镇乡局委员会厅院中心办公室大支队管理服务和综合与人民政府监督行")
"""What the names of all bureaus have."""


def _subject(found: re.Match[str], organ: str) -> str:
    if not found["bureau"]:
        return found.lastgroup or ""
    name = found["bureau"].lstrip("我本全").lstrip("省市县区州旗盟")
    if not organ:
        return ""
    # of two names of one bureau (环保局, 环境保护局) some sign agrees; 县教育局 is no 水务局
    field = _PLACE.sub("", organ)
    return "own" if name in organ or not set(field).isdisjoint(set(name) - _COMMON_SIGNS) else "parts"


_PLACE = re.compile("^.*(?:省|(?<!城)市(?!场)|县|(?<!社)区|州|旗)(?=..)")
"""The place in the name of a department: it says nothing of what the department is for (海安市 is no 公安局)."""


def nearest(spans: list[Span], place: int) -> Span | None:
    """The last of the spans, which are in order, that ends before a place; None without any."""
    before = bisect_right(spans, place, key=_END)
    return spans[before - 1] if before else None


def at(spans: list[Span], place: int, text: str = "") -> str:
    """What the nearest words before a place say; empty without any. With the `text`: what stands in brackets that are
    closed before the place says nothing of it («复议1件（2014年2件），诉讼3件»)."""
    span = nearest(spans, place)
    for _ in range(_ASIDES):
        if span is None or not _CLOSED.match(text, span.end, place):
            break
        span = nearest(spans, span.start)
    return "" if span is None else span.says


_ASIDES = 4
"""Brackets passed over on the way back, so that a text of nothing but brackets takes no longer than any other."""
_CLOSED = re.compile(r"[^（(）)]{0,60}[）)]")


@lru_cache(maxsize=256)
def topic_of(words: str, organ: str = "") -> str:
    """The topic of its own that words before a number name (围绕就业, 在教育方面, 涉农补贴类信息); empty for none.

    What is left of the named thing when the common words of the trade are taken off decides: 围绕中心工作 is no topic,
    nor is 教育 in the report of a bureau of education.
    """
    followed = "领域" in words or "方面" in words or "类" in words
    for found in (_AIM if followed else _PLAIN_AIM).finditer(words):
        thing = next(part for part in found.groups() if part is not None)
        left = _GENERIC.sub("", thing)
        if len(left) > 1 and not set(left) <= set(organ):
            return thing
    return ""


_PUT_OUT = re.compile("发布|公开|制作|制发|推出|推送|开展|编发|编制|刊登|刊发|完成|同步|本级|上级|原创")


def field_of(words: str, organ: str = "") -> str:
    """The field of its own whose policies are explained (就业政策解读12篇); empty for none."""
    place = words.rfind("解读")
    before = re.split("[，,；;、。：:]", words[:place])[-1] if place > 0 else ""
    named = _PUT_OUT.split(before)[-1].removesuffix("文件")
    thing = named.removesuffix("政策")
    left = _GENERIC.sub("", thing)
    return thing if thing != named and len(left) > 1 and len(thing) <= 8 and not set(left) <= set(organ) else ""


def wanted(clause: str, tail: str) -> bool:
    """Whether a number is a bound, an aim or a rate and no count: 不少于50条, 力争公开50条, 每月5条, 50条以上."""
    return _BOUND.search(clause) is not None or _BOUND_AFTER.match(tail) is not None
