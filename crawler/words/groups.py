"""What groups of organs are called in menus: districts, the city itself, departments, townships, zones.

Names as they are met: sources/pages#names-of-columns.
"""

from __future__ import annotations

import re

from crawler.records.report import OrganKind
from crawler.records.ways import Group

_CITY = "[市区县省州旗盟]?(?:人民)?政府"
GROUPS: tuple[tuple[re.Pattern[str], Group, OrganKind], ...] = (
    (
        re.compile(
            "(?:区县市?|县区市?|县市区?|市县区?|区市县?|市区县?|旗县市?区?|县旗市?区?|旗区县?|区旗县市?|县级|区级|县|区|旗|市州|州市|地市州?|市地州?|盟市|地州市|设区市|市区)"
            "(?:级)?(?:人民)?(?:政府)?(?:单位|机关)?"
        ),
        "districts",
        "government",
    ),
    (
        re.compile(
            "(?:市|区|县|省|州|旗|盟|本|地区|自治区)?(?:级|本级)?(?:人民)?政府(?:本级)?|[市区县省州旗]本?级"
            f"|{_CITY}(?:[及和与暨]其?(?:{_CITY})?|{_CITY})办(?:公[室厅])?"
        ),
        "city",
        "government",
    ),
    (
        re.compile("(?:市|区|县|省|州|旗|盟)?(?:人民)?政府办(?:公[室厅])?|(?:市|区|县|省|州)政府办公[室厅]"),
        "departments",
        "government_office",
    ),
    (
        re.compile(
            "(?:市|区|县|省|州|旗|盟)?"
            "(?:级|直|属|政府|人民政府|垂直|管理|双管|垂管|驻[市区县地省州旗]?|中省直|公共|其[他它]|行政|二级)*"
            "(?:工作|组成|职能|派出)?"
            "(?:(?:和|及|与)?(?:直属)?(?:部门|单位|机构|委办局|机关|委局|局委办|委局办|企事业单位|事业单位|派出机关))+"
        ),
        "departments",
        "department",
    ),
    (
        re.compile(
            "(?:区|县|市)?(?:乡镇|镇乡|镇街|街镇|镇|乡|街道)(?:场|街道?|乡镇|办事处|办|苏木|园区|人民政府|政府)*|苏木乡镇|街道办事处?|街道办事处?乡镇"
        ),
        "townships",
        "township",
    ),
    (
        re.compile(
            "(?:市|区|县|经济|高新|产业|功能|国家级|省级)*(?:开发区|功能区|园区|高新区|管委会|经开区|新区)(?:园区|管委会)?"
        ),
        "zones",
        "zone",
    ),
)
"""Names, the group, and what its organs are; the first that fits counts."""
