"""`nianbao ocr`: scans and pictures, with the extra; what it makes out stays apart from what was there."""

from __future__ import annotations

import json
import sqlite3
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.records.capture import Capture, Context
from pipelines import derive
from pipelines.documents import ocr
from tests.support import documents_made as made

SITE = "http://www.shenyang.gov.cn/"


def scan() -> bytes:
    """A picture of a PDF's page with large letters."""
    import pypdfium2  # type: ignore[import-untyped]

    page = made.words(60, 600, "REPORT 2023", 40) + made.words(60, 500, "Total 1136", 40)
    out = BytesIO()
    with pypdfium2.PdfDocument(made.pdf(page)) as document:
        document[0].render(scale=2).to_pil().convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive.open(path) as opened:
        run = opened.begin_run(["x"])
        for name, body in (("a.png", scan()), ("b.png", b"\x89PNG\r\n\x1a\n" + bytes(9000)), ("c.docx", made.docx())):
            context = Context(True, attached=True)
            opened.store(derive(Capture(SITE + name, 200, [], body, "2024-01-01T00:00:00Z", "x"), context))
        opened.finish_run(run, "finished")
    return path


def test_without_the_extra_it_is_one_sentence(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "engine", lambda: None)
    told = CliRunner().invoke(cli, ["ocr", "--archive", str(archive)])
    assert "no OCR is installed; `" in str(told.exception)
    assert "[ocr]" in str(told.exception)


@pytest.mark.skipif(ocr.engine() is None, reason="the extra ocr is not installed")
def test_lines_with_their_confidence_in_a_table_of_their_own(archive: Path) -> None:
    told = CliRunner().invoke(cli, ["ocr", "--archive", str(archive), "--json"])
    assert told.exit_code == 1  # one of the pictures is broken
    assert json.loads(told.output.splitlines()[-1])["files"] == 2
    with sqlite3.connect(archive) as connection:
        rows = connection.execute("select url, text, confidence from ocr join captures on id = capture_id").fetchall()
    said = " ".join(text for url, text, _ in rows if url.endswith("a.png"))
    assert "REPORT 2023" in said
    assert "1136" in said
    assert all(0 < confidence <= 1 for url, _, confidence in rows if url.endswith("a.png"))
    assert [text for url, text, _ in rows if url.endswith("b.png")] == [None]
    again = CliRunner().invoke(cli, ["ocr", "--archive", str(archive), "--json"])
    assert json.loads(again.output.splitlines()[-1])["files"] == 0
    with Archive.open(archive) as opened:
        opened.rebuild(derive)
        assert opened.verify(derive, every=True) == []
    with sqlite3.connect(archive) as connection:
        assert connection.execute("select count(*) from ocr").fetchone() == (len(rows),)
