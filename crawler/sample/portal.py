"""The sample portal: 沈阳市's column of annual reports in its real shapes, and one district's own host of another make.

Paths, breadcrumb, paging and publication lines after the real portal (sources/named-pages#shenyang); all texts
and figures are made up and say so, except 大东区 2018. Host 0 is the city (TRS), host 1 浑南区 (Hanweb).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from crawler.archive.write.samples import HEADER, PORTAL
from crawler.portals.notation import toml_of
from crawler.portals.profile import Band, Expect, Profile
from crawler.sample import city, hunnan
from crawler.sample.contents import CITY, entries
from crawler.sample.pages import UTF8, Pages, address
from crawler.sample.serving import Asked, Reply, Respond, serving

HOST_MARKS = ("{{host0}}", "{{host1}}")
"""Stand in pages and truth for host:port until the portal is served."""


@dataclass(frozen=True, slots=True)
class Running:
    """The portal while it is served. `hosts` are the further hosts, as host:port; `truth` as SamplePortal.truth."""

    home: str
    hosts: list[str]
    profile_toml: str
    truth: list[dict[str, Any]]


class SamplePortal:
    """All pages, made at once and the same every time."""

    def __init__(self) -> None:
        made = entries()
        self._pages = Pages(made, [address(entry, position) for position, entry in enumerate(made)])
        city.build(self._pages)
        hunnan.build(self._pages)

    @property
    def pages(self) -> dict[tuple[int, str], tuple[bytes, dict[str, str]]]:
        """Body and headers by host (0 or 1) and path."""
        return self._pages.made

    def truth(self, hosts: Sequence[str] = HOST_MARKS) -> list[dict[str, Any]]:
        """Every report as a careful reader finds it.

        url, published_on, signed_on (ISO), source, index_no, title, organ, organ_kind, region_code, region,
        report_year, form, and figures by code (None: a blank cell).
        """
        found = []
        for position, entry in enumerate(self._pages.entries):
            if entry.truth is not None:
                host, path = self._pages.addresses[position]
                index_no = hunnan.index_no(entry.day, position) if host == 1 else None
                own = {"published_on": entry.day, "source": entry.source, "index_no": index_no}
                found.append({"url": f"http://{hosts[host]}{path}"} | own | entry.truth)
        return found

    @contextmanager
    def serve(self, ports: tuple[int, int] = (0, 0), *, exact: bool = False) -> Iterator[Running]:
        """Serve both hosts on `ports` of 127.0.0.1 until the block ends; see serving.serving for 0 and `exact`."""
        ready: list[dict[str, Reply]] = [{}, {}]
        with ExitStack() as stack:
            bound = [
                stack.enter_context(serving(self._responder(host, ready[host]), ports[host], exact=exact))
                for host in (0, 1)
            ]
            hosts = [f"127.0.0.1:{port}" for port in bound]
            for (host, path), (body, headers) in self.pages.items():
                for mark, name in zip(HOST_MARKS, hosts, strict=True):
                    body = body.replace(mark.encode(), name.encode())
                ready[host][path] = Reply(body, 200, headers["Content-Type"], headers.get("Last-Modified"))
            yield Running(f"http://{hosts[0]}/", hosts[1:], _profile(hosts), self.truth(hosts))

    def _responder(self, host: int, ready: dict[str, Reply]) -> Respond:
        nothing = Reply(city.missing(), 404, UTF8)

        def respond(asked: Asked) -> Reply:
            path = urlsplit(asked.target).path
            if host == 1 and path == hunnan.PROXY:
                reply = hunnan.dataproxy(self._pages, asked)
            else:
                reply = ready.get(path + "index.html" if path.endswith("/") else path, nothing)
            return replace(reply, headers={**reply.headers, HEADER: "made up"})

        return respond


def _profile(hosts: Sequence[str]) -> str:
    return toml_of(
        Profile(
            id=PORTAL,
            name="沈阳市人民政府（示例数据）",
            home=f"http://{hosts[0]}/",
            region=CITY,
            hosts=tuple(hosts[1:]),
            delay=0.0,
            allow_private_addresses=True,
            sample=True,
            expect=Expect(reports_per_year=Band(min=13)),
        )
    )
