"""Numbers in the order of what was named before them («通过当面、网上、信函方式…分别为:6件、7件、62件»)."""

from __future__ import annotations

import re
from itertools import islice

from pipelines.statistics.narrative.candidate import Candidate
from pipelines.statistics.narrative.scope import at
from pipelines.statistics.narrative.sentence import Sentence

_LEAD = 300
"""Characters before a number in which «分别为» may stand."""
_RESPECTIVELY = re.compile(r"分别(?:为|是|有|收到|受理|发布|公开)?(?:政府|各类)?(?:信息|申请)?[：:]?\s*$")
_EACH = re.compile(r"复议[^，,；;。\d]{0,8}[、和及与][^，,；;。\d]{0,6}诉讼[^，,；;。\d]{0,6}各(?:有|为|发生|收到)?$")
"""«行政复议和行政诉讼各1件»: the number is that of either."""
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


def listed(sentence: Sentence) -> set[int]:
    """«通过当面、网上、信函方式…分别为:6件、7件、62件»: the numbers in the order of what was named; their places."""
    text, context = sentence.text, sentence.context
    for place, number in enumerate(sentence.numbers):
        if _EACH.search(text, max(0, number.start - _LEAD), number.start):
            outside = "other kind" if sentence.any_kind else ""
            for code in ("review_total", "suit_total"):
                context.add(
                    Candidate(code, number.value, number.raw, text, "list", outside, number.about, rank=(1, 1, 0))
                )
            return {number.start}
        if "分别" not in text[max(0, number.start - _LEAD) : number.start]:
            continue
        listing = _RESPECTIVELY.search(text, max(0, number.start - _LEAD), number.start)
        if listing is None:
            if "分别" in text[max(0, number.start - 40) : number.start]:
                return _run_from(sentence, place)
            continue
        run = sentence.numbers[place : place + max(1, len(_run_from(sentence, place)))]
        scope = text[: listing.start()]
        named = sorted(
            (match.start(), code) for code, pattern in _LISTED for match in [_last(pattern, scope)] if match is not None
        )
        if len(named) == len(run) and _spoken_of(named[0][1]) & context.topics:
            for (_, code), one in zip(named, run, strict=True):
                outside = "other time" if at(sentence.times, one.start) in ("other", "ages", "until") else ""
                if code.startswith(("review", "suit")) and sentence.any_kind:
                    outside = "other kind"
                context.add(Candidate(code, one.value, one.raw, text, "list", outside, one.about, rank=(1, 1, 0)))
        return {one.start for one in run}
    return set()


def _run_from(sentence: Sentence, first: int) -> set[int]:
    """The places of the numbers that follow one another from a first one with nothing but a comma between."""
    run = [sentence.numbers[first]]
    for later in islice(sentence.numbers, first + 1, None):
        if sentence.text[run[-1].end : later.start].strip() not in ("、", "，", ",", "和"):
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
