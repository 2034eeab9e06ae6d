"""What stands around a text: when it was published and by whom, its index and document number.

Labels are found by plain string search in the words of the page in order (words.display), where the dates that inline
scripts write stand in their place; in which part of them says `place`. Labels and traps with counts:
sources/pages#publication-line. The date a reader sees differs from `meta PubDate` on a quarter of real pages, mostly
after a migration.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.records.capture import Evidence
from crawler.words.stamps import stamp_in_markup
from crawler.words.text import clean, squeeze
from pipelines.describe.days import RULES, read_day, unpadded
from pipelines.describe.labelled import SPACE, VALUE_AT
from pipelines.describe.place import places
from pipelines.describe.publisher import read_publisher, read_source

_INDEX_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-—－–_/.〔〕\[\]()（）:]*")
_DOC_NO = re.compile(
    r"[\u3400-\u9fff]{1,14}(?:〔|\[|［|（|\(|【)\s*(?:19|20)\d\d\s*(?:年)?(?:〕|\]|］|）|\)|】)\s*第?\s*\d{1,5}\s*号|"
    r"(?:[\u3400-\u9fff]{2,20})?第\d{1,5}号令?|[\u3400-\u9fff]{2,12}\d{4}年第?\d{1,4}号"
)
_META_DATES = ("pubdate", "publishdate", "pubtime")
_META_SOURCES = ("contentsource", "source")


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


def read_publication(
    raw: str, title: str | None, metas: dict[str, str], text: str | None = None, stamps: Sequence[str] = ()
) -> Publication:
    """Read everything from a page's words (`display.Seen.words`). `metas`: the meta tags by lower-case name.

    The date: a labelled date of publication at the title; else a bare one beside 来源 or under the title; else that of
    an update; else the index table's (生成日期, 成文日期); else `meta PubDate`; else one that only the mark-up carries
    (`stamps`: JSON-LD, `time`, `data-`); else one in brackets under the title. Never the address's. The source: the
    one with a label, else the meta tag's. `text`: the article's own, which says where the line above it ends.
    """
    found = Publication()
    raw = unpadded(raw)
    parts = places(raw, title, text)
    day = read_day(parts, title)
    if day is not None and day.rule != "bracketed":
        found.published_on = day.iso
        found.evidence["published_on"] = Evidence(RULES[day.rule], day.words)
    else:
        for rule, value in (
            *(("meta PubDate", metas[name]) for name in _META_DATES if name in metas),
            *(("date in the mark-up", value) for value in stamps),
        ):
            iso = stamp_in_markup(value)
            if iso is not None:
                found.published_on = iso
                found.evidence["published_on"] = Evidence(rule, clean(value))
                break
        else:
            if day is not None:
                found.published_on = day.iso
                found.evidence["published_on"] = Evidence(RULES[day.rule], day.words)
    publisher = read_publisher(parts)
    if publisher is not None:
        found.publisher = publisher.detail
        found.evidence["publisher"] = publisher
    _read_index_no(raw, found)
    _read_doc_no(raw, found)
    # 来源 stands on the line of the date; behind the text only where the date does
    ahead = parts[: day.part + 1] if day is not None and len(parts) > 1 and day.part < len(parts) - 1 else parts
    source = read_source(ahead, metas, _META_SOURCES)
    if source is not None:
        found.source = source.detail
        found.evidence["source"] = source
    elif publisher is not None and day is not None and (day.rule == "made" or read_publisher([parts[day.part]])):
        # a page with an index table and no line of its own for the source
        found.source = found.publisher
        found.evidence["source"] = publisher
    return found


_INDEX_LABEL = re.compile(f"索[{SPACE}]*引(?:[{SPACE}]*号)?")


def _read_index_no(raw: str, found: Publication) -> None:
    at = raw.find("索")
    while at >= 0:
        label = _INDEX_LABEL.match(raw, at)
        here = VALUE_AT.match(raw, label.end()) if label else None
        value = _INDEX_NO.match(raw, here.end()) if here else None
        if value is not None and sum(character.isdigit() for character in value.group()) >= 4:
            found.index_no = value.group().rstrip("(（[〔:")
            found.evidence["index_no"] = Evidence("label 索引号", found.index_no)
            return
        at = raw.find("索", at + 1)


_DOC_LABEL = re.compile(f"(?:发[{SPACE}]*文[{SPACE}]*字|发[{SPACE}]*文|文[{SPACE}]*件?编?|公文|备注/文)[{SPACE}]*$")


def _read_doc_no(raw: str, found: Publication) -> None:
    at = raw.find("号")
    while at >= 0:
        if _DOC_LABEL.search(raw[max(0, at - 14) : at]) or raw[max(0, at - 4) : at].endswith("文件编"):
            here = VALUE_AT.match(raw, at + 1)
            value = _DOC_NO.match(raw, here.end()) if here else None
            if value is not None:
                found.doc_no = squeeze(value.group())
                found.evidence["doc_no"] = Evidence("label 文号", found.doc_no)
                return
        at = raw.find("号", at + 1)
