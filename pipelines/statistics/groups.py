"""The groups of section 四 by their names: reviews, lawsuits without a review before them, and those after one."""

from __future__ import annotations

from crawler.words.text import squeeze
from pipelines.statistics.labels import plain
from pipelines.statistics.vocabulary import vocabulary

_OVER_TWO = "行政诉讼"
"""The word over two groups: alone it names neither."""


def group_of(words: str) -> str | None:
    """The group that a header as printed or a line before a table names."""
    group = vocabulary().groups.get(plain(words))
    if group is not None:
        return group
    text = squeeze(words)
    if "未经" in text and "直接起诉" in text:
        return "suit_direct"
    return "suit_after_review" if "复议后起诉" in text and "未经" not in text else None


def group_before(lines: list[str]) -> str | None:
    """The group that the lines before a table name; None if the last that names any is the word over two groups."""
    for line in reversed(lines):
        group = group_of(line)
        if group is not None or plain(line) == _OVER_TWO:
            return group
    return None
