"""Rules for reviews, lawsuits and complaints (行政复议, 行政诉讼, 举报投诉)."""

from __future__ import annotations

import re

from pipelines.statistics.narrative.rule import CASES, FILL, Rule

_NO_RESULT = re.compile("秩序|整改|仲裁|许可|机构|[）)、]行政(?:诉讼|复议)")

_VERB = "(?:收到|发生|产生|引发|引起|有|除|仅|共)"
_OF_OTHERS = re.compile("办理|审理|审结|应诉|未|没|无|不")

RULES: tuple[Rule, ...] = (
    Rule("review_upheld", re.compile(r"维持[^，,；;。\d]{0,12}$"), CASES, topic="review", never=_NO_RESULT),
    Rule("review_corrected", re.compile(r"(?:纠正|纠错|撤销|确认违法|责令)[^，,；;。\d]{0,12}$"), CASES, topic="review", never=_NO_RESULT),
    Rule("suit_upheld", re.compile(r"(?:维持|驳回|胜诉)[^，,；;。\d]{0,14}$"), CASES, topic="suit", never=_NO_RESULT),
    Rule("suit_corrected", re.compile(r"(?:纠正|纠错|撤销|败诉|确认违法|责令)[^，,；;。\d]{0,12}$"), CASES, topic="suit", never=_NO_RESULT),
    Rule("suit_total", re.compile(r"(?:行政)?诉讼(?:案件|事项|案|申请|数量|数)?" + FILL + "$"), CASES, never=re.compile("其他行政诉讼|全部行政诉讼|刑事|民事|公益|赔偿|复议[^，,；;。\\d]{0,6}[、和及与或]")),
    Rule("review_total", re.compile(r"行政复议(?:案件|事项|案|申请|数量|数)?" + FILL + "$"), CASES, never=re.compile("办理行政复议|审理|诉讼[^，,；;。\\d]{0,6}[、和及与或]")),
    Rule("suit_total", re.compile(_VERB + FILL + "$"), CASES, tail=re.compile(r"^[^，,；;。、\d]{0,10}行政诉讼"), never=_OF_OTHERS),
    Rule("review_total", re.compile(_VERB + FILL + "$"), CASES, tail=re.compile(r"^[^，,；;。、\d]{0,10}行政复议"), never=_OF_OTHERS),
    Rule("complaint_total", re.compile(r"(?:举报|投诉|申诉)[^，,；;。\d]{0,16}$"), CASES, topic="complaint", never=re.compile("热线|12345|消费|环境|信访|来信|市场|信箱|信件|咨询|来电|网民|平台|食品|价格|物业|案件")),
)  # fmt: skip
