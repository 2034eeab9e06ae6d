"""Documents that are no HTML: told by their bytes, read with their tables and the place of each."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.capture import Capture, Context, Step
from pipelines import derive
from pipelines.documents import Document, format_of
from pipelines.documents.archives import check_zip
from pipelines.documents.custody import read_document
from pipelines.documents.rows import Row, put_rows
from pipelines.marked.document import UnreadableError, Writer
from pipelines.marked.flatten import lines_of
from pipelines.statistics.grid import grids_in
from tests import ROOT
from tests.support import documents_made as made

MADE: dict[str, Callable[[], bytes]] = {
    "docx": made.docx, "xlsx": made.xlsx, "rtf": made.rtf, "ofd": made.ofd, "html": made.html, "doc": made.doc,
}  # fmt: skip
GOLD = Path(os.environ.get("NIANBAO_GOLD", ROOT / "gold"))


def lines(body: bytes) -> list[str]:
    return lines_of(read_document(body).marked)


@pytest.mark.parametrize("name", MADE)
def test_every_format_gives_its_words_and_its_table_with_merged_cells(name: str) -> None:
    body = MADE[name]()
    assert format_of(body) == name
    found = lines(body)
    assert [line for line in found if "\t" in line] == made.LINES
    if name != "xlsx":
        assert found[0] == made.HEADING
    grid = grids_in(read_document(body).marked)[0]
    assert [place.end - place.start for place in grid.rows[0].places] == [5]
    assert grid.place == {"xlsx": "sheet «统计表»", "ofd": "page 1"}.get(name, "")


def test_an_rtf_keeps_bars_and_cells_of_several_paragraphs() -> None:
    found = lines(made.rtf())
    assert (found[1], found[-1]) == ("a|b", "后")


def test_a_pdf_gives_paragraphs_and_a_table_that_goes_on_over_the_page() -> None:
    widths = [100, 100, 100]
    first = made.words(50, 800, "A report of two pages") + made.grid(
        50, 100, widths, [["head", "b", "c"], ["x", "1", "2"]]
    )
    second = made.grid(50, 800, widths, [["y", "3", "4"]]) + made.words(50, 700, "The end")
    document = read_document(made.pdf(first, second))
    assert (document.format, document.pages, document.empty_pages) == ("pdf", 2, 0)
    assert lines_of(document.marked) == ["A report of two pages", "head\tb\tc", "x\t1\t2", "y\t3\t4", "The end"]
    assert [grid.place for grid in grids_in(document.marked)] == ["pages 1 to 2"]


def test_frames_around_paragraphs_are_no_tables() -> None:
    says = "A paragraph that stands in a frame, and is long enough."
    page = made.grid(50, 800, [400], [[says]]) + made.grid(50, 700, [200, 200], [["a", "b"], ["c", "d"]])
    assert lines(made.pdf(page)) == [says, "a\tb", "c\td"]


def test_page_numbers_are_no_paragraphs() -> None:
    assert lines(made.pdf(made.words(50, 800, "Text") + made.words(290, 30, "- 1 -"))) == ["Text"]


def test_pages_without_words_are_counted() -> None:
    document = read_document(made.pdf(made.words(50, 800, "Text"), "", ""))
    assert (document.pages, document.empty_pages) == (3, 2)


def test_an_encrypted_pdf_is_said_to_be() -> None:
    locked = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'00' * 32}> /U <{'11' * 32}> >> /ID [<00> <00>]"
    with pytest.raises(UnreadableError, match="encrypted"):
        read_document(made.pdf(made.words(50, 800, "Text"), trailer=locked))


def test_three_hundred_pages_are_read() -> None:
    document = read_document(made.pdf(*(made.words(50, 800, f"Page {number}") for number in range(300))))
    assert document.pages == 300
    assert lines_of(document.marked)[-1] == "Page 299"


def test_an_archive_is_read_file_by_file() -> None:
    body = made.zipped({"年报/报告.docx": made.docx(), "统计表.xlsx": made.xlsx(), "读我.bin": b"\0\1\2"})
    document = read_document(body)
    assert document.format == "zip"
    assert [line for line in lines_of(document.marked) if "\t" in line] == made.LINES * 2
    assert [grid.place for grid in grids_in(document.marked)] == ["file «年报/报告.docx»", "sheet «统计表»"]
    assert document.problems == ["«读我.bin»: its bytes are of no known format"]


def test_a_name_in_gbk_is_read() -> None:
    body = made.zipped({"x" * 8 + ".docx": made.docx()})
    gbk = "统计表一".encode("gbk")
    document = read_document(body.replace(b"x" * 8, gbk))
    assert "file «统计表一.docx»" in document.marked


def test_7z_by_the_library_of_the_system(tmp_path: Path) -> None:
    libarchive = pytest.importorskip("libarchive", exc_type=Exception)
    path = tmp_path / "a.7z"
    with libarchive.file_writer(str(path), "7zip") as archive:
        archive.add_file_from_memory("报告.docx", len(made.docx()), made.docx())
    assert made.HEADING in lines(path.read_bytes())


def test_a_picture_has_no_words() -> None:
    assert read_document(b"\x89PNG\r\n\x1a\n" + bytes(40)).empty_pages == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no known format"),
        (b"just text", "no known format"),
        (b"%PDF-1.4\n", "broken|no page"),
        (b"PK\x03\x04" + bytes(100), "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "neither"),
        (b"Rar!\x1a\x07\x00" + bytes(20), "RAR"),
        (made.docx()[:-300], "broken"),
    ],
    ids=["empty", "text", "pdf", "zip", "ole", "rar", "cut"],
)
def test_what_cannot_be_read_says_why(body: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        read_document(body)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_is_a_sentence_or_a_document(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*MADE, "pdf"]))
    body = bytearray(made.pdf(made.words(50, 800, "Text")) if name == "pdf" else MADE[name]())
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with suppress(UnreadableError):
        assert isinstance(read_document(bytes(body)), Document)


@given(st.lists(st.lists(st.integers(1, 3), min_size=2, max_size=6), min_size=1, max_size=6))
def test_rows_of_any_edges_become_a_table_that_keeps_every_word(widths: list[list[int]]) -> None:
    rows = []
    for number, row in enumerate(widths):
        edges = [0, *(1000 * sum(row[: place + 1]) for place in range(len(row)))]
        rows.append(Row([f"{number}.{place}" for place in range(len(row))], edges, [(False, False)] * len(row)))
    writer = Writer()
    put_rows(writer, rows)
    (grid,) = grids_in(writer.marked)
    found = [[place.cell.raw for place in row.places if place.cell is not None and place.cell.raw] for row in grid.rows]
    assert found == [row.words for row in rows]


def test_encrypted_parts_are_said_to_be() -> None:
    body = bytearray(made.zipped({"a": b"x"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + place] |= 1
    with pytest.raises(UnreadableError, match="encrypted"):
        check_zip(bytes(body))


@pytest.mark.skipif(not (GOLD / "reports" / "hongze_2023.pdf").is_file(), reason="no real PDFs here")
def test_a_real_pdf_that_a_list_leads_to_is_a_report() -> None:
    body = (GOLD / "reports" / "hongze_2023.pdf").read_bytes()
    trail = (Step("首页", "http://www.example.gov.cn/"), Step("2023年年报.pdf", "http://www.example.gov.cn/a.pdf"))
    page = derive(Capture("http://www.example.gov.cn/a.pdf", 200, [], body, "", "x", trail), Context(True))
    assert (page.kind, page.media_type) == ("report", "application/pdf")
    assert page.report is not None
    assert (page.report.report_year, page.report.region, page.report.form) == (2023, "洪泽区", "f2021")
    assert page.text is not None
    assert page.text.startswith("本报告由淮安市洪泽区人民政府办公室根据")
    figure = next(one for one in page.figures if one.code == "req_new_received__total")
    assert (figure.value, figure.evidence.split(", row")[0]) == (21, "pages 3 to 4, table 3")
    attached = derive(Capture("http://www.example.gov.cn/a.pdf", 200, [], body, ""), Context(True, attached=True))
    assert (attached.kind, attached.text) == ("attachment", None)


def test_a_document_that_is_no_report_is_an_attachment() -> None:
    page = derive(Capture("http://www.example.gov.cn/a.docx", 200, [], made.docx(), ""), Context(True))
    assert (page.kind, page.text, page.figures) == ("attachment", None, [])


def test_what_cannot_be_read_is_a_problem_of_the_page() -> None:
    page = derive(Capture("http://www.example.gov.cn/a.pdf", 200, [], b"%PDF-1.4 broken", ""), Context(True))
    assert (page.kind, [problem.kind for problem in page.problems]) == ("attachment", ["document_unread"])
