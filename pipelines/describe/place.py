"""Where on a page a fact about its article may stand: at the title first, never in a box beside it.

A page prints other articles' dates and sources, too (a list of the latest, a box of recommendations, a template). Those
of the article stand between its title and the beginning of its text, in the index table above the title, or right
behind its text (sources/pages#publication-line). What stands elsewhere counts only where the page has no title or text
that is found again in its words.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from crawler.words.display import CELL, LINE
from crawler.words.text import squeeze

_BLANK = f"\\s\u200b\ufeff\u00a0\u3000{LINE}{CELL}"
_GAP = f"[{_BLANK}]*"
_BLANK_RUN = re.compile(f"([{_BLANK}][{_BLANK}]*)")
_ABOVE, _BELOW, _BEHIND = 600, 600, 160
"""Characters of words that are looked at above the title, below it where the text's beginning is not known, and behind
the text."""
_LETTERS, _MAX_PLACES = 40, 24
_FOOTER = re.compile(
    "版权所有|主办单位|主办[:：]|承办|网站地图|联系我们|ICP备|网站标识码|上一篇|下一篇|相关(?:文章|信息|阅读|新闻|稿件|链接)"
)
"""From here on the page's own foot speaks, or of other articles."""
_INDEX = re.compile(f"索{_GAP}引|发布机构|发文机关|公开主体|主题分类|信息分类|组配分类|发文字号|文{_GAP}号")


_RUN = re.compile(f"([\\s\u200b\ufeff{LINE}{CELL}][\\s\u200b\ufeff{LINE}{CELL}]+)")


def tightened(raw: str) -> str:
    """The words with every run of white space as one mark: the edge of a cell or block in it, else the line's end, else
    two blanks. Pages indent by hundreds of blanks."""
    parts = _RUN.split(raw)
    marks = {blanks: _mark(blanks) for blanks in set(parts[1::2])}
    parts[1::2] = [marks[blanks] for blanks in parts[1::2]]
    return "".join(parts)


def _mark(blanks: str) -> str:
    return CELL if CELL in blanks else LINE if LINE in blanks else "\n" if "\n" in blanks else blanks[:2]


def places(raw: str, title: str | None, text: str | None) -> tuple[str, ...]:
    """The parts of the words of a page (`display.Seen.words`) where its article's date and source may stand.

    Below the title, in the index table above it, behind the text; the whole where neither title nor text are found.
    `text`: the article's own, None where it is not known (a report in a file).
    """
    ground = _Ground(tightened(raw))
    raw = ground.raw
    name = squeeze(title or "")
    lines = (text or "").split("\n")
    # A title may be printed in the text once more.
    opening = next((line for line in lines if _is_telling(line) and not _is_title(line, name)), None)
    first = ground.find(opening) if opening is not None else []
    titles = ground.find(title or "")
    begins = next((start for start, _ in first if not titles or start >= titles[0][1]), None)
    above = [place for place in titles if begins is None or place[1] <= begins]
    if not above and begins is None:
        return (raw,)
    start, end = above[-1] if begins is not None and above else above[0] if above else (begins or 0, begins or 0)
    if begins is not None and not above:
        # without a title the line nearest to the text is its own
        near = max(0, begins - _BEHIND)
        return (raw[near:begins], raw[max(0, begins - _ABOVE) : near], *_behind(ground, begins, lines))
    # A title printed above the crumbs and again above the text, or repeated as the text's first line: the first of the
    # last run of them that has nothing but the publication line between.
    for earlier in reversed(above[:-1]):
        if start - earlier[1] > _ABOVE:
            break
        start, end = earlier
    below = raw[end : begins if begins is not None else end + _BELOW][: 2 * _BELOW]
    index = raw[max(0, start - _ABOVE) : start]
    found = _INDEX.search(index)
    return (below, index[found.start() :] if found else "", *_behind(ground, begins, lines))


def _is_telling(line: str) -> bool:
    """Whether a line of a text is no row of a table, and long enough to be found again."""
    return "\t" not in line and len(squeeze(line)) > 8


def _is_title(line: str, name: str) -> bool:
    return name != "" and (squeeze(line) in name or name in squeeze(line[:_BELOW]))


def _behind(ground: _Ground, begins: int | None, lines: list[str]) -> tuple[str, ...]:
    """What stands right behind the text."""
    closing = next(filter(_is_telling, reversed(lines)), None)
    if begins is None or closing is None:
        return ()
    last = [place for place in ground.find(closing[-_LETTERS:]) if place[0] >= begins]
    return (_FOOTER.split(ground.raw[last[-1][1] : last[-1][1] + _BEHIND], maxsplit=1)[0],) if last else ()


class _Ground:
    """The words of a page, in which others are found however white space and the edges of blocks cut them."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        parts = _BLANK_RUN.split(raw)  # words and blanks in turn
        ends = list(accumulate(map(len, parts)))
        self._begins = [0, *ends[1::2]]
        self._letters = "".join(parts[::2])
        self._counts = [0, *accumulate(map(len, parts[::2]))]

    def find(self, words: str) -> list[tuple[int, int]]:
        """Where the first letters of words stand: (start, end), in order, at most _MAX_PLACES."""
        letters = squeeze(words)[:_LETTERS]
        found: list[tuple[int, int]] = []
        at = self._letters.find(letters) if len(letters) >= 2 else -1
        while at >= 0 and len(found) < _MAX_PLACES:
            found.append((self._place(at), self._place(at + len(letters) - 1) + 1))
            at = self._letters.find(letters, at + len(letters))
        return found

    def _place(self, letter: int) -> int:
        run = bisect_right(self._counts, letter) - 1
        return self._begins[run] + letter - self._counts[run]
