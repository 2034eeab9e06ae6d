"""`nianbao extract`: what the program makes of one saved page, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click

from crawler.commands.common import WORDS, archive_option, json_option, print_json, profile_option
from crawler.portals.notation import load
from crawler.portals.selection import bundled
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.report import Figure


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", required=True, type=WORDS, help="The address the page was served at.")
@click.option(
    "--content-type", default=None, metavar="T", type=WORDS, help="The Content-Type header it was served with."
)
@click.option("--status", default=200, show_default=True, help="The HTTP status it was served with.")
@profile_option
@archive_option
@json_option
def extract(
    file: Path,
    url: str,
    content_type: str | None,
    status: int,
    profiles: tuple[Path, ...],
    archive: Path,
    as_json: bool,
) -> None:
    """What the program makes of the page saved in FILE, with the evidence for it. Touches no archive."""
    from crawler.reading.pool import Pool  # with all stages
    from crawler.reading.question import Question

    headers = [("Content-Type", content_type)] if content_type else []
    capture = Capture(url, status, headers, file.read_bytes(), fetched_at="1970-01-01T00:00:00Z")
    with Pool(1) as pool:
        page = pool.read(Question(capture, context_of(url, profiles))).page
    result = as_dict(page)
    if as_json:
        print_json(result)
    else:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))


def context_of(url: str, files: tuple[Path, ...]) -> Context:
    """What the profile that allows `url` says about it, be it named or shipped; an empty context where none does."""
    for profile in [load(path) for path in files] or bundled().values():
        if profile.allows(url):
            return Context(trusted_host=True, is_home=url == profile.home, region=profile.region)
    return Context()


def as_dict(page: Page) -> dict[str, Any]:
    """A page under the names of the tables, `None` where a value is not stated."""
    facts: dict[str, Any] = asdict(page.report) if page.report else {}
    return {
        "url": page.capture.url,
        "kind": page.kind,
        "lookalike": page.lookalike,
        **facts,
        "title": facts.get("title") or page.title,
        "breadcrumb": page.breadcrumb,
        "media_type": page.media_type,
        "charset_declared": page.charset_declared,
        "charset": page.charset,
        "text": page.text,
        "sections": [asdict(section) | {"text": section.text(page.text)} for section in page.sections],
        "statistics": [_figure(figure) for figure in page.figures],
        "checks": [asdict(check) for check in page.checks],
        "attachments": [asdict(attachment) for attachment in page.attachments],
        "evidence": {
            "kind": [asdict(evidence) for evidence in page.evidence],
            **{name: asdict(evidence) for name, evidence in page.report_evidence.items()},
        },
        "problems": [{"kind": problem.kind, "detail": problem.detail} for problem in page.problems],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    """A figure with its evidence, and the place that this is rendered from."""
    values = {field.name: getattr(figure, field.name) for field in fields(figure)}
    place = values.pop("place")._asdict()
    return values | {"evidence": figure.evidence, "place": {name: value for name, value in place.items() if value}}
