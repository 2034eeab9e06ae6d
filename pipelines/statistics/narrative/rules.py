"""Which measure a number is, told by the words before and after it: the phrasings of some 200 real reports, in order.

Counts by kind of phrase: sources/forms#figures-in-sentences. A rule names a measure of f2014.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from pipelines.statistics.narrative import rules_disclosure, rules_requests, rules_resources, rules_reviews
from pipelines.statistics.narrative.rule import Rule

RULES: tuple[Rule, ...] = (
    *rules_disclosure.RULES,
    *rules_requests.OUTCOMES,
    *rules_reviews.RULES,
    *rules_requests.TOTALS,
    *rules_resources.RULES,
)

_WORDS: dict[str, str] = {
    "disc_via_gazette": "公报",
    "disc_via_weibo": "微博",
    "disc_via_wechat": "微信 公众号",
    "disc_via_website": "网",
    "disc_via_other": "其他 其它",
    "disc_normative_docs_issued": "规范性文件",
    "disc_normative_docs": "规范性文件",
    "disc_total": "公开 发布 公布",
    "resp_press_conf": "新闻发布",
    "resp_online_interview": "在线访谈",
    "resp_policy_articles": "解读",
    "resp_events": "回应",
    "req_received_in_person": "当面 现场 窗口",
    "req_received_fax": "传真",
    "req_received_letter": "信函 邮寄 书信 信件 来函",
    "req_received_online": "网 线上 在线 平台",
    "req_ans_already_public": "主动公开",
    "req_ans_partial": "部分公开",
    "req_denied_not_gov_info": "政府信息",
    "req_denied_state_secret": "国家秘密",
    "req_denied_trade_secret": "商业秘密",
    "req_denied_privacy": "个人隐私",
    "req_ans_denied": "不予公开 不同意公开 免予公开 免于公开",
    "req_ans_granted": "公开",
    "req_ans_not_this_agency": "本",
    "req_ans_not_exist": "不存在",
    "req_ans_amend": "更改 补正 补充",
    "req_ans_other_channel": "途径 渠道",
    "req_closed_extended": "延期",
    "req_closed_on_time": "按时 按期",
    "req_closed": "办结 办理完",
    "req_answered": "答复 回复",
    "review_upheld": "维持",
    "review_corrected": "纠正 纠错 撤销 确认违法 责令",
    "suit_upheld": "维持 驳回 胜诉",
    "suit_corrected": "纠正 纠错 撤销 败诉 确认违法 责令",
    "suit_total": "诉讼",
    "review_total": "复议",
    "complaint_total": "举报 投诉 申诉",
    "req_received": "申请 新收 收到 受理 接到",
    "fee_collected_wan": "收取 收费 检索",
    "org_staff_full_time": "专职 全职",
    "org_staff_part_time": "兼职 兼任",
    "org_reading_points": "查阅 受理点",
    "meet_meetings": "会",
    "meet_trained_persons": "培训",
    "meet_trainings": "培训",
}
"""Words of which a sentence must hold one for any rule of a measure to fit; looked for before any pattern is."""


_MASKS: dict[str, int] = {}
"""By word: the rules it may stand for, a bit each in the order of RULES."""
for _place, _rule in enumerate(RULES):
    for _word in _WORDS[_rule.code].split():
        _MASKS[_word] = _MASKS.get(_word, 0) | 1 << _place

_AUTOMATON = AhoCorasick(list(_MASKS))
"""Finds all the words in one pass over a sentence; asking for one after another takes five times as long
(sources/measurements#words-of-a-sentence)."""


def rules_for(sentence: str) -> Mapping[str, tuple[Rule, ...]]:
    """The rules that may fit a number of a sentence, in their order, by the unit of the number; empty without any."""
    try:
        words = _AUTOMATON.find_matches_as_strings(sentence, overlapping=True)
    except UnicodeEncodeError:  # half of a surrogate pair
        words = _AUTOMATON.find_matches_as_strings(sentence.encode("utf-8", "replace").decode(), overlapping=True)
    mask = 0
    for word in words:
        mask |= _MASKS[word]
    return _by_unit(mask)


@lru_cache(maxsize=4096)
def _by_unit(mask: int) -> dict[str, tuple[Rule, ...]]:
    rules = [rule for place, rule in enumerate(RULES) if mask >> place & 1]
    units = {unit for rule in rules for unit in rule.units}
    return {unit: tuple(rule for rule in rules if unit in rule.units) for unit in units}
