"""A heading over a sentence that says «无。» and no more: what there was none of."""

from __future__ import annotations

import re


def headed(heading: str, requests: bool) -> list[str]:
    """The measures of which a heading speaks, where it is of one thing and all of it: requests, fees or disputes, and
    neither of some of them nor of what went wrong («网上申请», «不予公开情况», «存在的问题»); `requests`: whether the
    sentence under it is of requests."""
    groups = [group for group in _HEADS if group[0].search(heading)] if WHOLE_HEADING.fullmatch(heading) else []
    if len(groups) != 1 or (requests and groups[0][0] is _FEES):
        return []
    return [code for code, word in groups[0][1] if word in heading]


WHOLE_HEADING = re.compile(
    r"[\s（(]*[一二三四五六七八九十\d]*[\s）)、.．：:]*"
    r"(?:关于|因|就|对|政府|政务|信息|依申请|申请|公开|行政|被|提起|提出|引起|引发|发生|产生|收到|接收|受理|办理|处理|答复"
    r"|复议|诉讼|收费|[及和与、]不予公开|及|和|与|或|、|，|减免|的|等|件|工作|事项|方面|案件|情况|总?数量?|有关|相关"
    r"|本年度?|20\d\d年度?)*[\s：:。]*"
)
_FEES = re.compile("收费")
_HEADS: tuple[tuple[re.Pattern[str], tuple[tuple[str, str], ...]], ...] = (
    (re.compile("依申请"), (("req_received", "申请"),)),
    (_FEES, (("fee_collected_wan", "收费"),)),
    (re.compile("复议|诉讼"), (("review_total", "复议"), ("suit_total", "诉讼"))),
)
NONE_AT_ALL = re.compile(
    r"(?:20\d\d年度?|本年度?|全年|今年|目前|截至目前)?[，,]?(?:[我本][局镇乡县区市委办街校院站所旗厅](?:道|处)?|[我本](?:单位|部门|机关))?"
    r"(?:20\d\d年度?|本年度?|全年|目前)?[，,]?(?:均|也|暂)?(?:无|没有|未发生|没有发生|未产生|(?:没有|未)(?:收到|接到|受理)过?)(?:此类|这类|相关|上述|有关|该类|任何|申请)?"
    r"(?:情况|情形|申请|事项|案件)?(?:发生|产生)?[。；;.．]?"
)
"""A sentence that says no more than that there was none of what the heading over it names."""
