"""Portals of every make in docs/sources/systems.md, served on loopback for tests.

Each has home, profile_toml and truth (every report with its url) while it is served, lookalikes in its lists, links
off its host, and traps; `requests` and `decoy_requests` tell what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.servers.asp import asp
from tests.servers.aspnet import aspnet
from tests.servers.base import Report, Request, TestPortal
from tests.servers.epoint import epoint
from tests.servers.eportal import eportal
from tests.servers.gkmlpt import gkmlpt
from tests.servers.hanweb import hanweb
from tests.servers.hexindex import hexindex
from tests.servers.jpaas import jpaas
from tests.servers.lonsun import lonsun
from tests.servers.shtml import shtml
from tests.servers.trs import trs
from tests.servers.vsb import vsb
from tests.servers.xxgk import xxgk

MAKES: dict[str, Callable[[], TestPortal]] = {
    "trs": trs,
    "vsb": vsb,
    "hanweb": hanweb,
    "hanweb_only_page": partial(hanweb, only_page=True),
    "asp": asp,
    "aspnet": aspnet,
    "aspnet_steps": partial(aspnet, steps=True),
    "shtml": shtml,
    "hexindex": hexindex,
    "lonsun": lonsun,
    "lonsun_type_4": partial(lonsun, kind=4),
    "xxgk": xxgk,
    "jpaas": jpaas,
    "jpaas_uncounted": partial(jpaas, counts=False),
    "gkmlpt": gkmlpt,
    "gkmlpt_picked": partial(gkmlpt, picked=True),
    "gkmlpt_one_page": partial(gkmlpt, one_page=True),
    "epoint": epoint,
    "eportal": eportal,
}

__all__ = ["MAKES", "Report", "Request", "TestPortal"]
