"""What travels through the program: a capture of one response, and the page it turns into stage by stage.

The lowest floor: imports nothing of the project but the kinds of problems. Everything here is a plain record; the
stages in `pipelines/` fill a `Page` in order (decode, recognise, strip, describe, attachments) and `crawler.archive`
writes it down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crawler.records.problems import PROBLEM_KINDS

Kind = Literal["home", "column", "list", "report", "article", "attachment", "challenge", "missing", "redirect", "other"]
"""What a captured response is; a closed list."""

OrganKind = Literal["government", "government_office", "department", "township", "zone"]
"""What the organ is that a report speaks for (sources/law#who-owes-a-report)."""

Form = Literal["narrative", "f2014", "f2019", "f2021"]
"""Which statistical form a report carries (sources/law#report-years)."""


RENDERED = "#rendered"
"""At the end of an archived address: a browser's document stands beside the served bytes, never in their place."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trail: the label that was followed, as printed without white space, and the address it led to."""

    label: str
    url: str


@dataclass(slots=True)
class Capture:
    """One response as it came: the truth that all else is derived from.

    `fetched_at` is UTC, ISO 8601 with a trailing Z. `headers` keeps order and repetition. `body` is the payload with
    transfer and content coding undone. `trail` is the way from the portal's home page to here, this page included.
    `rendered`: the body is not what was served but the document that a browser made of it (crawler.fetching.browser).
    """

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: str
    portal: str | None = None
    trail: tuple[Step, ...] = ()
    rendered: bool = False

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
    `attached`: a file that belongs to a report's page, and no page of its own.
    """

    trusted_host: bool = False
    is_home: bool = False
    region: str | None = None
    column_year: int | None = None
    column_region: str | None = None
    column_kind: OrganKind | None = None
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a value is what it is: the rule that found it and the words or marks that it found."""

    rule: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something met and not understood, or that wants a person. `kind` is out of problems.PROBLEM_KINDS."""

    kind: str
    url: str
    detail: str


@dataclass(frozen=True, slots=True)
class PortalProblem:
    """A problem that belongs to no page that came: on its way to table `problems`."""

    portal: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class SeenAgain:
    """A capture whose very bytes, or a 304 in their place, came again from `url` at `at` (UTC).

    Nothing follows from it that was not known; `problems` are those that want a person until they are mended. `ways`:
    see Page.ways, where they were worked out anew.
    """

    capture_id: int
    url: str
    at: str
    portal: str
    problems: tuple[Problem, ...] = ()
    ways: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of a report: `position` counts from 0, `level` from 1; `heading` None before the first heading."""

    position: int
    level: int
    heading: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file or picture that belongs to a report: absolute URL and the link's words.

    `media_type`: what its bytes are, else what its name suggests. `text`: its words, once it is here and was read.
    """

    url: str
    label: str | None
    media_type: str | None
    text: str | None = None


@dataclass(slots=True)
class Figure:
    """One figure of a report. `code`: a measure of the form (data/forms), None for a local row kept verbatim.

    `item` and `applicant`: the code's halves, or the row's label where there is no code. `value`: in `unit`; None where
    the cell is blank or says nothing that is a number, `raw` then still holds what is printed. `evidence`: the sentence
    as printed, or table, row and column with the cell's text. `method`: the rule that found it.
    """

    form: Form
    code: str | None
    item: str
    applicant: str | None
    value: float | None
    raw: str | None
    unit: str | None
    evidence: str
    method: str


@dataclass(slots=True)
class Check:
    """A sum or comparison that a report's figures must meet. `holds` None: it cannot be told."""

    rule: str
    subject: str
    holds: bool | None
    expected: str | None
    actual: str | None


@dataclass(slots=True)
class Report:
    """The facts of one report; field by field the columns of table `reports`. None: not stated."""

    title: str | None = None
    organ: str | None = None
    organ_kind: OrganKind | None = None
    region_code: str | None = None
    region: str | None = None
    report_year: int | None = None
    published_on: str | None = None
    signed_on: str | None = None
    source: str | None = None
    index_no: str | None = None
    doc_no: str | None = None
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Remains:
    """What stays of a page whose body was redacted: codes and digests, no words (table `redacted_captures`).

    `identity` as file.identity has it, an organ's name hidden; `text_sha256`, `squeezed` and `attachments`
    as in its Fingerprint, so that the same reports, copies and versions follow from the captures as before.
    """

    organ_kind: OrganKind | None
    region_code: str | None
    report_year: int | None
    identity: str | None
    text_sha256: str | None
    squeezed: str | None
    attachments: str


@dataclass(slots=True)
class Page:
    """A capture on its way through the stages. Each stage fills its own fields and leaves the others alone."""

    capture: Capture
    context: Context = Context()
    # decode
    media_type: str | None = None
    charset_declared: str | None = None
    charset: str | None = None
    html: str | None = None
    """The decoded source; None for what is not text."""
    tree: Any = None
    """The one lxml tree of the page, handed from stage to stage; None for what is not HTML."""
    seen: Any = None
    """What the tree shows, worked out once for all stages (crawler.words.display.seen_of); nothing that is archived."""
    # document
    document: Any = None
    """The response as a document that is no HTML (pipelines.marked.document.Document); None for all others."""
    # recognise
    kind: Kind = "other"
    evidence: list[Evidence] = field(default_factory=list)
    """Why `kind` is what it is, in the order in which the rules were asked."""
    lookalike: str | None = None
    """For an article that only looks like a report: the rule that says so."""
    title: str | None = None
    breadcrumb: list[str] = field(default_factory=list)
    # strip
    body: Any = None
    """The element that holds the report's own text."""
    marked: str | None = None
    """The words of the body with marks for blocks, tables and cells (pipelines.marked), for the stages after strip."""
    text: str | None = None
    """Paragraphs separated by newline, a table row on a line with cells separated by tabs; None, never empty."""
    sections: list[Section] = field(default_factory=list)
    # describe
    report: Report | None = None
    """Title, dates and so on; also filled for articles and lists as far as they have them."""
    report_evidence: dict[str, Evidence] = field(default_factory=dict)
    """By field of `Report`: the rule and words each value came from."""
    # attachments
    attachments: list[Attachment] = field(default_factory=list)
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Bodies of the attachments that are archived, by address; given to the stages by whoever has the archive."""
    documents: list[tuple[str, str]] = field(default_factory=list)
    """The attachments that were read: label or address, and the words with marks for blocks, tables and places."""
    # statistics
    figures: list[Figure] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    # navigation
    links_skipped: dict[str, int] = field(default_factory=dict)
    """How many links were not followed, by reason (crawler.records.ways.SKIP_REASONS)."""
    ways: tuple[str, bytes] | None = None
    """What leads on from here (navigation.serialization), after a seal of what that depends on beside the page."""
    problems: list[Problem] = field(default_factory=list)
    # redaction
    remains: Remains | None = None
    """For a page whose body was redacted: all that there is of it."""

    def let_go(self) -> None:
        """Drop tree, source and text after the last stage.

        What still refers to the page (a task, a traceback) waits for the garbage collector; fifty trees would wait too.
        """
        self.tree = self.body = self.html = self.text = self.seen = self.marked = self.document = None
        self.documents, self.files = [], {}
        self.sections = []
        self.figures, self.checks = [], []

    def problem(self, kind: str, detail: str) -> None:
        """Note a problem of this page; `kind` must be one of PROBLEM_KINDS."""
        if kind not in PROBLEM_KINDS:
            raise ValueError(f"unknown problem kind {kind!r}")
        self.problems.append(Problem(kind, self.capture.url, detail))
