"""What a release has that the one before it had not: rows by key and hash, and the papers that are others.

The difference is one of two published sets, not of two archives. A release and the next one's delta give the next one,
byte for byte (crawler.archive.release.application).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from crawler.archive.exchange.columns import Column, Row
from crawler.archive.release.package import DELTA, SUMS, Release
from crawler.archive.release.resource import Resource, row_hash
from crawler.archive.release.sums import sums

ADD, MOD, DEL = "ADD", "MOD", "DEL"
CHANGES = Resource(
    "delta",
    "delta",
    "What is new, other or gone since the release before.",
    (
        Column("file", "string", "the file of the release"),
        Column("change", "string", "ADD, MOD or DEL"),
        Column("key", "string", "JSON list: the key of the row; NULL: the file as a whole, which is no table"),
        Column("was", "string", "first 16 digits of the SHA-256 of the row before, as JSON; NULL for ADD"),
        Column("now", "string", "the same of the row as it is; NULL for DEL"),
        Column("row", "string", "the row as it is, as a JSON object; of a whole file its words; NULL for DEL"),
    ),
    ("file", "key"),
)


def row_changes(old: Release, new: Release) -> Iterator[Row]:
    """Rows of the delta for all tables of two releases: of each those that came or are others, then those that went."""
    for file in sorted({*old.resources, *new.resources}):
        before, after = old.resources.get(file), new.resources.get(file)
        if before == after and old.hash(file) == new.hash(file):
            continue
        hashes = {} if before is None else _hashes(before, old)
        if after is not None:
            for row in after.read(new.folder):
                key = json.dumps(after.key_of(row), ensure_ascii=False)
                said = after.said(row)
                was, now = hashes.pop(key, None), row_hash(said)
                if was != now:
                    yield file, ADD if was is None else MOD, key, was, now, said
        yield from ((file, DEL, key, was, None, None) for key, was in hashes.items())


def _hashes(resource: Resource, release: Release) -> dict[str, str]:
    """The hash of every row of a resource, by its key as JSON."""
    return {
        json.dumps(resource.key_of(row), ensure_ascii=False): row_hash(resource.said(row))
        for row in resource.read(release.folder)
    }


def paper_changes(old: Release, new: Release) -> Iterator[Row]:
    """Rows of the delta for all files that are no tables, and for the checksums of all but the delta itself."""
    before, after = _papers(old), _papers(new) | {SUMS: sums(new.folder, DELTA)}
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was != now:
            change = ADD if was is None else DEL if now is None else MOD
            yield name, change, None, was and row_hash(was), now and row_hash(now), now


def _papers(release: Release) -> dict[str, str]:
    return {name: (release.folder / name).read_text("utf-8") for name in release.documents()}
