"""Which captures a demand is about: those named, and those that cannot stay without them."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crawler.archive import schema
from crawler.archive.derive.planning import Plan, Planning
from crawler.archive.file.blobs import BlobReader
from crawler.archive.file.captures import Derive
from crawler.archive.file.functions import decoded
from crawler.records.capture import RENDERED
from crawler.records.errors import ArchiveError
from crawler.records.page import Page
from crawler.words.text import unspaced

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
LEAST_QUOTE = 12
"""Characters of a title or line, white space aside, that are looked for elsewhere: shorter ones stand everywhere."""
_QUOTES = 12
"""Lines looked for beside the title: the longest."""
A_FEW = 5
"""Pages that may quote a page; a line that more of them have is a phrase of the law or the portal."""


def quotes(pages: Iterable[Page | None]) -> list[str]:
    """What of the pages is looked for elsewhere: titles and the longest lines."""
    found: dict[str, None] = {}
    for page in pages:
        if page is None:
            continue
        lines = sorted((page.text or "").replace("\t", "\n").split("\n"), key=len, reverse=True)[:_QUOTES]
        for line in (page.title or "", *lines):
            if len(unspaced(line)) >= LEAST_QUOTE:
                found[line.strip()] = None
    return list(found)


class Demands:
    """What is asked of the archive at `path` before anything is removed, and after."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def plan(self, derive: Derive, ids: Iterable[int], copies: bool) -> Plan:
        """What goes with the captures `ids`; `copies`: the same text at other addresses, too."""
        return Planning(self._connection, derive, copies).add(ids)

    def named(self, what: str) -> list[int]:
        """The captures that a person names by the number of one, by the address they came from, or by the SHA-256 of
        their body. Raises ArchiveError where there are none."""
        if _SHA256.fullmatch(what):
            query, parameters = "select id from captures where sha256 = ?", (what.lower(),)
        elif what.isascii() and what.isdigit():
            query, parameters = "select id from captures where id = ?", (what if len(what) < 18 else "0",)
        else:
            url = what.removesuffix(RENDERED)
            found = self._connection.execute(
                "select id from captures where url in (?, ?) order by id", (url, url + RENDERED)
            ).fetchall()
            if not found:
                raise ArchiveError(
                    f"{self._path} has no capture of {what!r}; expected a capture's number, an address or a SHA-256"
                )
            return [row[0] for row in found]
        ids = [row[0] for row in self._connection.execute(query + " order by id", parameters)]
        if not ids:
            raise ArchiveError(
                f"{self._path} has no capture {what!r}; expected a capture's number, an address or a SHA-256"
            )
        return ids

    def quoting(self, said: list[str], without: Iterable[int]) -> list[str]:
        """One sentence for each capture, other than `without`, whose page holds one of the lines `said`; a line that
        more than a few have is the form's. Reads all bodies that are text; what only a reader of documents sees is
        found in the tables (`held`)."""
        reader, left = BlobReader(self._connection), set(without)
        found: dict[str, list[tuple[int, str]]] = {unspaced(line): [] for line in said}
        for sha256, number, url, charset in self._connection.execute(
            "select sha256, min(id), url, charset from captures where charset is not null group by sha256 order by 2"
        ).fetchall():
            if number in left or not found:
                continue
            try:
                squeezed = unspaced(decoded(reader.get(sha256) or b"", charset) or "")
            except ArchiveError:
                continue
            for line, pages in found.items():
                if line in squeezed:
                    pages.append((number, url))
        captures = sorted({page for pages in found.values() if len(pages) <= A_FEW for page in pages})
        return [f"capture {number} of {url} quotes the page" for number, url in captures]

    def held(self, said: list[str]) -> list[str]:
        """One sentence for each column of a table that still holds one of the lines `said`, in no more than a few
        rows."""
        views = {row[0] for row in self._connection.execute("select name from sqlite_master where type = 'view'")}
        told = []
        for table, columns in schema.tables(self._connection).items():
            if table in views or table == "redactions":
                continue
            for column in columns:
                counts = [
                    self._connection.execute(
                        f"select count(*) from [{table}] where typeof([{column}]) = 'text' and (instr([{column}], ?1)"
                        f" or instr([{column}], ?2))",
                        (line, json.dumps(line, ensure_ascii=False)[1:-1]),
                    ).fetchone()[0]
                    for line in said
                ]
                if few := [count for count in counts if 0 < count <= A_FEW]:
                    told.append(f"{max(few)} rows of {table} hold a line of the page in {column}")
        return told

    def described(self, plan: Plan) -> list[dict[str, Any]]:
        """The captures of a plan as rows to show: id, url, kind, fetched_at, length, sha256, why, and their reports."""
        told = []
        for number in sorted(plan.pages):
            row = self._connection.execute(
                "select id, url, kind, fetched_at, length, sha256 from captures where id = ?", (number,)
            ).fetchone()
            reports = self._connection.execute(
                "select distinct report_id from report_versions where capture_id = ?1"
                " union select id from reports where capture_id = ?1 order by 1",
                (number,),
            )
            told.append(dict(row) | {"why": plan.why[number], "reports": [one[0] for one in reports]})
        return told
