"""Reads a bundle that somebody sent: a ZIP or a folder, of which nothing is believed before it is looked at."""

from __future__ import annotations

import json
import re
import tomllib
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crawler import __version__
from crawler.portals.bundle import FORM, Bundle
from crawler.portals.notation import parse
from crawler.records.errors import NianbaoError, ProfileError

MOST_UNPACKED = 256 << 20
"""Bytes of all bodies of a bundle's WARC when it is walked again; those that we write have a fifth of it."""
_LIMITS = {"captures.warc.gz": 96 << 20, "ways.json": 64 << 20}
_LIMIT = 16 << 20
_MOST_MEMBERS = 2_000
_PROFILE = re.compile(r"profiles/([a-z0-9-]+)\.toml")

Read = Callable[[str, int], bytes | None]


def read(path: Path) -> Bundle:
    """The bundle in a ZIP or a folder. Raises NianbaoError, one sentence, for what is none, or of another form."""
    if path.is_dir():
        names = [str(one.relative_to(path).as_posix()) for one in (*path.glob("*"), *path.glob("profiles/*"))]
        return _read(path, names, lambda name, limit: _file(path / name, limit))
    try:
        with zipfile.ZipFile(path) as file:
            return _read(path, file.namelist(), lambda name, limit: _member(path, file, name, limit))
    except FileNotFoundError:
        raise NianbaoError(f"{path} does not exist; expected a bundle of `nianbao portals check --bundle`") from None
    except zipfile.BadZipFile:
        raise NianbaoError(f"{path} is no ZIP; expected a bundle of `nianbao portals check --bundle`") from None
    except OSError as error:
        raise NianbaoError(f"{path} cannot be read: {error.strerror or error}") from error


def _file(path: Path, limit: int) -> bytes | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return file.read(limit + 1)


def _member(path: Path, file: zipfile.ZipFile, name: str, limit: int) -> bytes | None:
    try:
        with file.open(name) as member:
            return member.read(limit + 1)
    except KeyError:
        return None
    except (RuntimeError, NotImplementedError, zlib.error, EOFError, zipfile.BadZipFile) as error:
        raise NianbaoError(f"{path}: its member {name} cannot be unpacked ({error}); it is damaged") from error


def _read(path: Path, names: list[str], read: Read) -> Bundle:
    if len(names) > _MOST_MEMBERS:
        raise NianbaoError(f"{path} has {len(names)} members; a bundle has at most {_MOST_MEMBERS}")

    def data(name: str) -> bytes:
        limit = _LIMITS.get(name, _LIMIT)
        found = read(name, limit)
        if found is None:
            raise NianbaoError(f"{path} is no bundle: it has no {name}")
        if len(found) > limit:
            raise NianbaoError(f"{path}: its member {name} is longer than {limit:,} bytes; no bundle's is")
        return found

    def loaded(name: str, kind: type) -> Any:
        try:
            value = json.loads(data(name))
        except (ValueError, RecursionError) as error:
            raise NianbaoError(f"{path}: its member {name} is no JSON ({str(error)[:80]})") from None
        if not isinstance(value, kind):
            raise NianbaoError(f"{path}: its member {name} is not what a bundle has there")
        return value

    about = loaded("bundle.json", dict)
    if about.get("form") != FORM:
        made = f"form {about.get('form')!r}, made by nianbao {about.get('program')}"
        raise NianbaoError(f"{path} is a bundle of {made}; this program ({__version__}) reads form {FORM}")
    profiles = {}
    for name in sorted(names):
        if (match := _PROFILE.fullmatch(name)) is not None:
            profiles[match[1]] = _profile(path, name, match[1], data(name))
    if not profiles:
        raise NianbaoError(f"{path} is no bundle: it has no profile")
    rows = {name: loaded(f"{name}.json", list) for name in ("reports", "problems")}
    for name, keys in (("reports", ("portal", "url")), ("problems", ("portal", "kind"))):
        if not all(isinstance(row, dict) and all(isinstance(row.get(key), str) for key in keys) for row in rows[name]):
            raise NianbaoError(f"{path}: its member {name}.json is not what a bundle has there")
    return Bundle(
        about, profiles, data("captures.warc.gz"), rows["reports"], rows["problems"], loaded("ways.json", dict)
    )


def _profile(path: Path, name: str, portal: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8")
        told = parse(tomllib.loads(text), f"{path}: {name}")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{path}: its member {name} is no profile ({error})") from None
    if told.id != portal:
        raise ProfileError(f"{path}: its member {name} is the profile of {told.id!r}")
    return text
