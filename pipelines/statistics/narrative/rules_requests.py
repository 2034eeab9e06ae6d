"""Rules for requests: the way by which they came, what became of them, and how many there were (依申请公开)."""

from __future__ import annotations

import re

from pipelines.statistics.narrative.rule import CASES, FILL, SENT, Rule

_NO_REQUEST = re.compile(
    r"许可|审批|登记|救助|补贴|赔偿|认定|仲裁|援助|低保|住房|专利|商标|工伤|自然人|法人|企业|公民个人|涉及|结转|历年|咨询|信访|来信|热线|建议|提案|留言|复议|诉讼|举报|投诉|网民"
    r"|(?:租房|调解|执行|补助|资助|贷款|证照|办证|户口|落户|建房|宅基地|用地|鉴定|保险|养老|医保|退税|注册|收养|入学|入园)(?![^，,；;。]*公开)"
)

_WAYS = "(?:当面|现场|信函|邮寄|传真|网上|网络|线上|电子邮件)"
_ONE_WAY = _WAYS + "(?:方式|渠道|形式|提交|提出|的)*申请"
_BY_ONE_WAY = _WAYS + r"(?:方式|渠道|形式)?(?:共|新)?(?:收到|受理|接到|接收)"
"""«收到网上申请2件», «通过网络收到申请2件»: what came by one way is not what came."""

_NO_DENIAL = re.compile(r"制作|获取|保存")
_COUNTED_CASES = frozenset({"件", "份", "宗", "件次"})
_STOP = re.compile(r"^\s*(?:[，,；;。、（(]|$)")
_NO_REQUESTS_HERE = re.compile(_NO_REQUEST.pattern + "|信箱|热线|12345|平台|系统|窗口|大厅|案件|意见|线索")
"""Where no noun is said: of what else it may be."""
_OPEN = "未|待|逾期|超期|无法"
"""Before the word for an end: that there was none, or that it came late."""

OUTCOMES: tuple[Rule, ...] = (
    # 申请: where it came from
    Rule("req_received_in_person", re.compile(r"(?:当面|现场|窗口(?=申请|递交|提交|受理|方式))" + SENT + FILL + "$"), CASES, topic="req", never=_NO_REQUEST),
    Rule("req_received_fax", re.compile("传真" + SENT + FILL + "$"), CASES, topic="req", never=_NO_REQUEST),
    Rule("req_received_letter", re.compile("(?:信函|邮寄|书信|信件|来函)" + SENT + FILL + "$"), CASES, topic="req", never=_NO_REQUEST),
    Rule(
        "req_received_online",
        re.compile("(?:网络|网上|互联网|线上|在线|网站|平台)" + SENT + FILL + "$"),
        CASES,
        topic="req",
        never=re.compile(_NO_REQUEST.pattern + r"|(?:网站|平台)[^，,；;。\d]{0,12}(?:收到|受理)"),
    ),
    # what became of it
    Rule("req_ans_already_public", re.compile(r"(?:已|已经|属于)主动公开(?:的)?(?:范围)?(?:的)?[”\"」』]?" + FILL + r"$|属于(?:已经?)?主动公开[^；;。\d]{0,30}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_partial", re.compile(r"部分公开[”\"」』]?(?:答复)?(?:总?数量?)?" + FILL + "$"), CASES, topic="req", never=re.compile(_NO_DENIAL.pattern + "|(?:予以|同意|全部)公开[”\"」』]?(?:及|和|与|、|或|以及)")),
    Rule("req_denied_not_gov_info", re.compile(r"(?:不属(?:于)?|非|不是)[^，,；;。\d]{0,8}政府信息(?:不予公开)?" + FILL + "$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_denied_state_secret", re.compile(r"国家秘密[^，,；;。\d]{0,8}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_denied_trade_secret", re.compile(r"商业秘密[^，,；;。\d]{0,8}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_denied_privacy", re.compile(r"个人隐私[^，,；;。\d]{0,8}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_denied", re.compile(r"(?:不予|不同意|免[予于])公开[”\"」』]?(?:答复)?(?:总?数量?)?" + FILL + "$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_granted", re.compile(r"(?:同意|予以|准予|全部|给予)(?:全部|主动)?公开[”\"」』]?(?:有关信息|相关信息|信息)?(?:答复)?" + FILL + "$"), CASES, topic="req", never=re.compile(_NO_DENIAL.pattern + "|不予公开|不同意|部分公开")),
    Rule("req_ans_not_this_agency", re.compile(r"(?:不属于?|非)本(?:行政|级)?(?:机关|部门|单位|局|厅|办|级)[^，,；;。\d]{0,12}$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_not_exist", re.compile(r"信息[”\"]?(?:为|属于|均)?不存在[”\"」』]?" + FILL + "$"), CASES, topic="req", never=_NO_DENIAL),
    Rule("req_ans_amend", re.compile(r"(?:更改|补正|补充)[^，,；;。\d]{0,10}$"), CASES, topic="req", never=re.compile(_NO_DENIAL.pattern + "|不明确|不清楚|视为|" + _OPEN)),
    Rule("req_ans_other_channel", re.compile(r"(?:通过)?其(?:他|它)(?:途径|渠道)(?:办理|解决|获取)?" + FILL + "$"), CASES, topic="req", never=re.compile("主动公开")),
    Rule("req_closed_extended", re.compile(r"延期(?:办结|答复)" + FILL + "$"), CASES, topic="req", never=re.compile(_OPEN)),
    Rule("req_closed_on_time", re.compile(r"(?:按时|按期)(?:办结|答复)" + FILL + "$"), CASES, topic="req", never=re.compile(_OPEN)),
    Rule("req_closed", re.compile(r"^\s*$"), CASES, topic="req", tail=re.compile(r"^(?:政府)?(?:信息)?公开申请(?:均|全部|都|已)+[^，,；;。\d]{0,6}办结")),
    Rule("req_closed", re.compile(r"(?:办结|办理完成|办理完毕)(?:并答复|完成)?" + FILL + "$"), CASES, topic="req", never=re.compile("复议|诉讼|建议|提案|事项办结|热线|延期|" + _OPEN)),
    Rule("req_answered", re.compile(r"(?:答复|回复)(?:(?:政府)?(?:信息)?(?:公开)?申请|依申请(?:公开)?(?:政府)?(?:信息)?(?:公开)?(?:申请|事项|件)?)?(?:完毕)?" + FILL + "$"), CASES, topic="req", never=re.compile("复议|诉讼|建议|提案|热线|网民|留言|咨询|延期|责令|重新|" + _OPEN)),
)  # fmt: skip

TOTALS: tuple[Rule, ...] = (
    Rule(
        "req_received",
        re.compile(
            r"(?:收到|受理|接到|接收|接受|新收|办理)[^，,；;。\d]{0,24}?(?:申请|依申请(?:公开)?(?:件|案件|事项|请求|信息|政府信息|公开)*)"
            r"(?:公开(?:政府)?(?:信息)?)?(?:办理|受理)?(?:事项|件|书|表|函)?" + FILL + "$"
        ),
        CASES,
        topic="req",
        never=re.compile(_NO_REQUEST.pattern + "|(?:收到|受理|接到|接收)" + _ONE_WAY + "|" + _BY_ONE_WAY),
    ),
    Rule(
        "req_received",
        re.compile(r"(?:收到|受理|接到|接收|接受|新收|办理|有)" + FILL + "$"),
        CASES,
        tail=re.compile(r"^[^，,；;。\d]{0,12}(?:信息公开(?:的)?申请|依申请公开|申请公开|申请(?:政府)?信息公开)"),
        never=re.compile(_NO_REQUEST.pattern + "|未|没有|无"),
    ),
    Rule(
        "req_received",
        re.compile(r"(?:共|年|累计|年度|全[区市县省])(?:收到|受理|接到|接收)" + FILL + "$"),
        CASES,
        topic="req",
        tail=re.compile(r"^申请(?![^，,；;。]{0,6}(?:人|许可|登记|执行))"),
        never=_NO_REQUEST,
    ),
    Rule("req_received", re.compile(r"依申请公开(?:政府)?(?:信息)?(?:申请|事项|件)?(?:共|已|全年)?(?:收到|受理|接收|办理)(?:(?:和|并|及|、)(?:办结|办理|答复))?" + FILL + "$"), CASES, topic="req", never=re.compile(_NO_REQUEST.pattern + "|" + _OPEN)),
    # «2014年结转3件，本年度新收42件»: of what is said before
    Rule("req_received", re.compile(r"新收到?" + FILL + "$"), _COUNTED_CASES, topic="req", tail=_STOP, never=_NO_REQUESTS_HERE),
    Rule("req_received", re.compile(r"(?:共|年|年度|累计)新?(?:收到|受理|接到)" + FILL + "$"), _COUNTED_CASES, topic="req", tail=_STOP, never=_NO_REQUESTS_HERE),
    Rule("req_received", re.compile(r"依申请公开(?:政府)?信息" + FILL + "$"), frozenset({"件", "宗", "起", "例"}), topic="req", never=re.compile(_NO_REQUEST.pattern + "|制作|获取|其中|答复|办结|为依")),
    Rule("req_received", re.compile(r"(?:信息公开申请|依申请公开)(?:总数|数量|数|总量|总计|共计|共|件|申请|请求)*" + FILL + "$"), CASES, topic="req", never=re.compile(_NO_REQUEST.pattern + "|制作|获取|其中|答复|办结|为依")),
    Rule("req_received", re.compile("依申请公开事项" + FILL + "$"), _COUNTED_CASES, topic="req", never=re.compile(_NO_REQUEST.pattern + "|其中|答复|办结|梳理|编制|目录|清单|确定|列入")),
)  # fmt: skip
"""Requests in all: asked after what stands nearer to a number."""
