"""TLS of good portals and of old ones: who is asked how, and what the captures say of it."""

from __future__ import annotations

import json
import socket
import sqlite3
import ssl
import subprocess
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from OpenSSL import SSL
from twisted.internet.error import ConnectionLost

from crawler.fetching.responses import NOTE
from crawler.fetching.tls import HandshakeError, Leniency
from tests.servers.faults import FaultyServer
from tests.support.crawling import crawl, portal

NOW = datetime.now(UTC)


class Authority:
    """A certificate authority of this test, and the servers' certificates that it signs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = rsa.generate_private_key(65537, 2048)
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Authority of {folder.name}")])
        self.file = folder / "authority.pem"
        constraints = x509.BasicConstraints(ca=True, path_length=None)
        made = self._builder(self.name, self.key, NOW + timedelta(days=9)).add_extension(constraints, critical=True)
        self.file.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _builder(self, subject: x509.Name, key: rsa.RSAPrivateKey, until: datetime) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(NOW - timedelta(days=9)).not_valid_after(until)

    def server(self, name: str, address: str = "127.0.0.1", bits: int = 2048, days: int = 8) -> Path:
        """Key and certificate of a server, in one file."""
        key = rsa.generate_private_key(65537, bits)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, address)])
        builder = self._builder(subject, key, NOW + timedelta(days=days))
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
        made = builder.add_extension(names, critical=False).sign(self.key, hashes.SHA256())
        plain = serialization.NoEncryption()
        file = self.folder / f"{name}.pem"
        file.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
            + made.public_bytes(serialization.Encoding.PEM)
        )
        return file


def context(pem: Path, highest: ssl.TLSVersion | None = None, ciphers: str = "DEFAULT") -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.minimum_version = ssl.TLSVersion.TLSv1
        if highest is not None:
            made.maximum_version = highest
    made.load_cert_chain(pem)
    return made


@contextmanager
def before(port: int, tls: ssl.SSLContext | None) -> Iterator[int]:
    """A door with TLS before the server at `port`; without a context it speaks none."""
    end = threading.Event()

    def serve(client: socket.socket) -> None:
        with suppress(OSError), client:
            client.settimeout(10)
            if tls is None:
                client.recv(4096)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            with (
                tls.wrap_socket(client, server_side=True) as secured,
                socket.create_connection(("127.0.0.1", port)) as plain,
            ):
                head = b""
                while b"\r\n\r\n" not in head and (part := secured.recv(65536)):
                    head += part
                plain.sendall(head)
                while part := plain.recv(65536):
                    secured.sendall(part)
                secured.unwrap()

    def accept(listener: socket.socket) -> None:
        while not end.is_set():
            with suppress(TimeoutError):
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            end.set()
            thread.join()


def test_each_host_is_asked_with_the_best_tls_that_it_has(tmp_path: Path) -> None:
    ours = Authority(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    theirs = Authority(tmp_path / "elsewhere")
    good = ours.server("good")
    doors: dict[str, tuple[ssl.SSLContext | None, str | None]] = {
        # what stands in the note of its captures; None: nothing does; "": it cannot be had
        "good": (context(good), None),
        "another's name": (context(ours.server("name", "127.0.0.9")), "another name"),
        "expired": (context(ours.server("expired", days=-1)), "expired"),
        "unknown authority": (context(theirs.server("foreign")), "unknown authority"),
        "short key": (context(ours.server("short", bits=1024)), "too"),
        "TLS 1.0": (context(good, ssl.TLSVersion.TLSv1), "version"),
        "no forward secrecy": (context(good, ssl.TLSVersion.TLSv1_2, "AES128-SHA"), None),
        "no TLS": (None, ""),
    }
    with ExitStack() as stack:
        ports = []
        for tls, _ in doors.values():
            server = stack.enter_context(FaultyServer(portal(1)).serve())
            ports.append(stack.enter_context(before(server.port, tls)))
        homes = [f"https://127.0.0.1:{port}/" for port in ports]
        crawled = crawl(tmp_path, homes, SSL_CERT_FILE=str(ours.file), NIANBAO_TIMEOUT="20")
    with sqlite3.connect(tmp_path / "a.db") as archive:
        captures = archive.execute("select portal, headers from captures where kind = 'report'").fetchall()
    notes = {owner: [value for name, value in json.loads(headers) if name == NOTE] for owner, headers in captures}
    for number, (name, (_, words)) in enumerate(doors.items()):
        owner = f"p{number}"
        if words == "":
            told = [detail for which, kind, _, detail in crawled.problems if which == owner and kind == "unreachable"]
            assert told, name
            assert "http:// as `home`" in told[0], name
        elif words is None:
            assert notes[owner] == [], name
        else:
            assert any("TLS not verified" in note and words in note for note in notes[owner]), (name, notes[owner])


def test_leniency_rises_by_a_step_for_that_host_alone() -> None:
    leniency = Leniency()
    refused = SSL.Error([("SSL routines", "", "unsupported protocol")])
    assert leniency.failed("a.gov.cn", 443, refused)
    assert leniency.answered("a.gov.cn", 443) == "TLS not verified, old forms allowed (unsupported protocol)"
    assert leniency.answered("b.gov.cn", 443) is None
    assert leniency.failed("a.gov.cn", 443, refused)
    with pytest.raises(HandshakeError, match="at first: unsupported protocol"):
        leniency.failed("a.gov.cn", 443, refused)


def test_a_host_that_only_breaks_off_is_asked_as_a_good_one_afterwards() -> None:
    leniency = Leniency()
    assert [leniency.failed("a.gov.cn", 443, ConnectionLost()) for _ in range(3)] == [True, True, False]
    assert leniency.answered("a.gov.cn", 443) is None


def test_a_connection_that_breaks_is_a_handshake_only_until_the_host_has_answered() -> None:
    leniency = Leniency()
    assert leniency.failed("a.gov.cn", 443, ConnectionLost())
    assert leniency.answered("a.gov.cn", 443) is not None
    assert not leniency.failed("a.gov.cn", 443, ConnectionLost())
    assert not Leniency().failed("a.gov.cn", 443, ValueError("anything else"))


@pytest.mark.parametrize("bits", [512, 1024])
def test_keys_and_groups_of_any_length_are_taken(tmp_path: Path, bits: int) -> None:
    """A handshake in memory with the lenient context: RSA of so many bits, signed with MD5 or SHA-1."""
    digest = "md5" if bits == 512 else "sha1"
    line = ["openssl", "req", "-x509", "-nodes", "-newkey", f"rsa:{bits}", f"-{digest}", "-subj", "/CN=old"]
    done = subprocess.run([*line, "-keyout", "k.pem", "-out", "c.pem"], cwd=tmp_path, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this openssl makes no such key")
    server = SSL.Context(SSL.TLS_SERVER_METHOD)
    server.set_cipher_list(b"ALL:@SECLEVEL=0")
    server.set_max_proto_version(SSL.TLS1_1_VERSION)
    server.set_min_proto_version(SSL.TLS1_VERSION)
    server.use_privatekey_file(str(tmp_path / "k.pem"))
    server.use_certificate_file(str(tmp_path / "c.pem"))
    leniency = Leniency()
    leniency.failed("old.gov.cn", 443, SSL.Error([]))
    client = leniency.creatorForNetloc(b"old.gov.cn", 443).clientConnectionForTLS(None)
    there = SSL.Connection(server, None)
    client.set_connect_state()
    there.set_accept_state()
    for _ in range(10):
        for one, other in ((client, there), (there, client)):
            with suppress(SSL.WantReadError):
                one.do_handshake()
            with suppress(SSL.WantReadError):
                other.bio_write(one.bio_read(1 << 16))
    assert client.get_protocol_version_name() in ("TLSv1", "TLSv1.1")
    assert client.get_finished() is not None
