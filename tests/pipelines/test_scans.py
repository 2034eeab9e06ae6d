"""Scanned pages: boxes of words as an engine gives them come out as lines and rows of tables, with their confidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
from PIL import Image, ImageDraw

from pipelines.documents import ocr
from pipelines.documents.scan import Box, lines_of_scan, rules_of
from pipelines.marked.document import Line
from tests.support.formats import drawn
from tests.support.formats.blocks import Table, official

DOTS = 200 / 25.4
"""Dots a millimetre at 200 dots an inch."""
NUMBER = re.compile(r"-?\d[\d.]*")


def boxes_of(sheet: drawn.Sheet, sure: Callable[[str], float] = lambda _: 0.99) -> list[Box]:
    """The words of a page as an engine has them, in dots."""
    found = []
    for x, y, words in sheet.words:
        wide = sum(3.0 if sign > "\u2e7f" else 1.5 for sign in words)
        found.append(Box(words, x * DOTS, (y - 2.8) * DOTS, (x + wide) * DOTS, (y + 0.2) * DOTS, sure(words)))
    return found


def picture_of(sheet: drawn.Sheet, lean: float = 0.0) -> Any:
    """The lines of a page as a scanner sees them; `lean`: how much lower, of its length, a level line ends."""
    picture = Image.new("L", (int(drawn.WIDTH * DOTS), int(drawn.HEIGHT * DOTS)), 255)
    pen = ImageDraw.Draw(picture)
    for x0, y0, x1, y1 in sheet.lines:
        level = abs(y1 - y0) < abs(x1 - x0)
        pen.line((x0 * DOTS, y0 * DOTS, x1 * DOTS, (y1 + (x1 - x0) * lean * level) * DOTS), fill=40, width=3)
    return picture


def rows_of(lines: list[Line]) -> list[list[str]]:
    """The numbers of each row of a table that has any, in order."""
    rows = [
        [cell for cell in line.text.split("\t") if NUMBER.fullmatch(cell)] for line in lines if "table" in line.place
    ]
    return [row for row in rows if row]


def truth_of(blocks: list[Any]) -> list[list[str]]:
    found: list[list[str]] = []
    for table in blocks:
        if isinstance(table, Table):
            rows: dict[int, list[tuple[int, str]]] = {}
            for cell in table.cells:
                if NUMBER.fullmatch(cell.words):
                    rows.setdefault(cell.row, []).append((cell.column, cell.words))
            found += [[words for _, words in sorted(rows[row])] for row in sorted(rows)]
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("lean", [0.0, 0.004])
def test_ruled_tables_of_a_scan_have_their_rows_and_columns(seed: int, lean: float) -> None:
    blocks, _ = official(Random(seed))
    lines: list[Line] = []
    for number, sheet in enumerate(drawn.pages(blocks), 1):
        picture = picture_of(sheet, lean)
        lines += lines_of_scan(f"page {number}", boxes_of(sheet), rules_of(picture, 3 * DOTS), picture.size)
    assert rows_of(lines) == truth_of(blocks)
    assert any(line.place == "page 1" and "总体情况" in line.text for line in lines)


def test_numbers_under_one_another_are_a_table_without_lines() -> None:
    blocks, _ = official(Random(4))
    look = drawn.Look(ruled=False, across="middle")
    lines: list[Line] = []
    for sheet in drawn.pages(blocks, look):
        size = (int(drawn.WIDTH * DOTS), int(drawn.HEIGHT * DOTS))
        lines += lines_of_scan("", boxes_of(sheet), [], size)
    true = [row for row in truth_of(blocks) if len(row) == 7]
    assert [row for row in rows_of(lines) if len(row) == 7] == true


def test_a_row_is_as_sure_as_the_least_sure_of_its_boxes() -> None:
    blocks, _ = official(Random(5))
    sheet = drawn.pages(blocks)[0]
    picture = picture_of(sheet)
    boxes = boxes_of(sheet, lambda words: 0.41 if words == "行政强制" else 0.99)
    lines = list(lines_of_scan("", boxes, rules_of(picture, 3 * DOTS), picture.size))
    told = {line.text.split("\t")[0]: line.confidence for line in lines}
    assert told["行政强制"] == 0.41
    assert told["行政处罚"] == 0.99


def test_strokes_of_letters_and_bars_are_no_rules() -> None:
    picture = Image.new("L", (800, 600), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((100, 100, 130, 103), fill=0)  # 一
    pen.rectangle((0, 300, 799, 420), fill=0)  # the edge of a folder
    assert rules_of(picture, 30) == []
    pen.rectangle((100, 200, 700, 202), fill=0)
    assert [(x0, x1) for x0, _, x1, _ in rules_of(picture, 30)] == [(100.0, 701.0)]


@pytest.mark.parametrize("size", [(1, 1), (3, 4000), (4000, 3)])
def test_a_scan_without_words_or_of_no_size_is_nothing(size: tuple[int, int]) -> None:
    assert list(lines_of_scan("", [], rules_of(Image.new("L", size, 255), 20), size)) == []
    assert list(lines_of_scan("", [Box(" ", 0, 0, 0, 0, 0.5)], [], size)) == []


def test_what_the_engine_gives_is_read_by_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks, _ = official(Random(6))
    sheet = drawn.pages(blocks)[0]
    boxes = boxes_of(sheet)

    def engine(picture: Any, use_cls: bool) -> SimpleNamespace:
        assert not use_cls  # asked for it, the engine turns 91 over to 16
        corners = [[(box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom)] for box in boxes]
        return SimpleNamespace(
            boxes=numpy.array(corners), txts=tuple(box.words for box in boxes), scores=(0.9,) * len(boxes)
        )

    monkeypatch.setattr(ocr, "_model", lambda: engine)
    out = BytesIO()
    picture_of(sheet).save(out, "PNG")
    lines = ocr.see(out.getvalue())
    assert next(line.text for line in lines if line.text.startswith("规章")).count("\t") == 3
    assert {line.place for line in lines} == {"", "table 1", "table 2"}
    monkeypatch.setattr(ocr, "_model", lambda: lambda *_, **__: SimpleNamespace(boxes=None, txts=None, scores=None))
    assert ocr.see(out.getvalue()) == []
