"""Plain text: paragraphs, and tables whose cells tabs, bars or commas part; MHTML, a page and its files in one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from itertools import groupby

from crawler.records.capture import Capture
from pipelines.decode.charset import read_text
from pipelines.decode.plain import comma_rows
from pipelines.decode.stage import decode
from pipelines.marked.document import MAX_CELLS, Cell, Document, UnreadableError, Writer
from pipelines.marked.flatten import marked

_RULE = re.compile(r"[\s|+:=-]+")
"""A line that only draws: |---|---|."""


def read_plain(body: bytes) -> Document:
    """Each run of lines with cells is a table, each other line a paragraph. Never raises of its own."""
    text, _, whole = read_text(body, None)
    document, writer = Document("txt"), Writer()
    if not whole:
        document.problems.append("no charset reads it whole")
    lines = [line for line in text.splitlines() if line.strip()]
    whole_csv = _is_comma_separated(lines)
    runs = frozenset[int]() if whole_csv else comma_rows(lines)
    parted = ((line, _parted(line, whole_csv or number in runs)) for number, line in enumerate(lines))
    for is_table, block in groupby(parted, lambda line: bool(line[1])):
        if not is_table:
            for line, _ in block:
                writer.paragraph(line.strip().strip('"'))
            continue
        cells: list[Cell] = []
        for row, parts in enumerate(parts for _, parts in block if parts != [""]):
            cells += [Cell(words.strip(), row, column) for column, words in enumerate(parts)]
            if len(cells) > MAX_CELLS:
                raise UnreadableError(f"a table of more than {MAX_CELLS:,} cells")
        if cells:
            writer.table(cells)
    document.marked = writer.marked
    return document


def _is_comma_separated(lines: list[str]) -> bool:
    """Whether lines are those of a CSV: most have as many commas, three and more, as another; prose has not."""
    counts = [line.count(",") for line in lines]
    most = max(set(counts), key=counts.count, default=0)
    return len(lines) >= 3 and most >= 3 and counts.count(most) * 2 >= len(lines)


def _parted(line: str, comma: bool) -> list[str]:
    """The cells of a line; none where it is no row; one empty cell where it only draws a table's lines."""
    if "\t" in line:
        return line.rstrip("\r\n").split("\t")
    if line.count("|") >= 2 or line.count("│") >= 2 or line.count("｜") >= 2:
        if _RULE.fullmatch(line):
            return [""]
        inner = re.sub(r"[│｜]", "|", line).strip()
        return inner.removeprefix("|").removesuffix("|").split("|")
    if comma and line.count(",") >= 2:
        return next(csv.reader([line]))
    return []


def read_mhtml(body: bytes) -> Document:
    """The first page of an MHTML. Raises UnreadableError where there is none."""
    for content, kind in _pages(body):
        tree = decode(Capture("http://localhost/", 200, [("Content-Type", kind)], content, "")).tree
        if tree is not None:
            return Document("mhtml", marked(tree))
    raise UnreadableError("it is broken (no page in it)")


def _pages(body: bytes) -> Iterator[tuple[bytes, str]]:
    for part in message_from_bytes(body.lstrip(), policy=default).walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                charset = part.get_content_charset()
                yield content, "text/html" + (f"; charset={charset}" if charset else "")
