"""Paragraphs of reports put together at random: a true sentence of a measure among decoys of other scopes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

YEAR = 2017
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Made:
    """A text with what is true of it: the value of a measure, or None where the text states none of the year's."""

    text: str
    code: str
    truth: float | None
    kinds: tuple[str, ...]


def spoken(number: int) -> str:
    """A number below a hundred million as it is spoken: 10200 is 一万零二百."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = "零" if 0 < low < 1000 else ""
        return spoken(high) + "万" + (gap + spoken(low) if low else "")
    words, skipped = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if skipped and words else "") + _DIGITS[digit] + name
            skipped = False
        else:
            skipped = True
    words = words or "零"
    return words.removeprefix("一") if words.startswith("一十") else words


def numeral(random: Random, number: int, *, plain: bool = False) -> str:
    """A number in one of the forms in which it is printed."""
    forms = [str(number), f"{number:,}", str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))]
    if not plain:
        forms += [spoken(number), " ".join((str(number)[:1], str(number)[1:])) if number > 9 else str(number)]
    if number % 1000 == 0 and number >= 10_000:
        forms.append(f"{number / 10_000:g}万")
    return random.choice(forms)


_PLACES = ("县", "区", "市", "旗")
_TOPICS = ("安全生产", "教育资助", "医疗卫生", "脱贫攻坚", "环境治理", "住房保障", "涉农资金", "征地拆迁")
_PLAIN = (
    "队伍建设得到加强。",
    "按照条例第20条的规定，制度更加完善。",
    "全年办理建议提案41件。",
    "门户网站访问量达3万人次。",
    "公开栏目增加到12个。",
)


def _mine(random: Random, place: str) -> str:
    return random.choice((f"我{place}", f"全{place}", "", f"全{place}各级行政机关"))


def _when(random: Random, year: int) -> str:
    return random.choice(
        (f"{year}年，", f"{year}年度，", "全年", "本年度", "今年以来，", f"{year}年1月1日至12月31日，")
    )


def _topic(random: Random) -> str:
    topic = random.choice(_TOPICS)
    return random.choice(
        (f"围绕{topic}，", f"在{topic}方面，", f"聚焦{topic}，", f"加强{topic}信息发布，", f"做好{topic}领域信息公开，")
    )


def _long(random: Random, year: int) -> str:
    return random.choice(
        (
            "自2008年以来，",
            "近三年来，",
            "“十二五”期间，",
            f"自开通以来，截至{year}年底，",
            "历年",
            "2003年至2007年，",
            "五年来，",
            "自条例施行以来，",
        )
    )


def _short(random: Random, year: int) -> str:
    return random.choice(("上半年", "第三季度", f"{year}年3月，", "上年", "去年", f"{year - 1}年，", "1至6月"))


def _part(random: Random, place: str) -> str:
    return random.choice((f"{place}直各部门", "各乡镇", f"{place}政府各部门", "各镇街", "下属单位", f"{place}级部门"))


def _disclosed(random: Random, number: str) -> str:
    return (
        random.choice(("主动公开政府信息", "主动公开各类政府信息", "共主动公开信息", "累计主动公开政府信息"))
        + number
        + "条"
    )


def _received(random: Random, number: str) -> str:
    return (
        random.choice(("收到政府信息公开申请", "共受理政府信息公开申请", "共收到依申请公开", "新收政府信息公开申请"))
        + number
        + "件"
    )


_SAY = {"disc_total": _disclosed, "req_received": _received}


def decoys(random: Random, code: str, place: str, value: int, year: int) -> dict[str, str]:
    """A sentence of each scope that is not the report's own, with a value of a measure, by the kind of scope."""
    say, number = _SAY[code], numeral(random, value, plain=random.random() < 0.5)
    found = {
        "long": f"{_long(random, year)}{_mine(random, place)}{say(random, number)}。",
        "short": f"{_short(random, year)}{_mine(random, place)}{say(random, number)}。",
        "organs": f"{_when(random, year)}{_part(random, place)}{say(random, number)}。",
        "bound": f"{random.choice(('力争', '计划', '确保'))}{say(random, '不少于' + number)}。",
        "rate": f"各科室每月{say(random, '至少' + number)}。",
    }
    if code == "disc_total":
        found["topic"] = f"{_topic(random)}全年{random.choice(('公开', '公布', '发布'))}信息{number}条。"
        found["channel"] = f"{_when(random, year)}通过微信公众号共发布信息{number}条。"
        found["papers"] = f"在政府网站、政府公报主动公开规范性文件{number}件。"
    return found


def made(seed: int) -> Made:
    """One text: a heading, plain sentences, decoys, and three times in four the true sentence, in any order."""
    random = Random(seed)
    code, heading = random.choice(
        (("disc_total", "一、主动公开政府信息情况"), ("req_received", "二、收到和处理政府信息公开申请情况"))
    )
    say = _SAY[code]
    place, truth = random.choice(_PLACES), random.choice((random.randint(1, 99), random.randint(100, 99_999), 30_000))
    noise = decoys(random, code, place, random.randint(1, 60_000), YEAR)
    kinds = tuple(sorted(random.sample(sorted(noise), random.randint(1, 3))))
    stated = random.random() < 0.75
    paragraphs = [noise[kind] for kind in kinds] + random.sample(_PLAIN, 2)
    if stated:
        paragraphs.append(f"{_when(random, YEAR)}{_mine(random, place)}{say(random, numeral(random, truth))}。")
    random.shuffle(paragraphs)
    return Made("\n".join([heading, *paragraphs]), code, truth if stated else None, kinds)
