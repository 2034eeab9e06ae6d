"""Whether a table that came as text stands in the form's order: its columns, its groups, its labels before its numbers.

Numbers of a text are counted, not found under their heads. What the heads say of another order, or of more columns, is
the only hint that counting would give each measure its neighbour's number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.reference.measures import form_of
from pipelines.statistics.sums import run_together

_WORD = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"\d+")
_NUMBERING = re.compile(r"[一二三四五六七八九十]\s*[、.]\s*$")
_MORE = re.compile("备注|同比|环比|增减|小计|上年|去年|序号|代码|单位")
"""Heads of columns that the form does not have."""


_ROW = 2
"""Numbers from which on they are a row's; one may be that of the page."""


def _spaced(words: str) -> re.Pattern[str]:
    return re.compile(r"\s*".join(map(re.escape, words)))


_COLUMNS = [_spaced(column.label) for column in form_of("f2021").request_columns]
_GROUPS = [_spaced(group.label) for group in form_of("f2021").groups]
_OVER_TWO = _spaced("行政诉讼")


def columns_in_order(head: str) -> bool:
    """Whether the heads before the first row of section 三 name each kind of applicant at most once, in the form's
    order. Those of a head in two lines stand in another: 自然人 and 总计 before the kinds of organizations."""
    places = [[match.start() for match in column.finditer(head)] for column in _COLUMNS]
    natural, *organizations, other, total = places
    if any(len(place) > 1 for place in (natural, *organizations)):
        return False
    firsts = [place[0] for place in (natural, *organizations) if place]
    if firsts != sorted(firsts):
        return False
    inside = [place[0] for place in organizations if place]
    last = max([*firsts[-1:], *(place for place in other if inside and place > inside[0])], default=0)
    among = [place for place in total if inside and inside[0] < place < last]
    return not among and not any(place < firsts[0] for place in total if firsts)


def words_in_order(head: str, columns: Iterable[re.Pattern[str]]) -> bool:
    """Whether the columns of section 二 that the heads name stand in the form's order."""
    places = [match.start() for column in columns if (match := column.search(head)) is not None]
    return places == sorted(places)


def has_more_columns(head: str) -> bool:
    """Whether the heads name a column that the form does not have."""
    return _MORE.search(head) is not None


def labels_behind(head: str, columns: int) -> bool:
    """Whether numbers of a whole row stand between the heads and the first label: they are that label's. Those that
    count the columns are none."""
    head = _NUMBERING.sub("", head)
    words = list(_WORD.finditer(head))
    between = head[words[-1].end() if words else 0 :]
    numbers = [int(number) for number in _NUMBER.findall(between)]
    if numbers == list(range(1, len(numbers) + 1)):
        return False
    return len(numbers) >= max(columns, _ROW) or (run_together(between) and len(between.strip()) >= max(columns, _ROW))


def groups_in_order(head: str) -> bool:
    """Whether the last names of the groups of section 四 before its numbers stand in the form's order."""
    review, direct, after = (_last(group, head) for group in _GROUPS)
    lawsuits = _last(_OVER_TWO, head)
    return all(first < second for first, second in ((review, lawsuits), (direct, after)) if first >= 0 and second >= 0)


def group_before(head: str) -> int | None:
    """The place in the form of the group that is named last in these words; None if none is, or 行政诉讼 alone."""
    places = [_last(group, head) for group in _GROUPS]
    best = max(range(len(places)), key=places.__getitem__)
    return best if places[best] >= 0 and places[best] > _last(_OVER_TWO, head) else None


def _last(name: re.Pattern[str], words: str) -> int:
    return max((match.start() for match in name.finditer(words)), default=-1)


def prints_zeros(rows: Iterable[Sequence[str]], columns: int) -> bool:
    """Whether a row shows that a table prints its noughts: digits that begin with one, or as many digits as columns and
    most of them noughts. Without such a row, digits that ran together may lack the cells that are blank.

    `rows`: chunks of digits."""
    whole = ["".join(chunks) for chunks in rows]
    return any(row[:1] == "0" or (len(row) == columns and 2 * row.count("0") > columns) for row in whole)
