"""Profiles as TOML: the one reader and the one writer, so that what is written is what is read."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.portals.profile import DEFAULT_DELAY, DEFAULT_PORTS, Band, Expect, Profile
from crawler.records.errors import ProfileError
from crawler.records.ways import LEADING_PAGES
from crawler.reference import divisions
from crawler.words.durations import parse_at_most, run_length, written
from crawler.words.text import one_line

_ID = re.compile(r"[a-z0-9-]+")
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?")
_STEP_MARKS = frozenset({"{year}", "{region}"})


def shipped(folder: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The TOML files of a folder of `crawler/data/`, by name: what each holds, and what messages call it."""
    for entry in sorted(resources.files(f"crawler.data.{folder}").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield tomllib.loads(entry.read_text("utf-8")), f"data/{folder}/{entry.name}"


def load(path: Path) -> Profile:
    """Read and check the profile in `path`. Raises ProfileError with the file, the key and what was expected."""
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise ProfileError(f"{path}: no such profile file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: cannot be read as a UTF-8 text file ({error})") from None
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path}: not valid TOML: {error}") from None
    return parse(data, str(path))


def parse(data: dict[str, Any], where: str) -> Profile:
    """Check the keys of a profile read from `where` (a name for messages). Raises ProfileError."""
    rest = dict(data)

    def take(key: str, expected: str, good: Callable[[Any], bool], default: Any = None, required: bool = False) -> Any:
        if key not in rest:
            if required:
                raise ProfileError(f"{where}: key {key!r} is missing; expected {expected}")
            return default
        value = rest.pop(key)
        if not good(value):
            raise ProfileError(f"{where}: key {key!r} is {value!r}; expected {expected}")
        return value

    profile_id = take("id", "lower-case letters, digits and hyphens", _is_id, required=True)
    name = take("name", "the portal's name", _is_text, required=True)
    home = take("home", "the address of the home page, starting with http:// or https://", _is_url, required=True)
    region = take("region", "a GB/T 2260 code of six digits in quotes", _is_text, required=True)
    if not divisions.known(region):
        raise ProfileError(f"{where}: key 'region' is {region!r}; expected a GB/T 2260 code of six digits that exists")
    trail = take("trail", 'a list of labels, "{year}" and "{region}" among them', _is_trail)
    hosts = take("hosts", 'a list of "host", "*.host" or "host:port" patterns', _is_hosts, default=[])
    former_hosts = take("former_hosts", 'a list of "host" or "host:port"', _is_former, default=[])
    delay = take("delay", "seconds from 0 to 3600", is_delay, default=DEFAULT_DELAY)
    private = take("allow_private_addresses", "true or false", lambda v: isinstance(v, bool), default=False)
    browser = take("browser", "true or false", lambda v: isinstance(v, bool), default=False)
    sample = take("sample", "true or false", lambda v: isinstance(v, bool), default=False)
    at_most = take("at_most", 'a length in quotes as in "90s", "45m" or "6h", at most "31d"', _is_length)
    user_agent = take("user_agent", "one line of printable ASCII", _is_agent)
    budget = take("budget", "a whole number from 1 to 1000000", _is_budget, default=LEADING_PAGES)
    requisites = take("requisites", "true or false", lambda v: isinstance(v, bool), default=False)
    verified = take("verified", 'a date in quotes as in "2026-11-23", or false', _is_verified)
    expect = _expectation(take("expect", "a table", lambda v: isinstance(v, dict), default={}), where)
    if rest:
        keys = (
            "id, name, home, region, trail, hosts, former_hosts, delay, allow_private_addresses, browser, sample, "
            "at_most, user_agent, budget, requisites, verified, expect"
        )
        raise ProfileError(f"{where}: unknown key {next(iter(rest))!r}; expected one of {keys}")
    return Profile(
        id=profile_id,
        name=name,
        home=home if urlsplit(home).path else home + "/",
        region=region,
        trail=tuple(trail) if trail else None,
        hosts=tuple(host.lower() for host in hosts),
        former_hosts=tuple(host.lower() for host in former_hosts),
        delay=float(delay),
        allow_private_addresses=private,
        browser=browser,
        sample=sample,
        at_most=parse_at_most(at_most) if at_most else None,
        user_agent=user_agent,
        budget=budget,
        requisites=requisites,
        verified=verified,
        expect=expect,
    )


def _expectation(table: dict[str, Any], where: str) -> Expect:
    rest = dict(table)
    bounds: dict[str, Any] = {}
    for key in ("reports_per_year", "reports", "list_pages"):
        if key in rest:
            bounds[key] = _band(key, rest.pop(key), where)
    for key in ("with_text", "max_drop"):
        if key in rest:
            bounds[key] = _share(key, rest.pop(key), where)
    if rest:
        keys = "reports_per_year, reports, list_pages, with_text, max_drop"
        raise ProfileError(f"{where}: unknown key 'expect.{next(iter(rest))}'; expected one of {keys}")
    return Expect(**bounds)


def _band(key: str, band: Any, where: str) -> Band:
    numbers = isinstance(band, dict) and band and set(band) <= {"min", "max"}
    if not numbers or not all(type(n) is int and n >= 0 for n in band.values()):
        raise ProfileError(f"{where}: key 'expect.{key}' is {band!r}; expected {{ min = N, max = N }} of whole numbers")
    if band.get("min", 0) > band.get("max", float("inf")):
        raise ProfileError(f"{where}: key 'expect.{key}' has min above max")
    return Band(**band)


def _share(key: str, share: Any, where: str) -> float:
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ProfileError(f"{where}: key 'expect.{key}' is {share!r}; expected a share from 0 to 1")
    return float(share)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _is_url(value: Any) -> bool:
    if not isinstance(value, str) or any(char.isspace() for char in value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _is_trail(value: Any) -> bool:
    if not isinstance(value, list) or not value or not all(_is_text(label) for label in value):
        return False
    return all(label in _STEP_MARKS or not re.search(r"[{}]", label) for label in value)


def _is_hosts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(h, str) and bool(_HOST.fullmatch(h.lower())) for h in value)


def _is_former(value: Any) -> bool:
    return _is_hosts(value) and not any(host.startswith("*") for host in value)


def _is_verified(value: Any) -> bool:
    return value is False or (isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)))


def _is_length(value: Any) -> bool:
    return isinstance(value, str) and run_length(value) is not None


def _is_agent(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?", value))


def _is_budget(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 1_000_000


def is_delay(value: Any) -> bool:
    """Whether a value is a delay between two requests, in seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 3600


_ALWAYS = ("id", "name", "home", "region")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NO_REGION = '# region = "......"  # look it up in GB/T 2260'


def toml_of(profile: Profile, remarks: Iterable[str] = ()) -> str:
    """The profile as a file: what every profile has, then each key that is not at its default, in the order of Profile.

    `remarks` stand before it, a comment of one line each. An empty region stands as a comment that asks for it: such a
    file is refused until somebody has written it in.
    """
    lines = [f"# {_CONTROL.sub('', one_line(words))}" for words in remarks]
    for field in fields(Profile):
        value = getattr(profile, field.name)
        if field.name == "region" and not value:
            lines.append(_NO_REGION)
        elif field.name != "expect" and (field.name in _ALWAYS or value != field.default):
            lines.append(f"{field.name} = {_value(written(value) if field.name == 'at_most' else value)}")
    bands = [f"{key} = {_value(value)}" for key, value in asdict(profile.expect).items() if value is not None]
    if profile.expect != Expect():
        lines += ["", "[expect]", *bands]
    return "\n".join([*lines, ""])


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(part)}" for key, part in value.items() if part is not None) + " }"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    if isinstance(value, str):
        # TOML's strings are JSON's, but that DEL is no character of theirs (TOML 1.0.0, «String»).
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
