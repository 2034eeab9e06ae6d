"""What is told of tables that came as plain text and whose rows or heads cannot be put together again.

Where a PDF draws no rules, a label of several lines stands partly before its numbers and partly behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.records.page import Page
from crawler.reference.measures import TABLE_FORMS, form_of
from pipelines.statistics.figures import Found

REVIEW_HEADS = re.compile(r"\s*".join("未经复议直接起诉") + r"[\s|]*" + r"\s*".join("复议后起诉"))
"""Side by side only in the table of section 四."""
CAPTIONS = 2
"""Captions of article 20 from which on they are a table's; a sentence names one."""
_MOST_ROWS = 8
"""Rows of section 三 from which on the others are missed."""


def tell_rows(found: Found, labels: Sequence[str]) -> None:
    """Note a problem for rows, by their labels, of a table that is there and in which no numbers follow these."""
    if labels:
        found.problem("table_unread", f"no telling the numbers of {len(labels)} rows: {'; '.join(labels)}"[:400])


def tell_table(found: Found, name: str) -> None:
    """Note a problem for a table that is there, by its heads, and none of whose numbers could be read."""
    found.problem("table_unread", f"a table of {name} as text that fell apart into lines")


def tell_absent(page: Page) -> None:
    """Note a problem for the rows of section 三 that have no figure at all, where the others have theirs.

    A table that is cut by pages may be read in part; what was told of a row already is not told again.
    """
    found = [figure for figure in page.figures if figure.code and "__" in figure.code and figure.form in TABLE_FORMS]
    items = {figure.item for figure in found}
    if len(items) < _MOST_ROWS:
        return
    told = "".join(problem.detail for problem in page.problems if problem.kind == "table_unread")
    absent = [
        row.label
        for row in form_of(found[0].form).request_rows
        if f"req_{row.code}" not in items and row.label not in told
    ]
    if absent:
        page.problem("table_unread", f"{len(absent)} rows of section 三 were not met: {'; '.join(absent)}"[:400])
