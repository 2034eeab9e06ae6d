"""Measures that a sentence states in words: that there was none («未收到»), or that all were so («均予维持»)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.statistics.narrative.candidate import Candidate, Context
from pipelines.statistics.narrative.disputes import ANY_KIND, OF_DISCLOSURE
from pipelines.statistics.narrative.heading import NONE_AT_ALL, WHOLE_HEADING, headed
from pipelines.statistics.narrative.numbers import numbers_in
from pipelines.statistics.narrative.scope import masked, narrow

_NONE_HINT = re.compile("[未无没零0]|不存在")
_NOT_NONE = re.compile(
    r"未(?:按|及时|能|经|完|达|公开|予|来|成)|无(?:法|正当|偿|障碍|效|关|差错|论|人(?!提出|提起|申请)|锡|线)|没有(?:现成|超|及时)|逾期|超期|延期|更正"
)
"""«未按时», «无法», 无锡: words for none that say nothing of a measure."""
_ALL_ON_TIME = re.compile(
    r"(?:按时|法定期限内|规定期限内|按期)[^，,；;。]{0,6}(?:办结|答复)[^，,；;。]{0,6}100[%％]"
    r"|按时办结率[^，,；;。]{0,4}100[%％]|\d[件宗](?:政府)?信息公开申请(?:均|全部|都)已?(?:按时|按期)[^，,；;。]{0,3}办结[^；;。]{0,8}100[%％]"
)
_ALL_ONLINE = re.compile(
    r"(?<=[，,])(?:均|全部|都|全)?(?:为|是|来自|通过)(?:互联网|网络|网上|在线)(?:渠道|平台)?(?:提交的?)?申请"
)
_ALL_CLOSED = re.compile(
    r"(?<=[件宗起项份个条例次])(?:的?(?:政府)?信息公开申请|依申请公开(?:申请|事项|件)?)?(?:[，,](?:较|比|同比)[^，,；;。]{1,16}(?=[，,]))?[，,；;]?(?:目前|现)?(?:均|全部|都)?(?:已|予以|于|在|依法|依规|严格|经)*+(?:全部|均)?"
    r"(?P<time>按(?:规定|法定)?(?:时限?|期限?|期间)(?:要求)?|(?:在)?(?:法定|规定)(?:的)?(?:时限|期限|时间)内?(?:全部)?)?(?:予以|依法|全部|已)*+"
    r"(?P<said>[答回]复(?:并|、)?)?(?P<closed>办结|办理完毕|办理完成)?(?<=[复结毕成])(?!率|[^，,；;。]{0,24}\d|网民|群众|公众|市民|留言|咨询|来信|信访|热线|建议|提案)"
)
"""Behind a number of requests, with no other number between: that all of them were closed («…23件，均按时办结»)."""
_SUITS_UPHELD = re.compile(
    r"诉讼(?:案件)?[^，,；;。\d]{0,4}(?:1[件宗起][，,][^，,；;。\d]{0,4}|\d{1,5}[件宗起][，,](?:均|全部|都)[^，,；;。\d]{0,6})(?:维持|驳回|胜诉)"
)
_BOTH_UPHELD = re.compile(
    r"复议[^；;。\d]{0,80}\d{1,15}\D{1,3}[，,、]?[^；;。\d]{0,80}诉讼[^；;。\d]{0,80}\d{1,15}\s*[件宗起]?[，,](?:均|都|全部)[^，,；;。\d]{0,6}维持"
)
_ALL_UPHELD = re.compile(r"(?:均|全部|都)(?:(?![未不没])[^，,；;。\d]){0,8}维持|作出维持")
_YEAR = re.compile(r"(20\d\d)\s*年")
_BEFORE = re.compile(
    r"(?:(?<![息录件容料])不存在|未曾|未有|尚未|均未|也未|没有|未|无|没)(?:有|收到|接到|接收|受理|发生|出现|产生|涉及|引发|接获|收取|因|对|提起|被)?"
)
_MEASURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("review_total", re.compile(r"复议(?!后|[^，,；;。、和或与及]{0,4}(?:纠错|纠正|败诉|撤销))")),
    (
        "suit_total",
        re.compile(
            r"(?<!后起诉的)(?<!后起诉的行政)(?<!直接起诉的)(?<!直接起诉的行政)诉讼"
            r"(?![^，,；;。、和或与及]{0,4}(?:纠错|纠正|败诉|撤销))"
        ),
    ),
    ("complaint_total", re.compile(r"举报|投诉")),
    ("fee_collected_wan", re.compile(r"收费|收取[^，,；;。]{0,14}费|费用(?!的?减免)")),
    (
        "req_received",
        re.compile(
            r"依申请公开|信息公开(?:的)?申请|公开[^，,；;。]{0,12}(?:信息)?的?申请|政府信息(?:的)?申请|要求公开[^，,；;。]{0,8}信息|申请公开|公开申请"
        ),
    ),
)
_SPENDING = re.compile("支出|开支|(?:经费|费用)[^，,；;。]{0,4}(?:投入|使用)")
"""What was spent says nothing of what was collected, nor of the lawsuits for which it was not."""
_SOME_ONLY = re.compile(
    r"^(?:无|没有|未)(?:出现|发生|收到|有)?(?:不予|拒绝)[^，,；;。]*申请"
    r"|(?:传真|邮件|当面|现场|信函|邮寄|网上|网络|在线)(?![^，,；;。]*等)[^，,；;。]*申请"
)
"""«没有不予公开的申请», «未收到网上申请»: there may be others."""
_BRACKETS = re.compile(r"[（(][^（）()]*\d[^（）()]*[）)]")
_ASKING = re.compile(r"(?:申请|公开)[^，,；;。]{0,8}的?(?:咨询|建议|投诉|举报)$")
"""«未收到依申请公开信息的咨询»: no request is spoken of."""
_APPLICANTS = re.compile("公民、法人|申请人|检索[^，,；;。]{0,12}费")
"""Of whom, or for what, only a fee for information is asked."""
_CAUSE = re.compile(
    r"(?:因|由|针对|涉及|对|关于|与)(?:(?!复议|诉讼|举报|投诉)[^，,；;。]){0,24}?"
    r"(?:引起|引发|导致|产生|提起|提出|发生|有关|相关|的(?=行政|复议|诉讼|投诉|举报)|申请(?=行政复议))"
)
"""«因…申请引起的»: what is not there is what follows, not what is named in the cause."""
_NOT_ONE = re.compile("(?<=[生现有到无过])(?:一|1)[件起宗例次]")
"""«没有发生一起因…引发的行政复议»: no number."""
_AFTER = re.compile(
    r"(?:均|都|也|共|各)*(?:未发生|没有发生|未出现|未收到|为0(?![\d.])|为零|(?<![\d.,，-])0件|零件|均为0(?![\d.]))"
)
"""«行政复议、行政诉讼均未发生»."""
_NAMED_NONE = re.compile(r"[：:]\s*(?:暂?无|零|没有)\s*$")
"""«行政诉讼：无»."""
_NAMING = re.compile("[议讼报诉费请求]")
"""A sign that is in all words for a measure of _MEASURES."""
_CLAUSES = re.compile("[，,；;。]|[.．](?![0-9])|(?<=情况)[ \u3000]+|…(?=也?(?:没有|未|无))")


def words_for_all(context: Context, sentence: str) -> None:
    """What a sentence says of all that it has counted: in time, online, upheld."""

    def counted(code: str) -> Candidate | None:
        return next(iter(context.counted(code)), None)

    def all_of(code: str, of: Candidate) -> None:
        context.add(
            Candidate(code, of.value, of.raw, of.evidence, "all of them", about=of.about, rank=(0, *of.rank[1:]))
        )

    begun = bool(context.candidates) and context.candidates[-1].sentence == context.number
    on_time = "100" in sentence and _ALL_ON_TIME.search(sentence) is not None
    if not begun and not on_time:
        return
    received = counted("req_received")
    if received is not None and received.raw and _ALL_ONLINE.search(sentence):
        all_of("req_received_online", received)
    if on_time:
        closed = counted("req_closed") or received
        if closed is None:
            closed = next(
                (one for one in context.candidates if one.code in ("req_closed", "req_received") and not one.outside),
                None,
            )
        if closed is not None:
            closed = Candidate(
                closed.code, closed.value, closed.raw, sentence, closed.method, about=closed.about, rank=closed.rank
            )
            if counted("req_closed") is None:
                all_of("req_closed", closed)
            all_of("req_closed_on_time", closed)
    elif received is not None and received.raw and (closed_all := _closed_all(sentence, received.raw)):
        for code, words in (("req_closed", "closed"), ("req_closed_on_time", "time"), ("req_answered", "said")):
            if closed_all[words] and (code != "req_closed_on_time" or closed_all["closed"]) and counted(code) is None:
                all_of(code, received)
    suits = counted("suit_total")
    if suits is not None and suits.value and _SUITS_UPHELD.search(sentence) and counted("suit_upheld") is None:
        all_of("suit_upheld", suits)
    reviewed = counted("review_total")
    upheld = _ALL_UPHELD.search(sentence) if reviewed is not None and reviewed.value else None
    if reviewed is not None and upheld is not None:
        both = suits is not None and suits.value and _BOTH_UPHELD.search(sentence)
        if suits is None or both or _ends_before_suits(sentence, reviewed.raw or "", upheld.start()):
            all_of("review_upheld", reviewed)
        if suits is not None and both and counted("suit_upheld") is None:
            all_of("suit_upheld", suits)


def _ends_before_suits(sentence: str, raw: str, place: int) -> bool:
    """Whether what is said at a place of all follows the number of the reviews, and suits are spoken of behind it only:
    «行政复议3件，均维持；行政诉讼4件»."""
    number = sentence.find(raw)
    return 0 <= number < place and "诉讼" not in sentence[number:place] and "诉讼" in sentence[place:]


def _closed_all(sentence: str, raw: str) -> re.Match[str] | None:
    """The words that say that all requests of a number, as printed, were closed; none where others were carried in."""
    if sentence.count(raw) != 1 or "结转" in sentence:
        return None
    return _ALL_CLOSED.match(sentence, sentence.index(raw) + len(raw))


def words_for_none(context: Context, sentence: str) -> None:
    """What a sentence says did not happen: 0, with the words for it. Other years' sentences say nothing."""
    if not _NONE_HINT.search(sentence):
        return
    past = _of_another_year(sentence, context.year)
    if (
        not context.said
        and context.heading
        and not (past or _of_another_year(context.heading, context.year))
        and NONE_AT_ALL.fullmatch(narrow(sentence))
    ):
        for code in headed(context.heading, "申请" in sentence):
            context.add(Candidate(code, 0, sentence, sentence, "words for none", rank=(0, 0, 0)))
        return
    if not _NAMING.search(sentence) or past:
        return
    for clause in _CLAUSES.split(sentence):
        past = _of_another_year(clause, context.year) if _YEAR.search(clause) else past
        if past:  # «2014年未收到申请，2015年收到3件»
            continue
        for code, raw in _none_in(clause, context.topics):
            if not (code.startswith(("review", "suit")) and _of_any_kind(sentence)):
                context.add(Candidate(code, 0, raw, sentence, "words for none", rank=(0, 0, 0)))


def _of_any_kind(sentence: str) -> bool:
    return ANY_KIND.search(sentence) is not None and not OF_DISCLOSURE.search(sentence)


def _of_another_year(sentence: str, year: int | None) -> bool:
    """Whether all years that a sentence names have passed; the next one is that into which something is carried."""
    if year is None or "年" not in sentence:
        return False
    return max((int(named) for named in _YEAR.findall(masked(narrow(sentence)))), default=year) < year


def _none_in(clause: str, topics: set[str]) -> Iterator[tuple[str, str]]:
    if not _NONE_HINT.search(clause) or not _NAMING.search(clause):
        return
    printed, clause = clause.strip(), _BRACKETS.sub("", _NOT_ONE.sub("", clause))
    if (none := _NAMED_NONE.search(clause)) is not None:
        said = clause[: none.start()]
        if not WHOLE_HEADING.fullmatch(said):
            return
    elif (none := _BEFORE.search(clause)) is not None:
        said = clause[none.start() :]
    elif (after := _AFTER.search(clause)) is not None:
        said = clause[: after.start()]
    else:
        return
    named = _named_as_none(_CAUSE.sub("", said), topics)
    counts = {number.value for number in numbers_in(clause)}
    if named and (not counts or (counts == {0} and named == ["review_total", "suit_total"])):
        yield from ((code, printed) for code in named)


def _named_as_none(words: str, topics: set[str]) -> list[str]:
    if _NOT_NONE.search(words):
        return []
    found = [code for code, pattern in _MEASURES if pattern.search(words)]
    if _SPENDING.search(words):
        return []
    if "req_received" in found and _SOME_ONLY.search(words):
        found.remove("req_received")
    if "req_received" in found and (len(found) > 1 or _ASKING.search(words)):
        # «未收到行政复议、提起行政诉讼的申请»: what was asked for there is a review.
        found.remove("req_received")
    if "fee_collected_wan" in found and "info" not in topics and not _APPLICANTS.search(words):
        found.remove("fee_collected_wan")
    return found
