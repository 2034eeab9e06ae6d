"""Objects of the newest generations as files: where they stand in a folder, out of a bucket by way of a cache."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from crawler.archive.corpus.parts import NAMES
from crawler.records.errors import StoreError
from crawler.store.names import ARCHIVES, place_of, table_name
from crawler.store.seals import Seal
from crawler.store.store import Content, Store


def table_files(store: Store, seals: Mapping[str, Seal], cache: Path) -> dict[str, dict[str, Path]]:
    """Each table's file by portal and name. What a bucket holds is read into `cache`, checked, and once.

    Of a folder's files the size alone is checked. Raises StoreError, and for a generation without tables.
    """
    return {portal: {table: _file(store, sealed, table, cache) for table in NAMES} for portal, sealed in seals.items()}


def _file(store: Store, sealed: Seal, table: str, cache: Path) -> Path:
    name = table_name(sealed.portal, sealed.generation, table)
    content = sealed.objects.get(name)
    if content is None:
        raise StoreError(
            f"generation {sealed.generation} of {sealed.portal} in {store.url} has no table {table}; it was made by"
            f" nianbao {sealed.program}, so expected another one, by this program (nianbao store put)"
        )
    return _placed(store, name, content, cache)


def archive_file(store: Store, sealed: Seal, cache: Path) -> Path:
    """The file of an archive, as those of its tables; it must not be written to. Raises StoreError."""
    return _placed(store, *sealed.archive, cache)


def forget_former(seals: Mapping[str, Seal], cache: Path) -> None:
    """Remove from `cache` the archives that are no portal's newest generation. Who still asks for one has it out of the
    bucket again."""
    for path in (cache / ARCHIVES).glob("*/*"):
        place = place_of(path.relative_to(cache).as_posix())
        if place is not None and (place[0] not in seals or seals[place[0]].generation > place[1]):
            with suppress(OSError):  # it takes room, no more
                path.unlink()


def _placed(store: Store, name: str, content: Content, cache: Path) -> Path:
    path = store.path(name)
    if path is None:
        path = cache / name
        if not (path.exists() and path.stat().st_size == content.bytes):
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"{path.parent} cannot be written: {error.strerror}") from error
            store.get(name, path, content)
    elif not path.exists() or path.stat().st_size != content.bytes:
        raise StoreError(f"{name} in {store.url} is missing or not whole; expected {content.bytes:,} bytes")
    return path
