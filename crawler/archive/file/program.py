"""Which program makes rows out of captures: its version, and a digest of all that has a part in what it makes."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import crawler

_PACKAGES = ("crawler", "pipelines")
_OUTSIDE = frozenset({"commands", "fetching", "manual", "site", "__pycache__"})
"""Folders of `crawler` that have no part in a row."""
_LIBRARIES = (
    "lxml", "beautifulsoup4", "pypdfium2", "pdfplumber", "python-docx", "python-calamine", "olefile", "striprtf",
    "libarchive-c",
)  # fmt: skip
"""What reads documents: another version, or one that was not installed before, may read what stayed unread."""


@lru_cache(maxsize=1)
def program_name() -> str:
    """The version with twelve hexadecimal digits over sources, data and libraries, as `0.2.0+0123456789ab`; two
    programs of one name make the same rows of the same captures."""
    digest = hashlib.sha256()
    for path, name in sorted(_files(), key=lambda file: file[1]):
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return f"{crawler.__version__}+{digest.hexdigest()[:12]}"


def _files() -> Iterator[tuple[Path, str]]:
    """Each file that has a part in rows, and its name within the program."""
    for package in _PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"the package {package} is a part of nianbao and is not installed")
        root = Path(spec.origin).parent
        # `rglob` does not go where `crawler/data` of a checkout leads.
        for folder, _, names in os.walk(root, followlinks=True):
            parts = Path(folder).relative_to(root).parts
            if _OUTSIDE.isdisjoint(parts):
                yield from ((Path(folder, name), "/".join((package, *parts, name))) for name in names)


def _version(library: str) -> str | None:
    import importlib.metadata  # half of the library for mail with it, which commands that only read do without

    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None
