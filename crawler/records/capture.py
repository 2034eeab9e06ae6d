"""A capture of one response, the way that led to it, and what the profile said of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from crawler.records.report import OrganKind

Kind = Literal[
    "home", "column", "list", "report", "article", "attachment", "challenge", "missing", "redirect", "requisite",
    "other",
]  # fmt: skip
"""What a captured response is; a closed list."""

RENDERED = "#rendered"
"""At the end of an archived address: a browser's document stands beside the served bytes, never in their place."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trail: the label that was followed, as printed without white space, and the address it led to."""

    label: str
    url: str


def steps_of(told: Iterable[Mapping[str, str]]) -> tuple[Step, ...]:
    """A trail as JSON has it, a list of {label, url}, read. Raises KeyError or TypeError on anything else."""
    return tuple(Step(step["label"], step["url"]) for step in told)


def as_told(trail: Iterable[Step]) -> list[dict[str, str]]:
    """A trail as JSON has it: a list of {label, url}."""
    return [{"label": step.label, "url": step.url} for step in trail]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a response answers: the line and the headers of the request as they were sent, and the address of the
    server (IPv4 or IPv6, as text); None where that was not told."""

    line: str
    headers: tuple[tuple[str, str], ...]
    ip_address: str | None = None


@dataclass(slots=True)
class Capture:
    """One response as it came: the truth that all else is derived from.

    `fetched_at` is UTC, ISO 8601 with a trailing Z. `headers` keeps order and repetition. `body` is the payload with
    transfer and content coding undone. `trail` is the way from the portal's home page to here, this page included.
    `rendered`: the body is not what was served but the document that a browser made of it (crawler.fetching.browser).
    `sent`: what it answers; None where that is not known, as for what was imported from other crawlers.
    `source`: the name of the web archive that captured it, at that time; None: we did, or whoever made an import.
    """

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: str
    portal: str | None = None
    trail: tuple[Step, ...] = ()
    rendered: bool = False
    sent: Sent | None = None
    source: str | None = None

    @property
    def address(self) -> str:
        """What the capture is archived under: its URL, marked where it is a rendered document."""
        return self.url + RENDERED if self.rendered else self.url

    def header(self, name: str) -> str | None:
        """The last value of a header, looked up without regard to case, or None."""
        wanted = name.lower()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Context:
    """What the portal's profile says that bears on reading one of its pages.

    `trusted_host`: the profile allows the page's host, so it need not end in .gov.cn to be believed.
    `is_home`: the address is the portal's home page. `region`: the portal's GB/T 2260 code.
    `column_year`, `column_region`, `column_kind`: what the steps of the trail said, None where they said nothing.
    `attached`: a file that belongs to a report's page, and no page of its own. `requisite`: a style, picture or font
    that pages need to look as they did.
    """

    trusted_host: bool = False
    is_home: bool = False
    region: str | None = None
    column_year: int | None = None
    column_region: str | None = None
    column_kind: OrganKind | None = None
    attached: bool = False
    requisite: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a value is what it is: the rule that found it and the words or marks that it found."""

    rule: str
    detail: str
