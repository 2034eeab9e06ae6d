"""Text that Word does not show, and what is no part of a number: DOC, RTF, DOCX and the XML of Word 2003."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from pipelines.documents.custody import read_document
from pipelines.documents.docproperties import codes, of_piece, setting
from pipelines.documents.notes import is_note
from pipelines.documents.rtfruns import shown, without_binary
from pipelines.marked.document import Cell
from pipelines.marked.flatten import lines_of
from tests.support import documents_made as made
from tests.support.formats import binary, word
from tests.support.formats.blocks import Block, Table

WRITERS: dict[str, Callable[[list[Block]], bytes]] = {
    "doc": binary.doc, "rtf": word.rtf, "docx": word.docx, "wordxml": word.word_2003,
}  # fmt: skip
EVERY = {
    "1{deleted|3}7": "17",
    "{deleted|3}17{deleted|4}": "17",
    "1{inserted|7}": "17",
    "1{hidden|3}7": "17",
    "1{struck|3}7": "17",
    "1{bold|7}": "17",
    "17{raised|2}": "17",
    "17{raised|[1]}": "17",
    "17{raised|①}": "17",
    "30m{raised|2}": "30m2",
    "一{raised|st}": "一st",
}
"""Words as set, and as shown, in every format."""
MORE = {
    "doc": {
        "1{shown|7}": "17", "17\x02": "17", '\x13 HYPERLINK "http://x/12" \x1417\x15': "17", "1\x13 PAGE 3 \x157": "17",
        "\x13 IF \x13 MERGEFIELD a \x149\x15 = 1 \x1417\x15": "17", "17{raised|[}{raised|1]}": "17",
    },
    "rtf": {
        "1{twice|3}7": "17", "1{shown|7}": "17", "1{plain|7}": "17", "1{open|3}7": "17", "17{footnote|see 3}": "17",
        "1{field|9}7": "17", "{link|17}": "17", "17{raised|[}{raised|1]}": "17",
    },
    "docx": {"1{twice|3}7": "17", "17{raised|[}{raised|1]}": "17"},
    "wordxml": {"1{tag|7}": "17", "1{twice|3}7": "17"},
}  # fmt: skip
CASES = [(name, said, seen) for name in WRITERS for said, seen in (EVERY | MORE[name]).items()]


def lines(body: bytes) -> list[str]:
    return lines_of(read_document(body).marked)


@pytest.mark.parametrize(("name", "said", "seen"), CASES)
def test_a_number_is_what_word_shows_of_it(name: str, said: str, seen: str) -> None:
    cells = (Cell("收到申请", 0, 0), Cell(said, 0, 1), Cell("答复", 1, 0), Cell("{raised|3}{bold|12}", 1, 1))
    found = lines(WRITERS[name]([f"收到申请{said}件。", Table(cells)]))
    assert found == [f"收到申请{seen}件。", f"收到申请\t{seen}", "答复\t12"]


def test_a_deleted_end_of_a_paragraph_of_a_doc_joins_it_with_the_next() -> None:
    assert lines(binary.doc(["收到申请1{deleted|\r}7件。{hidden|\r}", "后"])) == ["收到申请17件。", "后"]


def test_a_deleted_end_of_a_paragraph_of_a_docx_joins_it_with_the_next() -> None:
    package = BytesIO(word.docx(["收到申请1", "7件。", "后"]))
    with zipfile.ZipFile(package) as read:
        parts = {name: read.read(name).decode() for name in read.namelist()}
    tracked = "<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>"
    parts["word/document.xml"] = parts["word/document.xml"].replace("<w:p>", tracked, 1)
    assert lines(made.zipped(parts)) == ["收到申请17件。", "后"]


def test_a_deleted_row_is_none() -> None:
    cells = (Cell("a", 0, 0), Cell("1", 0, 1), Cell("{deleted|b}", 1, 0), Cell("{deleted|2}", 1, 1))
    assert lines(binary.doc([Table(cells), "后"])) == ["a\t1", "后"]


@pytest.mark.parametrize(
    ("modifier", "how"),
    [(0x41 << 1 | 0x100, "gone"), (0x5C << 1 | 0x100, "gone"), (0x5C << 1, ""), (0x68 << 1 | 0x100, "raised"),
     (0x55 << 1 | 0x100, ""), (0, ""), (1, "gone"), (3, "")],
)  # fmt: skip
def test_a_piece_says_how_all_of_it_is_set(modifier: int, how: str) -> None:
    assert setting(of_piece(modifier, [struct.pack("<HB", 0x0800, 1)])) == how


def test_the_last_property_of_a_kind_holds() -> None:
    assert setting(codes(struct.pack("<HBHB", 0x0837, 1, 0x0837, 0))) == ""
    assert setting(codes(struct.pack("<HB", 0x0837, 0x81))) == "gone"
    assert setting(codes(struct.pack("<HB", 0x0837, 0x80))) == ""


@pytest.mark.parametrize(
    ("raised", "before", "note"),
    [("1", "7", True), ("[12]", "", True), ("（注1）", "件", True), ("2", "m", False), ("2", "米", True),
     ("123", "7", False), ("st", "1", False), ("*", "a", False)],
)  # fmt: skip
def test_a_mark_of_a_note_is_told_from_a_power(raised: str, before: str, note: bool) -> None:
    assert is_note(raised, before) is note


def test_bytes_of_a_picture_are_no_source() -> None:
    body = rb"{\rtf1 a{\pict\bin5 }}\v{" + rb"}b\bin3 xyz" + rb"\bin99999 "
    assert without_binary(body) == rb"{\rtf1 a{\pict}b"


def test_marks_in_two_cells_are_two() -> None:
    source = r"{\super 3}\cell {\super 12345}\cell "
    assert shown(source) == r"{\super }\cell {\super 12345}\cell "
    assert shown(r"{\super \'a2\'d9}7") == r"{\super }7"
    assert shown(r"{\super\uc2\u9312 ??}7") == r"{\super\uc2}7"
