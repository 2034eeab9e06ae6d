"""Portal profiles: a portal is data. One TOML file names its home page and what the general rules cannot know.

id = "shenyang"                       # [a-z0-9-]+
name = "沈阳市人民政府"
home = "https://www.shenyang.gov.cn/"
region = "210100"                     # GB/T 2260
trail = ["政务公开", "政府信息公开年报", "{year}", "各区县市"]   # optional
hosts = ["*.shenyang.gov.cn"]         # optional; "host:port" patterns; the home's own site is allowed without
delay = 1.0                           # seconds between two requests to one host
allow_private_addresses = false       # true only for a portal served on this machine
at_most = "2h"                        # optional: how long a run may walk this portal
user_agent = "…"                      # only what this portal's administrators were asked about; else nianbao's own
budget = 500                          # pages that lead on, beside two for each report, before the walk is stopped
browser = false                       # true where only a browser shows the columns (crawler.fetching.browser)
sample = false                        # true where all is made up, as on the portal of `nianbao demo`
verified = "2026-11-23"               # when `portals check` last found it to hold; false: nobody has tried it yet
[expect]                              # what a healthy run yields, all optional
reports_per_year = { min = 10, max = 20 }
reports = { min = 100 }               # in all, those gone from the web left out
list_pages = { min = 5 }              # pages of all lists together
with_text = 0.9                       # share of the reports whose text is on the page
max_drop = 0.2                        # share of the reports listed that may be listed no more in the next run
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.records.errors import ProfileError
from crawler.records.ways import LEADING_PAGES
from crawler.reference import divisions
from crawler.words.durations import parse_at_most, run_length
from crawler.words.hosts import is_sibling, site_of

DEFAULT_DELAY = 1.0
"""Seconds between two requests to one host: about the pace of a person who clicks and reads."""

_ID = re.compile(r"[a-z0-9-]+")
_HOST = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*(:\d{1,5})?|\[[0-9a-f:]+\](:\d{1,5})?")
_STEP_MARKS = frozenset({"{year}", "{region}"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Band:
    """What a healthy run yields: fewer than `min` is a failure, more than `max` a warning; None: not bounded."""

    min: int | None = None
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What a healthy run yields; None: nothing is expected. `with_text` and `max_drop` are shares from 0 to 1."""

    reports_per_year: Band | None = None
    reports: Band | None = None
    list_pages: Band | None = None
    with_text: float | None = None
    max_drop: float | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """One portal. `region` is a GB/T 2260 code, `delay` seconds; `trail` None means the usual names of such columns.

    `user_agent`: by what name the portal is asked, None: the program's own (fetching.settings). `at_most`: seconds that
    a run may walk it, None: as long as the run. `budget`: see navigation.walk.LEADING_PAGES. `verified`: the day on
    which it was found to hold; False: it was written down from addresses and never tried.
    """

    id: str
    name: str
    home: str
    region: str
    trail: tuple[str, ...] | None = None
    hosts: tuple[str, ...] = ()
    delay: float = DEFAULT_DELAY
    allow_private_addresses: bool = False
    browser: bool = False
    sample: bool = False
    at_most: int | None = None
    user_agent: str | None = None
    budget: int = LEADING_PAGES
    verified: str | bool | None = None
    expect: Expect = Expect()

    def allows(self, url: str) -> bool:
        """Whether the profile lets `url` be fetched: http or https, and the home's host, one that `hosts` names, or one
        of the home's site."""
        return self.names(url) or self.sibling(url)

    def names(self, url: str) -> bool:
        """Whether `url` is on the home's host or on one that `hosts` names.

        A pattern without a port means the scheme's own port or the home's.
        """
        if (address := self._address(url)) is None:
            return False
        host, port, usual_ports = address
        if host == urlsplit(self.home).hostname and port in usual_ports:
            return True
        for pattern in self.hosts:
            name, _, wanted = pattern.rpartition(":") if re.search(r":\d+$", pattern) else (pattern, "", "")
            if fnmatchcase(host, name.strip("[]")) and (port == int(wanted) if wanted else port in usual_ports):
                return True
        return False

    def sibling(self, url: str) -> bool:
        """Whether `url` is on another host of the home's site (words.hosts.is_sibling), and on a usual port."""
        if (address := self._address(url)) is None:
            return False
        host, port, usual_ports = address
        home = urlsplit(self.home).hostname or ""
        return host != home and port in usual_ports and is_sibling(host, home) and not self.names(url)

    def _address(self, url: str) -> tuple[str, int, set[int]] | None:
        """Host and port of an address, and the ports that need not be named; None for what is not to be asked."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc or "\\" in url:
            # Addresses with a user name or a backslash are read differently by different programs.
            return None
        default = _DEFAULT_PORTS[parts.scheme]
        return parts.hostname, port or default, {default, urlsplit(self.home).port or default}


class HostIndex:
    """Which of many profiles allow an address, without asking each: by the names that their patterns end in."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._by_name: dict[str, list[Profile]] = {}
        for profile in profiles:
            patterns = (re.sub(r":\d+$", "", pattern).removeprefix("*.").strip("[]") for pattern in profile.hosts)
            home = (urlsplit(profile.home).hostname or "").lower()
            for name in dict.fromkeys((home, site_of(home) or home, *patterns)):
                self._by_name.setdefault(name, []).append(profile)

    def allowing(self, url: str) -> list[Profile]:
        """The profiles that allow `url` to be fetched (Profile.allows)."""
        try:
            name = urlsplit(url).hostname or ""
        except ValueError:
            return []
        found: dict[str, Profile] = {}
        while name:
            found.update((profile.id, profile) for profile in self._by_name.get(name, ()))
            name = name.partition(".")[2]
        return [profile for profile in found.values() if profile.allows(url)]


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
    delay = take("delay", "seconds from 0 to 3600", _is_delay, default=DEFAULT_DELAY)
    private = take("allow_private_addresses", "true or false", lambda v: isinstance(v, bool), default=False)
    browser = take("browser", "true or false", lambda v: isinstance(v, bool), default=False)
    sample = take("sample", "true or false", lambda v: isinstance(v, bool), default=False)
    at_most = take("at_most", 'a length in quotes as in "90s", "45m" or "6h", at most "31d"', _is_length)
    user_agent = take("user_agent", "one line of printable ASCII", _is_agent)
    budget = take("budget", "a whole number from 1 to 1000000", _is_budget, default=LEADING_PAGES)
    verified = take("verified", 'a date in quotes as in "2026-11-23", or false', _is_verified)
    expect = _expectation(take("expect", "a table", lambda v: isinstance(v, dict), default={}), where)
    if rest:
        known = (
            "id, name, home, region, trail, hosts, delay, allow_private_addresses, browser, sample, at_most, "
            "user_agent, budget, verified, expect"
        )
        raise ProfileError(f"{where}: unknown key {next(iter(rest))!r}; expected one of {known}")
    return Profile(
        id=profile_id,
        name=name,
        home=home if urlsplit(home).path else home + "/",
        region=region,
        trail=tuple(trail) if trail else None,
        hosts=tuple(host.lower() for host in hosts),
        delay=float(delay),
        allow_private_addresses=private,
        browser=browser,
        sample=sample,
        at_most=parse_at_most(at_most) if at_most else None,
        user_agent=user_agent,
        budget=budget,
        verified=verified,
        expect=expect,
    )


def _expectation(table: dict[str, Any], where: str) -> Expect:
    rest = dict(table)
    found: dict[str, Any] = {}
    for key in ("reports_per_year", "reports", "list_pages"):
        if key in rest:
            found[key] = _band(key, rest.pop(key), where)
    for key in ("with_text", "max_drop"):
        if key in rest:
            found[key] = _share(key, rest.pop(key), where)
    if rest:
        known = "reports_per_year, reports, list_pages, with_text, max_drop"
        raise ProfileError(f"{where}: unknown key 'expect.{next(iter(rest))}'; expected one of {known}")
    return Expect(**found)


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
        return parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _is_trail(value: Any) -> bool:
    if not isinstance(value, list) or not value or not all(_is_text(label) for label in value):
        return False
    return all(label in _STEP_MARKS or not re.search(r"[{}]", label) for label in value)


def _is_hosts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(h, str) and bool(_HOST.fullmatch(h.lower())) for h in value)


def _is_verified(value: Any) -> bool:
    return value is False or (isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)))


def _is_length(value: Any) -> bool:
    return isinstance(value, str) and run_length(value) is not None


def _is_agent(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?", value))


def _is_budget(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 1_000_000


def _is_delay(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 3600


def bundled() -> dict[str, Profile]:
    """The profiles that ship with the program, by id."""
    profiles = {}
    for entry in sorted(resources.files("crawler.data.portals").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            profile = parse(tomllib.loads(entry.read_text("utf-8")), f"data/portals/{entry.name}")
            profiles[profile.id] = profile
    return profiles


def select(ids: Iterable[str], files: Iterable[Path]) -> list[Profile]:
    """The portals a command names: bundled ones by id, others by file; where it names none, all bundled ones but those
    that nobody has tried yet (`verified = false`).

    Raises ProfileError for an unknown id, a bad file, or one id that two profiles claim.
    """
    ids, files = list(ids), list(files)
    shipped = bundled()
    unknown = [name for name in ids if name not in shipped]
    if unknown:
        raise ProfileError(f"no portal {unknown[0]!r}; known are {', '.join(shipped)} (or name a file with --profile)")
    chosen = [shipped[name] for name in dict.fromkeys(ids)] + [load(path) for path in files]
    if not ids and not files:
        chosen = [profile for profile in shipped.values() if profile.verified is not False]
    seen: set[str] = set()
    for profile in chosen:
        if profile.id in seen:
            raise ProfileError(f"two profiles have the id {profile.id!r}; each portal needs its own")
        seen.add(profile.id)
    return chosen
