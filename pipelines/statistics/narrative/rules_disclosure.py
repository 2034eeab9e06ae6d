"""Rules for what was disclosed, by which channel, and how questions were answered (主动公开, 回应解读)."""

from __future__ import annotations

import re

from pipelines.statistics.narrative.rule import ADVERB, BY, COUNTED, FILL, HELD, INFO, MANNER, RECORDS, SITE, Rule

_OTHER_INFO = re.compile(
    r"行政许可|行政处罚|财政|预决算|决算|领域|医疗|教育|环境|动态|新闻|要闻|招标|采购|建议|提案|留言|审批|不予公开|依申请|申请公开|收到|受理|属于|(?<![等共计局镇办委县区市厅院处])已主动|应当|其[他它](?!公开|载体|形式|方式|渠道)"
)

_JOINED = re.compile(
    r"(?:网站|网|公报|微信|微博|公众号|专栏|平台|报|》)[”》]?(?:及(?!时)|和|与|、)|[^，,；;。、\d](?:及(?!时)|和|与|、|以及)[^，,；;。、\d]{0,10}(?:网站|公报|微信|微博)"
)
"""Channels named together: what follows is the count of none of them."""

RULES: tuple[Rule, ...] = (
    # 主动公开: channels before the total, since a channel's clause names the disclosure as well.
    Rule("disc_via_gazette", re.compile(rf"公报(?:等)?(?:{MANNER}{BY})?{RECORDS}?{FILL}$"), COUNTED, never=_JOINED, topic="disc"),
    Rule(
        "disc_via_weibo",
        re.compile(rf"微博(?:[^，,；;。、微\d]{{0,12}}|[^，,；;。微网\d]{{0,24}}{BY}[^，,；;。\d]{{0,24}}?{RECORDS}{FILL})$"),
        COUNTED,
        never=re.compile("微信|新媒体|粉丝|阅读|关注|回应|开设|开通|招聘|招标|动态|要闻|" + _JOINED.pattern),
        topic="disc",
    ),
    Rule(
        "disc_via_wechat",
        re.compile(rf"(?:微信|公众号)(?:[^，,；;。、\d]{{0,14}}|[^，,；;。微网\d]{{0,24}}{BY}[^，,；;。\d]{{0,24}}?{RECORDS}{FILL})$"),
        COUNTED,
        never=re.compile("微博|新媒体|工作群|微信群|粉丝|阅读|关注|回应|开设|开通|招聘|招标|要闻|" + _JOINED.pattern),
        topic="disc",
    ),
    Rule(
        "disc_via_website",
        re.compile(rf"{SITE}(?:公开|发布|公布)?{RECORDS}?{FILL}$|{SITE}{MANNER}{BY}{RECORDS}{FILL}$|{SITE}[^，,；;。、\d]{{0,6}}{BY}{FILL}$"),
        COUNTED | {"次"},
        never=re.compile("新媒体|微信|微博|查阅场所|浏览|访问|点击|咨询|栏目发布|总数|等(?!级)|" + _JOINED.pattern),
        topic="disc",
    ),
    Rule("disc_via_other", re.compile(rf"其(?:他|它)(?:方式|渠道|形式)(?:(?:主动)?{BY}{INFO}?)?{FILL}$"), COUNTED, topic="disc"),
    Rule("disc_normative_docs_issued", re.compile(r"(?:制发|制定|印发|出台)[^，,；;。\d]{0,12}规范性文件" + FILL + "$"), COUNTED),
    Rule("disc_normative_docs", re.compile(r"(?:公开|发布|公布)[^，,；;。\d]{0,16}规范性文件" + FILL + "$"), COUNTED),
    Rule(
        "disc_total",
        re.compile(rf"主动{ADVERB}(?:公开|发布)(?:《[^》]{{1,40}}》(?:第[^，,；;。、\d]{{1,6}}条)?规定)?(?:[^，,；;。、\d]{{0,8}}单位)?(?:{RECORDS})?{FILL}$"),
        COUNTED,
        never=_OTHER_INFO,
    ),
    Rule(
        "disc_total",
        re.compile(rf"(?:全年|共|累计|共计|合计|总计|今年|年内|本年度?|及时|载体|渠道)[^，,；;。\d]{{0,25}}?{BY}{RECORDS}{FILL}$"),
        COUNTED,
        never=re.compile(_OTHER_INFO.pattern + "|微博|微信公众号发|栏目"),
        weak=True,
    ),
    Rule("disc_total", re.compile(rf"^\s*{BY}各类{RECORDS}{FILL}$|等[^，,；;。、\d]{{0,8}}{BY}{RECORDS}{FILL}$"), COUNTED, never=_OTHER_INFO, weak=True),
    Rule("disc_total", re.compile(rf"(?:公开|发布)(?:政府|政务)?信息总[数量]{FILL}$|信息公开总[数量]{FILL}$"), COUNTED, never=_OTHER_INFO),
    # «全年公开401条信息»: the noun behind the number
    Rule(
        "disc_total",
        re.compile(rf"(?:全年|共|累计|共计|合计|总计|今年|年内|本年度?|主动)[^，,；;。\d]{{0,12}}?{BY}了?{FILL}$"),
        COUNTED,
        tail=re.compile(r"^(?:各类|各项|政府|政务|公开|的)*信息(?![类点员栏化])"),
        never=re.compile(_OTHER_INFO.pattern + "|微博|微信公众号发|栏目"),
        weak=True,
    ),
    # 回应解读
    Rule("resp_press_conf", re.compile(r"新闻发布(?:会|活动)(?:总)?(?:次|场)?" + FILL + "$"), HELD, never=re.compile("参加(?!或|和|、|及)|出席")),
    Rule("resp_press_conf", re.compile(r"(?:召开|举办|举行|组织|发布)(?:了)?" + FILL + "$"), HELD, tail=re.compile("^[^，,；;。、\\d]{0,8}新闻发布(?:会|活动)")),
    Rule("resp_online_interview", re.compile(r"在线访谈" + FILL + "$"), HELD | {"件"}),
    Rule(
        "resp_policy_articles",
        re.compile(r"(?:政策)?解读(?:重大|重要)?(?:政策)?(?:类)?(?:稿件|材料|信息|文章|文件|稿|件|产品)?(?:发布)?" + FILL + "$"),
        COUNTED | {"个"},
        never=re.compile("转载|专栏"),
    ),
    Rule("resp_events", re.compile(r"回应(?:各类|各项|各种|公众|社会|群众)*(?:关注|关切|热点|舆情)(?:的)?(?:热点)?[^，,；;。\d]{0,12}$"), frozenset({"次", "条", "件", "起"}), never=re.compile(r"\d{5}|热线|电话|留言|信箱")),
)  # fmt: skip
"""Channels before the total: a channel's clause names the disclosure as well."""
