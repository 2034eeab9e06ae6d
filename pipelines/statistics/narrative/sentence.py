"""One sentence: which of its numbers are measures, and of what time, organ, topic and channel each is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from crawler.records.report import Check
from crawler.words.numerals import numeral
from pipelines.statistics.narrative.candidate import Candidate, Context
from pipelines.statistics.narrative.numbers import Number, numbers_in
from pipelines.statistics.narrative.rules import DIFFERENCE, TOPICS, Rule, rules_for
from pipelines.statistics.narrative.scope import (
    AMONG_THEM,
    ANY_KIND,
    CHANNELS,
    OF_DISCLOSURE,
    Span,
    at,
    channel_of,
    subjects,
    times,
    topic_of,
    wanted,
)

_CLAUSE_END = re.compile(r"[，,；;：:。]")
_LIKELY = re.compile(
    r"\d|[一二三四五六七八九十百千万亿两〇零廿](?:余|多)?(?:条|篇|件|份|人次|场次|名|人|宗|起|场|期|次)|未|无|没有"
)
_MADE = re.compile("(?:制作|获取|保存)[^，,；;。]{0,10}?信息")
_OUTCOMES = ("req_ans_", "req_denied_")
_LEAD = 300
"""Characters before a number that can name its measure; a clause rarely has a hundred."""
_RESPECTIVELY = re.compile(r"分别(?:为|是|有|收到|受理|发布|公开)?(?:政府|各类)?(?:信息|申请)?[：:]?\s*$")
_LISTED = (
    ("req_received_in_person", re.compile("当面|现场")),
    ("req_received_online", re.compile("网上|网络|互联网|在线|线上|平台")),
    ("req_received_letter", re.compile("信函|邮寄|信件")),
    ("req_received_fax", re.compile("传真")),
    ("req_ans_partial", re.compile("部分公开")),
    ("req_ans_denied", re.compile("不予公开|不同意公开|免[予于]公开")),
    ("req_ans_granted", re.compile("同意公开|予以公开|全部公开")),
    ("review_total", re.compile("行政复议")),
    ("suit_total", re.compile("行政诉讼")),
    ("disc_via_website", re.compile("网站")),
    ("disc_via_wechat", re.compile("微信")),
    ("disc_via_weibo", re.compile("微博")),
)
_IN_ALL = re.compile("共|合计|总计|总数")
_TOGETHER = re.compile(
    r"[，,；;、。]?\s*(?:两项|两者|以上|上述|三项|总|总共)?(?:合计|共计|总计|共|总数)(?:为|达|有|是|：|:)*\s*"
)
"""All that stands between the parts and their sum: «…900条，…600条，合计1500条»."""
_OF_THE_YEAR = re.compile(
    r"[，,；;（(、]?\s*(?:其中)?[：:，,]?(?:本年度?|当年|今年|20\d\d年度?)(?:新增|新收到?|新受理|主动公开|公开|发布|收到|受理)?"
    r"(?:政府)?(?:信息)?(?:公开)?(?:申请)?(?:数|数量|总数)?(?:共|为|是)?\s*"
)
"""All that stands between a sum since the beginning and the year's part of it: «累计900条，其中2020年新增70条»."""
_BODIES = re.compile("部门|单位|机关")
_BEFORE = 6
"""Sentences before, within a paragraph, that are asked for what one does not say itself."""
_AMONG = re.compile("其中|包括|包含")
_WAYS = re.compile(r"^(?:通过|在|利用|依托|运用|经|借助)|[^一]?(?:通过|利用|依托|运用|借助)")
_NEW = re.compile("^[，,]?(?:本年|当年|今年)?新(?:增|收)")
"""«截至12月31日，新增主动公开…»: what is new is of the year."""
_TOTAL = re.compile(r"共|总|全年|合计")


@dataclass
class _Words:
    """A sentence with what its words say of numbers after them. `named`: review or suit, the last one named."""

    text: str
    numbers: list[Number]
    year: int | None
    made: int
    any_kind: bool
    organ: str = ""

    @cached_property
    def times(self) -> list[Span]:
        """The times it names; looked for only where a number may be a measure."""
        return times(self.text, self.year)

    @cached_property
    def subjects(self) -> list[Span]:
        """Whose figures it gives; looked for only where a number may be a measure."""
        return subjects(self.text, self.organ)


def topics_of(words: str) -> set[str]:
    """What a stretch of text speaks of: suit, review, req, disc; info where it says 公开 at all."""
    found = {name for name, pattern in TOPICS if pattern.search(words)}
    return found | {"info"} if "公开" in words else found


def likely(sentence: str) -> bool:
    """Whether a sentence can state a measure at all: it has a number, or words for none."""
    return _LIKELY.search(sentence) is not None


def read_sentence(context: Context, sentence: str) -> None:
    """Note what the numbers of a sentence may be, each with its scope."""
    context.topics |= topics_of(sentence)
    numbers = list(numbers_in(sentence))
    words = _words(context, sentence, numbers)
    listed = _lists(context, words)
    rules = rules_for(sentence) if numbers else []
    start, latest = 0, ""
    for number in numbers:
        before = sentence[start : number.start]
        named = [name for name, pattern in TOPICS[:2] if pattern.search(before)]
        latest = named[0] if len(named) == 1 else ("" if named else latest)
        gap, start = start, number.end
        if number.start in listed:
            continue
        lead = before[-_LEAD:]
        ends = [match.end() for match in _CLAUSE_END.finditer(lead)]
        clause = lead[ends[-1] :] if ends else lead
        if _carried_on(context, words, number, before) or not rules or DIFFERENCE.search(clause):
            continue
        # «制作、获取政府信息614条，其中主动公开29条，不予公开583条»: kinds of records, not what became of requests.
        fit = [one for one in rules if not one.code.startswith(_OUTCOMES)] if words.made <= number.start else rules
        _one(context, words, fit, number, clause, lead, latest, gap)
    _sums(context, words)


def _words(context: Context, sentence: str, numbers: list[Number]) -> _Words:
    made = _MADE.search(sentence) if numbers else None
    spoken = OF_DISCLOSURE.search(sentence)
    any_kind = (ANY_KIND.search(sentence) is not None and spoken is None) or AMONG_THEM.search(sentence) is not None
    if context.headed and not spoken and not context.section & {"review", "suit"} and "req" not in context.topics:
        any_kind = True
    return _Words(
        sentence,
        numbers,
        context.year,
        len(sentence) if made is None else made.end(),
        any_kind,
        context.organ,
    )


def _one(
    context: Context,
    words: _Words,
    rules: list[Rule],
    number: Number,
    clause: str,
    lead: str,
    latest: str,
    gap: int,
) -> None:
    tail = words.text[number.end : number.end + 30]
    # What was cut off by a comma may still belong to the number: «其中属于已主动公开的范围,告知了途径5件».
    joined = re.sub(r"[，,：:]", "", lead)
    for said in (clause, joined) if clause != joined else (clause,):
        for rule in rules:
            if number.unit in rule.units and _fits(rule, said, tail, context.topics, latest):
                _note(context, words, rule, number, clause, said, gap)
                return


def _fits(rule: Rule, words: str, tail: str, topics: set[str], latest: str) -> bool:
    if rule.topic in ("review", "suit"):
        if latest != rule.topic:
            return False
    elif rule.topic is not None and rule.topic not in topics:
        return False
    lead = rule.lead.search(words)
    if lead is None or (rule.tail is not None and not rule.tail.search(tail)):
        return False
    # What stands far before the words that name the measure says nothing of it (a school's portal discloses, too).
    return rule.never is None or not rule.never.search(words, max(0, lead.start() - 8))


def _note(context: Context, words: _Words, rule: Rule, number: Number, clause: str, said: str, gap: int) -> None:
    """A number that a rule takes for its measure: with its scope, unless the sentence has it as a part of another."""
    code = rule.code
    value = number.value / 10_000 if code == "fee_collected_wan" and number.unit == "元" else number.value
    outside, rank = _scope(context, words, rule, number, clause, gap)
    for earlier in context.of_sentence(code):
        if outside or earlier.outside:
            continue
        if value > earlier.value and _IN_ALL.search(said):
            # «市政府收到20件，各区县收到35件，共收到55件»: the parts were named first
            context.candidates.remove(earlier)
        elif rank <= earlier.rank:
            return
    if outside == "other organs" and not _AMONG.search(words.text[gap : number.start]):
        for earlier in context.of_sentence(code):
            # «全区各部门1800条，各街道700条»: the first was no whole
            earlier.outside = earlier.outside or ("other organs" if earlier.bodies else "")
    subject = next((one for one in reversed(words.subjects) if one.end <= number.start), None)
    bodies = subject is not None and _BODIES.search(words.text[subject.start : subject.end]) is not None
    context.add(
        Candidate(code, value, number.raw, words.text, "sentence", outside, number.about, rank=rank, bodies=bodies)
    )
    also = None
    if code == "req_denied_not_gov_info" and "不予公开" in said:
        also = "req_ans_denied"
    elif code == "req_closed" and "并答复" in said:
        also = "req_answered"
    if also is not None:
        context.add(Candidate(also, value, number.raw, words.text, "sentence", outside, number.about, rank=rank))


def _scope(
    context: Context, words: _Words, rule: Rule, number: Number, clause: str, gap: int
) -> tuple[str, tuple[int, ...]]:
    """Why a number is none of the report's own figures, or nothing; and how plainly it is the total of the whole."""
    code, text = rule.code, words.text
    time = at(words.times, number.start) or _time_before(context)
    since_last = text[gap : number.start]
    whose = at(words.subjects, number.start)
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
    if code.startswith(("review", "suit")) and words.any_kind:
        return "other kind", rank
    if whose == "parts" and not code.startswith("org_"):
        return "other organs", rank
    if code == "disc_total" or code.startswith("disc_via"):
        aim = topic_of(since_last, context.organ) or (
            _topic_before(context) if rule.weak and whose not in ("own", "whole") else ""
        )
        channel = _channel(context, words, rule, number, since_last) if code == "disc_total" else ""
        if (aim or channel) and not _has_ways(words, number):
            return "other topic" if aim else "other channel", rank
    return "", rank


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


def _channel(context: Context, words: _Words, rule: Rule, number: Number, since_last: str) -> str:
    """The only channel of which a number that may be the total is the count; empty for none.

    A plain «主动公开政府信息» is bound to a channel by «通过…», «在…»; a weak «共发布信息» by any that is named.
    """
    if rule.weak:
        return channel_of(since_last) or channel_of(words.text[: number.start]) or context.way
    return (channel_of(since_last) if _WAYS.search(since_last) else "") or context.way


def _weight(whose: str, organ: str) -> int:
    """How near a subject is to the organ that reports: a bureau's own figure counts before that of its city."""
    bureau = organ.endswith(("局", "委", "委员会", "厅", "院", "中心", "办公室", "办公厅", "署", "站"))
    if whose == "whole":
        return 1 if bureau and not organ.endswith(("办公室", "办公厅")) else 2
    return 2 if whose == "own" or (whose == "one" and bureau) or (not whose and bureau) else (1 if not whose else 0)


def _has_ways(words: _Words, number: Number) -> bool:
    """Whether a number is the sum of those behind it, which name channels: then it is the total."""
    after = [one for one in words.numbers if one.start > number.end and one.unit == number.unit]
    if len(after) < 2 or abs(sum(one.value for one in after) - number.value) > 1e-6:
        return False
    rest = words.text[number.end :]
    return sum(1 for _, pattern in CHANNELS if pattern.search(rest)) > 1


def _carried_on(context: Context, words: _Words, number: Number, before: str) -> bool:
    """A number that goes on with the measure of the one before: their sum, or the year's part of a longer count."""
    if not context.candidates or context.candidates[-1].sentence != context.number:
        return False
    last = context.candidates[-1]
    same = [one for one in context.of_sentence(last.code) if one.outside in ("", "other organs")]
    if _TOGETHER.fullmatch(before) and len(same) > 1 and sum(one.value for one in same) == number.value:
        context.add(
            Candidate(last.code, number.value, number.raw, words.text, "sentence", "", number.about, rank=(1, 2, 1))
        )
        context.checks.append(_check(last.code, number.value, number.value))
        return True
    if (
        last.outside in ("", "other time")
        and _OF_THE_YEAR.fullmatch(before)
        and at(words.times, number.start) == "year"
    ):
        last.outside = "other time"
        context.add(
            Candidate(last.code, number.value, number.raw, words.text, "sentence", "", number.about, rank=last.rank)
        )
        return True
    return False


def _check(code: str, whole: float, parts: float) -> Check:
    return Check("T1", code, parts <= whole, numeral(whole), numeral(parts))


def _sums(context: Context, words: _Words) -> None:
    """A whole and the parts named behind it («其中…»): a check where they add up, or where one part is above it."""
    among = _AMONG.search(words.text)
    if among is None or len(words.numbers) < 2:
        return
    wholes = [one for one in words.numbers if one.end <= among.start()]
    if not wholes:
        return
    whole = wholes[-1]
    parts = [one for one in words.numbers if one.start >= among.end() and one.unit == whole.unit]
    owner = next(
        (one for one in context.candidates[::-1] if one.sentence == context.number and one.raw == whole.raw), None
    )
    if owner is None or owner.outside or not parts:
        return
    total = sum(one.value for one in parts)
    greatest = max(one.value for one in parts)
    if (len(parts) > 1 and total == whole.value) or (greatest > whole.value and not whole.about):
        context.checks.append(_check(owner.code, whole.value, total if total == whole.value else greatest))


def _lists(context: Context, words: _Words) -> set[int]:
    """«通过当面、网上、信函方式…分别为:6件、7件、62件»: the numbers in the order of what was named; their places."""
    sentence = words.text
    for at_, number in enumerate(words.numbers) if "分别" in sentence else ():
        listing = _RESPECTIVELY.search(sentence, max(0, number.start - _LEAD), number.start)
        if listing is None:
            if "分别" in sentence[max(0, number.start - 40) : number.start]:
                return _run_from(words, at_)
            continue
        run = words.numbers[at_ : at_ + max(1, len(_run_from(words, at_)))]
        scope = sentence[: listing.start()]
        named = sorted(
            (match.start(), code) for code, pattern in _LISTED for match in [_last(pattern, scope)] if match is not None
        )
        if len(named) == len(run) and _spoken_of(named[0][1]) & context.topics:
            for (_, code), one in zip(named, run, strict=True):
                outside = "other time" if at(words.times, one.start) in ("other", "ages", "until") else ""
                if code.startswith(("review", "suit")) and words.any_kind:
                    outside = "other kind"
                context.add(Candidate(code, one.value, one.raw, sentence, "list", outside, one.about, rank=(1, 1, 0)))
        return {one.start for one in run}
    return set()


def _run_from(words: _Words, first: int) -> set[int]:
    """The places of the numbers that follow one another from a first one with nothing but a comma between."""
    run = [words.numbers[first]]
    for later in words.numbers[first + 1 :]:
        if words.text[run[-1].end : later.start].strip() not in ("、", "，", ",", "和"):
            break
        run.append(later)
    return {one.start for one in run} if len(run) > 1 else set()


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


def _spoken_of(code: str) -> set[str]:
    """The topics of which a paragraph must speak for a list to give this measure."""
    if code.startswith("disc"):
        return {"disc"}
    return {"req"} if code.startswith("req") else {"review", "suit"}
