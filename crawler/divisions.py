"""Administrative divisions by GB/T 2260 as they stood in a given year.

The tables in `data/divisions` are those of the Ministry of Civil Affairs, one revision a file (201712: end of 2017),
from the data of cn/GB2260. They end in April 2019: for later years the last one is used, so a unit founded or renamed
since 2020 (临平区, 钱塘区 …) is in no table; its reports keep their organ, have no region and are a problem row
`region_unknown`. Nothing is guessed for them.

A name in a text is believed by four rules, because place names mislead (湖南镇 lies in 浙江, 海南州 in 青海):
the longest name wins; a chain narrows (沈阳市大东区); a name that several places share (鼓楼区) needs a context;
a name without its suffix (大东, 辽宁) counts only where a chain or context expects it, never before 镇, 街, 路 …
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import resources
from typing import Literal

Level = Literal["province", "prefecture", "county"]


@dataclass(frozen=True, slots=True)
class Region:
    """One division: its code, its own name (大东区) and its level."""

    code: str
    name: str
    level: Level


@dataclass(slots=True)
class Names:
    """What a text may call the divisions of one revision."""

    full: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Codes by full name and by the usual short forms that still end in a suffix (恩施州, 道真县)."""
    stem: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Codes by the name without its suffix (大东, 恩施), two characters at least."""
    lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """By the first two characters: the lengths that names starting with them have, longest first."""


@lru_cache(maxsize=8192)
def _alone(code: str) -> tuple[str, ...]:
    """The one object for "just this code", which most names in all revisions mean: eleven tables share it."""
    return (code,)


@lru_cache(maxsize=512)
def _sizes(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return sizes


class Table:
    """One revision: regions by code, and (made when first asked for) codes by every name a text may use for them."""

    def __init__(self, revision: str, regions: dict[str, Region]) -> None:
        self.revision = revision
        self.regions = regions

    @cached_property
    def names(self) -> Names:
        """Codes by name. A walk looks names up in one or two revisions; the others need none."""
        made = Names()
        lengths: dict[str, set[int]] = {}
        for code, one in self.regions.items():
            labels, bare = names_of(one)
            for label in labels:
                made.full[label] = made.full[label] + (code,) if label in made.full else _alone(code)
                lengths.setdefault(label[:2], set()).add(len(label))
            if bare:
                made.stem[bare] = made.stem[bare] + (code,) if bare in made.stem else _alone(code)
                lengths.setdefault(bare[:2], set()).add(len(bare))
        made.lengths = {start: _sizes(tuple(sorted(sizes, reverse=True))) for start, sizes in lengths.items()}
        return made

    def parent(self, code: str) -> str | None:
        """The division right above: the prefecture, or the province where there is none; None for a province."""
        if code.endswith("0000"):
            return None
        above = code[:4] + "00"
        if not code.endswith("00") and above in self.regions:
            return above
        return code[:2] + "0000" if code[:2] + "0000" in self.regions else None


_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|达斡尔|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|"
    "锡伯|阿昌族|普米族|塔吉克|怒族|独龙族|鄂伦春|鄂温克族|鄂温克|裕固族|保安族|各族|多民族|德昂族|基诺族|京族|门巴族|珞巴族"
)
_NATIONS = re.compile(f"(?:{_PEOPLES})+(?=自治)")
_SUFFIX = re.compile("(?:特别行政区|自治区|自治州|自治县|自治旗|联合旗|地区|新区|林区|省|市|区|县|盟|旗)$")
_AUTONOMOUS = re.compile("(?:自治区|自治州|自治县|自治旗)$")
_NOT_AFTER_STEM = re.compile(
    "[省市县区州盟旗镇乡村街路道巷山河湖江岛桥门站港口园]|[大中小]学|[大中]道|中路"
    f"|(?!城[镇乡])[\u3400-\u9fff](?:[镇乡]|街道)|(?:{_PEOPLES})+族?[镇乡]"
)
"""Before these a bare name is part of another: 湖南镇, 南京路, 重庆大学, 河南寨镇, 兴隆台锡伯族镇."""


_LETTER = re.compile("(?![年度于])[\u3400-\u9fff]")
"""What a name of two characters (城区, 东区, 忠县) must not follow, or it is the end of another (开发区城区)."""


@lru_cache(maxsize=8192)
def names_of(region: Region) -> tuple[list[str], str | None]:
    """The names of a region that still say what it is, full name first, and the bare one."""
    plain = _NATIONS.sub("", region.name) if region.level != "province" or region.code != "150000" else region.name
    names = [region.name]
    bare = _SUFFIX.sub("", plain)
    if _AUTONOMOUS.search(region.name):
        if plain != region.name:
            names.append(plain)
        if len(bare) >= 2:
            names.append(bare + {"自治州": "州", "自治县": "县", "自治旗": "旗"}.get(region.name[-3:], "自治区"))
    names = list(dict.fromkeys(names))
    return names, bare if len(bare) >= 2 else None


@lru_cache(maxsize=1)
def revisions() -> tuple[str, ...]:
    """The revisions at hand (YYYYMM), oldest first."""
    folder = resources.files("crawler.data.divisions")
    found = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name[4:10] for name in found if name.startswith("mca-") and name.endswith(".tsv")))


@lru_cache(maxsize=32)
def table(year: int | None) -> Table:
    """The revision that stood in a year: the latest one not after its end; the oldest for years before all of them.

    Without a year the latest. Never raises; the tables are read once.
    """
    known_ones = revisions()
    wanted = known_ones[-1]
    if year is not None:
        wanted = max((name for name in known_ones if name <= f"{year}12"), default=known_ones[0])
    return _load(wanted)


@lru_cache(maxsize=8192)
def _region(code: str, name: str) -> Region:
    """One object for a division that stands in many revisions."""
    level: Level = "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"
    return Region(code, name, level)


@lru_cache(maxsize=16)
def _load(revision: str) -> Table:
    text = (resources.files("crawler.data.divisions") / f"mca-{revision}.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return Table(revision, {code: _region(code, name) for _, _, code, name in rows})


def known(code: str) -> bool:
    """Whether any table at hand, of whatever year, has this code."""
    return any(code in _load(revision).regions for revision in reversed(revisions()))


def region(code: str, year: int | None = None) -> Region | None:
    """The division with this code in a year; None if there was none."""
    return table(year).regions.get(code)


def latest(code: str, year: int | None = None) -> Region | None:
    """The division with this code in a year or, if it is gone by then or not yet there, in the nearest table.

    Site codes (SiteIDCode) and profiles stick to codes that were since replaced.
    """
    found = region(code, year)
    if found is not None:
        return found
    for revision in reversed(revisions()):
        if code in (regions := _load(revision).regions):
            return regions[code]
    return None


@lru_cache(maxsize=512)
def children(code: str, year: int | None = None) -> tuple[Region, ...]:
    """The divisions one level below, in the order of their codes; empty for a county or an unknown code."""
    here = table(year)
    return tuple(
        here.regions[below]
        for below in sorted(here.regions)
        if below.startswith(code[:2]) and here.parent(below) == code
    )


def full_name(code: str, year: int | None = None) -> str | None:
    """The name with all that is above it: 辽宁省沈阳市大东区; None for a code that the year does not know."""
    here = table(year)
    names: list[str] = []
    at: str | None = code
    while at is not None:
        if at not in here.regions:
            return None
        names.insert(0, here.regions[at].name)
        at = here.parent(at)
    return "".join(names)


def parent(code: str, year: int | None = None) -> Region | None:
    """The division right above in a year; None for a province or an unknown code."""
    here = table(year)
    above = here.parent(code) if code in here.regions else None
    return here.regions[above] if above else None


def is_within(code: str, outer: str) -> bool:
    """Whether a code lies in (or is) another one: 210104 in 210100 in 210000."""
    return code.startswith(outer.rstrip("0") if len(outer.rstrip("0")) % 2 == 0 else outer.rstrip("0") + "0")


@dataclass(frozen=True, slots=True)
class Found:
    """A region named in a text: where its name (with the chain before it) stands."""

    region: Region
    start: int
    end: int


def find(text: str, year: int | None = None, within: str | None = None) -> Region | None:
    """The division that a text names first, read as a chain from the larger to the smaller (沈阳市大东区 is 大东区).

    `within`: a code that the answer must lie in or be; it also decides among places of one name and lets bare names
    (大东) count. Without it a name that several places share is no answer. White space in the text must be gone.
    """
    found = locate(text, year, within)
    return found.region if found else None


def locate(text: str, year: int | None = None, within: str | None = None) -> Found | None:
    """As `find`, with the place in the text."""
    here = table(year)
    context = within
    start = 0
    current: str | None = None
    position, last = 0, -1
    size = len(text)
    while position < size - 1:
        hit = _name_at(here, text, position, context, chained=current is not None and position == last)
        if hit is None:
            if current is not None:
                break
            position += 1
            continue
        code, length = hit
        if current is None:
            start = position
        current = context = code
        position = last = position + length
    if current is None:
        return None
    return Found(here.regions[current], start, last)


def _name_at(here: Table, text: str, position: int, context: str | None, chained: bool) -> tuple[str, int] | None:
    """The code and length of the longest name that stands at a position and is unambiguous in its context."""
    for length in here.names.lengths.get(text[position : position + 2], ()):
        name = text[position : position + length]
        if len(name) < length:
            continue
        codes = here.names.full.get(name)
        if codes and (length > 2 or chained or position == 0 or not _LETTER.match(text, position - 1)):
            code = _choose(codes, context)
            if code is not None:
                return code, length
        codes = here.names.stem.get(name)
        if codes and (
            not _NOT_AFTER_STEM.match(text, position + length)
            or text[position + length : position + length + 2] in here.names.lengths
        ):
            if context is not None:
                code = _choose(codes, context)
            elif position == 0 or text[position - 1] in "年度于":
                code = _choose([one for one in codes if one.endswith("00")], None)
            else:
                code = None
            if code is not None:
                return code, length
    return None


def _choose(codes: Sequence[str], context: str | None) -> str | None:
    """The one code that a name can mean in a context: inside it, nearest to it; None while several remain."""
    if context is not None:
        codes = [code for code in codes if is_within(code, context)]
        if len(codes) > 1 and context in codes:
            codes = [code for code in codes if code != context]  # 吉林 in 吉林省: the province was named already
    outer = min(codes, default="")
    if len(codes) > 1 and outer.endswith("00") and all(is_within(code, outer) for code in codes):
        return outer  # 邢台 is the city, not the county in it
    return codes[0] if len(codes) == 1 else None
