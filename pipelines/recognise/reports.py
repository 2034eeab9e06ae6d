"""Whether a page is a report: by title, by text, as a letter, as files; and lists that show a report's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from crawler.records.capture import Kind
from crawler.words.labels import read_label
from crawler.words.text import squeeze
from pipelines.describe.caption import reads_like_report
from pipelines.documents.elsewhere import text_elsewhere
from pipelines.documents.parts import parts_of
from pipelines.documents.places import is_called_file
from pipelines.recognise.facts import Facts
from pipelines.recognise.marks import PERIOD, PREAMBLE
from pipelines.recognise.titles import RULES as TITLE_RULES
from pipelines.recognise.titles import is_government_host

Answer = tuple[Kind, str] | None
"""What a rule says: kind and detail, or None where it does not know."""

ARTICLE_PATH = re.compile(
    r"/t\d{8}_\d+|/art_\d+_\d+|/art_[0-9a-f]{32}|/content/post_\d+|/content_\d+|/[0-9a-f]{32}\.s?html?$|/info/\d+/\d+\.htm"
    r"|/\d{4}-\d{2}[-/]\d{2}/\d+|/\d{6}/\d{1,2}/[0-9a-f-]{36}|/doc/\d{4}/\d{2}/\d{2}/\d+",
    re.I,
)
"""Addresses of articles by CMS family (sources/pages#addresses); a listing never has one."""


def report(facts: Facts) -> Answer:
    """A report by its title, with chapters of a report in its text, or files and pictures instead of a text."""
    if facts.verdict.kind != "report":
        return _letter(facts)
    chapters = facts.chapters
    if _LETTER.search(squeeze(facts.page.title or "")[-20:]) and _NOTICE.search(facts.page.title or ""):
        # it may carry a report, or ask for one and name the chapters in a row
        chapters = chapters if facts.headings >= _OWN_HEADINGS - 1 else []
    # a town's whole report may be six headings with «无» below
    if len(chapters) >= 3 and (facts.published or facts.beside_links > 600 or facts.headings >= _OWN_HEADINGS):
        return "report", f"{facts.verdict.detail}; {', '.join(chapters)}"
    if facts.dates >= 3 and facts.links >= 5 and not facts.published:
        return None  # a list that bears the column's name
    if len(chapters) < 2 and _is_way(facts):
        return None
    if (facts.published or ARTICLE_PATH.search(facts.url.path)) and (body_files(facts) or len(chapters) >= 2):
        return "report", f"{facts.verdict.detail}; text in files or pictures" if len(
            chapters
        ) < 2 else facts.verdict.detail
    return None


def _is_way(facts: Facts) -> bool:
    """Whether a page is called no more than its column and leads to years, groups of organs or reports: a step on the
    way to these, whatever files and pictures its frame shows (sources/pages#names-of-columns). An article of that name
    may be a report with the others' titles beside it."""
    if read_label(squeeze(facts.page.title or "")).kind not in ("column", "group", "upper"):
        return False
    steps = {words for words in facts.link_words if read_label(words).kind in ("year", "years", "group", "item")}
    return len(steps) >= _STEPS and not ARTICLE_PATH.search(facts.url.path)


_STEPS = 2
"""Links to years, groups or reports that make a page a step; one may stand in a menu."""
_OWN_HEADINGS = 4
"""Numbered headings at the beginning of a line that only a text of its own has; a notice names chapters in a row."""
_LETTER = re.compile("(?:函|报告|公告|公示|通告|请示|通知)(?:[（(].{0,12}[)）])?$")
_NOTICE = re.compile(r"(?:函|通知)\s*(?:[（(].{0,12}[)）])?\s*$")
_ORDERS = re.compile("做好|编制|编写|撰写|组织|开展|加强|规范|进一步|征集|填报|格式|方案|要求")


def _letter(facts: Facts) -> Answer:
    """A report sent as a letter (…年度报告的函, 关于报送…的报告): the title is a notice's, the text a report's."""
    title = squeeze(facts.page.title or "")
    if facts.verdict.rule != "编制通知" or not _LETTER.search(title) or _ORDERS.search(title):
        return None
    if facts.headings < _OWN_HEADINGS or len(facts.chapters) < 4 or not (facts.published or facts.beside_links > 600):
        return None
    said = PREAMBLE.search(facts.flat) or PERIOD.search(facts.flat)
    return ("report", f"{said.group()[:60]}; {', '.join(facts.chapters)}") if said and _government(facts) else None


def entries(facts: Facts) -> Answer:
    """A list that shows the first sentences of each entry: the column's name for a title, reports' names in links."""
    title = squeeze(facts.page.title or "")
    if facts.tree is None or facts.dates < _FEW_ENTRIES or read_label(title).kind not in _COLUMN_LABELS:
        return None
    names = {words for words in facts.link_words if reads_like_report(words)}
    found = len(names) >= _FEW_ENTRIES and 2 * facts.dates >= len(names)
    return ("list", f"{len(names)} links with reports' titles, {facts.dates} dates") if found else None


_FEW_ENTRIES = 3
_COLUMN_LABELS = ("column", "group", "year", "years", "upper")


def report_by_text(facts: Facts) -> Answer:
    """A title that does not say so (only the organ's name, or none): the column and the text must."""
    title = facts.page.title or ""
    if facts.verdict.kind == "lookalike" or any(rule.pattern.search(title) for rule in TITLE_RULES):
        return None
    if not _government(facts) or len(facts.flat) < 400 or "信息公开" not in facts.flat:
        return None
    chapters = facts.chapters
    if len(chapters) < 4 or facts.dates > 60:
        return None
    column = " ".join((*facts.page.breadcrumb, facts.metas.get("columnname", ""), facts.document_title))
    preamble = PREAMBLE.search(facts.flat)
    if not preamble or not (_COLUMN.search(column) or len(chapters) >= 6):
        return None
    return "report", f"{preamble.group()[:60]}; {', '.join(chapters)}"


_COLUMN = re.compile("年报|年度报告|信息公开.{0,6}报告")


def body_files(facts: Facts) -> bool:
    """Files of documents or large pictures on the page: a report may be nothing but these."""
    if _FILE_LINK.search(facts.source) or any(_FILE_NAME.search(words) for words in facts.link_words):
        return True
    if not facts.chapters and text_elsewhere(facts.tree, facts.page.capture.url, title=facts.page.title):
        return True
    if facts.tree is None:
        return False
    if any(is_called_file(link, link.get("href")) for link in facts.anchors if link.get("href")):
        return True
    if parts_of(facts.page, bare=True):
        return True
    return not facts.chapters and any(not _NO_PICTURE.search(source) for source in _pictures(facts.tree))


_MAX_PICTURES, _MAX_ABOVE = 2000, 20
"""Pictures that are looked at, and elements above each: a search of the whole page for each paragraph is quadratic."""


def _pictures(tree: Any) -> Iterator[str]:
    """Addresses of the pictures in paragraphs that are not said to be small."""
    for picture in islice(tree.iter("img"), _MAX_PICTURES):
        small = any(_is_small(picture.get(side)) for side in ("width", "height"))
        if not small and any(above.tag == "p" for above in islice(picture.iterancestors(), _MAX_ABOVE)):
            yield picture.get("src") or ""


def _is_small(size: str | None) -> bool:
    digits = (size or "").strip()
    return digits.isascii() and digits.isdigit() and len(digits) < 6 and int(digits) < 200


_NO_PICTURE = re.compile(
    r"^data:|icon|logo|ewm|erweima|qr|conac|beian|ghs|jiucuo|fileTypeImages|blank|spacer|share|print", re.I
)
"""A picture in a paragraph of its own, not small, no badge: a report may be scans (sources/pages#attachments)."""

_FILE_LINK = re.compile(
    r"""(?:href|src|oldsrc|data|file|url)\s*[=:]\s*["'][^"']{1,300}?(?:\.(?:pdf|docx?|wps|ofd)\b|/P0\d{15,}|/W0\d{15,}|downfile\.jsp|download\.jsp)""",
    re.I,
)

_FILE_NAME = re.compile(r"\.(?:pdf|docx?|wps|ofd)$", re.I)
"""A file whose name stands only in the words of its link (sources/pages#attachments)."""


def _government(facts: Facts) -> bool:
    return facts.page.context.trusted_host or is_government_host(facts.page.capture.url)
