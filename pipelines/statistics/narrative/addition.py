"""Numbers of a sentence that go with one before: their sum, the year's part of a longer count, parts of a whole."""

from __future__ import annotations

import re

from crawler.records.report import Check
from crawler.words.numerals import numeral
from pipelines.statistics.narrative.candidate import Candidate
from pipelines.statistics.narrative.numbers import Number
from pipelines.statistics.narrative.scope import at
from pipelines.statistics.narrative.sentence import Sentence

_TOGETHER = re.compile(
    r"[，,；;、。]?\s*(?:全[市县区省州旗]|两项|两者|以上|上述|三项|总|总共)?(?:合计|共计|总计|共|总数)(?:为|达|有|是|：|:)*\s*"
)
"""All that stands between the parts and their sum: «…900条，…600条，合计1500条»."""
_CONTRADICTION = re.compile(
    r"[，,；;、。]?\s*(?:综上(?:所述)?|总之|以上|上述|全年|全[市县区省州旗])?[，,]?(?:合计|共计|总计|共|总数)"
    r"(?P<verb>(?:主动)?(?:公开|发布|收到|受理))?(?:为|达|有|是|：|:)*\s*"
)
"""All that stands between two totals of one thing: «公开3456条，综上共3465条»."""
_SAME_THING = re.compile(r"\s*(?:$|[，,；;。、（(]|(?:政府|各类)*信息(?![化员])|(?:信息公开|依申请公开)?申请)")
"""Behind the second of them; «公开800条，共收到200条留言» has another thing."""
_WHOLES = frozenset({"disc_total", "req_received", "req_answered", "req_closed", "review_total", "suit_total"})
_OF_THE_YEAR = re.compile(
    r"(?:[，,][^，,；;。\d]{0,10}率(?:达到?|为)?\d[\d.]*[%％])?[，,；;（(、]?\s*(?:其中|仅)?[：:，,]?(?:本年度?|当年|今年|20\d\d年度?)就?(?:新增|新收到?|新受理|主动公开|公开|发布|收到|受理)*"
    r"(?:政府)?(?:信息)?(?:公开)?(?:申请)?(?:数|数量|总数)?(?:共|为|是)?\s*"
)
"""All that stands between a sum since the beginning and the year's part of it: «累计900条，其中2020年新增70条»."""
AMONG = re.compile("其中|包括|包含")
"""What stands behind this is a part of the number before."""


def carried_on(sentence: Sentence, number: Number, before: str) -> bool:
    """A number that goes on with the measure of the one before: their sum, or the year's part of a longer count."""
    context = sentence.context
    if not context.candidates or context.candidates[-1].sentence != context.number:
        return False
    last = context.candidates[-1]
    if _TOGETHER.fullmatch(before):
        same = [one.value for one in context.of_sentence(last.code) if one.outside in ("", "other organs")]
        if last.code.startswith("disc_via_"):
            ways = [one.value for one in context.latest() if one.code.startswith("disc_via_") and not one.outside]
            if len(ways) > 1 and sum(ways) == number.value:
                context.add(
                    Candidate(
                        "disc_total",
                        number.value,
                        number.raw,
                        sentence.text,
                        "sentence",
                        "",
                        number.about,
                        rank=(0, 1, 1),
                    )
                )
                return True
        if len(same) > 1 and sum(same) == number.value:
            rank = (1, 2, 1)
            context.add(
                Candidate(last.code, number.value, number.raw, sentence.text, "sentence", "", number.about, rank=rank)
            )
            context.checks.append(_check(last.code, number.value, number.value))
            return True
    if last.code in _WHOLES and _contradicts(last.code, before) and _right_behind(sentence, number, last):
        context.add(
            Candidate(
                last.code,
                number.value,
                number.raw,
                sentence.text,
                "sentence",
                last.outside,
                number.about,
                rank=last.rank,
            )
        )
        return True
    if (
        last.outside in ("", "other time")
        and (last.raw or "").endswith(number.unit)
        and _says_no_other(last.code, before)
        and _OF_THE_YEAR.fullmatch(before)
        and at(sentence.times, number.start) == "year"
    ):
        last.outside = "other time"
        context.add(
            Candidate(last.code, number.value, number.raw, sentence.text, "sentence", "", number.about, rank=last.rank)
        )
        return True
    return False


def _right_behind(sentence: Sentence, number: Number, last: Candidate) -> bool:
    """Whether the only number of the same unit before a number is the measure noted last."""
    before = [one for one in sentence.numbers if one.end <= number.start and one.unit == number.unit]
    return len(before) == 1 and before[0].raw == last.raw and _SAME_THING.match(sentence.text, number.end) is not None


def _contradicts(code: str, words: str) -> bool:
    """Whether words give the measure noted last once more: by no verb, or by one that is said of it."""
    found = _CONTRADICTION.fullmatch(words)
    verb = found["verb"] if found is not None else None
    return found is not None and (verb is None or (code == "disc_total") == verb.endswith(("公开", "发布")))


def _says_no_other(code: str, words: str) -> bool:
    """Whether words name no other measure than that which they go on with: «公开900条，2020年收到申请30条» is none."""
    if _RECEIVED.search(words):
        return code.startswith("req_")
    return ("公开" not in words and "发布" not in words) or code.startswith(("disc_", "resp_"))


_RECEIVED = re.compile("收到|受理|申请")


def note_sums(sentence: Sentence) -> None:
    """A whole and the parts named behind it («其中…»): a check where they add up, or where one part is above it."""
    among = AMONG.search(sentence.text)
    if among is None or len(sentence.numbers) < 2:
        return
    context = sentence.context
    wholes = [one for one in sentence.numbers if one.end <= among.start()]
    if not wholes:
        return
    whole = wholes[-1]
    parts = [one for one in sentence.numbers if one.start >= among.end() and one.unit == whole.unit]
    owner = next((one for one in context.latest() if one.raw == whole.raw), None)
    if owner is None or owner.outside or not parts:
        return
    total = sum(one.value for one in parts)
    greatest = max(one.value for one in parts)
    if (len(parts) > 1 and total == whole.value) or (greatest > whole.value and not whole.about):
        context.checks.append(_check(owner.code, whole.value, total if total == whole.value else greatest))


def _check(code: str, whole: float, parts: float) -> Check:
    return Check("T1", code, parts <= whole, numeral(whole), numeral(parts))
