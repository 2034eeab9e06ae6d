"""The measures that a report states in sentences: each a figure with the sentence as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite

from crawler.records.report import Figure
from crawler.reference.measures import form_of
from pipelines.statistics.figures import MAX_VALUE
from pipelines.statistics.narrative.numbers import Number, numbers_in
from pipelines.statistics.narrative.rules import (
    ANOTHER_TIME,
    CAUSE,
    EARLIER_ONLY,
    NONE_AFTER,
    NONE_BEFORE,
    NONE_MEASURES,
    TOPICS,
    Rule,
    rules_for,
)

METHODS = {
    "sentence": "a number beside the words that name its measure",
    "list": "numbers in the order of the measures named before («分别为»)",
    "all of them": "words that say that all were so («均予维持», «按时办结率100%»)",
    "parts add up": "the outcomes that the text states add up to the requests received; the total itself is not stated",
    "words for none": "words that say that there was none («未收到», «没有发生»)",
}
"""How a figure of the text was found."""

MAX_SENTENCE = 4000
"""Characters of a sentence; a longer one is read in pieces of this length, cut where no number stands."""
_SENTENCE = re.compile(
    rf"[^。！？!?\n]{{1,{MAX_SENTENCE}}}[\d.．,，一二三四五六七八九十百千万亿〇零两余多]*+[^。！？!?\n\d]{{0,4}}[。！？!?]?"
)
_CLAUSE_END = re.compile(r"[，,；;：:。]")
_LIKELY = re.compile(r"\d|[一二三四五六七八九十百两〇零](?:条|篇|件|份|人次|场次)|未|无|没有")
_HEADING = re.compile(r"^(?:[（(]?[一二三四五六七八九十]+[）)、.．]|[（(]?\d+[）)、.．](?!\d))")
_YEAR = re.compile(r"(20\d\d)\s*年")
_MADE = re.compile("(?:制作|获取|保存)[^，,；;。]{0,10}?信息")
_OUTCOMES = ("req_ans_", "req_denied_")
IMPLAUSIBLE = ", implausible"
_LEAD = 300
"""Characters before a number that can name its measure; a clause rarely has a hundred."""
_RESPECTIVELY = re.compile(r"分别(?:为|是|有|收到|受理|发布|公开)?(?:政府|各类)?(?:信息|申请)?[：:]?\s*$")
_LISTED = (
    ("req_received_in_person", re.compile("当面|现场")),
    ("req_received_online", re.compile("网上|网络|互联网|在线|线上|平台")),
    ("req_received_letter", re.compile("信函|邮寄|信件")),
    ("req_received_fax", re.compile("传真")),
    ("req_ans_partial", re.compile("部分公开")),
    ("req_ans_denied", re.compile("不予公开|不同意公开")),
    ("req_ans_granted", re.compile("同意公开|予以公开|全部公开")),
    ("review_total", re.compile("行政复议")),
    ("suit_total", re.compile("行政诉讼")),
    ("disc_via_website", re.compile("网站")),
    ("disc_via_wechat", re.compile("微信")),
    ("disc_via_weibo", re.compile("微博")),
)
_OUTCOME_CODES = tuple(
    f"req_ans_{end}"
    for end in (
        "already_public", "granted", "partial", "denied", "not_this_agency", "not_exist", "amend", "other_channel",
    )
)  # fmt: skip
_ALL_ON_TIME = re.compile(
    r"(?:按时|法定期限内|规定期限内|按期)[^，,；;。]{0,6}(?:办结|答复)[^，,；;。]{0,6}100[%％]"
    r"|按时办结率[^，,；;。]{0,4}100[%％]"
)
_ALL_ONLINE = re.compile(
    r"(?<=[，,])(?:均|全部|都|全)?(?:为|是|来自|通过)(?:互联网|网络|网上|在线)(?:渠道|平台)?(?:提交的?)?申请"
)
_IN_ALL = re.compile("共|合计|总计|总数")
_NONE_HINT = re.compile("[未无没零0]")
_NOT_NONE = re.compile(
    r"未(?:按|及时|能|经|完|达|公开|予|来|成)|无(?:法|正当|偿|障碍|效|关|差错|论|人|锡|线)|没有(?:现成|超|及时)|逾期|超期"
)
"""«未按时», «无法», 无锡: words for none that say nothing of a measure."""
_BOTH_UPHELD = re.compile(
    r"复议[^；;。\d]{0,80}\d{1,15}\D{1,3}[，,、]?[^；;。\d]{0,80}诉讼[^；;。\d]{0,80}\d{1,15}[件宗起]?，(?:均|都|全部)[^，,；;。\d]{0,6}维持"
)
_ALL_UPHELD = re.compile(r"(?:均|全部|都)[^，,；;。\d]{0,8}维持|作出维持")


@dataclass(slots=True)
class _Reading:
    """What has been read so far of a text. `topics`: what the paragraph speaks of; `section`: what its heading does."""

    year: int | None
    found: dict[str, Figure] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)
    section: set[str] = field(default_factory=set)

    def take(self, code: str, value: float, raw: str | None, sentence: str, method: str) -> None:
        """Note a figure; the first that a text states of a measure counts, for later ones are mostly parts."""
        if code in self.found:
            return
        unit = form_of("f2014").measures[code].unit
        stated: float | None = value
        if not isfinite(value) or value > MAX_VALUE:
            stated, method = None, method + IMPLAUSIBLE
        self.found[code] = Figure("narrative", code, code, None, stated, raw, unit, sentence, method)


def read_narrative(text: str, report_year: int | None) -> list[Figure]:
    """The measures of f2014 that a report's text states, with form `narrative`; rows of tables are left out.

    `report_year`: sentences about another year are not taken. A number that no measure can have, or that is not
    finite, is a figure without value, its method ending in IMPLAUSIBLE. Linear in the text; never raises.
    """
    reading = _Reading(report_year)
    for line in text.split("\n"):
        if "\t" in line or not line.strip():
            continue
        if len(line) < 40 and _HEADING.match(line.strip()) and "。" not in line:
            reading.section = _topics(line)
            reading.topics = set(reading.section)
        else:
            reading.topics = set(reading.section)
        for match in _SENTENCE.finditer(line):
            sentence = match[0].strip()
            if match.start() and _HEADING.match(sentence):
                # A page flattened to one line: a heading within it opens a new stretch.
                reading.topics = set()
            if _LIKELY.search(sentence):
                _read(reading, sentence)
            else:
                reading.topics |= _topics(sentence)
    _answered(reading)
    return list(reading.found.values())


def _answered(reading: _Reading) -> None:
    """What was answered in all, where the text does not say it but its outcomes add up to what was received."""
    received = reading.found.get("req_received")
    parts = [reading.found[code].value or 0 for code in _OUTCOME_CODES if code in reading.found]
    if received is not None and len(parts) > 1 and sum(parts) == received.value:
        reading.take("req_answered", sum(parts), None, received.evidence, "parts add up")


def _topics(words: str) -> set[str]:
    found = {name for name, pattern in TOPICS if pattern.search(words)}
    return found | {"info"} if "公开" in words else found


def _read(reading: _Reading, sentence: str) -> None:
    reading.topics |= _topics(sentence)
    if _of_another_year(sentence, reading.year):
        return
    numbers = list(numbers_in(sentence))
    listed = _lists(reading, sentence, numbers)
    rules = rules_for(sentence) if numbers else []
    first = _MADE.search(sentence)
    made = len(sentence) if first is None else first.end()
    start, latest = 0, ""
    for number in numbers:
        before = sentence[start : number.start]
        lead = before[-_LEAD:]
        ends = [match.end() for match in _CLAUSE_END.finditer(lead)]
        clause = lead[ends[-1] :] if ends else lead
        named = [name for name, pattern in TOPICS[:2] if pattern.search(before)]
        latest = named[0] if len(named) == 1 else ("" if named else latest)
        start = number.end
        if number.start in listed:
            continue
        if not rules or ANOTHER_TIME.search(clause) or EARLIER_ONLY.search(clause) or _year_in(clause, reading.year):
            continue
        # What was cut off by a comma may still belong to the number: «其中属于已主动公开的范围,告知了途径5件».
        # «制作、获取政府信息614条，其中主动公开29条，不予公开583条»: kinds of records, not what became of requests.
        fit = [rule for rule in rules if not rule.code.startswith(_OUTCOMES)] if made <= number.start else rules
        _one(reading, fit, sentence, number, clause, lead, latest)
    _words_for_all(reading, sentence)
    _words_for_none(reading, sentence)


def _one(
    reading: _Reading, rules: list[Rule], sentence: str, number: Number, clause: str, lead: str, latest: str
) -> None:
    tail = sentence[number.end : number.end + 30]
    joined = re.sub(r"[，,：:]", "", lead)
    for words in (clause, joined) if clause != joined else (clause,):
        for rule in rules:
            if number.unit in rule.units and _fits(rule, words, tail, reading.topics, latest):
                _taken(reading, rule, number, words, sentence)
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


def _taken(reading: _Reading, rule: Rule, number: Number, words: str, sentence: str) -> None:
    value = number.value / 10_000 if rule.code == "fee_collected_wan" and number.unit == "元" else number.value
    before = reading.found.get(rule.code)
    if before is not None and before.evidence == sentence and value > (before.value or 0) and _IN_ALL.search(words):
        del reading.found[rule.code]  # «市政府收到20件，各区县收到35件，共收到55件»: the parts were named first
    reading.take(rule.code, value, number.raw, sentence, "sentence")
    if rule.code == "req_denied_not_gov_info" and "不予公开" in words:
        reading.take("req_ans_denied", value, number.raw, sentence, "sentence")
    if rule.code == "req_closed" and "并答复" in words:
        reading.take("req_answered", value, number.raw, sentence, "sentence")


def _lists(reading: _Reading, sentence: str, numbers: list[Number]) -> set[int]:
    """«通过当面、网上、信函方式…分别为:6件、7件、62件»: the numbers in the order of what was named; their places."""
    for at, number in enumerate(numbers) if "分别" in sentence else ():
        listing = _RESPECTIVELY.search(sentence, max(0, number.start - _LEAD), number.start)
        if listing is None:
            continue
        run = [number]
        for later in numbers[at + 1 :]:
            if sentence[run[-1].end : later.start].strip() not in ("、", "，", ",", "和"):
                break
            run.append(later)
        scope = sentence[: listing.start()]
        named = sorted(
            (match.start(), code) for code, pattern in _LISTED for match in [_last(pattern, scope)] if match is not None
        )
        if len(named) == len(run) and _spoken_of(named[0][1]) & reading.topics:
            for (_, code), one in zip(named, run, strict=True):
                reading.take(code, one.value, one.raw, sentence, "list")
        return {one.start for one in run}
    return set()


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


def _spoken_of(code: str) -> set[str]:
    """The topics of which a paragraph must speak for a list to give this measure."""
    if code.startswith("disc"):
        return {"disc"}
    return {"req"} if code.startswith("req") else {"review", "suit"}


def _words_for_all(reading: _Reading, sentence: str) -> None:
    received = reading.found.get("req_received")
    if received is not None and received.raw and received.evidence == sentence and _ALL_ONLINE.search(sentence):
        reading.take("req_received_online", received.value or 0, received.raw, sentence, "all of them")
    closed = reading.found.get("req_closed") or reading.found.get("req_received")
    if closed is not None and closed.value is not None and _ALL_ON_TIME.search(sentence):
        reading.take("req_closed", closed.value, closed.raw, sentence, "all of them")
        reading.take("req_closed_on_time", closed.value, closed.raw, sentence, "all of them")
    told = reading.found.get("review_total")
    if told is not None and told.value and told.evidence == sentence and _ALL_UPHELD.search(sentence):
        suits = reading.found.get("suit_total")
        if suits is None or suits.evidence != sentence:
            reading.take("review_upheld", told.value, told.raw, sentence, "all of them")
        elif suits.value and _BOTH_UPHELD.search(sentence):
            reading.take("review_upheld", told.value, told.raw, sentence, "all of them")
            reading.take("suit_upheld", suits.value, suits.raw, sentence, "all of them")


def _words_for_none(reading: _Reading, sentence: str) -> None:
    if not _NONE_HINT.search(sentence):
        return
    for clause in _clauses(sentence):
        for code, raw in _none_in(clause, reading.topics):
            reading.take(code, 0, raw, sentence, "words for none")


def _clauses(sentence: str) -> Iterator[str]:
    yield from (clause for clause in re.split(r"[，,；;。]", sentence) if clause)


def _none_in(clause: str, topics: set[str]) -> Iterator[tuple[str, str]]:
    if not _NONE_HINT.search(clause) or any(True for _ in numbers_in(clause)):
        return
    none = NONE_BEFORE.search(clause)
    if none is not None:
        rest = CAUSE.sub("", clause[none.start() :])
        yield from ((code, clause.strip()) for code in _named_as_none(rest, topics))
    elif (after := NONE_AFTER.search(clause)) is not None:
        rest = CAUSE.sub("", clause[: after.start()])
        yield from ((code, clause.strip()) for code in _named_as_none(rest, topics))


def _named_as_none(words: str, topics: set[str]) -> list[str]:
    if _NOT_NONE.search(words):
        return []
    found = [code for code, pattern in NONE_MEASURES if pattern.search(words)]
    if "req_received" in found and len(found) > 1:
        # «未收到行政复议、提起行政诉讼的申请»: what was asked for there is a review.
        found.remove("req_received")
    if "fee_collected_wan" in found and "info" not in topics:
        found.remove("fee_collected_wan")
    return found


def _of_another_year(sentence: str, year: int | None) -> bool:
    """Whether all years that a sentence names have passed; the next one is that into which something is carried."""
    named = {int(match[1]) for match in _YEAR.finditer(sentence)}
    return year is not None and bool(named) and max(named) < year


def _year_in(clause: str, year: int | None) -> bool:
    named = [int(match[1]) for match in _YEAR.finditer(clause)]
    return year is not None and bool(named) and named[-1] != year
