"""Hostile files: each costs its report a sentence at most, the reader keeps its limits, and the next file is read as if
nothing had been."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from crawler.reading.limits import LIMITS, Limits
from crawler.reading.pool import Pool
from crawler.reading.question import Question
from crawler.records.capture import Capture, Context
from pipelines.documents import custody, format_of
from tests.servers.living import report
from tests.support import documents_made as made
from tests.support.readers import CRASH, GROW, HANG, MARK, changed_readers

pytestmark = pytest.mark.slow

MB = 1 << 20


def replaced(body: bytes, name: str, content: bytes) -> bytes:
    """A ZIP with another content of one part."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry))
    return out.getvalue()


def zip_bomb() -> bytes:
    """A DOCX whose text is a gigabyte of blanks."""
    return replaced(made.docx(), "word/document.xml", bytes(1024) * (MB // 1024) * 300)


def lying_zip() -> bytes:
    """A DOCX whose directory says that its text is short, and unpacks to 200 MB."""
    body = bytearray(replaced(made.docx(), "word/document.xml", b" " * (200 * MB)))
    size = struct.pack("<I", 200 * MB)
    while (at := body.find(size)) >= 0:
        body[at : at + 4] = struct.pack("<I", 1000)
    return bytes(body)


def zips_within_zips() -> bytes:
    """Two files each a zip of two, six levels down."""
    body = made.docx()
    for _ in range(6):
        body = made.zipped({f"{number}.zip": body for number in range(2)})
    return body


def many_entries() -> bytes:
    return made.zipped({f"{number}": b"" for number in range(20_000)})


def xxe() -> bytes:
    """A DOCX that asks for a file of this machine and for another machine."""
    doctype = (
        b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "http://127.0.0.1:9/x">'
        b'<!ENTITY % c SYSTEM "http://127.0.0.1:9/y"> %c;]>'
    )
    with zipfile.ZipFile(BytesIO(made.docx())) as archive:
        text = archive.read("word/document.xml")
    head, _, rest = text.partition(b"?>")
    return replaced(
        made.docx(), "word/document.xml", head + b"?>" + doctype + rest.replace(made.HEADING.encode(), b"&a;&b;")
    )


def billion_laughs(part: str, body: bytes) -> bytes:
    levels = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 12))
    return replaced(body, part, f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">{levels}]><d>&l11;</d>'.encode())


def deep_xml() -> bytes:
    return replaced(made.ofd(), "Doc_0/Pages/P0.xml", b"<a>" * 200_000)


def pdf_loop() -> bytes:
    """The tree of pages holds itself."""
    return made.pdf("").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")


def pdf_loop_of_tables() -> bytes:
    """The table of objects says that the one before it is itself."""
    body = made.pdf(made.words(50, 800, "Text"))
    at = body.rindex(b"xref\n0")
    return body.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % at)


def pdf_bomb() -> bytes:
    """A page whose content unpacks to 3 GB."""
    packer, blanks = zlib.compressobj(9), b" " * (16 * MB)
    # After a full flush the same comes out for the same; the sum at the end is that of the first two only.
    first, further = (packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    packed = first + further * 191 + packer.flush()
    page = made.pdf("")
    old = zlib.compress(b"")
    return page.replace(b"/Length %d" % len(old), b"/Length %d" % len(packed)).replace(old, packed)


def pdf_of_lines() -> bytes:
    """A page of 40,000 crossing lines, each crossing a corner of a cell."""
    lines = "".join(f"{x} 0 m {x} 842 l S\n" for x in range(1, 590)) * 30
    lines += "".join(f"0 {y} m 595 {y} l S\n" for y in range(1, 840)) * 30
    return made.pdf(lines + made.words(50, 800, "Text"))


def pdf_deep() -> bytes:
    return made.pdf("").replace(b"/MediaBox [0 0 595 842]", b"/MediaBox " + b"[" * 100_000)


def sparse_sheet() -> bytes:
    """Two cells at the far ends of a sheet of 17 thousand million."""
    far = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return made.xlsx(far + "</sheetData>")


def merged_sheet() -> bytes:
    """One cell merged over the whole sheet."""
    cells = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
    return made.xlsx(cells + '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')


def ole_loop() -> bytes:
    """The table of sectors leads from a sector to itself."""
    body = bytearray(made.doc())
    struct.pack_into("<I", body, 512 + 4 * 2, 2)
    return bytes(body)


def rtf_deep() -> bytes:
    return b"{\\rtf1 " + b"{" * 300_000 + b"x" + b"}" * 300_000


def rtf_cells() -> bytes:
    return b"{\\rtf1 \\trowd\\cellx1 \\intbl " + b"\\cell " * 150_000 + b"\\row}"


def polyglot() -> bytes:
    """A picture, a page, a PDF and a ZIP at once."""
    page = b"<html><script>alert(1)</script><p>page</p></html>"
    return b"GIF89a" + page + made.pdf(made.words(50, 800, "Text")) + made.docx()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip bomb": zip_bomb,
    "lying zip": lying_zip,
    "zips within zips": zips_within_zips,
    "many entries": many_entries,
    "xxe": xxe,
    "billion laughs in docx": lambda: billion_laughs("word/document.xml", made.docx()),
    "billion laughs in xlsx": lambda: billion_laughs("xl/worksheets/sheet1.xml", made.xlsx()),
    "billion laughs in ofd": lambda: billion_laughs("Doc_0/Pages/P0.xml", made.ofd()),
    "deep xml": deep_xml,
    "pdf loop": pdf_loop,
    "pdf loop of tables": pdf_loop_of_tables,
    "pdf bomb": pdf_bomb,
    "pdf of lines": pdf_of_lines,
    "pdf deep": pdf_deep,
    "sparse sheet": sparse_sheet,
    "merged sheet": merged_sheet,
    "ole loop": ole_loop,
    "rtf deep": rtf_deep,
    "rtf cells": rtf_cells,
    "polyglot": polyglot,
    "gzip": lambda: gzip.compress(made.docx(), mtime=0),
    "2 GB of nothing": lambda: b"%PDF-1.4" + bytes(custody.MAX_BODY),
}


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """A reader with little time for a document: it is told when it starts, and so is whoever waits for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANBAO_DOCUMENT_SECONDS", "8")
        patch.setitem(LIMITS, "document", Limits(LIMITS["document"].memory, 8, 120))
        with Pool(1) as opened:
            yield opened


def read(pool: Pool, body: bytes) -> tuple[str | None, list[str]]:
    """What a report's page has of a file: its words, and the problems of it; the report itself stays."""
    url = "http://www.example.gov.cn/a.html"
    source = report("大东区", 2018, "</p><p><a href='f.docx'>附件</a>").encode()
    capture = Capture(url, 200, [("Content-Type", "text/html; charset=utf-8")], source, "")
    page = pool.read(Question(capture, Context(True), {"http://www.example.gov.cn/f.docx": body})).page
    assert (page.kind, page.death) == ("report", None)
    assert page.text is not None
    assert "一、概述" in page.text
    (file,) = page.attachments
    return file.text, [problem.detail for problem in page.problems if problem.kind.startswith("document_")]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_zoo_is_survived(pool: Pool, name: str) -> None:
    body = HOSTILE[name]()
    words, problems = read(pool, body)
    for said in problems:
        assert said.isprintable() and len(said) <= 400  # noqa: PT018 -- either end is a good one
    assert words is None or "root:" not in words
    # Of a response in an unknown coding no stage says that it is a document.
    assert words is not None or problems or name == "gzip"
    alone = pool.read(Question(Capture("http://www.example.gov.cn/f", 200, [], body, ""), Context(True))).page
    assert alone.death is None
    assert (read(pool, made.docx())[0] or "").split("\n")[0] == made.HEADING


def test_nobody_is_asked_for_an_entity(pool: Pool) -> None:
    assert not [line for line in (read(pool, xxe())[0] or "").split("\n") if "root" in line or "127" in line]


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (CRASH, "the reader died of it (Segmentation fault)"),
        (HANG, "reading it took more than 0 seconds"),
        (GROW, "reading it takes more than 2,048 MB of memory"),
    ],
)
def test_a_file_of_which_a_reader_dies_costs_a_problem_and_its_report_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, said: str
) -> None:
    monkeypatch.syspath_prepend(str(changed_readers(tmp_path, act, "file")))
    if act == HANG:
        monkeypatch.setitem(LIMITS, "document", Limits(LIMITS["document"].memory, 8, 0))
    with Pool(1) as pool:
        assert read(pool, made.docx() + MARK.encode()) == (None, [said])
        monkeypatch.setitem(LIMITS, "document", Limits(LIMITS["document"].memory, 8, 120))
        assert (read(pool, made.docx())[0] or "").split("\n")[0] == made.HEADING


def test_a_sparse_file_of_2_gb_is_told_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        file.truncate(2 << 30)
    assert os.stat(path).st_blocks * 512 < MB
    with path.open("rb") as file:
        assert format_of(file.read(1 << 16)) == "pdf"
