"""Why a number of a sentence is none of the report's own figures, and how plainly it is the total of the whole."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice

from pipelines.statistics.narrative.candidate import Context
from pipelines.statistics.narrative.channels import CHANNELS, channel_of
from pipelines.statistics.narrative.numbers import Number
from pipelines.statistics.narrative.rule import Rule
from pipelines.statistics.narrative.scope import at, field_of, nearest, times, topic_of, wanted
from pipelines.statistics.narrative.sentence import Sentence

_BEFORE = 6
"""Sentences before, within a paragraph, that are asked for what one does not say itself."""
_WAYS = re.compile(
    r"^(?:通过|在|利用|依托|运用|经|借助)|[^一]?(?:通过|利用|依托|运用|借助)|在[^，,；;。]{0,24}(?:网站|门户网)[^，,；;。]{0,24}公开"
)
_NEW = re.compile("^[，,]?(?:本年|当年|今年)?新(?:增|收)")
"""«截至12月31日，新增主动公开…»: what is new is of the year."""
_UNDER = re.compile("下属|所属")
_TOTAL = re.compile(r"共|总|全年|合计")
_PLACE = re.compile(
    "(?:^|[，,；;。、：:]|其中)([\u3400-\u9fff]{2,4}[县市区旗])(?:共计?|全年|累计|本年度?)*(?:收到|受理|接到|主动公开|公开|发布)"
)
_NO_PLACE = re.compile(
    "^[全我本各该两每其]|[辖城社园地郊景校库灾片小厂牧林矿山专新发范验技术理游假名政政街湾港]区$|[城超都门上]市$"
)
"""Words that end as the name of a county or district does and are none."""
_EQUAL = 1e-6


def excluded(sentence: Sentence, rule: Rule, number: Number, clause: str, gap: int) -> tuple[str, tuple[int, ...]]:
    """Why a number is none of the report's own figures, or nothing; and how plainly it is the total of the whole."""
    code, text, context = rule.code, sentence.text, sentence.context
    time = "other" if context.elsewhen else at(sentence.times, number.start, text) or _time_before(context)
    since_last = text[gap : number.start]
    subject = nearest(sentence.subjects, number.start)
    # «部门动态1189条、政策解读13条»: what is counted before is no subject of an explanation
    whose = "" if subject is None or (code.startswith("resp_") and subject.start < gap) else subject.says
    rank = (
        0 if rule.weak else 1,
        _weight(whose, context.organ),
        int(time == "year" or bool(_TOTAL.search(since_last))),
    )
    if time == "until" and _NEW.search(clause):
        time = "year"
    if not code.startswith("org_"):
        if time in ("other", "ages", "until"):
            return "other time", rank
        if wanted(clause, text[number.end : number.end + 6]):
            return "bound", rank
    if code.startswith(("review", "suit")) and sentence.any_kind:
        return "other kind", rank
    # «全国31个省共收到…»: the number of provinces parts nothing
    if _of_the_whole_country(
        text[max(0, gap - 6) : number.start] if text.startswith("省", gap) else since_last, context.organ
    ):
        return "other organs", rank
    if not whose and _of_another_place(since_last, context.organ):
        return "other organs", rank
    # a government's staff is that of its departments and towns; who stands under an organ is not its own
    if whose == "parts" and (not code.startswith("org_") or (subject and _UNDER.match(text, subject.start))):
        return "other organs", rank
    if code == "resp_policy_articles" and field_of(since_last, context.organ):
        return "other topic", rank
    if code == "disc_total" or code.startswith("disc_via"):
        aim = topic_of(since_last, context.organ) or (
            _topic_before(context) if rule.weak and whose not in ("own", "whole") else ""
        )
        channel = _channel(sentence, rule, number, since_last) if code == "disc_total" else ""
        if code == "disc_total" and not channel and _beside_another(text, number, since_last):
            channel = "several"
        if (aim or channel) and not _has_ways(sentence, number):
            return "other topic" if aim else "other channel", rank
    return "", rank


def _of_the_whole_country(words: str, organ: str) -> bool:
    """Whether the last words count for the country, or for the province of a city, county or town (全国收到申请…): who
    acts by a plan or a platform of the country counts for itself (根据全国…要点，收到申请30件)."""
    scopes = {found[1] or "国" for found in _WHOLE.finditer(words)}
    return "国" in scopes or ("省" in scopes and _LOWER.search(organ) is not None)


_WHOLE = re.compile(
    r"(?<![在按照据经过居为])(?:全([国省])|(?=\d\d个省))(?:[^，,；;。、：:]{0,12}(?:机关|政府|部门|单位|系统|法院|地区|各[级地市])"
    r"|范围内?|(?:各|\d\d个)省(?:[（(][^）)]{1,8}[）)]|[区、市]{1,3}|、自治区、直辖市)?)?"
    "(?:20[0-9]{2}年|[上去今]年|共计?|总计|合计|累计|全年|一年|本年度?|年度|新|首次|依法)*"
    "(?:收到|收|受理|接到|接收|主动公开|公开|发布)"
)
_LOWER = re.compile("(?<!自治)(?<!城)(?<!社)[市县区旗州盟镇乡](?!场|建|规划|村)|街道|管委会|管理委员会")
"""The name of a place below a province, and not of what a department is for (市场, 城乡, 社区)."""


def _of_another_place(words: str, organ: str) -> bool:
    """Whether the last words name a county or district that is not in the name of the organ (和平区收到申请30件)."""
    names = [found[1] for found in _PLACE.finditer(words)][-1:] if organ else []
    return any(name not in organ and _NO_PLACE.search(name) is None for name in names)


def _time_before(context: Context) -> str:
    """The time that a sentence before has set for the paragraph: the year, or several years; empty for none."""
    for sentence in reversed(context.said[-_BEFORE:]):
        for span in reversed(times(sentence, context.year)):
            if span.says in ("year", "ages"):
                return span.says
    return ""


def _topic_before(context: Context) -> str:
    """The topic of its own that a sentence before has named for the paragraph; empty for none."""
    found = (topic_of(sentence, context.organ) for sentence in reversed(context.said[-_BEFORE:]))
    return next((topic for topic in found if topic), "")


def _channel(sentence: Sentence, rule: Rule, number: Number, since_last: str) -> str:
    """The only channel of which a number that may be the total is the count; empty for none.

    A plain «主动公开政府信息» is bound to a channel by «通过…», «在…»; a weak «共发布信息» by any that is named.
    """
    if rule.weak:
        return channel_of(since_last) or channel_of(sentence.text[: number.start]) or sentence.context.way
    return (channel_of(since_last) if _WAYS.search(since_last) else "") or sentence.context.way


def _beside_another(text: str, number: Number, since_last: str) -> bool:
    """Whether a number of what some channels published («通过…网站», «通过…平台») stands beside that of another
    («，通过…微信», «，政府网站公开…»)."""
    if _AND_OTHERS.search(since_last) or not _WAYS.search(since_last):
        return False
    if "平台" not in since_last and not any(pattern.search(since_last) for _, pattern in CHANNELS):
        return False
    other = _BESIDE.match(text, number.end)
    return other is not None and any(
        pattern.search(other[0]) and not pattern.search(since_last) for _, pattern in CHANNELS
    )


_AND_OTHERS = re.compile("等|其[他它]|各[种类]|多[种渠]")
_BESIDE = re.compile(r"[，,；;](?:同时|并|另外?)?(?:通过|利用|依托|在)?(?!其中|包括|包含)[^，,；;。\d]{2,40}(?=\d)")


def _weight(whose: str, organ: str) -> int:
    """How near a subject is to the organ that reports: a bureau's own figure counts before that of its city."""
    bureau = organ.endswith(("局", "委", "委员会", "厅", "院", "中心", "办公室", "办公厅", "署", "站"))
    bureau = bureau or organ.endswith(("镇人民政府", "乡人民政府", "街道办事处", "街道"))
    if whose == "whole":
        return 1 if bureau and not organ.endswith(("办公室", "办公厅")) else 2
    return 2 if whose == "own" or (whose == "one" and bureau) or (not whose and bureau) else (1 if not whose else 0)


def _has_ways(sentence: Sentence, number: Number) -> bool:
    """Whether a number is the sum of those behind it, which name channels: then it is the total."""
    count, total = 0, 0.0
    place = bisect_right(sentence.numbers, number.end, key=lambda one: one.start)
    for one in islice(sentence.numbers, place, None):
        if one.unit == number.unit:
            count, total = count + 1, total + one.value
        if total > number.value + _EQUAL:
            return False
    if count < 2 or total < number.value - _EQUAL:
        return False
    rest = sentence.text[number.end :]
    return sum(1 for _, pattern in CHANNELS if pattern.search(rest)) > 1
