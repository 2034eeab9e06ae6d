"""What the words of the standard forms mean: from a plain label to the row, column, block or group that it names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from crawler.records.report import Form
from crawler.reference.measures import Word, form_of
from pipelines.statistics.labels import plain

STANDARD: tuple[Form, ...] = ("f2021", "f2019")
COMMON = frozenset({"其他", "其它", "总计", "合计", "小计"})
"""Names that stand in rows and in columns, of these forms and of any table: alone they say nothing."""


class Vocabulary(NamedTuple):
    """Plain words of f2019 and f2021 together; what only one form has is told apart by its code."""

    applicants: dict[str, str]
    grouping: frozenset[str]
    """Headers that stand over applicants: 法人或其他组织, 申请人情况."""
    subtotals: frozenset[str]
    request_rows: dict[str, tuple[tuple[str, str | None], ...]]
    """Row and block by plain label."""
    blocks: dict[str, str]
    article_rows: dict[str, tuple[str, str]]
    """Caption and row by plain label."""
    article_columns: dict[str, dict[str, str]]
    """By caption, then plain header: the column."""
    groups: dict[str, str]
    results: dict[str, str]


def names_of(word: Word) -> Iterable[str]:
    """The plain forms of a word's label and variants."""
    return (plain(name) for name in (word.label, *word.variants))


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of the standard forms, put together once."""
    rows: dict[str, dict[str, str | None]] = {}
    found = Vocabulary({}, frozenset({"法人或其他组织", "申请人情况"}), frozenset(), {}, {}, {}, {}, {}, {})
    subtotals: set[str] = set()
    for form in map(form_of, STANDARD):
        subtotals.update(map(plain, form.subtotals))
        _put(found.applicants, form.request_columns)
        _put(found.blocks, form.request_blocks)
        _put(found.groups, form.groups)
        if form.review_group is not None:  # the word over two groups, which notes in brackets tell apart
            found.groups.pop(plain(form.review_group.label), None)
        _put(found.results, form.results)
        for row in form.request_rows:
            for name in names_of(row):
                rows.setdefault(name, {})[row.code] = row.block
        for caption in form.captions:
            _put(found.article_columns.setdefault(caption.code, {}), caption.columns)
            for row in caption.rows:
                for name in names_of(row):
                    found.article_rows.setdefault(name, (caption.code, row.code))
    for name, codes in rows.items():
        found.request_rows[name] = tuple(codes.items())
    return found._replace(subtotals=frozenset(subtotals))


def _put(into: dict[str, str], words: tuple[Word, ...]) -> None:
    for word in words:
        for name in names_of(word):
            into.setdefault(name, word.code)
