"""The pages of `pages.jsonl`: kind, title, dates, source, breadcrumb, beginning and end of the text, attachments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.records.capture import Capture
from crawler.records.page import Page
from crawler.words.text import squeeze
from pipelines import derive
from tests.evaluate import Score

_KINDS = {"soft404": "missing"}
"""The gold's words for a kind, where they differ from the program's."""


def read(folder: Path, row: dict[str, Any]) -> Page:
    """What the program makes of one page of the gold; its response headers are not known."""
    body = (folder / row["file"]).read_bytes()
    return derive(Capture(url=row["url"], status=200, headers=[], body=body, fetched_at=""))


def evaluate_pages(folder: Path) -> list[Score]:
    """Compare every page with what a careful reader found on it."""
    kinds, strict = Score("pages: kind (a list may be called column)"), Score("pages: kind, list and column apart")
    by_field = {
        name: Score(f"pages: {name}")
        for name in ("title", "published_on", "source", "breadcrumb", "text_start", "text_end", "attachments")
    }
    lines = (folder / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        page = read(folder, row)
        kind = _KINDS.get(row["kind"], row["kind"])
        strict.check(row["id"], page.kind, kind)
        kinds.check(row["id"], "list" if (page.kind, kind) == ("column", "list") else page.kind, kind)
        expected = row["expected"]
        if expected is None:
            continue
        got = _fields(page)
        for name, score in by_field.items():
            if name not in expected:
                continue
            if name in ("text_start", "text_end"):
                _check_text(score, row["id"], page.text, expected[name], start=name == "text_start")
            elif name == "title":
                score.check(row["id"], squeeze(got[name] or ""), squeeze(expected[name] or ""))
            else:
                score.check(row["id"], got[name], expected[name])
    return [kinds, strict, *by_field.values()]


def _fields(page: Page) -> dict[str, Any]:
    files = [found for found in page.attachments if not (found.media_type or "").startswith("image/")]
    return {
        "title": page.title,
        "published_on": page.report.published_on if page.report else None,
        "source": page.report.source if page.report else None,
        "breadcrumb": page.breadcrumb,
        # the gold counts files to download; pictures inside the text are none
        "attachments": len(files),
    }


def _check_text(score: Score, where: str, text: str | None, expected: str | None, *, start: bool) -> None:
    """Compare beginning or end with all white space removed; an end the reader left open is not counted."""
    if expected is None:
        return
    wanted, got = squeeze(expected), squeeze(text or "")
    score.check(where, got[: len(wanted)] if start else got[-len(wanted) :], wanted)
