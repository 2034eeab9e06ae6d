"""The chapters of a text, by the numbers of its headings."""

from __future__ import annotations

import re

from crawler.records.report import Section

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_HEADINGS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"{_NUMERAL}、|第{_NUMERAL}(?:部分|章|节)|{_NUMERAL}[.．]")),
    (2, re.compile(rf"[（(]{_NUMERAL}[）)]|[㈠-㈩]")),
    (3, re.compile(r"\d{1,2}[.．、](?!\d)|[（(]\d{1,2}[）)]|[①-⑳]")),
)
_MAX_HEADING = 60
MAX_SECTIONS = 1000
"""Sections of one text; the longest real report has some fifty."""


def read_sections(lines: list[str]) -> list[Section]:
    """The chapters of a text by its numbered headings: 一、 level 1, （一） level 2, 1. level 3.

    What stands before the first heading is a section without heading. A heading followed by its text on the same
    line (`（一）主动公开。全年…`) ends at the first full stop or colon. Table rows are never headings.
    """
    sections: list[Section] = []
    level, heading = 1, None
    start = at = 1

    def close() -> None:
        length = max(at - 1 - start, 0)
        if heading is not None or length:
            sections.append(Section(len(sections), level, heading, start, length))

    for line in lines:
        opening = _heading(line) if len(sections) < MAX_SECTIONS - 1 else None
        if opening is not None:
            close()
            level, heading, rest = opening
            start = at + len(line) + 1 - (len(rest) + 1 if rest else 0)
        at += len(line) + 1
    close()
    return sections


def _heading(line: str) -> tuple[int, str, str] | None:
    """(level, heading, text after it on the line) if the line opens a section."""
    if "\t" in line:
        return None
    for level, pattern in _HEADINGS:
        if not pattern.match(line):
            continue
        if len(line) <= _MAX_HEADING and line[-1] not in "。；;，,":
            return level, line, ""
        cut = re.search("[。：:；]", line[:_MAX_HEADING])
        if level < 3 and cut is not None and cut.group() == "。":
            return level, line[: cut.start()], line[cut.end() :].strip()
        return (level, line.rstrip("。；;，,"), "") if level == 1 and len(line) <= _MAX_HEADING else None
    return None
