"""One sentence: which of its numbers are measures, each noted with what it is of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.statistics.narrative.addition import AMONG, carried_on, note_sums
from pipelines.statistics.narrative.candidate import Candidate, Context
from pipelines.statistics.narrative.choice import AMBIGUOUS
from pipelines.statistics.narrative.exclusion import excluded
from pipelines.statistics.narrative.listing import listed
from pipelines.statistics.narrative.numbers import Number, numbers_in
from pipelines.statistics.narrative.records import records_of
from pipelines.statistics.narrative.rule import CASES, Rule
from pipelines.statistics.narrative.rules import rules_for
from pipelines.statistics.narrative.scope import nearest
from pipelines.statistics.narrative.sentence import Sentence, topics_of

_OUTCOMES = ("req_ans_", "req_denied_")
_LEAD = 300
"""Characters before a number that can name its measure; a clause rarely has a hundred."""
_UP_TO_CLAUSE = re.compile(r"[\s\S]*[，,；;：:。]")
_DIFFERENCE = re.compile(
    r"同比|环比|相比|(?:比|较)[^，,；;。]{0,8}(?:增|减|多|少|升|降)|(?:增加|增长|减少|下降|上升|提高|新增|新增加)(?:了)?$"
)
"""Words before a number that make it a difference."""
_ASIDE = re.compile(r"[（(]\d{1,3}个[）)]")
"""«微信公众号(1个)发布信息149条»: an aside, which parts nothing."""
_ADDRESS = re.compile(r"[（(][^（）()]{0,80}(?:http|www\.|微信号|账号|域名|网址)[^（）()]{0,80}[）)]")
"""The address or name of an account behind what it is of: an aside as well, and its digits are no number."""
_ALONE = re.compile(r"\s*(?:$|[，,；;。、（()）]|的?(?:依?申请|政府信息|信息公开|行政|案件)|其中|占|均|全部|，)")
"""Behind 个 where cases are counted: «收到申请18个,…», and no «网站12个栏目»."""
_OTHER_SUITS = re.compile("(?:刑事|民事|公益|赔偿)诉讼")
_BODIES = re.compile("部门|单位|机关")
_FROM = re.compile(r"(?:由|从)(?:(?:20\d\d|上一?|去)年度?)?(?:同期)?的?\s*$")
_TO = re.compile(
    r"(?:增加|增长|增|上升|提高|提升|减少|减|下降|降低|降)(?:到|至|为)了?"
    r"(?P<now>\s*(?:(?:(?:20\d\d|今|本|当)年度?[末底]?|目前|现在)的?)?\s*(?=\d))?"
)
"""«由2014年的300条增加到2015年的345条»: the words before the first number are those of the second."""
_IN_ALL = re.compile("共|合计|总计|总数")
_PART = re.compile("其中|包括|包含|含|[（(][^）)]*$")
_PROACTIVE = re.compile("其中[^，,；;。]{0,6}主动")
_CORRECTION = re.compile("撤销|违法|责令")


def _repeats(text: str, gap: int, since: str) -> bool:
    """Whether a way of being corrected that the words before a number name was named before, or goes with another: what
    was set aside is ordered to be done again."""
    return any(way in text[:gap] or way == "责令" for way in _CORRECTION.findall(since))


def read_sentence(context: Context, text: str) -> None:
    """Note what the numbers of a sentence may be, each with its scope."""
    context.topics |= topics_of(text)
    rules = rules_for(text)
    respectively = "分别" in text or ("各" in text and "诉讼" in text)
    if not rules and not respectively:
        return
    numbers = list(numbers_in(text))
    if not numbers:
        return
    sentence = Sentence(text, numbers, context)
    places = listed(sentence) if respectively else ()
    # «制作、获取政府信息614条，其中主动公开29条，不予公开583条»: kinds of records, not what became of requests.
    made = records_of(text)
    disputed = "诉讼" in text or "复议" in text
    start, latest, risen = 0, "", ""
    for number in numbers:
        before = risen or text[start : number.start]
        risen = ""
        if disputed:
            latest = _dispute(before, latest)
        if number.unit == "个" and _ASIDE.fullmatch(text, number.start - 1, number.end + 1):
            continue
        rise = _TO.match(text, number.end)
        base = _FROM.search(before) if rise is not None else None
        if rise is not None and base is not None:
            # «提高到计划的200条»: what it rose to is no count
            risen, start = before[: base.start()] if rise["now"] is not None else "", number.end
            continue
        gap, start = start, number.end
        if number.start in places or carried_on(sentence, number, before):
            continue
        fit: Sequence[Rule] = rules.get(number.unit, ())
        if made is not None and made.start() <= number.start:
            fit = [rule for rule in fit if not rule.code.startswith(_OUTCOMES) and rule.code != "req_received"]
        if fit:
            lead = before[-_LEAD:]
            if number.unit == "个" and not _ALONE.match(text, number.end):
                fit = [rule for rule in fit if rule.units is not CASES]
            lead = _ASIDE.sub("", lead) if "个" in lead else lead
            _note_first(sentence, fit, number, _ADDRESS.sub("", lead), latest, gap)
    note_sums(sentence)


def _dispute(before: str, latest: str) -> str:
    """Review or suit, by what the words since the last number name; empty where they name both."""
    before = _OTHER_SUITS.sub("", before)
    suit, review = "诉讼" in before, "复议" in before
    if suit or review:
        return "" if suit and review else "suit" if suit else "review"
    return latest


def _note_first(sentence: Sentence, rules: Sequence[Rule], number: Number, lead: str, latest: str, gap: int) -> None:
    """Note a number by the first rule that fits its clause, else all the words since the last number."""
    tail = sentence.text[number.end : number.end + 30]
    before = _UP_TO_CLAUSE.match(lead)
    clause = said = lead[before.end() :] if before else lead
    rule = _fitting(rules, clause, tail, sentence.context.topics, latest)
    if rule is None and before is not None:
        # What was cut off by a comma may still belong to the number: «其中属于已主动公开的范围,告知了途径5件».
        said = _COMMAS.sub("", lead)
        rule = _fitting(rules, said, tail, sentence.context.topics, latest)
    elif rule is not None and rule.weak and before is not None:
        # «市政府微信公众号每日更新，共发布信息1193条»
        accounts = [entry for entry in rules if entry.code in ("disc_via_wechat", "disc_via_weibo")]
        if accounts:
            rule = _fitting(accounts, _COMMAS.sub("", lead), tail, sentence.context.topics, latest) or rule
    if rule is not None and not _DIFFERENCE.search(clause):
        _note(sentence, rule, number, clause, said, gap)


_COMMAS = re.compile("[，,：:]")


def _fitting(rules: Sequence[Rule], words: str, tail: str, topics: set[str], latest: str) -> Rule | None:
    for rule in rules:
        topic = rule.topic
        if topic is not None and (latest != topic if topic in _DISPUTES else topic not in topics):
            continue
        lead = rule.lead.search(words)
        if lead is None or (rule.tail is not None and not rule.tail.search(tail)):
            continue
        # What stands far before the words that name the measure says nothing of it (a school's portal discloses, too).
        if rule.never is None or not rule.never.search(words, max(0, lead.start() - 8)):
            return rule
    return None


_DISPUTES = ("review", "suit")


def _note(sentence: Sentence, rule: Rule, number: Number, clause: str, said: str, gap: int) -> None:
    """A number that a rule takes for its measure: with its scope, unless the sentence has it as a part of another."""
    code, text, context = rule.code, sentence.text, sentence.context
    value = number.value / 10_000 if code == "fee_collected_wan" and number.unit == "元" else number.value
    outside, rank = excluded(sentence, rule, number, clause, gap)
    raw = number.raw
    since = text[gap : number.start]
    for earlier in () if outside else context.counted(code):
        if code.endswith("_corrected") and "纠" not in text[: number.start] and not _PART.search(since):
            # «撤销1件、确认违法1件»: two ways of being corrected; «一审撤销1件，二审撤销1件»: of one case or of two
            context.remove(earlier)
            value, raw = value + earlier.value, f"{earlier.raw} / {raw}"
            outside = AMBIGUOUS if _repeats(text, gap, since) else ""
        elif code == "disc_total" and "主动" not in text[:gap] and _PROACTIVE.search(since) and value < earlier.value:
            # «公开401条信息，其中主动公开380条»
            context.remove(earlier)
        elif code == "req_received" and "结转" in text[: number.start] and "新收" in text[:gap]:
            return  # «新收8件，结转2件，共收到10件»: what is new is what came
        elif (
            code.startswith("disc_via_")
            and (value > earlier.value or not raw.endswith((earlier.raw or "")[-1:]))
            and not _PART.search(since)
        ):
            continue  # «公众号推送文章300篇，公众号公开信息120条»: either may be meant
        elif value > earlier.value and _IN_ALL.search(said):
            # «市政府收到20件，各区县收到35件，共收到55件»: the parts were named first
            context.remove(earlier)
        elif rank <= earlier.rank:
            return
    if outside == "other organs" and not AMONG.search(text[gap : number.start]):
        for earlier in context.counted(code):
            # «全区各部门1800条，各街道700条»: the first was no whole
            earlier.outside = "other organs" if earlier.bodies else ""
    subject = nearest(sentence.subjects, number.start)
    bodies = subject is not None and _BODIES.search(text, subject.start, subject.end) is not None
    whose = subject.says if subject is not None else ""
    context.add(
        Candidate(code, value, raw, text, "sentence", outside, number.about, rank=rank, bodies=bodies, whose=whose)
    )
    also = None
    if code == "req_denied_not_gov_info" and "不予公开" in said:
        also = "req_ans_denied"
    elif code == "req_closed" and "并答复" in said:
        also = "req_answered"
    if also is not None:
        context.add(Candidate(also, value, number.raw, text, "sentence", outside, number.about, rank=rank))
