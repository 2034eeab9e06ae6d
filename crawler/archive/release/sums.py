"""The checksums of a release, as `sha256sum --check` reads them."""

from __future__ import annotations

from pathlib import Path

from crawler.archive.release.package import SUMS, sha256_of
from crawler.records.errors import NianbaoError


def sums(folder: Path, without: str = SUMS) -> str:
    """A line for each file of a folder but the list itself, and one other, by name."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in (SUMS, without))
    return "".join(f"{sha256_of(path)}  {path.name}\n" for path in paths)


def check_sums(folder: Path) -> None:
    """Raise NianbaoError where a release is not what its checksums say, and name the files."""
    try:
        lines = (folder / SUMS).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise NianbaoError(f"{folder} has no {SUMS} that can be read: {error}") from error
    wrong = sorted(file for file, _ in different(lines, sums(folder)))
    if wrong:
        raise NianbaoError(f"{folder} is not what its {SUMS} says: {', '.join(wrong)}")


def different(before: str, after: str) -> set[tuple[str, str]]:
    """File and checksum of each line that is in one of two lists alone."""
    return {(line[66:], line[:64]) for line in set(before.splitlines()) ^ set(after.splitlines())}
