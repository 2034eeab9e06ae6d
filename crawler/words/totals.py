"""What a list says of itself in words: «共 45 条 当前第 1 / 5 页» (sources/pages#lists)."""

from __future__ import annotations

import re

_GAP = r"(?:\s|&nbsp;|&#160;|<(?!!--)[^<>]{0,120}>|[:：])*"
_ROWS_SAID = re.compile(
    rf"(?:[共总](?:有|计|记录数?|条数)?){_GAP}(\d{{1,6}}){_GAP}(?:条|篇)(?={_GAP}(?:记录|信息|数据|[,，;；\d]|当前|第|每页|分|首页|共|/|$))"
)
_PAGES_SAID = re.compile(rf"(?:(?:共|总页数|分为){_GAP}|(?<![\d/-])\d{{1,5}}{_GAP}/{_GAP})(\d{{1,5}}){_GAP}页")
_SIZES = ("pageSize", "PageSize", "pagesize", "page_size", "perPage", "perpage", "per_page")
_SIZE_SET = re.compile(r"(?<![\w$.])(?:page_?size|per_?page)\s*=\s*[\"']?(\d{1,3})\b", re.I)
_TOTAL_SET = re.compile(
    r"(?<![\w$.])(?:total(?:_?(?:counts?|rows?|records?|num|items?))?|(?:records?|rows?|items?)_?(?:counts?|total|num))"
    r"\s*=\s*[\"']?(\d{1,6})\b",
    re.I,
)
_NEAR = 300
"""Characters between the two variables of a pager."""
_ENDS_IN_NUMBER = re.compile(rf"\d{_GAP}$")
_MAX_MARKS = 500


def stated(html: str) -> tuple[int | None, int | None]:
    """The number of entries and of pages that a list says it has («共 45 条 当前第 1 / 5 页»), comments not read."""
    return _number_before(html, "条", _ROWS_SAID), _number_before(html, "页", _PAGES_SAID)


def counted(html: str) -> int | None:
    """The number of entries that a script sets beside that of the entries on a page, where they are more than one page:
    var totalCount = 47, pageSize = 15. None where none does."""
    if not any(name in html for name in _SIZES):
        return None
    for size in _SIZE_SET.finditer(html):
        around = html[max(0, size.start() - _NEAR) : size.end() + _NEAR]
        total = _TOTAL_SET.search(around)
        if total is not None and 0 < int(size[1]) < int(total[1]):
            return int(total[1])
    return None


def _number_before(html: str, mark: str, pattern: re.Pattern[str]) -> int | None:
    """What a pattern finds that ends in a mark: asked only around the mark, since few of them have a number before."""
    at = -1
    for _ in range(_MAX_MARKS):
        at = html.find(mark, at + 1)
        if at < 0:
            return None
        start = max(0, at - 160)
        if html[at - 1 : at].isalpha() or not _ENDS_IN_NUMBER.search(html, max(0, at - 80), at):
            continue
        found = next((hit for hit in pattern.finditer(html, start, at + 60) if hit.start() <= at < hit.end()), None)
        if found is not None and not _in_comment(html, found.start()):
            return int(found.group(1))
    return None


def _in_comment(html: str, at: int) -> bool:
    opened = html.rfind("<!--", max(0, at - 5000), at)
    return opened >= 0 and html.find("-->", opened, at) < 0
