"""`nianbao ocr`: what a model makes out in scans and pictures; kept apart from all that was there as text."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.archive.archive import Archive
from crawler.commands.common import archive_option, json_option, print_json, say
from crawler.records.errors import EXIT_ATTENTION, NianbaoError
from crawler.words.counts import counted
from crawler.words.installation import install_line


@click.command()
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many files.")
@archive_option
@json_option
def ocr(limit: int, archive: Path, as_json: bool) -> None:
    """Read scans and pictures of reports by OCR (needs the extra `ocr`), into the table `ocr` with its confidence.

    Nothing of it enters a report's text or figures. A file that this engine has read is not read again. Exit code 1: a
    file could not be read.
    """
    from crawler.reading.pool import Pool
    from pipelines.documents.ocr import engine
    from pipelines.marked.document import UnreadableError

    name = engine()
    if name is None:
        raise NianbaoError(f"no OCR is installed; `{install_line('ocr')}` installs it")
    counts = {"files": 0, "lines": 0, "unread": 0}
    with Archive.open(archive) as opened, Pool(1) as pool:
        opened.lock()
        for capture_id, url, sha256 in opened.captures.wordless(name)[:limit]:
            body = opened.captures.body(sha256) or b""
            try:
                lines = [(line.place, line.text, line.confidence) for line in pool.see(body)]
            except UnreadableError as error:
                counts["unread"] += 1
                say(f"{url}: {error}")
                lines = []
            opened.keep_ocr(capture_id, name, lines)
            counts["files"] += 1
            counts["lines"] += len(lines)
    say(
        f"{counted(counts['files'], 'file')} read by {name}: {counted(counts['lines'], 'line')};"
        f" {counts['unread']} could not be read"
    )
    if as_json:
        print_json({"engine": name, **counts})
    sys.exit(EXIT_ATTENTION if counts["unread"] else 0)
