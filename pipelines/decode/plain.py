"""A text without mark-up (text/plain, Markdown) as the page that it would be: paragraphs, headings, tables.

A line is a paragraph; lines of pipes, tabs or commas that follow each other are a table; the first line is the title.
Only a text with a report's chapters is read so: all other text is a file like any other.
"""

from __future__ import annotations

import csv
import re
from html import escape
from itertools import groupby

from pipelines.decode.literals import has_chapters

TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*")
_RULE = re.compile(r"[\s|:+=-]*-[\s|:+=-]*")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_LONGEST_ROW = 10_000
_NUMBER_FIELD = re.compile(r",\s*\d[\d.]*\s*(?:,|$)")
_MAX_LINES = 100_000


def as_markup(text: str) -> str | None:
    """The text as HTML; None where it has no report's chapters."""
    if not has_chapters(text):
        return None
    parts: list[str] = []
    rows: list[list[str]] = []
    title = ""
    lines = text.splitlines()[:_MAX_LINES]
    commas = comma_rows(lines)
    for number, line in enumerate(lines):
        cells = next(csv.reader([line])) if number in commas else _cells(line)
        if cells is not None:
            rows.append(cells)
            continue
        if rows and _RULE.fullmatch(line) and "|" in line:
            continue  # the line under a table's head
        if rows:
            parts.append(_table(rows))
            rows = []
        heading = _HEADING.fullmatch(line.strip())
        words = _EMPHASIS.sub("", heading[1] if heading else line).strip().lstrip("\ufeff")
        if not words:
            continue
        if not title:
            title = words
            parts.append(f"<h1>{escape(words)}</h1>")
        else:
            parts.append(f"<p>{escape(words)}</p>")
    if rows:
        parts.append(_table(rows))
    body = "".join(parts)
    return f"<html><head><title>{escape(title)}</title></head><body>{body}</body></html>"


def comma_rows(lines: list[str]) -> frozenset[int]:
    """The lines that are rows of a CSV among prose: three and more after another with as many fields, a number in
    them."""
    numbers: list[int] = []
    widths = (len(next(csv.reader([line]), ())) if "," in line and len(line) < _LONGEST_ROW else 1 for line in lines)
    for fields, run in groupby(enumerate(widths), lambda line: line[1]):
        rows = [number for number, _ in run] if fields > 2 else []
        if len(rows) > 2 and any(_NUMBER_FIELD.search(lines[number]) for number in rows):
            numbers += rows
    return frozenset(numbers)


def _cells(line: str) -> list[str] | None:
    """The cells of a row of pipes or tabs; None for a line of prose."""
    flat = line.strip()
    if _RULE.fullmatch(flat) and "|" in flat:
        return None
    if flat.count("|") >= 2 or (flat.startswith("|") and flat.endswith("|")):
        inner = flat.removeprefix("|").removesuffix("|")
        return [_EMPHASIS.sub("", cell).strip() for cell in inner.split("|")]
    if line.strip(" \r\n").count("\t") >= 2:
        return [cell.strip() for cell in line.strip(" \r\n").split("\t")]
    return None


def _table(rows: list[list[str]]) -> str:
    lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
