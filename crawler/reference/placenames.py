"""Names of divisions in a text, believed by four rules, because place names mislead (湖南镇 lies in 浙江, 海南州 in
青海): the longest name wins; a chain narrows (沈阳市大东区); a name that several places share (鼓楼区) needs a context;
a name without its suffix (大东, 辽宁) counts only where a chain or context expects it, never before 镇, 街, 路 …

In the year of a change the names of both sides count (沙县 and 沙县区 in 2021).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from crawler.reference import divisions, history
from crawler.reference.divisions import Table, is_within
from crawler.reference.history import Region

Codes = tuple[str, ...]
Former = Mapping[Region, Codes]
"""Divisions that ended in the year, with the codes of those that have their land since."""

PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|达斡尔|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|"
    "锡伯|阿昌族|普米族|塔吉克|怒族|独龙族|鄂伦春|鄂温克族|鄂温克|裕固族|保安族|各族|多民族|德昂族|基诺族|京族|门巴族|珞巴族"
)
_NATIONS = re.compile(f"(?<=..)(?:{PEOPLES})+(?=自治|区$)")
"""Peoples after the name proper (道真仡佬族苗族自治县, 瀍河回族区); 东乡族自治县 is named for nothing else."""
_PEOPLE = re.compile("族$")
_SUFFIX = re.compile("(?:特别行政区|自治区|自治州|自治县|自治旗|联合旗|地区|新区|林区|特区|省|市|区|县|盟|旗)$")
_AUTONOMOUS = re.compile("(?:自治区|自治州|自治县|自治旗)$")
_NOT_AFTER_STEM = re.compile(
    "[省市县区州盟旗镇乡村街路道巷山河湖江岛桥门站港口园]|[大中小]学|[大中]道|中路"
    f"|(?!城[镇乡])[\u3400-\u9fff](?:[镇乡]|街道)|(?:{PEOPLES})+族?[镇乡]"
)
"""Before these a bare name is part of another: 湖南镇, 南京路, 重庆大学, 河南寨镇, 兴隆台锡伯族镇."""


_LETTER = re.compile("(?![年度于])[\u3400-\u9fff]")
"""What a name of two characters (城区, 东区, 忠县) must not follow, or it is the end of another (开发区城区)."""


@dataclass(slots=True)
class Names:
    """What a text may call the divisions of one year, those that ended in it among them."""

    full: dict[str, tuple[Region, ...]] = field(default_factory=dict)
    """By full name and by the usual short forms that still end in a suffix (恩施州, 道真县)."""
    stem: dict[str, tuple[Region, ...]] = field(default_factory=dict)
    """By the name without its suffix (大东, 恩施), two characters at least."""
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """By the first two characters: the lengths that names starting with them have, longest first."""


@lru_cache(maxsize=8192)
def _alone(region: Region) -> tuple[Region, ...]:
    """The one object for "just this region", which most names in all years mean."""
    return (region,)


@lru_cache(maxsize=512)
def _sizes(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return sizes


@lru_cache(maxsize=1)
def _short() -> dict[str, tuple[str, ...]]:
    """Abbreviations in official use by code (阜蒙县, 克州): nothing in the name tells how it is cut."""
    names: dict[str, tuple[str, ...]] = {}
    for code, name in history.read_table("short.tsv"):
        names[code] = (*names.get(code, ()), name)
    return names


@lru_cache(maxsize=8192)
def names_of(region: Region) -> tuple[list[str], str | None]:
    """The names of a region that still say what it is, full name first, and the bare one."""
    plain = region.name if region.code == "150000" else _NATIONS.sub("", region.name)
    names = [region.name, plain]
    bare = _SUFFIX.sub("", plain)
    if _AUTONOMOUS.search(region.name):
        bare = _PEOPLE.sub("", bare)
        if len(bare) >= 2:
            names.append(bare + {"自治州": "州", "自治县": "县", "自治旗": "旗"}.get(region.name[-3:], "自治区"))
    names = list(dict.fromkeys([*names, *_short().get(region.code, ())]))
    return names, bare if len(bare) >= 2 else None


def _index(regions: Iterable[tuple[Region, Names]]) -> Names:
    """The names of regions, each but for those that count for others instead."""
    made = Names()
    lengths: dict[str, set[int]] = {}
    for region, others in regions:
        labels, bare = names_of(region)
        for label in labels:
            if label not in others.full:
                made.full[label] = (*made.full[label], region) if label in made.full else _alone(region)
                lengths.setdefault(label[:2], set()).add(len(label))
        if bare and bare not in others.stem:
            made.stem[bare] = (*made.stem[bare], region) if bare in made.stem else _alone(region)
            lengths.setdefault(bare[:2], set()).add(len(bare))
    made.lengths = {start: _sizes(tuple(sorted(sizes, reverse=True))) for start, sizes in lengths.items()}
    return made


_NO_NAMES = Names()


@lru_cache(maxsize=32)
def _names(edition: Table) -> Names:
    """The names of a year. A walk asks for one or two years; the others' are never made.

    A division that ended in the year keeps the names that none of those bears that have its land since.
    """
    standing = ((region, _NO_NAMES) for region in edition.regions.values())
    former = ((region, _borne(edition, codes)) for region, codes in edition.former.items())
    return _index(chain(standing, former))


def _borne(edition: Table, codes: Iterable[str]) -> Names:
    return _index((edition.regions[code], _NO_NAMES) for code in dict.fromkeys(codes) if code in edition.regions)


@lru_cache(maxsize=1)
def _names_ever() -> Names:
    """The names of every year since the oldest list together."""
    return _index((region, _NO_NAMES) for region in dict.fromkeys(division.region for division in history.divisions()))


@dataclass(frozen=True, slots=True)
class Found:
    """A region named in a text: where its name (with the chain before it) stands, and its own name as printed; where
    that is a bare one (大东), in full."""

    region: Region
    start: int
    end: int
    name: str


def find(text: str, year: int | None = None, within: str | None = None) -> Region | None:
    """The division that a text names first, read as a chain from the larger to the smaller (沈阳市大东区 is 大东区).

    `within`: a code of any year that the answer must lie in or be; it also decides among places of one name and lets
    bare names (大东) count. Without it a name that several places share is no answer. White space in the text must be
    gone.
    """
    place = locate(text, year, within)
    return place.region if place else None


def locate(text: str, year: int | None = None, within: str | None = None) -> Found | None:
    """As `find`, with the place in the text."""
    edition = divisions.table(year)
    outer = None if within is None else (within, *_code_at(within, edition.year))
    return _locate(text, _names(edition), outer, edition.former)


def locate_ever(text: str, within: str) -> Found | None:
    """As `locate`, by the names of every year: the place is, or once was, within the region."""
    return _locate(text, _names_ever(), (within,), {})


def _code_at(code: str, year: int) -> tuple[str, ...]:
    region = divisions.at(code, year)
    return (region.code,) if region and region.code != code else ()


def _locate(text: str, names: Names, within: Codes | None, former: Former) -> Found | None:
    context = within
    start = 0
    current: Region | None = None
    label = ""
    position, last = 0, -1
    size = len(text)
    while position < size - 1:
        hit = _name_at(names, former, text, position, context, chained=current is not None and position == last)
        if hit is None:
            if current is not None:
                break
            position += 1
            continue
        region, length = hit
        if current is None:
            start = position
        current, context = region, (region.code, *former.get(region, ()))
        label = text[position : position + length]
        position = last = position + length
    if current is None:
        return None
    return Found(current, start, last, label if label in names_of(current)[0] else current.name)


def _name_at(
    names: Names, former: Former, text: str, position: int, context: Codes | None, chained: bool
) -> tuple[Region, int] | None:
    """The region and length of the longest name that stands at a position and is unambiguous in its context."""
    for length in names.lengths.get(text[position : position + 2], ()):
        name = text[position : position + length]
        if len(name) < length:
            continue
        regions = names.full.get(name)
        if regions and (length > 2 or chained or position == 0 or not _LETTER.match(text, position - 1)):
            region = _choose(regions, context, former)
            if region is not None:
                return region, length
        regions = names.stem.get(name)
        if regions and (
            not _NOT_AFTER_STEM.match(text, position + length)
            or text[position + length : position + length + 2] in names.lengths
        ):
            if context is not None:
                region = _choose(regions, context, former)
            elif position == 0 or text[position - 1] in "年度于":
                region = _choose([region for region in regions if region.code.endswith("00")], None, former)
            else:
                region = None
            if region is not None:
                return region, length
    return None


def _choose(regions: Sequence[Region], context: Codes | None, former: Former) -> Region | None:
    """The one region that a name can mean in a context: inside it, nearest to it; None while several remain."""
    if context is not None:
        inside = [region for region in regions if _lies(region, context, {})]
        regions = inside or [region for region in regions if _lies(region, context, former)]
        if len(regions) > 1 and any(region.code in context for region in regions):
            # 吉林 in 吉林省: the province was named already
            regions = [region for region in regions if region.code not in context]
    if len(regions) > 1:
        outer = min(regions, key=lambda region: region.code)
        if outer.code.endswith("00") and all(_lies(region, (outer.code,), former) for region in regions):
            return outer  # 邢台 is the city, not the county in it
    return regions[0] if len(regions) == 1 else None


def _lies(region: Region, context: Codes, former: Former) -> bool:
    """Whether a region lies in the context by its code or by those that have its land since."""
    return any(is_within(code, outer) for code in (region.code, *former.get(region, ())) for outer in context)
