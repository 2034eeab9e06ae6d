"""Which measure a number is, told by the words before and after it: the phrasings of some 200 real reports, in order.

Counts by kind of phrase: sources/forms#figures-in-sentences. A rule names a measure of f2014.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

COUNTED = frozenset({"条", "篇", "件", "份", "条次", "件次", ""})
CASES = frozenset({"件", "件次", "份", "宗", "起", "次", "项", "例", "条", "人次", "个", ""})
PEOPLE = frozenset({"人", "名", "位", "个"})
HELD = frozenset({"次", "场", "期", "个"})


@dataclass(frozen=True, slots=True)
class Rule:
    """`code`: the measure. `lead`: what must stand right before the number; `tail`: right after, where given.

    `never`: words in the clause that make it something else. `topic`: only where the paragraph speaks of this.
    `weak`: words that also name less than the measure («共发布信息»); a number behind plain ones counts before it.
    """

    code: str
    lead: re.Pattern[str]
    units: frozenset[str]
    tail: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None
    topic: str | None = None
    weak: bool = False


_FILL = r"(?:总数量|总数|总量|数量|数|共计|总计|合计|累计|共|计|总|达到|达|约|近|为|是|了|有|的|超过|超|：|:|\s)*+"
"""Never given back: 总数 is also 总 and 数, so that a run of them could be read in two to the power of its length ways."""
_INFO = r"(?:各类|各项|各种|相关|有关|政府|政务|公开|的|本级|类)*(?:信息|文件)"
_RECORDS = r"(?:各类|各项|各种|相关|有关|政府|政务|公开|的|本级|类)*(?:信息)"
"""Information as it is counted; 文件 is a kind of it, and its count is no channel's nor the total."""
_BY = r"(?:公开|发布|公布|刊登|刊发|登载|推送)"
_MANNER = r"(?:及时|主动|准确|全面|规范|累计|集中|统一|对外|共|、|[^，,；;。、\d]){0,12}?"
_SENT = r"(?:[”」』]|纸质版?|材料|申请|方式|形式|递交|提交|提出|受理|渠道|平台|途径|系统|收到|信息|公开|政府|件|的)*"
"""What may stand between the way by which a request came and its number."""
_SITE = r"(?:门户网站|政府网站|官方网站|网站|网)"


def _p(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_OTHER_INFO = _p(
    r"行政许可|行政处罚|财政|预决算|决算|领域|医疗|教育|环境|动态|新闻|要闻|招标|采购|建议|提案|留言|审批|不予公开|依申请|申请公开|收到|受理|属于|已主动|应当|其[他它](?!公开|载体|形式|方式|渠道)"
)
_NO_REQUEST = _p(
    r"许可|审批|登记|救助|补贴|赔偿|认定|仲裁|援助|低保|住房|专利|商标|工伤|自然人|法人|企业|公民个人|涉及|结转|历年|咨询|信访|来信|热线|建议|提案|留言|复议|诉讼|举报|投诉|网民"
)
_NO_DENIAL = _p(r"制作|获取|保存")

_JOINED = _p(
    r"(?:网站|网|公报|微信|微博|公众号|专栏|平台|报|》)[”》]?(?:及(?!时)|和|与|、)|[^，,；;。、\d](?:及(?!时)|和|与|、|以及)[^，,；;。、\d]{0,10}(?:网站|公报|微信|微博)"
)
"""Channels named together: what follows is the count of none of them."""

_NOT_OF_US = r"(?!副校长|法治|调解|教师|律师|辅导|河长|网格|消防|执法|林长|委员)"
"""Posts beside one's own that have nothing to do with disclosure."""

_NOT_NEXT = _p("^(?![^，,；;。]{0,4}(?:专职|全职|兼职))")
"""«2名全职工作人员，3名兼职人员»: the words behind a number name it before those in front of it do."""

RULES: tuple[Rule, ...] = (
    # 主动公开: channels before the total, since a channel's clause names the disclosure as well.
    Rule("disc_via_gazette", _p(rf"公报(?:等)?(?:{_MANNER}{_BY})?{_RECORDS}?{_FILL}$"), COUNTED, never=_JOINED, topic="disc"),
    Rule(
        "disc_via_weibo",
        _p(rf"微博(?:[^，,；;。、微\d]{{0,12}}|[^，,；;。微网\d]{{0,24}}{_BY}[^，,；;。\d]{{0,24}}?{_RECORDS}{_FILL})$"),
        COUNTED,
        never=_p("微信|新媒体|粉丝|阅读|关注|回应|开设|开通|招聘|招标|动态|要闻|" + _JOINED.pattern),
        topic="disc",
    ),
    Rule(
        "disc_via_wechat",
        _p(rf"微信(?:[^，,；;。、\d]{{0,14}}|[^，,；;。微网\d]{{0,24}}{_BY}[^，,；;。\d]{{0,24}}?{_RECORDS}{_FILL})$"),
        COUNTED,
        never=_p("微博|新媒体|粉丝|阅读|关注|回应|开设|开通|招聘|招标|要闻|" + _JOINED.pattern),
        topic="disc",
    ),
    Rule(
        "disc_via_website",
        _p(rf"{_SITE}(?:公开|发布|公布)?{_RECORDS}?{_FILL}$|{_SITE}{_MANNER}{_BY}{_RECORDS}{_FILL}$|{_SITE}[^，,；;。、\d]{{0,6}}{_BY}{_FILL}$"),
        COUNTED,
        never=_p("新媒体|微信|微博|查阅场所|浏览|访问|点击|咨询|栏目发布|总数|等(?!级)|" + _JOINED.pattern),
        topic="disc",
    ),
    Rule("disc_via_other", _p(rf"其(?:他|它)(?:方式|渠道|形式)(?:{_BY}{_INFO}?)?{_FILL}$"), COUNTED, topic="disc"),
    Rule("disc_normative_docs_issued", _p(r"(?:制发|制定|印发|出台)[^，,；;。\d]{0,12}规范性文件" + _FILL + "$"), COUNTED),
    Rule("disc_normative_docs", _p(r"(?:公开|发布|公布)[^，,；;。\d]{0,16}规范性文件" + _FILL + "$"), COUNTED),
    Rule(
        "disc_total",
        _p(rf"主动(?:公开|发布)(?:《[^》]{{1,40}}》(?:第[^，,；;。、\d]{{1,6}}条)?规定)?(?:[^，,；;。、\d]{{0,8}}单位)?(?:{_RECORDS})?{_FILL}$"),
        COUNTED,
        never=_OTHER_INFO,
    ),
    Rule(
        "disc_total",
        _p(rf"(?:全年|共|累计|共计|合计|总计|今年|年内|本年度?|及时|载体|渠道)[^，,；;。\d]{{0,25}}?{_BY}{_RECORDS}{_FILL}$"),
        COUNTED,
        never=_p(_OTHER_INFO.pattern + "|微博|微信公众号发|栏目"),
        weak=True,
    ),
    Rule("disc_total", _p(rf"^\s*{_BY}各类{_RECORDS}{_FILL}$|等[^，,；;。、\d]{{0,8}}{_BY}{_RECORDS}{_FILL}$"), COUNTED, never=_OTHER_INFO, weak=True),
    Rule("disc_total", _p(rf"(?:公开|发布)信息总数{_FILL}$|信息公开总数{_FILL}$"), COUNTED, never=_OTHER_INFO),
    # 回应解读
    Rule("resp_press_conf", _p(r"新闻发布(?:会|活动)(?:总)?(?:次|场)?" + _FILL + "$"), HELD),
    Rule("resp_press_conf", _p(r"(?:召开|举办|举行|组织|发布|参加)(?:了)?" + _FILL + "$"), HELD, tail=_p("^[^，,；;。、\\d]{0,8}新闻发布(?:会|活动)")),
    Rule("resp_online_interview", _p(r"在线访谈" + _FILL + "$"), frozenset({"次", "期", "场", "件"})),
    Rule(
        "resp_policy_articles",
        _p(r"(?:政策)?解读(?:政策)?(?:类)?(?:稿件|材料|信息|文章|文件|稿|件|产品)?(?:发布)?" + _FILL + "$"),
        COUNTED,
        never=_p("转载|专栏"),
    ),
    Rule("resp_events", _p(r"回应(?:公众|社会|群众)?(?:关注|关切)(?:的)?(?:热点)?[^，,；;。\d]{0,12}$"), frozenset({"次", "条", "件", "起"})),
    # 申请: where it came from
    Rule("req_received_in_person", _p(r"(?:当面|现场|窗口(?=申请|递交|提交|受理|方式))" + _SENT + _FILL + "$"), CASES, topic="req", never=_NO_REQUEST),
    Rule("req_received_fax", _p("传真" + _SENT + _FILL + "$"), CASES, topic="req", never=_NO_REQUEST),
    Rule("req_received_letter", _p("(?:信函|邮寄|书信|信件|来函)" + _SENT + _FILL + "$"), CASES, topic="req", never=_NO_REQUEST),
    Rule(
        "req_received_online",
        _p("(?:网络|网上|互联网|线上|在线|网站|平台)" + _SENT + _FILL + "$"),
        CASES,
        topic="req",
        never=_p(_NO_REQUEST.pattern + "|收到|受理"),
    ),
    # what became of it
    Rule("req_ans_already_public", _p(r"(?:已|已经|属于)主动公开(?:的)?(?:范围)?(?:的)?" + _FILL + r"$|属于(?:已经?)?主动公开[^；;。\d]{0,30}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_partial", _p(r"部分公开[”\"」』]?(?:答复)?(?:总?数量?)?" + _FILL + "$"), CASES, topic="req", never=_p(_NO_DENIAL.pattern + "|(?:予以|同意|全部)公开[”\"」』]?(?:及|和|与|、|或|以及)")),
    Rule("req_denied_not_gov_info", _p(r"(?:不属(?:于)?|非|不是)[^，,；;。\d]{0,8}政府信息(?:不予公开)?" + _FILL + "$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_denied_state_secret", _p(r"国家秘密[^，,；;。\d]{0,8}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_denied_trade_secret", _p(r"商业秘密[^，,；;。\d]{0,8}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_denied_privacy", _p(r"个人隐私[^，,；;。\d]{0,8}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_denied", _p(r"(?:不予|不同意|免[予于])公开[”\"」』]?(?:答复)?(?:总?数量?)?" + _FILL + "$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_granted", _p(r"(?:同意|予以|准予|全部|给予)(?:全部|主动)?公开[”\"」』]?(?:有关信息|相关信息|信息)?(?:答复)?" + _FILL + "$"), CASES, topic="req", never=_p(_NO_DENIAL.pattern + "|不予公开|不同意|部分公开")),
    Rule("req_ans_not_this_agency", _p(r"(?:不属于?|非)本(?:行政|级)?(?:机关|部门|单位|局|厅|办|级)[^，,；;。\d]{0,12}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_not_exist", _p(r"信息[”\"]?(?:为|属于|均)?不存在[”\"」』]?" + _FILL + "$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_amend", _p(r"(?:更改|补正|补充)[^，,；;。\d]{0,10}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_other_channel", _p(r"(?:通过)?其(?:他|它)(?:途径|渠道)(?:办理|解决|获取)?" + _FILL + "$"), CASES, topic="req", never=_p("主动公开")),
    Rule("req_closed_extended", _p(r"延期(?:办结|答复)" + _FILL + "$"), CASES, topic="req"),
    Rule("req_closed_on_time", _p(r"(?:按时|按期)(?:办结|答复)" + _FILL + "$"), CASES, topic="req"),
    Rule("req_closed", _p(r"^\s*$"), CASES, topic="req", tail=_p(r"^(?:政府)?(?:信息)?公开申请(?:均|全部|都|已)+[^，,；;。\d]{0,6}办结")),
    Rule("req_closed", _p(r"(?:办结|办理完成|办理完毕)(?:并答复|完成)?" + _FILL + "$"), CASES, topic="req", never=_p("复议|诉讼|建议|提案|事项办结|热线")),
    Rule("req_answered", _p(r"(?:答复|回复)(?:(?:政府)?(?:信息)?(?:公开)?申请|依申请公开(?:申请|事项|件)?)?" + _FILL + "$"), CASES, topic="req", never=_p("复议|诉讼|建议|提案|热线|网民|留言|咨询")),
    # 复议, 诉讼, 举报
    Rule("review_upheld", _p(r"维持[^，,；;。\d]{0,12}$"), CASES, topic="review"),
    Rule("review_corrected", _p(r"(?:纠正|撤销|确认违法|责令)[^，,；;。\d]{0,12}$"), CASES, topic="review"),
    Rule("suit_upheld", _p(r"(?:维持|驳回|胜诉)[^，,；;。\d]{0,14}$"), CASES, topic="suit"),
    Rule("suit_corrected", _p(r"(?:纠正|撤销|败诉|确认违法|责令)[^，,；;。\d]{0,12}$"), CASES, topic="suit"),
    Rule("suit_total", _p(r"(?:行政)?诉讼(?:案件|事项|案|申请|数量|数)?" + _FILL + "$"), CASES, never=_p("其他行政诉讼|全部行政诉讼")),
    Rule("review_total", _p(r"行政复议(?:案件|事项|案|申请|数量|数)?" + _FILL + "$"), CASES, never=_p("办理行政复议|审理")),
    Rule("complaint_total", _p(r"(?:举报|投诉|申诉)[^，,；;。\d]{0,16}$"), CASES, topic="info", never=_p("热线|12345|消费|环境|信访|来信|市场|信箱|信件|咨询|来电|网民|平台|食品|价格|物业|案件")),
    # 申请 in all, after what stands nearer to a number
    Rule(
        "req_received",
        _p(
            r"(?:收到|受理|接到|接收|接受|新收|办理)[^，,；;。\d]{0,24}?(?:申请|依申请(?:公开)?(?:件|案件|事项|请求|信息|政府信息|公开)*)"
            r"(?:公开)?(?:事项|件)?" + _FILL + "$"
        ),
        CASES,
        topic="req",
        never=_NO_REQUEST,
    ),
    Rule(
        "req_received",
        _p(r"(?:收到|受理|接到|接收|接受|新收|办理|有)" + _FILL + "$"),
        CASES,
        tail=_p(r"^[^，,；;。\d]{0,12}(?:信息公开(?:的)?申请|依申请公开)"),
        never=_NO_REQUEST,
    ),
    Rule(
        "req_received",
        _p(r"(?:共|年|累计|年度|全[区市县省])(?:收到|受理|接到|接收)" + _FILL + "$"),
        CASES,
        topic="req",
        tail=_p(r"^申请(?![^，,；;。]{0,6}(?:人|许可|登记|执行))"),
        never=_NO_REQUEST,
    ),
    Rule("req_received", _p(r"(?:信息公开申请|依申请公开)(?:总数|数量|数|总量|总计|共计|共|件|申请)*" + _FILL + "$"), CASES, topic="req", never=_p(_NO_REQUEST.pattern + "|制作|获取|其中|答复|办结|为依")),
    # 收费, 机构, 会议
    Rule("fee_collected_wan", _p(r"(?:收取|收费)[^，,；;。\d]{0,24}$"), frozenset({"元", "万元"}), topic="info", never=_p("减免|免除|税")),
    Rule("org_staff_full_time", _p(r"(?:专职|全职)(?:工作)?人员(?:数)?" + _FILL + "$"), PEOPLE, tail=_NOT_NEXT),
    Rule("org_staff_full_time", _p("$"), PEOPLE, tail=_p("^(?:专职|全职)(?:工作)?人员")),
    Rule("org_staff_full_time", _p("$"), PEOPLE, tail=_p(rf"^[^，,；;。、兼\d]{{0,8}}(?:专职|全职)(?![、兼或和]){_NOT_OF_US}"), topic="info"),
    Rule("org_staff_full_time", _p("人员[^，,；;。0-9]{0,6}$"), PEOPLE, tail=_p("^[，,](?:均|都|全部|皆)(?:为|是|系)?(?:专职|全职)"), topic="info"),
    Rule("org_staff_part_time", _p(r"(?<!专)(?<!专、)兼(?:职|任)(?:工作)?(?:人员)?(?:数)?" + _FILL + "$"), PEOPLE, tail=_NOT_NEXT),
    Rule("org_staff_part_time", _p("$"), PEOPLE, tail=_p("^兼职(?:工作)?人员")),
    Rule("org_staff_part_time", _p("$"), PEOPLE, tail=_p(rf"^[^，,；;。专\d]{{0,8}}兼(?:职|任){_NOT_OF_US}"), topic="info"),
    Rule("org_staff_part_time", _p("人员[^，,；;。0-9]{0,6}$"), PEOPLE, tail=_p("^[，,](?:均|都|全部|皆)(?:为|是|系)?兼(?:职|任)"), topic="info"),
    Rule("org_reading_points", _p(r"(?:查阅点|查阅场所|受理点)" + _FILL + "$"), frozenset({"个", "处"})),
    Rule("meet_meetings", _p(r"召开[^，,；;。\d]{0,16}(?:政务公开|信息公开)[^，,；;。\d]{0,12}会议?" + _FILL + "$"), frozenset({"次", "场", "个"})),
    Rule("meet_trained_persons", _p(r"培训[^，,；;。\d]{0,16}$"), frozenset({"人次", "人"}), topic="info"),
    Rule("meet_trainings", _p(r"(?:政务公开|信息公开)[^，,；;。\d]{0,14}培训(?:班|会)?" + _FILL + "$"), frozenset({"次", "期", "场"})),
)  # fmt: skip

_WORDS: dict[str, str] = {
    "disc_via_gazette": "公报",
    "disc_via_weibo": "微博",
    "disc_via_wechat": "微信",
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
    "review_corrected": "纠正 撤销 确认违法 责令",
    "suit_upheld": "维持 驳回 胜诉",
    "suit_corrected": "纠正 撤销 败诉 确认违法 责令",
    "suit_total": "诉讼",
    "review_total": "复议",
    "complaint_total": "举报 投诉 申诉",
    "req_received": "申请",
    "fee_collected_wan": "收取 收费",
    "org_staff_full_time": "专职 全职",
    "org_staff_part_time": "兼职 兼任",
    "org_reading_points": "查阅 受理点",
    "meet_meetings": "会",
    "meet_trained_persons": "培训",
    "meet_trainings": "培训",
}
"""Words of which a sentence must hold one for any rule of a measure to fit; looked for before any pattern is."""

_RULES_OF = tuple(
    (tuple(words.split()), [place for place, rule in enumerate(RULES) if rule.code == code])
    for code, words in _WORDS.items()
)


def rules_for(sentence: str) -> list[Rule]:
    """The rules that may fit a number of a sentence, in their order."""
    places: list[int] = []
    for words, own in _RULES_OF:
        for word in words:
            if word in sentence:
                places += own
                break
    return [RULES[place] for place in sorted(places)]


TOPICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("suit", _p("诉讼")),
    ("review", _p("复议")),
    ("req", _p("依申请|公开申请|申请公开|公开[^，。]{0,8}申请|申请信息|申请数量|申请人")),
    ("disc", _p("主动公开|公开[^，。]{0,6}信息|发布[^，。]{0,6}信息")),
)
"""What a stretch of text speaks of; the last one named counts."""

DIFFERENCE = _p(
    r"同比|环比|相比|(?:比|较)[^，,；;。]{0,8}(?:增|减|多|少|升|降)|(?:增加|增长|减少|下降|上升|提高|新增|新增加)(?:了)?$"
)
"""Words before a number that make it a difference."""

NONE_BEFORE = _p(
    r"(?:未曾|未有|尚未|均未|也未|没有|未|无|没)(?:有|收到|接到|接收|受理|发生|出现|产生|涉及|引发|接获|收取|因|对|提起|被)?"
)
NONE_MEASURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("review_total", _p(r"复议")),
    ("suit_total", _p(r"诉讼")),
    ("complaint_total", _p(r"举报|投诉")),
    ("fee_collected_wan", _p(r"收费|收取[^，,；;。]{0,14}费|费用")),
    (
        "req_received",
        _p(
            r"依申请公开|信息公开(?:的)?申请|公开[^，,；;。]{0,12}(?:信息)?的?申请|政府信息(?:的)?申请|要求公开[^，,；;。]{0,8}信息|申请公开|公开申请"
        ),
    ),
)
CAUSE = _p(
    r"(?:因|由|针对|涉及|对|关于|与)(?:(?!复议|诉讼|举报|投诉)[^，,；;。]){0,24}?"
    r"(?:引起|引发|导致|产生|提起|提出|发生|有关|相关|的(?=行政|复议|诉讼|投诉|举报)|申请(?=行政复议))"
)
"""«因…申请引起的»: what is not there is what follows, not what is named in the cause."""
NONE_AFTER = _p(
    r"(?:均|都|也)?(?:未发生|没有发生|未出现|未收到|为0(?![\d.])|为零|(?<![\d.,，-])0件|零件|均为0(?![\d.]))"
)
"""«行政复议、行政诉讼均未发生»."""
