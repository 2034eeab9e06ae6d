"""A Save Page endpoint on loopback that behaves as Save Page Now does: captures, jobs, refusals, a limit on its pace.

Made by what is documented and by what clients of it do; it was never held against the real one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from crawler.sample.serving import Asked, Reply, serving

STAMP = "20261130120000"


@dataclass
class SavePage:
    """`manner`: how it says what it captured: "location" (302), "content-location" (200), "job" (JSON), "page" (a page
    with the job in it). `asked`: targets, in order; `saved`: addresses that it was to keep.

    `faults`: address to what it answers: "robots", "blocked" (403), "unreachable" (523), "robots-job", "lost-job", or
    a Retry-After. `busy`: so many 429 first. `slow`: how often a job is pending before it is done. `closed`: 401 for
    everything.
    """

    manner: str = "location"
    faults: dict[str, str] = field(default_factory=dict)
    busy: int = 0
    retry_after: str = "0"
    slow: int = 1
    closed: bool = False
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    address: str = ""

    @contextmanager
    def serve(self) -> Iterator[Self]:
        """Serve on a free port of 127.0.0.1 until the block ends."""
        with serving(self._reply) as port:
            self.address = f"127.0.0.1:{port}"
            yield self

    @property
    def toml(self) -> str:
        """The file of this web archive, without a delay."""
        root = f"http://{self.address}"
        return (
            f'name = "keeper"\ndialect = "wayback"\nindex = "{root}/cdx"\n'
            f'replay = "{root}/web/{{timestamp}}id_/{{url}}"\n'
            f'terms = "made up"\nverified = false\ndelay = 0\n[save]\naddress = "{root}/save/{{url}}"\n'
            f'status = "{root}/save/status/{{job}}"\ndelay = 0\n'
        )

    @property
    def saved(self) -> list[str]:
        """The addresses that were handed in, in order, as often as they were."""
        return [one.removeprefix("/save/") for one in self.asked if not one.startswith("/save/status/")]

    def _reply(self, asked: Asked) -> Reply:
        self.asked.append(asked.target)
        self.agents.add(asked.headers.get("user-agent", ""))
        if self.closed:
            return Reply(b'{"message": "You need to be logged in"}', 401, "application/json")
        if self.busy > 0:
            self.busy -= 1
            return Reply(b"Too Many Requests", 429, headers={"Retry-After": self.retry_after})
        if asked.target.startswith("/save/status/"):
            return self._status(asked.target.removeprefix("/save/status/"))
        url = asked.target.removeprefix("/save/")
        place = f"/web/{STAMP}/{url}"
        fault = next((fault for part, fault in self.faults.items() if part in url), None)
        if fault == "robots":
            error = "RobotAccessControlException: Blocked By Robots"
            return Reply(b"<p>blocked</p>", 200, headers={"X-Archive-Wayback-Runtime-Error": error})
        if fault == "blocked":
            return Reply(b"This host has been blocked from archiving.", 403)
        if fault == "unreachable":
            return Reply(b"the origin cannot be reached", 523)
        if self.manner == "location":
            return Reply(b"", 302, headers={"Location": f"http://{self.address}{place}"})
        if self.manner == "content-location":
            return Reply(b"<p>kept</p>", headers={"Content-Location": place})
        job = f"spn2-{len(self.saved):08x}" + {"robots-job": "aa", "lost-job": "bb"}.get(fault or "", "")
        if self.manner == "page":
            return Reply(f'<script>spn.watchJob("{job}", "/_static/", 6000);</script>'.encode())
        return Reply(json.dumps({"url": url, "job_id": job}).encode(), 200, "application/json")

    def _status(self, job: str) -> Reply:
        asked = self.asked.count(f"/save/status/{job}")
        if job.endswith("bb"):
            return Reply(b'{"message": "not found"}', 404, "application/json")
        if asked <= self.slow:
            said = {"status": "pending", "job_id": job, "resources": []}
        elif job.endswith("aa"):
            said = {"status": "error", "status_ext": "error:blocked-url", "message": "blocked by robots", "job_id": job}
        else:
            said = {"status": "success", "timestamp": STAMP, "job_id": job, "original_url": "…"}
        return Reply(json.dumps(said).encode(), 200, "application/json")
