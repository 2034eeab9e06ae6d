"""Portals of four makes, served on loopback for tests (domain sheet, section 4).

Each has home, profile_toml and truth (every report with its url) while it is served, lookalikes in its lists, links
off its host, and traps; `requests` and `decoy_requests` tell what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.servers.asp import asp
from tests.servers.base import Report, Request, TestPortal
from tests.servers.hanweb import hanweb
from tests.servers.trs import trs
from tests.servers.vsb import vsb

MAKES: dict[str, Callable[[], TestPortal]] = {
    "trs": trs,
    "vsb": vsb,
    "hanweb": hanweb,
    "hanweb_only_page": partial(hanweb, only_page=True),
    "asp": asp,
}

__all__ = ["MAKES", "Report", "Request", "TestPortal"]
