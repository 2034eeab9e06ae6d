"""A page on its way: a capture, and what each stage made of it.

Plain records; the stages in `pipelines/` fill a `Page` in order, and `crawler.archive` writes it down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crawler.records.capture import Capture, Context, Evidence, Kind
from crawler.records.problemkinds import PROBLEM_KINDS
from crawler.records.problems import Problem
from crawler.records.report import Attachment, Check, Figure, OrganKind, Report, Section


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
class Needs:
    """The addresses of the styles, pictures and fonts that an archived page names (table `requisites`)."""

    capture_id: int
    urls: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Death:
    """What a reader was lost over: the `kind` of its problem, and its cause in words."""

    kind: str
    cause: str


@dataclass(slots=True)
class Page:
    """A capture on its way through the stages. Each stage fills its own fields and leaves the others alone."""

    capture: Capture
    context: Context = Context()  # noqa: RUF009 -- frozen, safe to share
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
    fatal: Mapping[str, str] = field(default_factory=dict)
    """By SHA-256, documents that are not to be read, for they cost a reader, and why."""
    documents: list[tuple[Attachment, str]] = field(default_factory=list)
    """The attachments that were read, each with its words with marks for blocks, tables and places."""
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
    # reading
    tokens: tuple[str, str] | None = None
    """What the search index holds of title and text (crawler.archive.write.index), where it was made with the page."""
    death: Death | None = None
    """Why the page was not read: it cost a reader."""

    def let_go(self) -> None:
        """Drop tree, source and text after the last stage.

        What still refers to the page (a task, a traceback) waits for the garbage collector; fifty trees would wait too.
        """
        self.tree = self.body = self.html = self.text = self.seen = self.marked = self.document = None
        self.tokens = None
        self.documents, self.files = [], {}
        self.sections = []
        self.figures, self.checks = [], []

    def problem(self, kind: str, detail: str) -> None:
        """Note a problem of this page; `kind` must be one of PROBLEM_KINDS."""
        if kind not in PROBLEM_KINDS:
            raise ValueError(f"unknown problem kind {kind!r}")
        self.problems.append(Problem(kind, self.capture.url, detail))
