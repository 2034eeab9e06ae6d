"""`nianbao show`: a report's facts, its figures with their evidence, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from crawler.archive.catalogue import Catalogue
from crawler.archive.file.tombstones import sentence
from crawler.commands.common import WORDS, archive_option, json_option, print_json, report_id
from crawler.records.review import sentence as review_sentence
from crawler.records.submissions import sentence as submission_sentence
from crawler.words.counts import counted

_FACTS = (
    "title", "organ", "organ_kind", "region_code", "region", "report_year", "published_on", "signed_on", "source",
    "index_no", "doc_no", "form", "url", "gone_at",
)  # fmt: skip


@click.command()
@click.argument("report", metavar="REPORT", type=WORDS)
@click.option("--text", "with_text", is_flag=True, help="Print the report's text as well.")
@archive_option
@json_option
def show(report: str, with_text: bool, archive: Path, as_json: bool) -> None:
    """The facts and figures of a REPORT (its key or number, or one of its addresses), each figure with its evidence.

    What people say of it (`nianbao review`) stands first. Blank cells are left out, and counted. Then come the checks
    that fail, and how many hold or cannot be told.
    """
    with Catalogue.read(archive) as reading:
        row = reading.reports.get(report_id(reading, report, archive)) or {}
    if as_json:
        print_json(row if with_text else {name: value for name, value in row.items() if name != "text"})
        return
    for line in lines(row, with_text):
        click.echo(line)


def lines(report: dict[str, Any], with_text: bool) -> Iterator[str]:
    """What a person reads."""
    yield f"report {report['id']}, key {report['key']}"
    if report["sample"]:
        yield f"  made up: a report of the sample portal ({report['portal']})"
    for name in _FACTS:
        if report[name] is not None:
            yield f"  {name}: {report[name]}"
    yield f"  capture {report['capture_id']}, SHA-256 {report['sha256']}"
    if report["via"] is not None:
        yield f"  as archived by {report['via']} at {report['captured_at']}; it was not fetched where it stood"
    if report["redaction"] is not None:
        yield f"  {sentence(report['redaction'])}"
    for url in report["urls"]:
        if url["url"] != report["url"]:
            yield f"  also at {url['url']}" + (f", gone {url['gone_at']}" if url["gone_at"] else "")
    for other in report["conflicts"]:
        gone = f", gone {other['gone_at']}" if other["gone_at"] else ""
        yield f"  another text claims the same organ and year: report {other['id']} at {other['url']}{gone}"
    for row in report["submissions"]:
        yield f"  {submission_sentence(row)}"
    for review in report["reviews"]:
        yield f"  review: {review_sentence(review)}"
    yield from _figures(report["statistics"])
    yield from _checks(report["checks"])
    if with_text and report["text"] is not None:
        yield ""
        yield report["text"]


def _figures(figures: list[dict[str, Any]]) -> Iterator[str]:
    if not figures:
        yield "no figures were read"
    for form, group in groupby(figures, key=lambda figure: figure["form"]):
        members = list(group)
        stated = [figure for figure in members if figure["value"] is not None]
        yield f"{form}: {counted(len(stated), 'figure')}" + (
            f", {len(members) - len(stated)} blank" if len(members) > len(stated) else ""
        )
        for figure in stated:
            name = figure["code"] or f"«{figure['item']}»"
            yield f"  {name} = {figure['value']:.15g}{figure['unit'] or ''}  [{figure['method']}] {figure['evidence']}"


def _checks(checks: list[dict[str, Any]]) -> Iterator[str]:
    if not checks:
        return
    held = sum(check["holds"] == 1 for check in checks)
    untold = sum(check["holds"] is None for check in checks)
    failed = [check for check in checks if check["holds"] == 0]
    yield f"checks: {held} hold, {len(failed)} fail, {untold} cannot be told"
    for check in failed:
        yield f"  {check['rule']} {check['subject']}: expected {check['expected']}, the report says {check['actual']}"
