"""Whether two titles of reports are plainly not of the same report: they name other years, or organs without a sign in
common.

Organs are abbreviated and renamed (发改委, 发展和改革委员会): only names tell that share no sign but those of any.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from crawler.words.entries import CUT
from crawler.words.labels import read_label, tidy
from crawler.words.text import squeeze

_LEAD = re.compile(r"^(?:关于|中国共产党|中共|中华人民共和国)+")
_END = re.compile(r"(?:[（(〔\[]?(?:19|20)\d\d|[二一][〇○零九]..年|年度|(?:政府|政务|信息|公开)|关于)")
"""Where the name of an organ ends in a title."""
_LEVEL = re.compile(r"^.*[省市州盟区县旗]")
_OF_ANY = re.compile(
    r"人民|政府|办公|委员会|管理|街道|办事处|机关|单位|本级|中心|全市|全县|全区|全省"
    r"|[省市州盟区县旗乡镇局委办厅院室处站所本我各级的]"
)
"""Signs of any organ's name, and words for the one who speaks."""
_SIGNS = 2
"""So many signs of its own make a name."""


@lru_cache(maxsize=4096)
def names_another(label: str, title: str) -> str:
    """What two titles of reports name differently: "year", "organ", or nothing ("") where either does not say, is cut
    off, or is no report's title."""
    said = read_label(tidy(label)), read_label(tidy(title))
    if any(reading.kind != "item" or reading.veto for reading in said) or any(
        cut in label or cut in title for cut in CUT
    ):
        return ""
    years = [reading.years for reading in said]
    if len(years[0]) == len(years[1]) == 1 and years[0] != years[1]:
        return "year"
    organs = [_organ(words) for words in (label, title)]
    begun = "".join(sign for sign, _ in takewhile(lambda pair: pair[0] == pair[1], zip(*organs, strict=False)))
    shared = _LEVEL.match(begun)
    signs = [set(_OF_ANY.sub("", organ[shared.end() if shared else 0 :])) for organ in organs]
    return "organ" if min(map(len, signs)) >= _SIGNS and not signs[0] & signs[1] else ""


def _organ(title: str) -> str:
    """What stands in front of the year and of what reports are called."""
    flat = _LEAD.sub("", squeeze(title))
    # 人民政府 is the name's own end
    end = _END.search(flat.replace("人民政府", "人民正府"))
    return flat[: end.start()] if end else ""
