"""Rules for fees, staff, places to read and meetings (收费, 机构, 会议)."""

from __future__ import annotations

import re

from pipelines.statistics.narrative.rule import FILL, PEOPLE, Rule

_NOT_OF_US = r"(?!副校长|法治|调解|教师|律师|辅导|河长|网格|消防|执法|林长|委员)"
"""Posts beside one's own that have nothing to do with disclosure."""

_OTHER_MONEY = re.compile("减免|免除|税|事业性|罚|学费|财政|保证金|诉讼费|押金|保险|水费|电费|物业|排污|养路")
_NOT_NEXT = re.compile("^(?![^，,；;。、]{0,4}(?:专职|全职|兼职))")
"""«2名全职工作人员，3名兼职人员»: the words behind a number name it before those in front of it do."""

RULES: tuple[Rule, ...] = (
    Rule("fee_collected_wan", re.compile(r"(?:收取|收费)[^，,；;。\d]{0,24}$"), frozenset({"元", "万元"}), topic="info", never=_OTHER_MONEY),
    Rule("fee_collected_wan", re.compile(r"检索[^，,；;。\d]{0,16}费[^，,；;。\d]{0,10}$"), frozenset({"元", "万元"}), never=re.compile("减免|免除")),
    Rule("org_staff_full_time", re.compile(r"(?<!兼)(?<!兼、)(?:专职|全职)(?:工作)?(?:人员)?(?:数)?" + FILL + "$"), PEOPLE, tail=_NOT_NEXT),
    Rule("org_staff_full_time", re.compile("$"), PEOPLE, tail=re.compile("^(?:专职|全职)(?:工作)?人员")),
    Rule("org_staff_full_time", re.compile("$"), PEOPLE, tail=re.compile(rf"^[^，,；;。、（(兼\d]{{0,8}}(?:专职|全职)(?![、兼]|[或和](?!\d)){_NOT_OF_US}"), topic="info"),
    Rule("org_staff_full_time", re.compile("人员[^，,；;。0-9]{0,6}$"), PEOPLE, tail=re.compile("^[，,](?:均|都|全部|皆)(?:为|是|系)?(?:专职|全职)"), topic="info"),
    Rule("org_staff_part_time", re.compile(r"(?<!专)(?<!专[、或和及])(?<!专职[、或和及])(?<!全职[、或和及])兼(?:职|任)(?:工作)?(?:人员)?(?:数)?" + FILL + "$"), PEOPLE, tail=_NOT_NEXT),
    Rule("org_staff_part_time", re.compile("$"), PEOPLE, tail=re.compile("^兼职(?:工作)?人员")),
    Rule("org_staff_part_time", re.compile("$"), PEOPLE, tail=re.compile(rf"^[^，,；;。、（(专\d]{{0,8}}兼(?:职|任){_NOT_OF_US}"), topic="info"),
    Rule("org_staff_part_time", re.compile("人员[^，,；;。0-9]{0,6}$"), PEOPLE, tail=re.compile("^[，,](?:均|都|全部|皆)(?:为|是|系)?兼(?:职|任)"), topic="info"),
    Rule("org_reading_points", re.compile("$"), frozenset({"个", "处"}), tail=re.compile(r"^[^，,；;。、\d]{0,8}查阅(?:点|场所|中心)"), topic="info"),
    Rule("org_reading_points", re.compile(r"(?:查阅点|查阅场所|受理点)" + FILL + "$"), frozenset({"个", "处"})),
    Rule("meet_meetings", re.compile(r"召开[^，,；;。\d]{0,16}(?:政务公开|信息公开)[^，,；;。\d]{0,12}会议?" + FILL + "$"), frozenset({"次", "场", "个"})),
    Rule("meet_trained_persons", re.compile(r"培训[^，,；;。\d]{0,16}$"), frozenset({"人次", "人"}), topic="info"),
    Rule("meet_trainings", re.compile(rf"(?:举办|组织|开展|召开|举行)了?{FILL}$"), frozenset({"次", "期", "场"}), tail=re.compile(r"^[^，,；;。、\d]{0,8}(?:政务公开|信息公开)[^，,；;。、\d]{0,8}培训")),
    Rule("meet_trainings", re.compile(r"(?:政务公开|信息公开)[^，,；;。\d]{0,14}培训(?:班|会议?)?" + FILL + "$"), frozenset({"次", "期", "场"}), never=re.compile("参加|参与")),
)  # fmt: skip
