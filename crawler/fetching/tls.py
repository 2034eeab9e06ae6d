"""TLS of good portals and of old ones: each host is first asked with today's, and only where that fails with any.

What is read is public and its hash is kept, so a page over weak TLS is worth more than none. But it may have been
changed on its way, which its capture must say; and a host that can do better is never asked for less
(sources/obstacles#tls).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.words.hosts import literal

_LEGACY_CONNECT, _LEGACY_RENEGOTIATION, _IGNORE_EOF = 0x4, 0x40000, 0x80
"""OpenSSL's options for servers from before RFC 5746 and for those that close without a word, by number."""
_CIPHERS = b"ALL:!aNULL:!eNULL:@SECLEVEL=0"
"""All that OpenSSL was built with, but those without any certificate or cipher. Level 0: keys and DH groups of any
length, SHA-1 and MD5 in signatures, TLS below 1.2."""
STRICT, LENIENT, OLDEST = range(3)


class HandshakeError(Exception):
    """No TLS came about in any way; the message says what was said in the first and in the last."""


_SAID = {
    9: "not valid yet",
    10: "expired",
    18: "signed by itself",
    19: "of an authority that the system does not know",
    20: "of an unknown authority, or an intermediate certificate is missing",
    21: "of an unknown authority, or an intermediate certificate is missing",
    66: "with too short a key",
    67: "with too short a key of an authority",
    68: "with too weak a digest",
}
"""Of OpenSSL's reasons why a certificate does not hold (X509_V_ERR_…) those that portals give, in words."""


def _today() -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_default_verify_paths()
    return context


def _anything(highest: int | None = None) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    if highest is not None:
        context.set_max_proto_version(highest)
    context.set_cipher_list(_CIPHERS)
    context.set_options(_LEGACY_CONNECT | _LEGACY_RENEGOTIATION | _IGNORE_EOF)
    context.set_verify(SSL.VERIFY_NONE, lambda *_: True)
    return context


@implementer(IOpenSSLClientConnectionCreator)
class _Connections:
    """Makes connections to a host. `named`: its name is sent (SNI); `report`: where its certificate is checked, takes
    in what is wrong with it."""

    def __init__(
        self, context: SSL.Context, host: str, named: bool, report: Callable[[str], None] | None = None
    ) -> None:
        self._context, self._host, self._report = context, host, report
        self._named = named and literal(host) is None

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802 -- Twisted's name
        """A connection that Twisted feeds."""
        connection = SSL.Connection(self._context, None)
        if self._named:
            connection.set_tlsext_host_name(self._host.encode("ascii"))
        if self._report is not None:
            connection.set_verify(SSL.VERIFY_PEER, self._check)
        return connection

    def _check(self, connection: SSL.Connection, certificate: X509, error: int, depth: int, good: int) -> bool:
        """Called by OpenSSL for each certificate of the chain; an exception would be lost here."""
        assert self._report is not None
        if not good:
            self._report(f"a certificate {_SAID.get(error, f'that does not hold (X509 error {error})')}")
        elif depth == 0 and not self._is_of_host(certificate):
            self._report("a certificate of another name")
            return False
        return bool(good)

    def _is_of_host(self, certificate: X509) -> bool:
        try:
            patterns = extract_patterns(certificate)
            wanted = DNS_ID(self._host) if literal(self._host) is None else IPAddress_ID(self._host)
            verify_service_identity(patterns, [wanted], [])
        except (VerificationError, CertificateError, ValueError):
            return False
        return True


@implementer(IPolicyForHTTPS)
class Leniency:
    """How each host and port is asked in this run.

    STRICT: TLS 1.2 or 1.3, a certificate of its name that the system trusts. LENIENT: TLS from 1.0, any key, any
    certificate, legacy renegotiation. OLDEST: the same without 1.3 and without the host's name, which some servers
    break off at.
    """

    def __init__(self) -> None:
        self._levels: dict[tuple[str, int], int] = {}
        self._reasons: dict[tuple[str, int], str] = {}
        self._answered: set[tuple[str, int]] = set()
        self._contexts = _today(), _anything(), _anything(SSL.TLS1_2_VERSION)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 -- Twisted's name
        """What makes connections to a host."""
        host = hostname.decode("ascii")
        level = self._levels.get((host, port), STRICT)
        if level == STRICT:
            return _Connections(self._contexts[level], host, True, partial(self._note, (host, port)))
        return _Connections(self._contexts[level], host, level == LENIENT)

    def _note(self, host: tuple[str, int], said: str) -> None:
        self._reasons.setdefault(host, said)

    def answered(self, host: str, port: int) -> str | None:
        """A response came: how its TLS was lenient, in words; None where it was not."""
        self._answered.add((host, port))
        if self._levels.get((host, port), STRICT) == STRICT:
            return None
        why = self._reasons[host, port]
        return f"TLS not verified, old forms allowed ({why})"

    def failed(self, host: str, port: int, error: BaseException) -> bool:
        """Whether the host is to be asked again at once, with more leniency. Raises HandshakeError at the end of all.

        What was wrong with a certificate was told by then, and says more than OpenSSL's last word.
        """
        said = _handshake(error, broken_off=(host, port) not in self._answered)
        if said is None:
            return False
        level = self._levels.get((host, port), STRICT)
        if level < OLDEST:
            self._levels[host, port] = level + 1
            self._reasons.setdefault((host, port), said)
            return True
        if said == _BROKEN_OFF:
            # So a network does in trouble, too: what comes next is asked as a good host is, and with the host's name.
            self._levels.pop((host, port))
            self._reasons.pop((host, port), None)
            return False
        raise HandshakeError(f"at first: {self._reasons[host, port]}; with the TLS of old servers: {said}") from error


_BROKEN_OFF = "the connection was broken off"


def _handshake(error: BaseException, broken_off: bool) -> str | None:
    """What OpenSSL says went wrong in a handshake; None where it was something else.

    `broken_off`: a connection that was closed counts as well: old servers do so at what they do not know.
    """
    causes = list(causes_of(error))
    for cause in causes:
        if isinstance(cause, SSL.Error):
            reasons = [words[-1] for words in (cause.args[0] if cause.args else ()) if words]
            return ", ".join(reasons) or type(cause).__name__
    if broken_off and any(isinstance(cause, ConnectionLost | ConnectionDone) for cause in causes):
        return _BROKEN_OFF
    return None


def causes_of(error: BaseException, depth: int = 0) -> Iterator[BaseException]:
    """The error, what it wraps (Twisted's `reasons`), its cause and its context."""
    yield error
    if depth > 5:
        return
    for reason in getattr(error, "reasons", None) or ():
        yield from causes_of(getattr(reason, "value", reason), depth + 1)
    for cause in (error.__cause__, error.__context__):
        if cause is not None:
            yield from causes_of(cause, depth + 1)
