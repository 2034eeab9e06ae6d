"""The WARC with an index and a list of pages in one file, made by the library of those who wrote the format."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crawler.archive.exchange import warc
from crawler.records.capture import RENDERED
from crawler.records.errors import NianbaoError
from crawler.words.installation import install_line
from crawler.words.text import one_line


def write(connection: sqlite3.Connection, path: Path) -> dict[str, int]:
    """Write the WACZ at `path`; records by type. Raises NianbaoError without the library, or where it fails."""
    try:
        from wacz.main import main as make  # type: ignore[import-untyped]
    except ImportError as error:
        raise NianbaoError(f"WACZ needs the package wacz; `{install_line('wacz')}` installs it") from error
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="wacz-") as name:
        folder = Path(name)
        with (folder / "nianbao.warc.gz").open("wb") as file:
            counts = warc.write(connection, file)
        # The library does not find pages by itself in all files: it is told which there are.
        _write_pages(connection, folder / "pages.jsonl")
        arguments = ["create", "-o", str(path), "-p", str(folder / "pages.jsonl"), "--title", "nianbao 年报"]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = make([*arguments, str(folder / "nianbao.warc.gz")])
    if code:
        raise NianbaoError(f"the WACZ could not be made: {one_line(said.getvalue())[-300:]}")
    return counts


def pages(connection: sqlite3.Connection) -> Iterator[dict[str, str]]:
    """Where a reader may begin: the home pages, then every report, newest first; for the list of pages of a WACZ."""
    rows = connection.execute(
        "select url, fetched_at, title from captures where kind in ('home', 'report') and url not like ?"
        " and id not in (select capture_id from redacted_captures)"
        " order by kind <> 'home', id desc",
        (f"%{RENDERED}",),
    )
    for url, at, title in rows:
        yield {"id": warc.identifier("page", url, at), "url": url, "ts": at, "title": title or url}


def _write_pages(connection: sqlite3.Connection, path: Path) -> None:
    """The list of pages as JSON Lines, in the form that WACZ 1.1.1 wants."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "年报 reports"}, ensure_ascii=False) + "\n"
        )
        for page in pages(connection):
            file.write(json.dumps(page, ensure_ascii=False) + "\n")
