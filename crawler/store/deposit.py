"""Puts an archive into a store: the archive, its tables, and the seal that makes them a portal's newest generation."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from crawler import __version__
from crawler.archive.archive import Archive
from crawler.archive.corpus.parts import NAMES, write_parts
from crawler.archive.exchange.columns import Measures
from crawler.archive.file.copy import copied
from crawler.records.errors import StoreError
from crawler.store.names import ARCHIVES, CURRENT, TABLES, archive_name, place_of, table_name
from crawler.store.seals import Seal, current, seal
from crawler.store.store import Content, Store, content_of


def portal_of(archive: Path) -> str:
    """The one portal of an archive. Raises StoreError where there is none, or more than one."""
    with Archive.read(archive) as reading:
        portals = sorted(reading.portals.known())
    if len(portals) != 1:
        of = f"{len(portals)} portals ({', '.join(portals[:5])})" if portals else "no portal yet"
        raise StoreError(f"{archive} has {of}; expected one, or a name for it in the store (--name)")
    return portals[0]


def next_generation(store: Store, portal: str) -> int:
    """The number behind all that there are objects of, sealed or left behind by who was killed. Raises StoreError."""
    places = [
        place for folder in (ARCHIVES, TABLES, CURRENT) for entry in store.list(f"{folder}/{portal}")
        if (place := place_of(entry.name)) is not None and place[0] == portal
    ]  # fmt: skip
    return 1 + max((generation for _, generation in places), default=0)


def put_generation(store: Store, portal: str, generation: int, archive: Path, measures: Measures) -> Seal:
    """Put an archive that nobody writes to, and its tables, as a portal's generation; the seal, which is not put yet.

    `archive` is put as it stands, byte for byte: no log may be beside it. Raises StoreError, ArchiveError.
    """
    objects: dict[str, Content] = {}
    with Archive.read(archive) as reading, tempfile.TemporaryDirectory(prefix="nianbao-tables-") as name:
        uuid = reading.uuid()
        reading.export(write_parts, measures, Path(name))
        for table in NAMES:
            place = table_name(portal, generation, table)
            objects[place] = store.put(place, Path(name) / f"{table}.parquet")
    place = archive_name(portal, generation)
    objects[place] = store.put(place, archive)
    made_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Seal(portal, generation, uuid, __version__, made_at, objects)


def deposit(store: Store, portal: str, archive: Path, measures: Measures) -> tuple[Seal, bool]:
    """Put an archive, of which a run may be writing, as a portal's next generation, and seal it; whether it was new.

    One that is as its newest generation makes no further one. Raises StoreError where that is another archive's.
    """
    newest = current(store, portal).get(portal)
    with tempfile.TemporaryDirectory(prefix="nianbao-archive-") as name:
        copy = Path(name) / "archive.db"
        copied(archive, copy)
        with Archive.read(copy) as reading:
            uuid = reading.uuid()
        if newest is not None:
            if newest.uuid != uuid:
                raise StoreError(
                    f"{portal} in {store.url} is another archive (uuid {newest.uuid}, that of {archive} is {uuid});"
                    " expected the one that goes on, or another name (--name)"
                )
            if newest.archive[1] == content_of(copy) and newest.program == __version__:
                return newest, False
        sealed = put_generation(store, portal, next_generation(store, portal), copy, measures)
    seal(store, sealed)
    return sealed, True
