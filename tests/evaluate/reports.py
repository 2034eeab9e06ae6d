"""The whole reports of `reports.jsonl` that are web pages: facts, sentences, tables; and the seed report's text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.words.text import squeeze
from pipelines import derive
from pipelines.decode.stage import decode
from pipelines.strip.stage import strip
from tests.evaluate import Score

_COMPANIONS = {"sc-edu": "scedu-nb"}
"""Whole reports that also stand in `pages.jsonl`, under another name: their address and title are stated there."""

_TABLE_ROWS = {"f2019": 30, "f2021": 35}
"""Rows a whole standard form has at least: section 二 with its captions, 23 or 25 rows of section 三, section 四."""


def evaluate_reports(folder: Path) -> list[Score]:
    """Compare every whole report that is a web page, then the seed report, with what a careful reader found."""
    names = ("kind", "title", "organ", "year", "published_on", "form", "stated sentences in the text", "tables kept")
    scores = {name: Score(f"reports: {name}") for name in names}
    pages = {row["id"]: row for row in _rows(folder / "pages.jsonl")}
    for row in _rows(folder / "reports.jsonl"):
        file = folder / row["file"]
        if file.suffix == ".html" and file.is_file():
            companion = next(
                (pages.get(f"{there}{row['report_year']}") for here, there in _COMPANIONS.items() if here in row["id"]),
                None,
            )
            _check(scores, row, _read(file, row, companion), companion)
    return [*scores.values(), _seed(folder)]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def _read(file: Path, row: dict[str, Any], companion: dict[str, Any] | None) -> Page:
    url = row.get("url") or (companion or {}).get("url") or "http://www.example.gov.cn/a.html"
    capture = Capture(url=url, status=200, headers=[], body=file.read_bytes(), fetched_at="")
    if "reconstructed" not in row["file"]:
        return derive(capture)
    page = decode(capture)  # the body alone: nothing to recognise, but its tables count
    page.kind = "report"
    strip(page)
    return page


def _check(scores: dict[str, Score], row: dict[str, Any], page: Page, companion: dict[str, Any] | None) -> None:
    where, report = row["id"], page.report
    whole = "reconstructed" not in row["file"]
    if whole:
        scores["kind"].check(where, page.kind, "report")
        title = row.get("title") or (companion or {}).get("expected", {}).get("title")
        if title:
            scores["title"].check(where, squeeze(page.title or ""), squeeze(title))
        scores["year"].check(where, report.report_year if report else None, row["report_year"])
        published = row.get("published_on") or (companion or {}).get("expected", {}).get("published_on")
        if published:
            scores["published_on"].check(where, report.published_on if report else None, published)
        scores["form"].check(where, report.form if report else None, row["form"])
        if companion is None:  # a clone's page names the clone as its organ
            scores["organ"].check(where, report.organ if report else None, row["organ"])
    text = squeeze(page.text or "")
    for sentence in _sentences(row):
        scores["stated sentences in the text"].check(f"{where}: {sentence[:40]}", sentence in text, True)
    rows = sum("\t" in line for line in (page.text or "").splitlines())
    if row["form"] in _TABLE_ROWS and "images" not in row:
        scores["tables kept"].check(where, rows >= _TABLE_ROWS[row["form"]] or rows, True)


def _sentences(row: dict[str, Any]) -> list[str]:
    """The pieces of the stated sentences, white space removed; `…` stands for words that were left out."""
    pieces = (piece for sentence in row.get("sentences", {}).values() for piece in sentence.split("…"))
    return [squeezed for piece in pieces if len(squeezed := squeeze(piece)) > 5]


def _seed(folder: Path) -> Score:
    """The seed report beside the gold is a page as a reader saw it; made into a plain page, its text must come back."""
    score = Score("reports: the seed report's text comes back")
    file = folder.parent / "seed-report.txt"
    if not file.is_file():
        return score
    crumb, title, publication, tools, second, *rest = file.read_text(encoding="utf-8").splitlines()
    paragraphs = [line for line in rest if line.strip()]
    html = (
        f"<html><head><title>{title}</title></head><body><div>{crumb}</div><h1>{title}</h1><p>{publication}</p>"
        f"<p>{tools}</p><p>{second}</p>{''.join(f'<p>{line}</p>' for line in paragraphs)}</body></html>"
    )
    url = "http://www.shenyang.gov.cn/zwgk/zfxxgkndgzbg/2018n/gqxszfxxgkgzndbg/202111/t20211102_628771.html"
    page = derive(Capture(url, 200, [], html.encode(), ""), Context())
    got, wanted = (page.text or "").splitlines(), [line.strip() for line in paragraphs]
    for number, line in enumerate(wanted):
        found = got[number] if number < len(got) else None
        score.check(f"seed line {number}", squeeze(found or ""), squeeze(line))
    score.check("seed kind", page.kind, "report")
    return score
