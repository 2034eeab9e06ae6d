"""`nianbao diff`: what changed between the versions of a report, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from crawler.archive.catalogue import Catalogue
from crawler.archive.queries.versions import difference
from crawler.commands.common import WORDS, archive_option, json_option, print_json, report_id
from crawler.commands.terminal import terminal
from crawler.records.errors import ArchiveError
from crawler.words.difference import Change

_STYLES = {"removed": "red", "added": "green", "same": ""}
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}"), "same": ("", "")}


@click.command()
@click.argument("report", metavar="REPORT", type=WORDS)
@click.option("--from", "older", type=int, metavar="V", help="The older version; that before the newer one by default.")
@click.option("--to", "newer", type=int, metavar="V", help="The newer version; the last one by default.")
@archive_option
@json_option
def diff(report: str, older: int | None, newer: int | None, archive: Path, as_json: bool) -> None:
    """What changed between two versions of a REPORT (its key or number, or one of its addresses).

    Words in [-brackets-] are no longer there, words in {+braces+} are new; in a terminal they are red and green.
    """
    with Catalogue.read(archive) as reading:
        number = report_id(reading, report, archive)
        versions = {row["version"]: row for row in (reading.reports.get(number) or {})["versions"]}
        newer = max(versions) if newer is None else newer
        older = max(newer - 1, 1) if older is None else older
        for wanted in (newer, older):
            if wanted not in versions:
                raise ArchiveError(f"report {number} has no version {wanted}; expected one of 1 to {max(versions)}")
        from crawler.reading.derivation import Derivation  # with all stages
        from crawler.reading.pool import Pool

        with Pool(1) as pool:
            derive = Derivation(pool)
            texts = {version: reading.reports.version(number, version, derive) for version in (older, newer)}
    result = difference(number, texts[older], texts[newer])
    if as_json:
        print_json(result | {"text": [_as_json(change) for change in result["text"]]})
        return
    console = terminal()
    for line in lines(result, console.is_terminal):
        console.print(line)


def _as_json(change: Change) -> dict[str, Any]:
    entry: dict[str, Any] = {"old": change.old, "new": change.new}
    if change.parts:
        entry["parts"] = [[part.kind, part.text] for part in change.parts]
    return entry


def lines(result: dict[str, Any], coloured: bool) -> Iterator[Text]:
    """The difference line by line; with marks where colours cannot show it."""
    for word in ("from", "to"):
        version = result[word]
        yield Text(
            f"{'---' if word == 'from' else '+++'} version {version['version']} of report {result['report_id']},"
            f" seen {version['observed_at']} at {version['url']}"
            f" (capture {version['capture_id']}, SHA-256 {version['sha256']})",
            "bold",
        )
    if result["from"]["version"] == result["to"]["version"]:
        yield Text("there is one version only; nothing has changed since it was first seen")
        return
    for name, (old, new) in result["facts"].items():
        yield (
            Text(f"{name}: ")
            .append(_marked("removed", str(old), coloured))
            .append(" ")
            .append(_marked("added", str(new), coloured))
        )
    for kind in ("removed", "added"):
        for file in result["attachments"][kind]:
            yield Text("attachment ").append(_marked(kind, f"{file['label'] or ''} {file['url']}".strip(), coloured))
    for file in result["attachments"]["changed"]:
        yield Text(f"attachment changed: {file['label'] or ''} {file['url']}")
    yield from _paragraphs(result["text"], coloured)


def _paragraphs(changes: list[Change], coloured: bool) -> Iterator[Text]:
    same = 0
    for change in [*changes, None]:
        if change is not None and change.same:
            same += 1
            continue
        if same:
            yield Text(f"    … {same} paragraph{'s' * (same > 1)} unchanged", "dim")
            same = 0
        if change is None:
            return
        if change.old is None:
            yield Text("  + ").append(_marked("added", change.new or "", coloured))
        elif change.new is None:
            yield Text("  - ").append(_marked("removed", change.old, coloured))
        else:
            line = Text("  ~ ")
            for part in change.parts:
                line.append(_marked(part.kind, part.text, coloured))
            yield line


def _marked(kind: str, text: str, coloured: bool) -> Text:
    if coloured:
        return Text(text, f"{_STYLES[kind]} {'strike' if kind == 'removed' else ''}".strip())
    opening, closing = _MARKS[kind]
    return Text(f"{opening}{text}{closing}")
