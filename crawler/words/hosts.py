"""Hosts by name and by number: which requests share a host, and which addresses are the public network's."""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

BROWSER = "browser"
"""The slot of pages that a browser renders, one at a time; what it asks for stands in the hosts' own slots."""
_DEFAULT_PORTS = {"http": 80, "https": 443}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def host_key(url: str) -> str:
    """Host and port that `url` is asked of, lower-case; http and https on their own ports are one host."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if ":" in host:
        host = f"[{host}]"
    if parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme):
        return host
    return f"{host}:{parts.port}"


_SERVICE = re.compile(r"(?:www\d{0,2}|zfxxgk|xxgk|zwgk|gkml|zwxx|portal|index|new|old|main|web)\.")
"""What stands before the name of a site where it is not the site's own (sources/obstacles#sibling-hosts)."""
_PUBLIC = frozenset({"gov", "com", "net", "org", "edu", "ac", "mil"})
"""Second labels below which names are given out to anybody: gov.cn is no site, and nothing is its sibling."""


def site_of(host: str) -> str | None:
    """The site that a host belongs to: its name without www and other names of services; None for an address, a name
    of one label, and where nothing but a public suffix would be left."""
    site = _SERVICE.sub("", host, count=1) if _SERVICE.match(host) else host
    labels = site.split(".")
    if len(labels) < 2 or (len(labels) == 2 and labels[0] in _PUBLIC):
        site, labels = host, host.split(".")
    if len(labels) < 2 or literal(host) is not None or (len(labels) == 2 and labels[0] in _PUBLIC):
        return None
    return site


def is_sibling(host: str, home: str) -> bool:
    """Whether a host is of the home's site: the site itself, or below it."""
    site = site_of(home)
    return site is not None and (host == site or host.endswith("." + site))


def remedy(url: str) -> str:
    """What to do where an address is on a host that the profile does not allow."""
    return f'where it belongs to the portal, add it to the profile: hosts = ["{urlsplit(url).netloc.lower()}"]'


def literal(host: str) -> Address | None:
    """The address that a host name spells out, in any of the ways that a resolver would take; None for a name.

    Beside the usual form: 127.1, 0x7f.1, 2130706433, 0177.0.0.1.
    """
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public network: not loopback, private, link-local, shared, or reserved.

    An IPv6 address that stands for an IPv4 address (mapped, 6to4, Teredo, NAT64) is judged by that.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
