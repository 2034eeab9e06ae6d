"""Which organ a report speaks for: its name out of a title, its kind, its region, and its name in full.

The name in full is made by one rule, so that copies of a report on different sites agree: a district carries its city
(厦门市湖里区人民政府, for names of districts repeat), a county, county-level city or prefecture stands by its own name
(永靖县人民政府), an office or township that names no region gets that of its county (张掖市甘州区北街街道).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawler.records.report import OrganKind
from crawler.reference import divisions, placenames, townships
from crawler.reference.history import Region
from crawler.reference.placenames import Found

_OFFICE = re.compile(r"(?:人民政府|政府|行署|行政公署|公署|府)(?:办公室|办公厅|办)$|^[省市州县区旗盟]?府办(?:公室)?$")
_TOWNSHIP = re.compile(
    r"(?:街道|[镇乡]|苏木|街办|地区)(?:人民政府|政府|办事处|办|(?:党政)?(?:综合)?办公室|党工委|管委会)?$"
    r"|(?<!驻.)(?<!驻..)办事处$"
)
_TOWNSHIP_OFFICE = re.compile("(?:街道|[镇乡]|苏木)(?:人民政府|政府|办事处)(?:党政)?(?:综合)?办公室$")
_ZONE = re.compile(
    r"(?:开发区|高新区|经开区|示范区|试验区|实验区|工业园|产业园|科技园|园区|保税区|风景(?:名胜)?区|旅游区|度假区|自贸区|合作区|新城|新区|"
    r"管理区|集聚区|商务区|文旅区|港区|化工区|生态城|农场)(?:工委|党工委)?(?:管委会|管理委员会|管理办公室|办公室|管委会办公室|管理委员会办公室)?$|"
    r"(?:管委会|管理委员会)(?:办公室)?$"
)
_GOVERNMENT = re.compile(r"(?:人民政府|政府|行署|行政公署)$")
_DEPARTMENT = re.compile(
    r"(?:局|委|委员会|厅|办公室|办|中心|院|署|处|公司|集团|大队|支队|总队|所|站|馆|社|会|台|校|大学|学院|库|部|室|队|联|行|组)$"
)
_RELATIVE = re.compile(r"^(?:[我本]?[省市州县区旗盟]|我|本)(?=[\u3400-\u9fff]{2})(?!政公开)")
_RELATIVE_GOVERNMENT = re.compile(r"^[我本]?[省市州县区旗盟]?(?:人民政府|政府|府)")

_OTHER_PLACE = re.compile(
    r"[\u3400-\u9fff]{2,4}[县旗](?![级域])|[\u3400-\u9fff]{2,3}市(?=$|人民|政府)"
    r"|[\u3400-\u9fff]{2,4}(?<!开发|高新|经开|示范|[试实]验|保税|度假|名胜|管理|合作|保护|文旅|工业|行政|商务|化工|集聚"
    r"|.[社园新景港特地城郊库灌小校辖林])区(?![域划])"
)
"""A place that no table knows (阜蒙县, an abbreviation): its organ is not put under another region."""
_SHORT_PLACE = re.compile(r"[\u3400-\u9fff]{1,2}[县区市旗]")
_OF_A_COUNTY = re.compile(r"[县区旗](?:人民)?(?:[\u3400-\u9fff]{1,8}(?:局|办|委|室|中心)$|政府)")
"""区司法局 belongs to some district; on the page of a city nobody says which, so none is named."""


_AREA = re.compile(
    r"(?:[\u3400-\u9fff]{0,8}?)(?:开发区|高新区|经开区|示范区|试验区|实验区|工业园|产业园|科技园|风景|旅游区|度假区|保税区|合作区|新区)"
)
"""What follows the bare name of a place in the name of a zone (黄山风景区, 扬州经济技术开发区)."""
_SIGHT = re.compile("风景|旅游|度假")
"""A zone that is called after a mountain or lake, as the district beside it is; it may be the city's."""
_PROVINCES_AREAS = re.compile(r"^(?:[\u3400-\u9fff]{2,3}省?)?(?:雄安|西咸|贵安|赣江|天府|滇中)新区")
"""New areas that belong to a province or reach over several cities: no city stands before their names."""


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ as a report names it, in full as far as that is known."""

    name: str
    kind: OrganKind | None
    region: Region | None


_SECOND_NAME = re.compile("[（(]([^（）()]{3,20})[）)]$")
_NO_NAME = re.compile(
    "[，。；：？！“”、…]|进一步|推动|推进|加强|提高|提升|不断|积极|认真|全面|截至|截止|期限|以下|如下|没有|"
    "统计(?![局站科师学]|调查|普查|信息|中心)|数据(?![局和]|资源|管理|中心|发展|产业|集团|服务|应用|治理|科技|信息|公司|技术)|"
    "报告|年报|情况|方面|部分|(?<!目)的|[是由从自至到于及与和等]$|\\d[年月日]|^[一二三四五六七八九十]{1,3}、|附件|"
    "^(?:各|有关|相关|全[市县区省]|全州(?!县)|下属|所属|上述|其他|[所现该我按]|本(?!溪)|中(?![山卫牟宁阳方江站国共])|根据|依据|为了|今年|去年|去岁|年度)"
)
"""Words that no organ's name has or begins with: a sentence of the report, however it ends."""


def is_name(words: str) -> bool:
    """Whether words can be an organ's name at all: no sentence and no part of one."""
    return 2 <= len(words) <= 40 and _NO_NAME.search(words) is None


def is_place(words: str) -> bool:
    """Whether words read like the name of a place alone, known (大东) or not (阜某县)."""
    return bool(_OTHER_PLACE.fullmatch(words) or _SHORT_PLACE.fullmatch(words)) or _is_division(words, None)


def kind_of(organ: str, year: int | None = None) -> OrganKind | None:
    """The kind that the ending of an organ's name tells; None for a bare place or what is no organ's name.

    两江新区 is a zone in the years before it became a division. A second name may stand behind the first, in brackets.
    """
    second = _SECOND_NAME.search(organ)
    if second is not None and second.start() > 2 and kind_of(second[1], year) is not None:
        organ = organ[: second.start()]
    if _TOWNSHIP_OFFICE.search(organ):
        return "township"
    if _OFFICE.search(organ):
        return "government_office"
    if _TOWNSHIP.search(organ) and not organ.endswith(("地区", "新镇区")):
        return "township"
    if _GOVERNMENT.search(organ):
        return "government"
    if _ZONE.search(organ) and not _is_division(organ, year) and not organ.endswith(("监督管理委员会", "健康委员会")):
        return "zone"
    return "department" if _DEPARTMENT.search(organ) else None


def _is_division(words: str, year: int | None) -> bool:
    found = placenames.locate(words, year)
    return found is not None and found.end == len(words)


def locate(words: str, year: int | None, within: str | None) -> Found | None:
    """The region that an organ's words name: in the portal's own first, else anywhere if unambiguous.

    Sites take up a new name at once, and some put it on all they ever published: a name of the next year counts, in
    the portal's region one of any later year, and means what the division was in the report's year (沙县区 was 沙县).
    A name that the portal's region has in other years only and that means nothing in this one (江干区 in 2022, 临平区
    in 2019) is no region, and none elsewhere.
    """
    places = (None,) if within is None else dict.fromkeys((within, within[:2] + "0000", None))
    for outer in places:
        found = placenames.locate(words, year, outer)
        if found is None or words[found.end : found.end + 1] in _SUFFIXES:  # 沙县 in 沙县区
            found = _of_a_later_year(words, year, outer) or found
        # outside the page's own region a bare name before 镇 or 街道 is the township's (海州窝堡乡, 河南岸街道)
        bare = found is not None and words[found.end - 1] not in "省市县区州盟旗"
        if found is not None and not (bare and outer != within and _TOWNSHIP.search(words)):
            return found
        if outer is not None and _of_other_years(words, outer):
            return None
    return None


_SUFFIXES = ("市", "区")


def _of_a_later_year(words: str, year: int | None, within: str | None) -> Found | None:
    """The region, as it was in the year, that words name as it was called later."""
    if year is None:
        return None
    for found in (placenames.locate(words, year + 1, within), within and _of_other_years(words, within)):
        if found and divisions.came_after(found.region, year) and (region := divisions.as_of(found.region, year)):
            return replace(found, region=region)
    return None


def _of_other_years(words: str, within: str) -> Found | None:
    """Where words begin with a full name that a place in the region has or had in some year."""
    found = placenames.locate_ever(words, within)
    if found is None or not words[: found.end].endswith(found.name):
        return None
    return found if words[: found.start] in (divisions.full_name(within) or "") else None


def in_full(words: str, home: Region | None, year: int | None, within: str | None) -> Organ:
    """An organ from the words that name it. `home`: the region it belongs to if the words name none.

    Words that are nothing but a place, a town among them, mean its government.
    """
    organ = _in_full(words, home, year, within)
    bare = organ.kind == "township" and organ.name.endswith(("镇", "乡", "苏木"))
    return replace(organ, name=organ.name + "人民政府") if bare else organ


def _in_full(words: str, home: Region | None, year: int | None, within: str | None) -> Organ:
    kind = kind_of(words, year)
    if kind == "zone" and _PROVINCES_AREAS.match(words):
        province = divisions.at((home.code if home else within or "")[:2] + "0000", year)
        return Organ(words, kind, province)
    found = locate(words, year, within)
    if found is not None and found.start > 6:
        found = None
    if found is not None:
        return _named(words, found, kind, home, year)
    if kind == "township" and home is not None and (county := _county_of(words, home, year)):
        return Organ(_prefix(county, county.name, year) + county.name + words, kind, county)
    if within is not None and kind != "zone" and _of_other_years(words, within):
        gone = _OTHER_PLACE.fullmatch(words) or _SHORT_PLACE.fullmatch(words)
        return Organ(words + "人民政府", "government", None) if gone else Organ(words, kind, None)
    if home is None or _OTHER_PLACE.match(words):
        return Organ(words, kind, None)
    if home.level != "county" and (
        _OF_A_COUNTY.match(words) or (kind == "township" and divisions.children(home.code, year))
    ):
        return Organ(words, kind, None)
    home = _home_of_relative(words, home, year)
    prefix = _prefix(home, home.name, year) + home.name
    government = _RELATIVE_GOVERNMENT.match(words)
    if government and kind in ("government", "government_office"):
        return Organ(prefix + "人民政府" + words[government.end() :], kind, home)
    relative = _RELATIVE.match(words)
    if relative and kind is not None:
        words = words[relative.end() :]
    return Organ(prefix + words, kind, home)


def _home_of_relative(words: str, home: Region, year: int | None) -> Region:
    """The region that 市 or 省 before an organ's name means on the page of a county: 市教育局 is never a county's."""
    above = divisions.parent(home.code, year)
    if words.startswith("市") and home.level == "county" and not home.name.endswith("市") and above:
        return above
    return home


def _named(words: str, found: Found, kind: OrganKind | None, home: Region | None, year: int | None) -> Organ:
    """The organ whose words name a region."""
    region, rest = found.region, words[found.end :]
    lead = words[: found.start]
    if "（" in lead or "(" in lead or kind_of(lead, year) == "department":
        # 国家统计局安顺调查队, 中国（上海）自由贸易试验区: what stands before the place is of the name
        return Organ(words, kind, region)
    if kind != "township" and not words[: found.end].endswith(found.name) and _AREA.match(rest):
        above = divisions.parent(region.code, year) if _SIGHT.match(rest) and region.level == "county" else None
        return Organ(words[found.start :], kind, above or region)
    if kind == "township" and found.name.endswith("地区"):  # 那曲地区 is a prefecture, 八里庄地区 is not
        kind = kind_of(rest, year)
    if kind == "township" and (county := _county_of(rest, region, year)):
        return Organ(_prefix(county, county.name, year) + county.name + rest, kind, county)
    if region.level != "county" and (unknown := _OTHER_PLACE.match(rest)):
        # a district that no table of the year knows: never its city (洛阳市偃师区 in 2015)
        name = words[found.start :] + ("人民政府" if unknown.end() == len(rest) else "")
        return Organ(name, kind_of(name, year), None)
    name = _prefix(region, found.name, year) + found.name + rest
    if not rest:
        kind = "government"
        name += "行政公署" if found.name.endswith(("地区", "盟")) else "人民政府"
    elif rest in ("政府", "府"):
        name = name[: -len(rest)] + "人民政府"
    elif rest.startswith("政府办"):
        name = name[: -len(rest)] + "人民" + rest
    if kind == "township" and home is not None and home.level == "county" and region.level != "county":
        region = home if divisions.is_within(home.code, region.code) else region
    return Organ(name, kind, region)


def _county_of(words: str, outer: Region, year: int | None) -> Region | None:
    """The county of a township in a city, by the list of townships; None where the city leaves several, or it is none:
    names repeat too often in a whole province."""
    below = divisions.children(outer.code, year)
    if not below or any(region.level != "county" for region in below):
        return None
    return townships.county(words, outer.code, year)


def _prefix(region: Region, name: str, year: int | None) -> str:
    """The city's name before a district's, by the name it bears; nothing before others."""
    if region.level != "county" or not name.endswith("区") or name.endswith("林区"):
        return ""
    above = divisions.parent(region.code, year)
    return above.name if above and above.name.endswith("市") else ""
