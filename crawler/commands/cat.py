"""`nianbao cat`: what was served, as it was."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.archive.catalogue import Catalogue
from crawler.archive.file.tombstones import sentence
from crawler.commands.common import WORDS, archive_option
from crawler.records.errors import ArchiveError, RedactedError


@click.command()
@click.argument("what", metavar="URL|SHA256", type=WORDS)
@archive_option
def cat(what: str, archive: Path) -> None:
    """The exact bytes of a capture: the latest of an address, or the body with a SHA-256."""
    with Catalogue.read(archive) as reading:
        body = reading.captures.body(what)
        redaction = reading.captures.redaction_of(what) if body is None else None
    if redaction is not None:
        raise RedactedError(f"what {archive} held under {what!r} was {sentence(redaction)}")
    if body is None:
        raise ArchiveError(f"{archive} holds nothing under {what!r}; expected the address or the SHA-256 of a capture")
    sys.stdout.buffer.write(body)
