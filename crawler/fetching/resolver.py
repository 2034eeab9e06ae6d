"""Names to addresses, so that the address that was judged is the address that is connected to."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver, dnscache
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import DNSLookupError

from crawler.words.hosts import is_public


class PrivateAddressError(DNSLookupError):
    """A name leads to an address that is not the public network's. To Twisted, a name that leads nowhere."""


class GuardedResolver(CachingThreadedResolver):
    """Scrapy's resolver, IPv4 only; gives out no address that is not public but for the names in `private`.

    Every connection asks here (setting TWISTED_DNS_RESOLVER). A name that is public when it is first looked up and
    private a moment later is refused the second time, or still stands for the first address: nothing in between.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self.private: set[str] = set()

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 -- Twisted's name
        """The address of `name`. Fails with PrivateAddressError, DNSLookupError."""
        looked_up: Deferred[str] = super().getHostByName(name, timeout)
        return looked_up.addCallback(self._judge, name)

    def _judge(self, address: str, name: str) -> str | Deferred[str]:
        if name.lower() in self.private or is_public(ipaddress.ip_address(address)):
            return address
        if name in dnscache:
            del dnscache[name]
        return fail(PrivateAddressError(f"{name} leads to {address}"))
