"""Portal profiles: a portal is data. One TOML file names its home page and what the general rules cannot know.

id = "shenyang"                       # [a-z0-9-]+
name = "沈阳市人民政府"
home = "https://www.shenyang.gov.cn/"
region = "210100"                     # GB/T 2260
trail = ["政务公开", "政府信息公开年报", "{year}", "各区县市"]   # optional
hosts = ["*.shenyang.gov.cn"]         # optional; "host:port" patterns; the home's own site is allowed without
former_hosts = ["www.sygov.example"]  # optional: "host" or "host:port" that the portal had before (nianbao backfill)
delay = 1.0                           # seconds between two requests to one host
allow_private_addresses = false       # true only for a portal served on this machine
at_most = "2h"                        # optional: how long a run may walk this portal
user_agent = "…"                      # only what this portal's administrators were asked about; else nianbao's own
budget = 500                          # pages that lead on, beside two for each report, before the walk is stopped
browser = false                       # true where only a browser shows the columns (crawler.fetching.browser)
requisites = false                    # true: styles, pictures and fonts of the pages are fetched too (--requisites)
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
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from crawler.records.ways import LEADING_PAGES
from crawler.words.hosts import is_sibling, site_of

DEFAULT_DELAY = 1.0
"""Seconds between two requests to one host: about the pace of a person who clicks and reads."""
DEFAULT_PORTS = {"http": 80, "https": 443}
"""By the schemes that are asked for."""


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
    a run may walk it, None: as long as the run. `budget`: see navigation.walk.LEADING_PAGES.
    `former_hosts`: those it had before, asked of web archives alone. `requisites`: what
    pages need to look as they did is fetched as well. `verified`: the day on
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
    requisites: bool = False
    former_hosts: tuple[str, ...] = ()
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
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc or "\\" in url:
            # Addresses with a user name or a backslash are read differently by different programs.
            return None
        default = DEFAULT_PORTS[parts.scheme]
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
        candidates: dict[str, Profile] = {}
        while name:
            candidates.update((profile.id, profile) for profile in self._by_name.get(name, ()))
            name = name.partition(".")[2]
        return [profile for profile in candidates.values() if profile.allows(url)]
