"""What a title says a page is: a report on information disclosure, something that only looks like one, or neither.

`RULES` is the whole list, asked in order; the first that matches decides. Counted over 169 titles of real reports and
81 lookalikes (sources/pages#titles): the words alone miss 2 reports and take 73 lookalikes, nearly all on hosts that
are not gov.cn, so the host is asked as well.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from crawler.words.offices import offices_aside
from crawler.words.text import squeeze


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a title (and host) says: `report`, `lookalike` or `neither`, by which rule, and the words that decided."""

    kind: Literal["report", "lookalike", "neither"]
    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of title that looks like a report's and is none: name, source of the rule, the words."""

    name: str
    source: str
    pattern: re.Pattern[str]


_DISCLOSURE = "(?:信息公开|政务公开|信息公示|政府公开)"
_CORE = re.compile(
    rf"{_DISCLOSURE}[^，。；]{{0,16}}?(?:年报|年度报告|报告|工作年报)"
    rf"|(?:年度|\d{{4}}年?)[^，。；]{{0,12}}{_DISCLOSURE}[^，。；]{{0,8}}(?:年报|报告)"
    rf"|(?:年报|年度报告)[^，。；]{{0,4}}{_DISCLOSURE}"
)
"""The words of a report's title in any order met (28 shapes besides the usual one)."""

_LOOKS_LIKE = re.compile(
    rf"年报|年度报告|年度工作报告|工作报告|年度报表|年度工作报表|{_DISCLOSURE}[^，。；]{{0,16}}(?:报告|指南|制度|统计表|报表|情况)|决算|预算"
)
"""Titles near enough to a report's to say why they are none."""

_MINISTRY = (
    "教育|科技|科学技术|工业和信息化|公安|国家安全|民政|司法|财政|人力资源和?社会保障|自然资源|国土资源|生态环境|环境保护|"
    "住房和城乡建设|交通运输|铁道|水利|农业农村|农业|商务|文化和旅游|文化|卫生|应急管理|外交|国防|退役军人事务"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "法治政府建设年度报告",
        "sources/pages#lookalikes",
        re.compile("法治政府|法治建设|依法行政"),
    ),
    Rule(
        "政府网站年度报表",
        "sources/pages#lookalikes (DB23/T 3649.5)",
        re.compile("报表|网站(?:监管)?(?:工作)?年度(?:工作)?(?:报告|报表)|网站(?:工作)?年报|新媒体年[报度]"),
    ),
    Rule(
        "政府工作报告",
        "sources/pages#lookalikes (shilongqu.gov.cn)",
        re.compile(rf"^(?!.*{_DISCLOSURE}).*(?:政府工作报告|人大代表|审议)"),
    ),
    Rule(
        "部门预决算",
        "sources/pages#lookalikes",
        re.compile("决算|预算|三公经费|绩效(?:评价|自评)"),
    ),
    Rule(
        "预决算公开",
        "sources/pages#lookalikes",
        re.compile("(?:决算|预算)(?:信息|情况)?公开(?!年度报告)"),
    ),
    Rule(
        "学年报告",
        "sources/pages#lookalikes (universities)",
        re.compile("学年"),
    ),
    Rule(
        "图解解读",
        "sources/pages#lookalikes",
        re.compile("图解|解读|一图|读懂|图说|图表|解析|漫画|动漫|长图|视频"),
    ),
    Rule(
        "范文模板",
        "sources/pages#lookalikes",
        re.compile("范文|范本|模板|样本|样表|样式|格式|填报|填写|参考文本|示例|表样"),
    ),
    Rule(
        "制度办法",
        "sources/pages#lookalikes (辽宁, 山西)",
        re.compile("制度|办法|规程|规定|细则|规范(?!性)|条例|规则|实施意见|实施方案"),
    ),
    Rule(
        "指南目录",
        "sources/pages#lookalikes (four 指南)",
        re.compile("指南|目录|流程|须知|专栏"),
    ),
    Rule(
        "编制通知",
        "sources/pages#lookalikes (怀化, 武威)",
        re.compile(
            "(?:做好|编制|编写|撰写|组织|开展|报送|加强|规范|进一步|征集|填报|印发.{0,20}格式).{0,60}(?:通知|意见|函|公告|方案)|"
            "(?:要点|计划|方案|安排|分工|任务明细表)"
        ),
    ),
    Rule(
        "通报考核",
        "sources/pages#lookalikes",
        re.compile("通报|考核|评估|评议|测评|排名|督查|检查|抽查|审计报告|调研报告|整改报告|自查"),
    ),
    Rule(
        "提案建议答复",
        "sources/pages#lookalikes",
        re.compile("提案|建议的?(?:答复|复函|回复)|答复(?:函|书|意见)|复函|回复"),
    ),
    Rule(
        "说明占位",
        "sources/pages#lookalikes (wxjkq.wuxi.gov.cn)",
        re.compile("(?:年度)?(?:工作)?(?:年度)?报告(?:编制)?(?:的)?说明$|^关于.{0,30}说明$"),
    ),
    Rule(
        "会议活动",
        "sources/pages#lookalikes",
        re.compile("召开|举办|举行|培训(?:班|会)|推进会|座谈会|动员会|征求意见|公开征求"),
    ),
    Rule(
        "部分时期",
        "sources/law#report-years (a report covers a year)",
        re.compile("季度|半年|上半年|下半年|月份|[1-9一二三四五六七八九十]月(?:政府)?信息公开"),
    ),
    Rule(
        "统计表",
        "sources/forms#the-annex-of-2014",
        re.compile("统计表(?:[（(].{0,8}[)）])?$|统计公报|情况表$|统计年报"),
    ),
    Rule(
        "中央机关",
        "sources/pages#lookalikes (ministry and basin reports)",
        re.compile(
            rf"^(?:(?:19|20)\d\d年?度?)?(?:关于)?(?:中华人民共和国|国务院|最高人民|国家[^，]{{1,12}}(?:局|委|委员会|"
            rf"中心)(?=(?:19|20)\d\d|政府|政务|关于|信息公开)|(?:{_MINISTRY})部(?!门)|.{{2,6}}流域管理局|"
            rf".{{2,6}}水利委员会)"
        ),
    ),
)
"""Titles that look like a report's and are none, most telling first. Ministries and basin commissions publish such
reports too, but belong to no district."""

_REPORT_INSIDE = re.compile(
    rf"(?:公布|发布|印发|公开|报送).{{0,60}}{_DISCLOSURE}.{{0,12}}(?:年报|报告)》?的?(?:通知|函|公告|通告|报告)$"
)
"""A report may sit inside 关于公布…年度报告的通知 (sources/pages#titles); other notices are about writing reports."""
_NOTICE = re.compile("(?:通知|公告|通告|函)(?:[（(].{0,12}[)）])?$")


def is_government_host(url: str) -> bool:
    """True for *.gov.cn and bare IP addresses, on which whole cities published (sources/obstacles#spam-and-clones)."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if host == "gov.cn" or host.endswith(".gov.cn"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def judge_title(title: str | None, url: str, trusted_host: bool = False) -> Verdict:
    """Judge a title and the host it stands on; the text is not asked.

    `neither` for no title, or one that says nothing of reports. A report's words on a host that is neither of the
    government nor trusted are a lookalike: clones of expired domains keep paths, titles and bodies.
    """
    words = squeeze(title or "")
    if not words:
        return Verdict("neither", "no_title", "")
    core = _CORE.search(words)
    if core is None and not _LOOKS_LIKE.search(words):
        return Verdict("neither", "other_words", words[:60])
    told = offices_aside(words)
    for rule in RULES:
        found = rule.pattern.search(told)
        if found and not (core and rule.name in _WEAK and (_PLAIN.match(words) or _REPORT_INSIDE.search(words))):
            return Verdict("lookalike", rule.name, found.group()[:60])
    if core is None:
        return Verdict("neither", "other_words", words[:60])
    if _NOTICE.search(words) and not _REPORT_INSIDE.search(words):
        return Verdict("lookalike", "编制通知", words[-30:])
    if not trusted_host and not is_government_host(url):
        return Verdict("lookalike", "host_not_government", url[:100])
    return Verdict("report", "title", core.group()[:60])


_WEAK = {"制度办法", "指南目录", "编制通知", "通报考核", "会议活动", "部门预决算"}
"""Rules whose words also stand in names of organs (计划生育局, 督查室, 检查站, 住房制度改革办公室)."""
_PLAIN = re.compile(
    r"(?:(?!关于|做好|通知|编制|编写|开展|召开|举办|印发|报送|通报|评议|评估|落实)[^《》，。：]){0,40}?(?:(?:19|20)\d\d年?度?)?"
    rf"(?:政府|政务)?{_DISCLOSURE}(?:工作)?(?:(?:19|20)\d\d年?)?(?:年度)?(?:工作)?(?:年度)?(?:年报|报告)"
    r"(?:[（(](?:全文|文字版|图片版|超链版|(?:19|20)\d\d年?度?)[)）])?$"
)
"""The usual form, organ, year, words: then what stands before is a name, whatever it contains."""
