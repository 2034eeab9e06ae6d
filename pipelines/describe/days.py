"""When an article was published, out of the words at its title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.words.display import CELL, LINE
from crawler.words.stamps import stamp_at, tear_off
from crawler.words.text import clean, parse_date, squeeze
from pipelines.describe.labelled import BREAKS, VALUE_AT, line_at

RULES = {
    "published": "labelled date of publication",
    "bare": "labelled date",
    "near": "date beside the title",
    "updated": "date of an update",
    "made": "date in the index table",
    "tear_off": "date beside the title, its day apart",
    "bracketed": "date in brackets under the title",
}
"""What each rule is called in the evidence."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date of publication: ISO, by which rule, the words that say it, and in which of the parts they stand."""

    iso: str
    rule: str
    words: str
    part: int = 0


_PADDED = re.compile(
    "(?:(?<=[日时])[ \u3000\xa0]{1,4}(?=[期间])|(?<=来)[ \u3000\xa0]{1,4}(?=源))(?=.[】\\])）]?[ \u3000\xa0]*[:：])"
)
"""Labels padded to one width: 日　期： and 来　源："""
_TIME = "[\\s\u00a0\u3000]*(?:\\d{1,2}[:：∶时点]\\d{1,2}(?:[:：∶分]\\d{1,2}秒?|分)?)?"
_PUBLISHED = re.compile(r"(?:发布|信息|发表|发稿|公布|公开|信息发布|上网|上传|刊发|发布的|刊登|刊载|登载|推送|上线)$")
_UPDATED = re.compile(r"(?:更新|修改|最后更新|录入|添加|创建)$")
_MADE = re.compile(r"(?:公文生成|生成|成文|发文|印发|制发|制作|形成)$")
_PART_OF_A_WORD = re.compile("[\u3400-\u9fff]$")
_MAX_LINE = 500
"""Source characters of a publication line with its indents that are looked at."""
_NO_LINE = re.compile("[。；]|星期|农历|天气")
"""A sentence of the text, or the clock in the page's header."""


def unpadded(raw: str) -> str:
    """The words with padded labels closed up; looked for by their last character first, for a page rarely has any."""
    for last in "期间源":
        at = raw.find(last)
        while at > 0:
            if raw[at - 1] in " \u3000\xa0":
                return _PADDED.sub("", raw)
            at = raw.find(last, at + 1)
    return raw


def read_day(parts: Sequence[str], title: str | None) -> Day | None:
    """The date of publication by the first part that says one: dates of the index table (成文日期) only after all
    others, one in brackets only where no part says another."""
    labelled = [_labelled(part) for part in parts]
    for number, part in enumerate(parts):
        for rule in ("published", "bare", "near", "updated", "tear_off"):
            day = labelled[number].get(rule)
            if rule == "near" and day is None:
                day = _near(part, title if len(parts) == 1 else None) if number == 0 else None
            elif rule == "tear_off" and len(parts) > 1 and number == 0 and (iso := tear_off(part[:_MAX_LINE])):
                day = Day(iso, rule, clean(_plain(part))[:60])
            if day is not None:
                return replace(day, part=number)
    made = next((replace(days["made"], part=number) for number, days in enumerate(labelled) if "made" in days), None)
    return made or (_bracketed(parts[0]) if len(parts) > 1 else None)


def _labelled(raw: str) -> dict[str, Day]:
    """The first date by kind of its label: published (发布时间), bare (时间, 日期), updated, made (生成日期)."""
    found: dict[str, Day] = {}
    for word in ("时间", "日期", "发布于", "发表于", "刊发于", "更新于"):
        at = raw.find(word)
        while at >= 0:
            end = at + len(word)
            value = VALUE_AT.match(raw, end)
            kind = (
                ("updated" if word == "更新于" else "published")
                if word.endswith("于")
                else _kind_of_label(raw[max(0, at - 8) : at], raw[end : end + 2])
            )
            here = value.end() if value is not None else end
            stamp = stamp_at(raw, here) if kind and kind not in found else None
            # without a colon the label must begin a line or cell, or say 发布 (<span>发布时间</span><span>2023…)
            if stamp is not None and kind and (value is not None or word.endswith("于") or kind == "published"):
                loose = kind in ("bare", "updated") or value is None
                if not (loose and _NO_LINE.search(line_at(raw, at))):
                    words = _plain(raw[max(0, at - 4) : stamp[1]])
                    found[kind] = Day(stamp[0], kind, clean(words))
            at = raw.find(word, end)
    return found


def _plain(words: str) -> str:
    return words.replace(LINE, " ").replace(CELL, " ")


def _kind_of_label(before: str, after: str) -> str | None:
    before = before.rsplit(LINE, 1)[-1].rsplit(CELL, 1)[-1]
    flat = squeeze(before)
    if _PUBLISHED.search(flat) or after == "发布":
        return "published"
    if _UPDATED.search(flat):
        return "updated"
    if _MADE.search(flat):
        return "made"
    if not _PART_OF_A_WORD.search(before) or before != before.rstrip():
        return "bare"
    return None


_BARE_LINE = re.compile(
    rf"^(?P<head>[^，。；！？]{{0,40}}?)(?P<date>(?:19|20)\d\d\s*[-年./]\s*\d{{1,2}}\s*[-月./]\s*\d{{1,2}}日?{_TIME})(?P<rest>.{{0,60}})$",
    re.S,
)
_MAX_TITLES = 12
"""Places of the title that are looked at."""
_PLAIN_HEAD = re.compile(r"\s*\w{0,12}\s*")
_CLOCK = re.compile(r"星期|农历|天气|今天|欢迎")
_BELOW_LINES = 7
_SOURCE_NOT = re.compile(r"(?:资料|资金|单一|数据|收入|经济|财政|材料|问题)$")


def _near(raw: str, title: str | None) -> Day | None:
    """A date without a label: on a line with 来源, or alone on one of the first lines of the part.

    `title`: where the part is the whole page, lines are those right under (or above) it.
    """
    at = raw.find("来源")
    while at >= 0:
        line = line_at(raw, at)
        flat = clean(line) if len(line) < _MAX_LINE else ""
        if flat and len(flat) < 120 and not _SOURCE_NOT.search(raw[max(0, at - 2) : at]):
            hit = _BARE_LINE.match(flat)
            if hit and not _CLOCK.search(flat) and (iso := parse_date(hit["date"])):
                return Day(iso, "near", clean(hit["date"]))
        at = raw.find("来源", at + 2)
    if title is None:
        return _first_lines(re.split(f"[{BREAKS}]+", raw[: 2 * _MAX_LINE]))
    wanted = title[:10]
    start = raw.find(wanted) if wanted else -1
    for _ in range(_MAX_TITLES):
        if start < 0:
            break
        window = raw[start : start + len(title) + 900]
        day = _first_lines(re.split(f"[{BREAKS}]+", window)[1:])
        if day is not None:
            return day
        start = raw.find(wanted, start + 1)
    return None


def _first_lines(lines: Sequence[str]) -> Day | None:
    """The date that stands alone on one of the first lines that have any words."""
    before = ""
    for line in [line for line in lines if line.strip()][:_BELOW_LINES]:
        named, before = _NAMES_A_DATE.search(squeeze(before)), line
        if named:
            continue  # its label has been asked
        if iso := _printed(line.strip()):
            return Day(iso, "near", clean(line))
        hit = _BARE_LINE.match(line.strip()) if len(line) < 160 else None
        if hit is None or _CLOCK.search(line) or _PAREN_DATE.match(line.strip()):
            continue
        if _PLAIN_HEAD.fullmatch(hit["head"]) and (iso := parse_date(hit["date"])):
            return Day(iso, "near", clean(line))
    return None


_BEHIND_A_STAMP = re.compile(r"\s+(?:文章|信息)?(?:来源|稿源|作者|浏览|点击|阅读|字[号体]|Source)|\s*$", re.I)


def _printed(line: str) -> str | None:
    """The date that a program has printed (Wed Jan 15 10:12:00 CST 2020, 20200115) at the head of a line that has
    nothing else, or whose next words are a label; eight digits alone may be any number."""
    if len(line) > 160 or not re.match(r"[A-Za-z]{3}|\d{1,2} [A-Za-z]{3}|(?:19|20)\d{6}\b", line):
        return None
    stamp = stamp_at(line)
    rest = _BEHIND_A_STAMP.match(line, stamp[1]) if stamp else None
    return stamp[0] if stamp and rest and (rest[0].strip() or not line[0].isdecimal() or " " in line) else None


_NAMES_A_DATE = re.compile("(?:时间|日期)[】）)]?[:：∶﹕]?$")
_PAREN_DATE = re.compile(r"[（(〔\[]")
_ALONE_IN_BRACKETS = re.compile(r"[（(〔\[【]([^（）()\[\]〔〕【】]{6,30})[）)〕\]】]")


def _bracketed(raw: str) -> Day | None:
    """（2020年1月17日） on a line of its own under the title: mostly when it was signed, so all else comes first."""
    for line in [line for line in re.split(f"[{BREAKS}]+", raw[: 2 * _MAX_LINE]) if line.strip()][:_BELOW_LINES]:
        flat = squeeze(line)
        hit = _ALONE_IN_BRACKETS.fullmatch(flat)
        stamp = stamp_at(hit[1]) if hit else None
        if hit and stamp and stamp[1] >= len(hit[1]) - 6:
            return Day(stamp[0], "bracketed", flat)
    return None
