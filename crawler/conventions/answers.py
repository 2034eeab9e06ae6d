"""Rows of a list that stand in data and not in a page: datastores, answers of services, the tree of a directory."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree

from crawler.conventions.functions import Functions
from crawler.conventions.literals import literal_rows
from crawler.conventions.registry import SYSTEMS


def data_rows(text: str, functions: Functions) -> Any:
    """One tree with the rows that a page's source or an answer holds as data, None where it holds none.

    Never raises. The rows are links with their dates, as the convention that knows the data puts them; data that none
    knows is read as literals (literals.py). `functions`: those of the page's scripts.
    """
    if text[:64].lstrip("\ufeff \t\r\n")[:1] == "{":
        rows = _answer(text)
    else:
        readers = (system.embedded for system in SYSTEMS if system.embedded is not None)
        rows = next((found for read in readers if (found := read(text)) is not None), None)
    if rows is None:
        rows = literal_rows(text, functions)
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
    readers = (system.answer for system in SYSTEMS if system.answer is not None)
    return next((rows for read in readers if (rows := read(data)) is not None), None)
