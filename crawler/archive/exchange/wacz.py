"""The WARC with an index and a list of pages in one file, made by the library of those who wrote the format."""

from __future__ import annotations

import contextlib
import io
import sqlite3
import tempfile
from pathlib import Path

from crawler.archive.exchange import warc
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
        warc.write_pages(connection, folder / "pages.jsonl")
        arguments = ["create", "-o", str(path), "-p", str(folder / "pages.jsonl"), "--title", "nianbao 年报"]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            code = make([*arguments, str(folder / "nianbao.warc.gz")])
    if code:
        raise NianbaoError(f"the WACZ could not be made: {one_line(said.getvalue())[-300:]}")
    return counts
