"""Puts a folder of files, or a file, in its place at once: written beside it under another name, then renamed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crawler.records.errors import NianbaoError


@contextlib.contextmanager
def placed(destination: Path) -> Iterator[Path]:
    """A new folder that becomes `destination` when all went well, and is nothing otherwise.

    Raises NianbaoError where the destination exists, or cannot be written.
    """
    if os.path.lexists(destination):
        raise NianbaoError(f"{destination} exists already; expected a name that is free (nothing was touched)")
    with _folder(destination) as partial:
        yield partial
        os.chmod(partial, 0o755)
        _synced(partial)
        os.rename(partial, destination)


@contextlib.contextmanager
def placed_file(destination: Path) -> Iterator[Path]:
    """As `placed`, for one file: the name under which it is written."""
    if os.path.lexists(destination):
        raise NianbaoError(f"{destination} exists already; expected a name that is free (nothing was touched)")
    with _folder(destination) as partial:
        path = partial / destination.name
        yield path
        _synced(partial)
        os.rename(path, destination)


@contextlib.contextmanager
def _folder(near: Path) -> Iterator[Path]:
    """A folder of our own beside where something is to stand; gone in the end. Raises NianbaoError."""
    if not near.parent.is_dir():
        raise NianbaoError(f"{near}: the directory {near.parent} does not exist")
    try:
        partial = Path(tempfile.mkdtemp(dir=near.parent, prefix=f".{near.name}."))
    except OSError as error:
        raise NianbaoError(f"{near} cannot be written: {error.strerror}") from error
    try:
        yield partial
    except OSError as error:
        raise NianbaoError(f"{near} could not be written: {error.strerror}; nothing was left there") from error
    except sqlite3.Error as error:
        raise NianbaoError(f"the archive could not be read to its end: {error}; nothing was left there") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _synced(folder: Path) -> None:
    for path in filter(Path.is_file, folder.rglob("*")):
        with path.open("rb") as file:
            os.fsync(file.fileno())
