"""What stands around a text: when it was published and by whom, its index and document number.

Labels are found by plain string search in the words of the page in order (words.display), where the dates that inline
scripts write stand in their place. Labels and traps with counts: sources/pages#publication-line. The
date a reader sees differs from `meta PubDate` on a quarter of real pages, mostly after a migration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.records.capture import Evidence
from crawler.words.display import CELL as _CELL
from crawler.words.display import LINE as _LINE
from crawler.words.text import clean, parse_date, squeeze

_PADDED = re.compile("(?<=[日时])[ \u3000\xa0]{1,4}(?=[期间][】\\])）]?[ \u3000\xa0]*[:：])")
"""Labels padded to one width: 日　期："""
_BREAKS = f"{_LINE}{_CELL}"
_SPACE = f"\\s\u200b\ufeff\u00a0\u3000{_BREAKS}"
_COLON = ":：∶﹕"
_TIME = "[\\s\u00a0\u3000]*(?:\\d{1,2}[:：∶时点]\\d{1,2}(?:[:：∶分]\\d{1,2}秒?|分)?)?"
_VALUE_AT = re.compile(
    f"(?:发布)?[】\\])）]*(?:[\\s\u00a0\u3000]*[{_COLON}][{_COLON}{_SPACE}]{{0,60}}|[\\s{_CELL}]*{_CELL}[{_SPACE}]{{0,60}})"
)
_DATE_AT = re.compile(r"(?:\d{4}|[一二][九〇○零]..)\s*[-年./－．／].{3,14}")
_PUBLISHED = re.compile(r"(?:发布|信息|发表|发稿|公布|公开|信息发布|上网|上传|刊发|发布的)$")
_UPDATED = re.compile(r"(?:更新|修改|最后更新|录入|添加)$")
_MADE = re.compile(r"(?:公文生成|生成|成文|发文|印发|制发|制作|形成)$")
_PART_OF_A_WORD = re.compile("[\u3400-\u9fff]$")

_SOURCE_NOT = re.compile(
    r"(?:资料|资金|单一|数据|收入|经济|图片|视频|人才|水|热|经费|财政|食品|传染|污染|信号|线索|货物|能源|主要|材料|问题|征集)$"
)
_SOURCE_END = re.compile(
    f"[{_LINE}{_CELL}\\n\\r\\t【】〖\\[|｜<>{{]|\\s{{2,}}|[\u00a0\u3000]|(?:19|20)\\d\\d[-年./]|"
    r"(?:浏览|点击|阅读|访问)(?:次数|量|数|率|人次)?\s*[:：]|(?:发布|发表|更新|公布|发稿)?(?:时间|日期)\s*[:：]|字体|字号|文字大小|"
    r"作者[:：]|(?:文号|发文字号|索引号)[:：]|编辑[:：]|责任编辑|责编|审核[:：]|分享|(?<=.)\s(?:下载|收藏|打印|大|中|小|次|点击)|打印|关闭|视力保护|我要纠错|信息来源|文章来源"
)
_NO_SOURCE = re.compile(
    r"(?:网站名称|站点名称|null|none|undefined|无|暂无|不详|未知|其他|其它|本网|本站|本站原创|本网站|本网原创|原创|原创文章|转载|互联网|网络|网站|"
    r"管理员|admin|系统管理员|.*\{\{.*|.*\$\{.*|[^\w]*|[大中小]+)",
    re.I,
)
_INDEX_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-—－–_/.〔〕\[\]()（）:]*")
_DOC_NO = re.compile(
    r"[\u3400-\u9fff]{1,14}(?:〔|\[|［|（|\(|【)\s*(?:19|20)\d\d\s*(?:年)?(?:〕|\]|］|）|\)|】)\s*第?\s*\d{1,5}\s*号|"
    r"(?:[\u3400-\u9fff]{2,20})?第\d{1,5}号令?|[\u3400-\u9fff]{2,12}\d{4}年第?\d{1,4}号"
)


@dataclass(slots=True)
class Publication:
    """What the page's surroundings say; ISO date, words as printed; None where nothing is said."""

    published_on: str | None = None
    source: str | None = None
    publisher: str | None = None
    """发布机构 of the index table: who published, not where the text came from."""
    index_no: str | None = None
    doc_no: str | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)


def read_publication(raw: str, title: str | None, metas: dict[str, str]) -> Publication:
    """Read everything from a page's words (`display.Seen.words`). `metas`: the meta tags by lower-case name.

    The date: a labelled date of publication anywhere outside sentences; else a bare one beside 来源 or under the title;
    else that of an update; else the index table's (生成日期, 成文日期); else `meta PubDate`. Never the address's.
    """
    found = Publication()
    raw = _unpadded(raw)
    labelled = _labelled_dates(raw)
    for rule in ("published", "bare", "near", "updated", "made"):
        near = _near_title(raw, title) if rule == "near" else None
        hit = near or labelled.get(rule)
        if hit is not None:
            found.published_on, words = hit
            found.evidence["published_on"] = Evidence(_RULES[rule], words)
            break
    else:
        meta = next((metas[name] for name in ("pubdate", "publishdate", "pubtime") if name in metas), None)
        if meta and (iso := parse_date(meta)):
            found.published_on = iso
            found.evidence["published_on"] = Evidence("meta PubDate", clean(meta))
        rule = "meta"
    _read_publisher(raw, found)
    _read_index_no(raw, found)
    _read_doc_no(raw, found)
    _read_source(raw, found)
    if found.source is None and found.publisher is not None and rule == "made":
        found.source = found.publisher
        found.evidence["source"] = found.evidence["publisher"]
    return found


def _unpadded(raw: str) -> str:
    """The words with padded labels closed up; looked for by their last character first, for a page rarely has any."""
    for last in "期间":
        at = raw.find(last)
        while at > 0:
            if raw[at - 1] in " \u3000\xa0":
                return _PADDED.sub("", raw)
            at = raw.find(last, at + 1)
    return raw


_RULES = {
    "published": "labelled date of publication",
    "bare": "labelled date",
    "near": "date beside the title",
    "updated": "date of an update",
    "made": "date in the index table",
}


def _labelled_dates(raw: str) -> dict[str, tuple[str, str]]:
    """The first date by kind of its label: published (发布时间), bare (时间, 日期), updated, made (生成日期)."""
    found: dict[str, tuple[str, str]] = {}
    for word in ("时间", "日期"):
        at = raw.find(word)
        while at >= 0:
            end = at + 2
            value = _VALUE_AT.match(raw, end)
            if value is not None and _DATE_AT.match(raw, value.end()):
                kind = _kind_of_label(raw[max(0, at - 8) : at], raw[end : end + 2])
                if kind in ("bare", "updated") and _NO_LINE.search(_line_at(raw, at)):
                    kind = None
                iso = parse_date(raw[value.end() : value.end() + 24])
                if kind and iso and kind not in found:
                    found[kind] = (
                        iso,
                        clean(raw[max(0, at - 4) : value.end() + 16].replace(_LINE, " ").replace(_CELL, " ")),
                    )
            at = raw.find(word, end)
    return found


_NO_LINE = re.compile("[。；]|星期|农历|天气")
"""A sentence of the text, or the clock in the page's header."""


def _kind_of_label(before: str, after: str) -> str | None:
    before = before.rsplit(_LINE, 1)[-1].rsplit(_CELL, 1)[-1]
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
_MAX_LINE, _MAX_TITLES = 500, 12
"""Source characters of a publication line with its indents, and places of the title, that are looked at."""
_PLAIN_HEAD = re.compile(r"\s*\w{0,12}\s*")
_CLOCK = re.compile(r"星期|农历|天气|今天|欢迎")


def _near_title(raw: str, title: str | None) -> tuple[str, str] | None:
    """A date without a label: on a line with 来源, or alone on one of the lines right under (or above) the title."""
    at = raw.find("来源")
    while at >= 0:
        line = _line_at(raw, at)
        flat = clean(line) if len(line) < _MAX_LINE else ""
        if flat and len(flat) < 120 and not _SOURCE_NOT.search(raw[max(0, at - 2) : at]):
            hit = _BARE_LINE.match(flat)
            if hit and not _CLOCK.search(flat):
                iso = parse_date(hit["date"])
                if iso:
                    return iso, clean(hit["date"])
        at = raw.find("来源", at + 2)
    if not title:
        return None
    wanted = title[:10]
    start = raw.find(wanted)
    for _ in range(_MAX_TITLES):
        if start < 0:
            break
        window = raw[start : start + len(title) + 900]
        lines = [line for line in re.split(f"[{_BREAKS}]+", window) if line.strip()][1:7]
        for line in lines:
            hit = _BARE_LINE.match(line.strip()) if len(line) < 160 else None
            if hit is None or _CLOCK.search(line) or _PAREN_DATE.match(line.strip()):
                continue
            if _PLAIN_HEAD.fullmatch(hit["head"]) and (iso := parse_date(hit["date"])):
                return iso, clean(line)
        start = raw.find(wanted, start + 1)
    return None


_PAREN_DATE = re.compile(r"[（(〔\[]")
"""（2020年1月17日） under a title is when it was signed."""


def _line_at(raw: str, at: int) -> str:
    """The line around a place; of a long one no more than 1,000 characters to either side."""
    low, high = max(at - 2 * _MAX_LINE, 0), min(at + 2 * _MAX_LINE, len(raw))
    start = max(raw.rfind(_LINE, low, at) + 1, raw.rfind(_CELL, low, at) + 1, low)
    ends = [end for end in (raw.find(_LINE, at, high), raw.find(_CELL, at, high)) if end >= 0]
    return raw[start : min(ends, default=high)]


def _read_source(raw: str, found: Publication) -> None:
    """来源：… the first that says something; a placeholder or an empty one is nothing."""
    at = raw.find("来源")
    while at >= 0:
        colon = _SOURCE_AT.match(raw, at + 2)
        if colon is not None and not _SOURCE_NOT.search(raw[max(0, at - 2) : at]):
            value = _value(raw, colon.end())
            if value is not None:
                found.source = value
                found.evidence["source"] = Evidence("label 来源", value)
                return
        at = raw.find("来源", at + 2)
    for label in ("发布机构", "发布部门", "发布单位", "信息提供单位", "供稿单位"):
        at = raw.find(label)
        if at >= 0 and re.search("发布时间|发布日期|浏览", line := _line_at(raw, at)) and len(line) < 200:
            colon = _SOURCE_AT.match(raw, at + len(label))
            value = _value(raw, colon.end()) if colon else None
            if value is not None:
                found.source = value
                found.evidence["source"] = Evidence(f"label {label}", value)
                return


_SOURCE_AT = re.compile(f"[】\\])）]?[ \u00a0\u3000]*[{_COLON}][ \u00a0\u3000\\r\\n\\t]*")


def _value(raw: str, at: int) -> str | None:
    """The words of a value that begins at a place; None for a placeholder."""
    text = raw[at : at + 120]
    end = _SOURCE_END.search(text)
    value = clean(text[: end.start()] if end else text).strip(" :：;；,，·-—.。()（）")
    if text and end and end.start() and text[: end.start()].rstrip().endswith(("...", "…")):
        value = clean(text[: end.start()])
    return None if not value or len(value) > 60 or _NO_SOURCE.fullmatch(value) else value


_PUBLISHER_LABELS = ("发布机构", "发文机关", "发文机构", "公开主体", "发布单位")


def _read_publisher(raw: str, found: Publication) -> None:
    for label in _PUBLISHER_LABELS:
        at = raw.find(label)
        if at < 0:
            continue
        here = _VALUE_AT.match(raw, at + len(label))
        value = _value(raw, here.end()) if here else None
        if value is not None and not re.search("[:：]|日期|时间|号$|名称", value):
            found.publisher = value
            found.evidence["publisher"] = Evidence(f"label {label}", value)
            return


_INDEX_LABEL = re.compile(f"索[{_SPACE}]*引(?:[{_SPACE}]*号)?")


def _read_index_no(raw: str, found: Publication) -> None:
    at = raw.find("索")
    while at >= 0:
        label = _INDEX_LABEL.match(raw, at)
        here = _VALUE_AT.match(raw, label.end()) if label else None
        value = _INDEX_NO.match(raw, here.end()) if here else None
        if value is not None and sum(character.isdigit() for character in value.group()) >= 4:
            found.index_no = value.group().rstrip("(（[〔:")
            found.evidence["index_no"] = Evidence("label 索引号", found.index_no)
            return
        at = raw.find("索", at + 1)


_DOC_LABEL = re.compile(
    f"(?:发[{_SPACE}]*文[{_SPACE}]*字|发[{_SPACE}]*文|文[{_SPACE}]*件?编?|公文|备注/文)[{_SPACE}]*$"
)


def _read_doc_no(raw: str, found: Publication) -> None:
    at = raw.find("号")
    while at >= 0:
        if _DOC_LABEL.search(raw[max(0, at - 14) : at]) or raw[max(0, at - 4) : at].endswith("文件编"):
            here = _VALUE_AT.match(raw, at + 1)
            value = _DOC_NO.match(raw, here.end()) if here else None
            if value is not None:
                found.doc_no = squeeze(value.group())
                found.evidence["doc_no"] = Evidence("label 文号", found.doc_no)
                return
        at = raw.find("号", at + 1)
