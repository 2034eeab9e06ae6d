"""Web archives as files: a source is data. One TOML file names where its index and its captures are to be had.

name = "wayback"                       # [a-z0-9-]+; what captures are cited by
title = "Internet Archive"             # optional; else the name
dialect = "wayback"                    # wayback, pywb (OutbackCDX too), commoncrawl, timemap
index = "https://…/cdx"                # CDX server; commoncrawl: collinfo.json; timemap: what the address is added to
replay = "https://…/{timestamp}id_/{url}"   # raw bodies; commoncrawl: "https://…/{file}"
delay = 3.0                            # seconds between two requests to it
terms = "https://…"                    # under what terms it may be used
verified = "2026-11-23"                # when it was last found to answer so; false: nobody has tried it yet

[save]                                 # optional: where it takes addresses for keeping (crawler.mementos.handover)
address = "https://…/save/{url}"
status = "https://…/save/status/{job}"   # optional: where it says how far its work is
delay = 15.0                           # seconds between two requests to it
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from crawler.portals.notation import is_delay, shipped
from crawler.records.errors import NianbaoError

Dialect = Literal["wayback", "pywb", "commoncrawl", "timemap"]
SAVE_DELAY = 15.0
"""Seconds between two requests of an endpoint that takes addresses: each has it fetch a page."""
DEFAULT_DELAY = 3.0
"""Seconds: 24 requests a minute is what the Wayback Machine's index bears, and others say no more than «slowly»."""
_MARKS: dict[str, tuple[str, ...]] = {"commoncrawl": ("{file}",)}
_REPLAY_MARKS = ("{timestamp}", "{url}")


@dataclass(frozen=True, slots=True)
class Save:
    """Where a web archive takes addresses for keeping; see the module. `delay`: seconds."""

    address: str
    status: str | None
    delay: float


class SourceError(NianbaoError):
    """A file of a web archive that cannot be used, or a name that no file has."""


@dataclass(frozen=True, slots=True)
class WebArchive:
    """A web archive; see the module. `delay`: seconds. `verified`: a day, or False."""

    name: str
    title: str
    dialect: Dialect
    index: str
    replay: str
    delay: float
    terms: str
    verified: str | bool
    save: Save | None = None


def load(path: Path) -> WebArchive:
    """Read and check a file. Raises SourceError with the file, the key and what was expected."""
    try:
        return parse(tomllib.loads(path.read_bytes().decode("utf-8")), str(path))
    except FileNotFoundError:
        raise SourceError(f"{path}: no such file of a web archive") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read as a UTF-8 text file ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{path}: not valid TOML: {error}") from None


def parse(data: dict[str, Any], where: str) -> WebArchive:
    """Check the keys read from `where` (a name for messages). Raises SourceError."""
    rest = dict(data)

    def take(key: str, expected: str, good: Callable[[Any], bool], default: Any = None) -> Any:
        if key not in rest and default is None:
            raise SourceError(f"{where}: key {key!r} is missing; expected {expected}")
        value = rest.pop(key, default)
        if not good(value):
            raise SourceError(f"{where}: key {key!r} is {value!r}; expected {expected}")
        return value

    name = take("name", "lower-case letters, digits and hyphens", lambda v: _matches("[a-z0-9-]+", v))
    dialects = get_args(Dialect)
    dialect = take("dialect", f"one of {', '.join(dialects)}", lambda v: v in dialects)
    marks = _MARKS.get(dialect, _REPLAY_MARKS)
    archive = WebArchive(
        name=name,
        title=take("title", "its name in words", _is_line, default=name),
        dialect=dialect,
        index=take("index", "an address that starts with http:// or https://", _is_url),
        replay=take(
            "replay",
            f"an address with {' and '.join(marks)} in it",
            lambda v: _is_url(v) and all(v.count(mark) == 1 for mark in marks),
        ),
        delay=float(take("delay", "seconds from 0 to 3600", is_delay, default=DEFAULT_DELAY)),
        terms=take("terms", "under what terms it may be used: an address or a sentence", _is_line),
        verified=take(
            "verified",
            'a date in quotes as in "2026-11-23", or false',
            lambda v: v is False or _matches(r"\d{4}-\d{2}-\d{2}", v),
        ),
        save=_save(rest.pop("save", None), where),
    )
    if rest:
        keys = "name, title, dialect, index, replay, delay, terms, verified, [save]"
        raise SourceError(f"{where}: unknown key {next(iter(rest))!r}; expected one of {keys}")
    return archive


def _save(data: Any, where: str) -> Save | None:
    """The table [save] of a file. Raises SourceError."""
    if data is None:
        return None
    if not isinstance(data, dict) or data.keys() - {"address", "status", "delay"}:
        raise SourceError(f"{where}: [save] is {data!r}; expected a table of address, status, delay")
    address, status, delay = data.get("address", ""), data.get("status"), data.get("delay", SAVE_DELAY)
    if not _is_url(address) or address.count("{url}") != 1:
        raise SourceError(f"{where}: key 'address' of [save] is {address!r}; expected an address with {{url}} in it")
    if status is not None and (not _is_url(status) or status.count("{job}") != 1):
        raise SourceError(f"{where}: key 'status' of [save] is {status!r}; expected an address with {{job}} in it")
    if not is_delay(delay):
        raise SourceError(f"{where}: key 'delay' of [save] is {delay!r}; expected seconds from 0 to 3600")
    return Save(address, status, float(delay))


def bundled() -> dict[str, WebArchive]:
    """Those that ship with the program, by name."""
    return {archive.name: archive for archive in (parse(*file) for file in shipped("archives"))}


def select(wanted: Iterable[str]) -> list[WebArchive]:
    """The archives that a command names: by name, by a file, or by the address of a pywb collection.

    Where it names none, all bundled ones that somebody has tried. Raises SourceError for one that is not there, for two
    of one name, and where nothing is left.
    """
    choices, wanted = bundled(), list(dict.fromkeys(wanted))
    chosen = [_named(archive, choices) for archive in wanted] or [
        archive for archive in choices.values() if archive.verified
    ]
    if not chosen:
        names = ", ".join(choices)
        raise SourceError(f"no web archive has been tried yet; name one by --source ({names}, a file or an address)")
    for number, archive in enumerate(chosen):
        if archive.name in {other.name for other in chosen[:number]}:
            raise SourceError(f"two web archives have the name {archive.name!r}; each needs another")
    return chosen


def _named(what: str, choices: dict[str, WebArchive]) -> WebArchive:
    if what in choices:
        return choices[what]
    if re.match("https?://", what):
        return of_collection(what)
    if what.endswith(".toml"):
        return load(Path(what))
    names = ", ".join(choices)
    raise SourceError(
        f"no web archive {what!r}; known are {names} (or name a file, *.toml, or a pywb collection's address)"
    )


def of_collection(url: str) -> WebArchive:
    """A pywb collection at an address, which answers at /cdx below it. Raises SourceError for what is no address."""
    if not _is_url(url):
        raise SourceError(f"--source is {url!r}; expected the address of a pywb collection")
    root = url.rstrip("/")
    replay = f"{root}/{{timestamp}}id_/{{url}}"
    return WebArchive(_name_of(root), root, "pywb", f"{root}/cdx", replay, DEFAULT_DELAY, "ask whoever runs it", False)


def endpoint(what: str) -> WebArchive:
    """The web archive that addresses are handed to, its pace that of its `save`: by name, by a file, or by the address
    of an endpoint, to which the address to be kept is added. Raises SourceError."""
    if re.match("https?://", what):
        return _of_endpoint(what)
    archive = _named(what, bundled())
    if archive.save is None:
        able = ", ".join(name for name, other in bundled().items() if other.save is not None)
        raise SourceError(f"--to {what}: it is not known to take addresses (no [save] in its file); expected {able}")
    return replace(archive, delay=archive.save.delay)


def _of_endpoint(url: str) -> WebArchive:
    if not _is_url(url) or url.count("{url}") > 1:
        raise SourceError(
            f"--to is {url!r}; expected the address of a Save Page endpoint, with {{url}} in it or at its end"
        )
    root = url.partition("{url}")[0].rstrip("/")
    save = Save(url if "{url}" in url else f"{root}/{{url}}", f"{root}/status/{{job}}", SAVE_DELAY)
    return WebArchive(_name_of(root), root, "wayback", root, "", SAVE_DELAY, "ask whoever runs it", False, save)


def _name_of(root: str) -> str:
    parts = urlsplit(root)
    return re.sub("[^a-z0-9]+", "-", f"{parts.netloc}{parts.path}".lower()).strip("-")


def _matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and bool(value.strip())


def _is_url(value: Any) -> bool:
    if not _matches(r"https?://[!-~]+", value):
        return False
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
