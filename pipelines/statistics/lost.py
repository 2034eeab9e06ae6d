"""What is told of tables of the form whose numbers, rows or heads came to nothing.

Of those that came as plain text rows and heads cannot always be put together again: where a PDF draws no rules, a
label of several lines stands partly before its numbers and partly behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from crawler.records.page import Page
from crawler.reference.measures import TABLE_FORMS, form_of
from pipelines.statistics.annexlabels import places_of
from pipelines.statistics.figures import Found
from pipelines.statistics.grid import Cell, Grid
from pipelines.statistics.labels import plain
from pipelines.statistics.vocabulary import COMMON, vocabulary

REVIEW_HEADS = re.compile(r"\s*".join("未经复议直接起诉") + r"[\s|,;]*" + r"\s*".join("复议后起诉"))
"""Side by side only in the table of section 四."""
CAPTIONS = 2
"""Captions of article 20 from which on they are a table's; a sentence names one."""
_MOST_ROWS = 8
"""Rows of section 三 from which on the others are missed."""
_ANNEX = 15
"""Rows of the annex, each at the beginning of a cell or line, from which on a text holds it."""
_SHORTEST, _LONGEST = 4, 200
_TAIL = re.compile(r"[件条次篇个人万元]{0,2}\d[\d.]*$")
_PIECES = re.compile(r"[\s|│,，;；:：]+")
_NUMBERED = re.compile(
    r"[^\W\d][)）]?(?:[\s|│,，;；:：]{1,40}\d[\d.]*[件条次篇个人万元]{0,2}|\d[\d.]*)(?=[\s|│,，;；:：]|$)"
)
"""Words and a number as in a row of the annex; in sentences 件, 条, 年 stand behind it and nothing before."""
_TABLED = {"f2014", *TABLE_FORMS}
_NAMES = 3
"""Names of the form in a table from which on it is taken for one of the form's."""


def tell_numbers(found: Found, grids: Sequence[Grid]) -> None:
    """Note a problem for the numbers of tables that look like the form's and became no figure's, unless one is told of
    the table already."""
    told = {int(number) for _, detail in found.problems for number in _TABLE.findall(detail)}
    for grid in grids:
        if grid.number in told:
            continue
        left = _left(grid, found)
        if left and _is_form(grid):
            place = f"row {left[0].row}, column {left[0].column}: «{left[0].raw}»"
            found.problem("table_unread", f"table {grid.number}: {len(left)} numbers are no figure's, as {place}"[:400])


_TABLE = re.compile(r"\btable (\d+)\b")


def _left(grid: Grid, found: Found) -> list[Cell]:
    """The numbers behind the label of their row that were not read; a number alone in its row is a page's."""
    left: dict[Cell, None] = {}
    for row in grid.rows:
        printed = row.printed
        if len(printed) < 2:
            continue
        labels = [at for at, cell in enumerate(printed) if not any(sign.isdigit() for sign in cell.raw)]
        for cell in printed[labels[0] if labels else 0 :]:
            if cell.raw.isdecimal() and (grid.number, cell.row, cell.column) not in found.cells:
                left.setdefault(cell)
    return list(left)


def _is_form(grid: Grid) -> bool:
    words = vocabulary()
    named = {plain(cell.raw) for row in grid.rows for cell in row.printed if not cell.raw.isdecimal()} - COMMON
    kinds = (words.request_rows, words.article_rows, words.groups, words.results, words.applicants)
    columns = set().union(*words.article_columns.values())
    return sum(name in known for name in named for known in (*kinds, columns)) >= _NAMES


def tell_rows(found: Found, labels: Sequence[str]) -> None:
    """Note a problem for rows, by their labels, of a table that is there and in which no numbers follow these."""
    if labels:
        found.problem("table_unread", f"no telling the numbers of {len(labels)} rows: {'; '.join(labels)}"[:400])


def tell_table(found: Found, name: str) -> None:
    """Note a problem for a table that is there, by its heads, and none of whose numbers could be read."""
    found.problem("table_unread", f"a table of {name} as text that fell apart into lines")


def tell_annex(page: Page) -> None:
    """Note a problem for the annex of 2014 that stands in a text and of which no table was read."""
    text = page.text or ""
    if any(figure.form in _TABLED and figure.code for figure in page.figures):
        return
    if len([*islice(_NUMBERED.finditer(text), _ANNEX)]) < _ANNEX:  # cheaper to tell than what its labels may name
        return
    named = {
        places[0][0]
        for line in text.split("\n")
        for piece in _PIECES.split(line[:_LONGEST])
        if len(piece) >= _SHORTEST and (places := places_of(_TAIL.sub("", piece)))
    }
    if len(named) >= _ANNEX:
        page.problem("table_unread", f"{len(named)} rows of the annex of 2014 as text, none of them read")


def tell_order(found: Found, name: str) -> None:
    """Note a problem for a table that came as text and whose heads are not in the form's order, or that stands twice
    with other numbers: its numbers are not counted."""
    found.problem("table_unread", f"a table of {name} as text, in another order than the form's or twice")


def tell_absent(page: Page) -> None:
    """Note a problem for the rows and columns of section 三 and the groups of section 四 that have no figure at all,
    where the others have theirs.

    A table that is cut by pages may be read in part; what was told of a row already is not told again.
    """
    codes = {figure.code for figure in page.figures if figure.code and figure.form in TABLE_FORMS}
    groups = form_of("f2021").groups
    names = [
        group.label
        for group in groups
        if not any(f"{group.code}_{result.code}" in codes for result in form_of("f2021").results)
    ]
    if names and len(names) < len(groups) and not any(figure.form == "f2014" for figure in page.figures):
        page.problem("table_unread", f"{len(names)} groups of section 四 were not met: {'; '.join(names)}")
    found = [figure for figure in page.figures if figure.code and "__" in figure.code and figure.form in TABLE_FORMS]
    items = {figure.item for figure in found}
    if len(items) < _MOST_ROWS:
        return
    applicants = {figure.applicant for figure in found}
    columns = [column.label for column in form_of(found[0].form).request_columns if column.code not in applicants]
    if columns:
        page.problem("table_unread", f"{len(columns)} columns of section 三 were not met: {'; '.join(columns)}")
    told = "".join(problem.detail for problem in page.problems if problem.kind == "table_unread")
    absent = [
        row.label
        for row in form_of(found[0].form).request_rows
        if f"req_{row.code}" not in items and row.label not in told
    ]
    if absent:
        page.problem("table_unread", f"{len(absent)} rows of section 三 were not met: {'; '.join(absent)}"[:400])
