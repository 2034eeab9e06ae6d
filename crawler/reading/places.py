"""Where a reader process may read: what Python and its libraries load when they are first needed, and no archive."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from crawler.reading.landlock import DEVICE, FOLDER, LIST, READ, Access

_SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    # pdfium draws letters of fonts that a PDF does not bring.
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    # Modules `mimetypes` and `ssl` fail where these are there and cannot be read.
    "/etc/mime.types",
    "/etc/ssl/openssl.cnf",
    # By how many threads a numerical library works.
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
    "/sys/fs/cgroup",
    "/proc/self",
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_LIBRARIES = ("site-packages", "dist-packages")
_ROOT = Path(__file__).resolve().parents[2]
"""Where the packages of the project lie."""


def places(folder: Path) -> dict[Path, Access]:
    """Folders and files with what may be done there, `folder` as the one to write in; not all of them need be there."""
    allowed = {Path(name): READ for name in _SYSTEM} | {Path(name): DEVICE for name in _DEVICES}
    for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix):
        allowed |= {Path(prefix, name): READ for name in ("lib", "lib64")}
    allowed |= dict.fromkeys((*_imported_from(), *_packages()), READ)
    return allowed | _project() | {folder: FOLDER}


def _imported_from() -> Iterator[Path]:
    """What Python searches, but for the folder that it was started in, the project's, and what holds either: there lie
    archives."""
    archives = [_ROOT]
    with contextlib.suppress(FileNotFoundError):  # it may be gone by now
        archives.append(Path.cwd())
    for path in map(Path, sys.path):
        mixed = any(folder.is_relative_to(path.resolve()) for folder in archives)
        if path.is_absolute() and (path.name in _LIBRARIES or not mixed):
            yield path


def _packages() -> Iterator[Path]:
    """Folders of the packages of which something is imported; there may be more of each to import."""
    for name, module in list(sys.modules.items()):
        if "." not in name:
            yield from (Path(path) for path in getattr(module, "__path__", ()))


def _project() -> dict[Path, Access]:
    """The packages of a checkout, and of those that are links to a folder where archives lie, as data/ is, the packages
    within alone."""
    if _ROOT.name in _LIBRARIES:
        return {}
    packages = list(_modules(_ROOT))
    links = [link for package in packages if package.is_dir() for link in package.iterdir() if link.is_symlink()]
    mixed = {link.resolve() for link in links if link.is_dir()}
    allowed = {package: READ for package in packages if package.resolve() not in mixed}
    for folder in mixed:
        allowed |= {folder: LIST} | dict.fromkeys(_modules(folder), READ)
    return allowed


def _modules(folder: Path) -> Iterator[Path]:
    """Packages and modules that lie in a folder, among other things."""
    for path in folder.iterdir():
        if path.suffix == ".py" or (path / "__init__.py").is_file():
            yield path
