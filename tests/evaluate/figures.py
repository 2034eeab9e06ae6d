"""The figures of the whole reports against those read by hand: per form exact, wrong, missed and false."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.records.capture import Capture
from crawler.records.page import Page
from pipelines import derive
from pipelines.decode.stage import decode
from pipelines.statistics.checks import BLANK_AS_0, check_figures
from pipelines.statistics.tables import read_tables
from pipelines.strip.stage import strip
from tests.evaluate import Score


@dataclass
class Cells:
    """What became of the cells of one form. `missed` has those without a figure and those left without a value."""

    exact: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)


def read_report(file: Path, whole: bool) -> Page:
    """A gold report as a page with its text; a bare fragment or a text file is taken for a report."""
    if file.suffix == ".pdf" or (file.suffix == ".html" and whole):
        return derive(Capture("http://www.example.gov.cn/a.html", 200, [], file.read_bytes(), ""))
    if file.suffix == ".html":
        page = decode(Capture("http://www.example.gov.cn/a.html", 200, [], file.read_bytes(), ""))
        page.kind = "report"
        strip(page)
        return page
    page = Page(Capture("http://www.example.gov.cn/a.txt", 200, [], b"", ""), kind="report")
    page.text = file.read_text("utf-8")
    return page


def _reports(folder: Path) -> Iterator[tuple[dict[str, Any], Page]]:
    """The rows of gold whose tables are there as HTML or text, with their pages."""
    for line in (folder / "reports.jsonl").read_text("utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        file = folder / row["file"]
        if row["form"] == "narrative" or "images" in row or not file.is_file():
            continue
        yield row, read_report(file, "reconstructed" not in row["file"])


_FORMATS = {".html": "html", ".pdf": "pdf"}


def _same(value: float | None, gold: float | str | None) -> bool:
    """Whether a figure is that of the gold, which writes amounts of money as text."""
    return value is gold if value is None or gold is None else float(value) == float(gold)


def compare(folder: Path) -> dict[str, Cells]:
    """Every report whose tables are text, by the form that the gold says and how its tables came (html, text)."""
    found: dict[str, Cells] = {}
    for row, page in _reports(folder):
        # A PDF's gold also has what only its sentences say.
        read = page.figures if row["file"].endswith(".pdf") else read_tables(page)
        got = {figure.code: figure for figure in read if figure.code}
        cells = found.setdefault(f"{row['form']}, {_FORMATS.get(Path(row['file']).suffix, 'text')}", Cells())
        for code, value in row["figures"].items():
            figure = got.get(code)
            if figure is not None and _same(figure.value, value):
                cells.exact += 1
            elif figure is None or figure.value is None:
                cells.missed.append(f"{row['id']} {code}: {figure.method if figure else 'no figure'}, is {value}")
            else:
                cells.wrong.append(f"{row['id']} {code}: {figure.value} is {value}, {figure.evidence}")
        told = {code for code, figure in got.items() if figure.form != "narrative"}
        cells.false += [f"{row['id']} {code}: {got[code].evidence}" for code in sorted(told - row["figures"].keys())]
    return found


def evaluate_checks(folder: Path) -> list[Score]:
    """The sums A1 to A4 that a real report breaks, strictly and with blanks as 0, against those noted by hand."""
    score = Score("checks: broken sums as noted by hand")
    if not (folder / "reports.jsonl").is_file():
        return []
    for row, page in _reports(folder):
        noted = row.get("identities")
        if noted is None:
            continue
        checks = [one for one in check_figures(read_tables(page)) if one.rule[:2] in ("A1", "A2", "A3", "A4")]
        broken = [one for one in checks if one.holds is False]
        strict = sorted(f"{one.rule}[{one.subject}]" for one in broken if BLANK_AS_0 not in one.rule)
        lenient = sorted(
            f"{one.rule.removesuffix(BLANK_AS_0)}[{one.subject}]" for one in broken if BLANK_AS_0 in one.rule
        )
        score.check(f"{row['id']} strictly", strict, sorted(name for name, *_ in noted["broken_strict"]))
        score.check(f"{row['id']} blank as 0", lenient, sorted(name for name, *_ in noted["broken_if_blank_is_0"]))
    return [score]


def evaluate_figures(folder: Path) -> list[Score]:
    """The comparison as scores: exact of stated; wrong, missed and false values are listed as misses."""
    if not (folder / "reports.jsonl").is_file():
        return []
    scores = []
    for form, cells in sorted(compare(folder).items()):
        name = f"figures {form}: exact ({len(cells.wrong)} wrong, {len(cells.missed)} missed, {len(cells.false)} false)"
        score = Score(name)
        score.right = cells.exact
        score.total = cells.exact + len(cells.wrong) + len(cells.missed)
        score.misses = [f"wrong {one}" for one in cells.wrong] + [f"false {one}" for one in cells.false]
        score.misses += [f"missed {one}" for one in cells.missed]
        scores.append(score)
    return scores
