"""Files beside the archive that other programs read: written at once or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from crawler.records.errors import NianbaoError


def check(path: Path, option: str) -> None:
    """Raise NianbaoError where no file could be written at the `path` that an option names."""
    if path.is_dir():
        raise NianbaoError(f"{option} {path} is a directory; expected a file")
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise NianbaoError(f"{option} {path} cannot be written; check that {path.parent} exists and its permissions")


def put(path: Path, content: bytes, what: str) -> None:
    """Write a file that all may read. Raises NianbaoError, which names `what` it is; what stood there before stands."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise NianbaoError(f"{what} {path} could not be written: {error.strerror}") from error
