"""What a rule is by which a number of a sentence is told for a measure, and the pieces that rules are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass

COUNTED = frozenset({"条", "篇", "件", "份", "条次", "件次", ""})
CASES = frozenset({"件", "件次", "份", "宗", "起", "次", "项", "例", "条", "人次", "个", ""})
PEOPLE = frozenset({"人", "名", "位", "个"})
HELD = frozenset({"次", "场", "场次", "期", "个"})


@dataclass(frozen=True, slots=True, eq=False)
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


FILL = (
    r"(?:总数量|总数|总量|数量|件数|条数|数|共计|总计|合计|累计|共|计|总|达到|达|大约|约|将近|接近|近|逾|为|是|了|有|的|超过|超|：|:|\s"
    r"|[（(](?:不?含[^（）()\d]{1,12}|[^（）()\d]{1,10}类)[）)])*+"
)
"""Never given back: 总数 is also 总 and 数, and a run of them could be read in two to the power of its length ways."""
INFO = r"(?:各类|各项|各种|相关|有关|政府|政务|公开|的|本级|类)*(?:信息|文件)"
RECORDS = (
    r"(?:各类|各项|各种|相关|有关|政府|政务|法定|主动|公开|的|本级|本单位|本部门|本机关|类)*(?:信息|(?<=公开)内容)"
)
"""Information as it is counted; 文件 is a kind of it, and its count is no channel's nor the total."""
ADVERB = (
    r"(?:地|及时|依法|全面|准确|规范|集中|统一|对外|对社会|面向社会|、"
    r"|向(?:广大)?(?:社会|公众|群众|市民)(?:公众|各界)?)*"
)
"""What may stand between 主动 and 公开."""
BY = r"(?:公开|发布|公布|刊登|刊发|登载|推送)"
MANNER = r"(?:及时|主动|准确|全面|规范|累计|集中|统一|对外|共|、|[^，,；;。、\d]){0,12}?"
SENT = r"(?:[”」』]|纸质版?|材料|申请|方式|形式|递交|提交|提出|受理|渠道|平台|途径|系统|收到|信息|公开|政府|件|的)*"
"""What may stand between the way by which a request came and its number."""
SITE = r"(?:门户网站|政府网站|官方网站|网站|网)"
