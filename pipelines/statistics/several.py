"""Archives of several reports on one page: of several years of an organ, or of several organs.

Such a page is one capture and becomes one report; a figure out of it may be any of theirs. A report that compares with
the year before, or names what its towns did, is one: it has the chapters of a report once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crawler.records.page import Page
from crawler.records.report import Figure
from crawler.words.text import squeeze, years_in
from pipelines.describe.organs import kind_of
from pipelines.describe.title_organ import organ_in_title
from pipelines.recognise.marks import REPORT_MARKS
from pipelines.recognise.titles import judge_title

_MARKS = {words: name for name, marks in REPORT_MARKS if name != "条例" for words in marks}
"""Chapters by their words. The regulation is named in one sentence or another; all others are chapters."""
_MARK = re.compile("|".join(map(re.escape, _MARKS)))
_NUMBER = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}(?:部分|篇|章)[：:、]?|[（(]?[一二三四五六七八九十]{1,3}[）)、.．]+"
    r"|\d{1,2}[）)、.．](?!\d)"
)
_YEAR_ALONE = re.compile(
    r"(?:19|20)\d\d年?度?(?:政府|政务)?(?:信息)?(?:公开)?(?:工作)?(?:年度)?(?:工作)?(?:报告|年报|情况)?[：:]?"
)
_SENTENCE = re.compile("[，。；！？,;]")
_LONGEST, _HEAD = 60, 24
"""Characters of a line that may be a title, and of the beginning of one that may be a chapter's."""
_SHARED, _SHARED_BY_ORGAN = 3, 4
"""Chapters that two reports have both; where only the name of an organ stands over them, more."""

_BREAK = "\ue000"
"""Of the private area, so that white space can be taken out of all lines in one go."""
_COUNT = re.compile(r"\d[条件]")
_GOVERNMENT = re.compile("(?:人民政府|政府)?(?:办公[室厅])?$")
_ROW = "\ue001"
"""For a row of a table, so that a chapter of nothing but a table has something below its heading."""
_MOST = 100
"""Reports of a page that are told apart; more are counted as so many."""


@dataclass(slots=True)
class _Part:
    """What follows a line that may begin a report: its years, its organ, whether it is nothing but that."""

    words: str
    years: frozenset[int]
    organ: str | None
    bare: bool
    chapters: set[str] = field(default_factory=set)
    counts: bool = False
    """Whether a number of pieces or cases stands in it."""


def several_reports(title: str | None, text: str) -> list[str]:
    """The lines with which the reports in a text begin, where it holds more than one; [] for one.

    `title`: the page's, which stands over what comes before the first such line.
    """
    prose = _BREAK.join(_ROW if "\t" in line else line for line in text.split("\n"))
    lines = [line for line in squeeze(prose).split(_BREAK) if line]
    chapters = _chapters(lines)
    counts = Counter(chapters.values())
    if sum(count > 1 for count in counts.values()) < _SHARED:
        titles = [line for line in lines if len(line) <= _LONGEST and "报告" in line and "公开" in line]
        if len(titles) < 2 or sum(map(_begins, titles)) < 2:
            return []
    parts = [_part(squeeze(title or ""))]
    for at, line in enumerate(lines):
        if at in chapters:
            parts[-1].chapters.add(chapters[at])
        elif len(line) <= _LONGEST and _begins(line):
            parts.append(_part(_NUMBER.sub("", line, count=1) if _NUMBER.match(line) else line))
            continue
        parts[-1].counts = parts[-1].counts or _COUNT.search(line) is not None
    reports: list[_Part] = []
    for part in parts:
        whole = len(part.chapters) >= _SHARED or (part.counts and not part.bare)
        if whole and len(reports) < _MOST and (not reports or any(_apart(part, other) for other in reports)):
            reports.append(part)
    return [part.words for part in reports] if len(reports) > 1 else []


def _chapters(lines: Sequence[str]) -> dict[int, str]:
    """Which lines are headings of chapters, by the chapter; those of a table of contents have nothing below."""
    found: dict[int, str] = {}
    for at, line in enumerate(lines):
        head = line[:_HEAD]
        chapter = _MARKS[mark[0]] if (mark := _MARK.search(head)) is not None else None
        if chapter is None or (len(line) > _HEAD and _NUMBER.match(line) is None):
            continue
        if not _begins(line):
            found[at] = chapter
    return {
        at: chapter
        for at, chapter in found.items()
        if len(lines[at]) > _LONGEST or (at + 1 < len(lines) and found.get(at + 1, chapter) == chapter)
    }


def _begins(line: str) -> bool:
    """Whether a line may be the title of a report, the year of one, or the name of its organ."""
    if len(line) > _LONGEST or _SENTENCE.search(line):
        return False
    number = _NUMBER.match(line)
    words = line[number.end() :] if number else line
    if _YEAR_ALONE.fullmatch(words) or judge_title(words, "", True).kind == "report":
        return True
    return kind_of(words) is not None


def _part(words: str) -> _Part:
    organ = organ_in_title(words) if words else None
    bare = not _YEAR_ALONE.fullmatch(words) and judge_title(words, "", True).kind != "report"
    return _Part(words, frozenset(years_in(words)), organ, bare)


def _apart(part: _Part, other: _Part) -> bool:
    """Whether two parts are reports of two years or of two organs: each has the chapters of a report, or both have
    titles of their own and say numbers."""
    shared = len(part.chapters & other.chapters)
    titled = part.counts and other.counts and not (part.bare or other.bare) and not (part.chapters and other.chapters)
    if not titled and shared < (_SHARED_BY_ORGAN if part.bare or other.bare else _SHARED):
        return False
    if part.years and other.years and part.years != other.years:
        return True
    if part.organ and other.organ:
        one, two = _GOVERNMENT.sub("", part.organ), _GOVERNMENT.sub("", other.organ)
        return not (one in two or two in one)
    return False


def settle_several(page: Page) -> None:
    """Leave no value to the figures of a page that holds several reports. Problem: `several_reports`."""
    reports = several_reports(page.title, page.text or "")
    if not reports:
        return
    page.problem("several_reports", f"{len(reports)} reports on one page: {'; '.join(reports)}"[:400])
    page.figures = [_unsettled(figure) for figure in page.figures]


def _unsettled(figure: Figure) -> Figure:
    return replace(figure, value=None, method="several reports")
