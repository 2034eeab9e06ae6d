"""The title as the lines of a page show it, where neither a meta tag nor a heading says which words it is.

Three ways, each with its own ground: a line that `<title>` has as a part of it (title, column and site stand there in
any order and with any separator); lines that read like a report's title, on a page that has a report's chapters; the
line above the publication line above the text. Boxes beside the article have lines of the same look, so the nearest to
the text counts (sources/pages#body, sources/pages#publication-line).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.words.display import CELL, LINE, Seen
from crawler.words.entries import is_organ
from crawler.words.labels import read_label
from crawler.words.text import clean, squeeze, years_in

_EDGE = re.compile(f"[{LINE}{CELL}]+|\\n[\\s]*")
_MAX_LINES = 3000
_SHORTEST, _LONGEST = 6, 120
_LONG = 50
"""A line with as many characters and a comma or full stop in it is text."""
_REPORT = re.compile(
    "[^。；：:，,?？!！]{0,60}(?:信息|政务|政府)公开[^。；：:，,]{0,16}(?:报告|年报)(?:[（(][^（）()]{1,12}[)）])?的?(?:函|公告|公示|通告|通知)?》?"
)
_PUBLICATION = re.compile(
    "(?:发布|发表|更新|公布|公开|生成|发文)?(?:时间|日期)[】)）]?[:：]?[\\[（(]?(?:19|20)\\d\\d|(?:来源|稿源)[:：]|"
    "^(?:19|20)\\d\\d[-年./]\\d{1,2}[-月./]\\d{1,2}日?(?:\\d{1,2}[:：]\\d\\d)?|(?:浏览|点击|阅读)(?:次数|量)[:：]|发布(?:时间|日期)"
)
_NO_TITLE = re.compile(
    "[:：]$|^(?:当前|您|首页)|位置[:：]|^\\d{4}[-年./]|字体|字号|打印|分享|^索引号|来源[:：]|(?:时间|日期)[:：]|[。；]$"
)
_LABEL = re.compile("[:：]$|^[\u3400-\u9fff]{0,4}(?:机构|机关|部门|单位|来源|主体)$")
"""Before the value of an index table."""
_CHAPTERS = ("主动公开", "依申请公开", "申请", "行政复议", "行政诉讼", "存在", "条例", "总体情况")
_ENOUGH_CHAPTERS = 5
_BETWEEN = 10
"""Lines that may stand between the publication line and the text."""


def lines_of(words: str) -> list[str]:
    """The lines of a page's words (`display.Seen.words`) that have any, tidied for display."""
    # The plain cut has as many pieces or more, and costs a fifth.
    pieces = words.replace(CELL, LINE).replace("\n", LINE).split(LINE)
    if len(pieces) > _MAX_LINES:
        pieces = _EDGE.split(words)[:_MAX_LINES]
    # What is printable and has no blank is tidy, as most lines are (`text.clean`).
    wild = "\u034f" in words
    return [
        line
        for piece in pieces
        if piece and (line := piece if piece.isprintable() and " " not in piece and not wild else clean(piece))
    ]


def line_in_window(lines: Sequence[str], window: str, none: Sequence[str]) -> str | None:
    """The longest line, or two that follow each other, that `<title>` (`window`) has as a part; `none`: squeezed words
    that are no title (the column, the site)."""
    flat = squeeze(window)
    signs = frozenset(flat)
    best, before = "", ""
    for line in lines:
        # A Chinese character stays what it is and where it is: most lines are told by their first.
        if "\u3000" < line[0] < "\uf900" and line[0] not in signs:
            before = ""
            continue
        words = squeeze(line)
        if 2 <= len(words) <= _LONGEST and words in flat:
            joined = before + words
            # a title broken over two lines stands in `<title>` without a separator
            for candidate, shown in ((words, line), *(((joined, joined),) if joined in window else ())):
                if len(candidate) > len(squeeze(best)) and candidate in flat and candidate not in none:
                    best = shown
            before = words
        else:
            before = ""
    return best if len(squeeze(best)) >= _SHORTEST else None


def has_chapters(flat: str) -> bool:
    """Whether the words of a page, without white space, have what a report's chapters speak of."""
    return sum(words in flat for words in _CHAPTERS) >= _ENOUGH_CHAPTERS


def reads_like_report(words: str) -> bool:
    """Whether words are a report's title: they name a year or an organ, which the column's name does not."""
    flat = squeeze(words)
    return (
        len(flat) <= _LONGEST
        and _REPORT.fullmatch(flat) is not None
        and (bool(years_in(flat)) or read_label(flat).kind not in ("column", "group"))
    )


def report_line(lines: Sequence[str], seen: Seen) -> str | None:
    """The title of a report in the lines above or at the beginning of its text: one line, or up to four together.

    What is the words of a link is an entry of a menu or list. Of several the nearest to the text counts.
    """
    text = next((at for at, line in enumerate(lines) if _is_text(line)), len(lines))
    found: str | None = None
    for at in range(min(text + 1, len(lines))):
        if "公" not in lines[at]:
            continue
        flat = squeeze(lines[at])
        if not _REPORT.fullmatch(flat) or seen.is_linked(flat):
            continue
        whole = _with_lines_before(lines, at)
        if reads_like_report(whole):
            found = whole
    return found


def _with_lines_before(lines: Sequence[str], at: int) -> str:
    """A line with those right above it that belong to it: the organ, the year, a word that begins the sentence."""
    whole = lines[at]
    for before in range(at - 1, max(at - 4, -1), -1):
        line = squeeze(lines[before])
        flat = squeeze(whole)
        lacks_organ = re.match(
            "(?:的|关于)?[（(]?(?:(?:19|20)\\d\\d|二[〇○零])|(?:政府|政务)?信息公开|政务公开|关于", flat
        )
        if not lacks_organ or len(line) > 30 or _NO_TITLE.search(line) or _PUBLICATION.search(line):
            break
        named = is_organ(line) or re.fullmatch("[（(]?(?:19|20)\\d\\d年?度?[)）]?|.{2,20}关于", line)
        if not named or line in flat or (before and _LABEL.search(squeeze(lines[before - 1]))):
            break
        whole = lines[before] + whole
    return whole


def _is_text(line: str) -> bool:
    return len(line) >= _LONG and ("，" in line or "。" in line) and not _PUBLICATION.search(squeeze(line)[:40])


def caption(lines: Sequence[str], seen: Seen) -> str | None:
    """The line above the publication line that stands above the text; None where the page has no such order."""
    text = next((at for at, line in enumerate(lines) if _is_text(line)), None)
    if text is None:
        return None
    for at in range(text - 1, max(text - _BETWEEN, 0), -1):
        if _PUBLICATION.search(squeeze(lines[at])) and len(lines[at]) < _LONGEST:
            break
    else:
        return None
    for before in range(at - 1, max(at - 6, -1), -1):
        line = lines[before]
        flat = squeeze(line)
        if _PUBLICATION.search(flat) or _NO_TITLE.search(flat):
            continue
        if _SHORTEST <= len(flat) <= _LONGEST and not seen.is_linked(flat) and re.search("[\u3400-\u9fff]{4}", flat):
            return line
        return None
    return None
