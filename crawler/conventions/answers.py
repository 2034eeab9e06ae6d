"""Rows of a list that stand in data and not in a page: datastores, answers of services, the tree of a directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from lxml import etree

from crawler.conventions import epoint, gkmlpt, jpaas
from crawler.conventions.hanweb import records_in

_ANSWERS: tuple[Callable[[Any], str | None], ...] = (jpaas.rows, gkmlpt.rows, epoint.rows)


def data_rows(text: str) -> Any:
    """One tree with the rows that a page's source or an answer holds as data, None where it holds none.

    Never raises. The rows are links with their dates, as the convention that knows the data puts them.
    """
    if text[:64].lstrip("\ufeff \t\r\n")[:1] == "{":
        rows = _answer(text)
    else:
        records = records_in(text)
        if records is not None:
            return records
        rows = gkmlpt.tree_rows(text)
    if not rows or not rows.strip():
        return None
    try:
        return etree.HTML(f"<div>{rows}</div>")
    except (etree.ParserError, ValueError):
        return None


def _answer(text: str) -> str | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return next((rows for read in _ANSWERS if (rows := read(data)) is not None), None)
