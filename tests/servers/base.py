"""A portal for tests: pages by address, every request recorded, and a decoy host that nobody may ask."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Self
from urllib.parse import urlsplit

from crawler.sample.serving import Asked, Reply, Respond, serving

Answer = Reply | bytes | str | Callable[[Asked], Reply | bytes | str]
"""What stands at an address. Text is sent as UTF-8; {{host}} and {{decoy}} in it become host:port."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived: `target` is path and query, `host` what the client asked for, `at` seconds, `form` the
    body of a POST, `agent` who says to ask."""

    host: str
    method: str
    target: str
    at: float
    form: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a test portal; `path` is its address without scheme and host."""

    path: str
    title: str
    organ: str
    organ_kind: str
    region_code: str
    region: str
    report_year: int
    published_on: str
    html: str = ""
    signed_on: str | None = None


class TestPortal:
    """A portal of one make. `serve()` fills in home, profile_toml and truth; `requests` grows while it is asked.

    Addresses are looked up with their query, then without it. `decoy_requests` are those that left the portal's host.
    """

    __test__ = False

    def __init__(
        self,
        pages: Mapping[str, Answer],
        reports: list[Report] | None = None,
        *,
        name: str = "test",
        region: str = "210100",
        home_path: str = "/",
        content_type: str = "text/html",
    ) -> None:
        self.pages = dict(pages)
        self.reports = reports or []
        self.name = name
        self.region = region
        self.home_path = home_path
        self.content_type = content_type
        self.requests: list[Request] = []
        self.decoy_requests: list[Request] = []
        self._lock = Lock()
        self.address = self.decoy = ""

    @property
    def home(self) -> str:
        """The address of the home page, while served."""
        return f"http://{self.address}{self.home_path}"

    @property
    def profile_toml(self) -> str:
        """A profile with no more than a portal needs that follows the usual names."""
        return (
            f'id = "{self.name}"\nname = "示例门户"\nhome = "{self.home}"\nregion = "{self.region}"\n'
            "delay = 0\nallow_private_addresses = true\n"
        )

    @property
    def truth(self) -> list[dict[str, Any]]:
        """Every report, with its url."""
        fields = ("title", "organ", "organ_kind", "region_code", "region", "report_year", "published_on", "signed_on")
        return [
            {"url": f"http://{self.address}{report.path}"} | {name: getattr(report, name) for name in fields}
            for report in self.reports
        ]

    def counts(self) -> Counter[str]:
        """How often each address was asked, robots.txt left out; a POST's is its address and body."""
        asked = (f"{request.target} {request.form}".rstrip() for request in self.requests)
        return Counter(target for target in asked if target != "/robots.txt")

    @contextmanager
    def serve(self, address: str = "127.0.0.1") -> Iterator[Self]:
        """Serve the portal on a free port of an address of this machine, and its decoy on one of 127.0.0.1, until the
        block ends."""
        with ExitStack() as stack:
            port = stack.enter_context(serving(self._responder(self.requests, self._reply), address=address))
            decoy = stack.enter_context(serving(self._responder(self.decoy_requests, lambda asked: Reply(b"decoy"))))
            self.address, self.decoy = f"{address}:{port}", f"127.0.0.1:{decoy}"
            yield self

    def _responder(self, seen: list[Request], reply: Respond) -> Respond:
        def respond(asked: Asked) -> Reply:
            with self._lock:
                seen.append(
                    Request(
                        asked.headers.get("host", ""),
                        asked.method,
                        asked.target,
                        time.monotonic(),
                        asked.form.decode(),
                        asked.headers.get("user-agent", ""),
                    )
                )
            return reply(asked)

        return respond

    def _reply(self, asked: Asked) -> Reply:
        answer = self.pages.get(asked.target)
        if answer is None:
            answer = self.pages.get(urlsplit(asked.target).path.split(";")[0])
        if answer is None:
            return Reply(b"<html><head><title>404 Not Found</title></head><body>404</body></html>", 404)
        if callable(answer):
            answer = answer(asked)
        if not isinstance(answer, Reply):
            body = answer.encode() if isinstance(answer, str) else answer
            answer = Reply(body, content_type=self.content_type)
        named = answer.body.replace(b"{{host}}", self.address.encode()).replace(b"{{decoy}}", self.decoy.encode())
        return replace(answer, body=named)
