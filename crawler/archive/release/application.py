"""A release made from the one before it and the delta of the next."""

from __future__ import annotations

import heapq
import json
import shutil
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from crawler.archive.exchange.columns import Row
from crawler.archive.release.delta import CHANGES, DEL
from crawler.archive.release.package import DELTA, SUMS, Release, read_release
from crawler.archive.release.resource import Resource
from crawler.archive.release.sums import check_sums, different, sums
from crawler.records.errors import NianbaoError


def apply(old: Path, delta: Path, folder: Path) -> int:
    """Make in an empty `folder` the release that `delta`, a file, leads to from that in `old`; the number of changes.

    Raises NianbaoError where old is no sound release, where the delta is none or starts from another one, and where
    a file comes out with other bytes than those published (another version of pyarrow or XlsxWriter wrote them).
    """
    check_sums(old)
    try:
        return _apply(read_release(old), delta, folder)
    except (ValueError, KeyError, OSError) as error:
        raise NianbaoError(f"{delta} is no delta of a release, or not one to {old}: {error}") from error


def _apply(old: Release, delta: Path, folder: Path) -> int:
    papers = {file: text for file, _, key, _, _, text in _changes(delta) if key is None}
    promise = papers.pop(SUMS)
    for name in old.documents():
        if name not in papers:
            shutil.copyfile(old.folder / name, folder / name)
    for name, text in papers.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    new = read_release(folder)
    if new.since != old.version:
        raise NianbaoError(f"{delta} starts from release {new.since}, {old.folder} is {old.version}")
    count = len(papers)
    changed = set()
    for file, changes in groupby(_changes(delta), key=itemgetter(0)):
        resource = new.resources.get(file)
        if resource is not None:
            changed.add(file)
            count += _write(old, resource, list(changes), folder)
    for file, resource in new.resources.items():
        if file not in changed:
            _keep(old, new, resource, folder)
    wrong = sorted({file for file, _ in different(promise, sums(folder))})
    if wrong:
        raise NianbaoError(
            f"{', '.join(wrong)}: the rows are those of release {new.version}, the bytes are not; other versions of"
            " the packages that write them made that release"
        )
    shutil.copyfile(delta, folder / DELTA)
    (folder / SUMS).write_text(sums(folder), encoding="utf-8", newline="\n")
    return count


def _changes(delta: Path) -> Iterator[Row]:
    if delta.name != DELTA:
        raise NianbaoError(f"{delta}: expected the file {DELTA} of a release")
    return CHANGES.read(delta.parent)


def _write(old: Release, resource: Resource, changes: list[Row], folder: Path) -> int:
    """A table whose rows are those of the old release but for the changes."""
    others = {key for _, _, key, *_ in changes}
    rows = (resource.row(said) for _, change, _, _, _, said in changes if change != DEL)
    before = old.resources.get(resource.file)
    kept = (
        row
        for row in (before.read(old.folder) if before is not None else ())
        if json.dumps(resource.key_of(row), ensure_ascii=False) not in others
    )
    resource.write(heapq.merge(kept, rows, key=resource.order), folder)
    return len(changes)


def _keep(old: Release, new: Release, resource: Resource, folder: Path) -> None:
    """A table whose rows are the old ones."""
    if old.hash(resource.file) == new.hash(resource.file):
        for name in resource.files:
            if (old.folder / name).exists():
                shutil.copyfile(old.folder / name, folder / name)
    else:
        _write(old, resource, [], folder)
