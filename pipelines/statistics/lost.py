"""What is told of tables that came as plain text and whose rows or heads cannot be put together again.

Where a PDF draws no rules, a label of several lines stands partly before its numbers and partly behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.statistics.figures import Found

REVIEW_HEADS = re.compile(r"\s*".join("未经复议直接起诉") + r"[\s|]*" + r"\s*".join("复议后起诉"))
"""Side by side only in the table of section 四."""
CAPTIONS = 2
"""Captions of article 20 from which on they are a table's; a sentence names one."""


def tell_rows(found: Found, labels: Sequence[str]) -> None:
    """Note a problem for rows, by their labels, of a table that is there and in which no numbers follow these."""
    if labels:
        found.problem("table_unread", f"no telling the numbers of {len(labels)} rows: {'; '.join(labels)}"[:400])


def tell_table(found: Found, name: str) -> None:
    """Note a problem for a table that is there, by its heads, and none of whose numbers could be read."""
    found.problem("table_unread", f"a table of {name} as text that fell apart into lines")
