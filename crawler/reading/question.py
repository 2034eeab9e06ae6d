"""What is asked of a reader, and what it answers: pure, and the same in a process of its own as in this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.archive.write.index import tokens_of
from crawler.navigation.requisites import of_page
from crawler.navigation.survey import Survey, survey_of
from crawler.portals.plan import plan_of
from crawler.portals.profile import Profile
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.ways import Position, Why, Years
from pipelines import derive


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in a walk: the `position` on the trail, `why` it was asked for, and what the walk is after
    (see portals.plan). `with_source`: whether the page's source is wanted, for a browser to show it; `traced`: whether
    the links that are not taken are."""

    position: Position
    why: Why
    profile: Profile
    years: Years
    wide: bool = False
    with_source: bool = False
    traced: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A capture to be read. `files`: bodies of a report's files by address. `until`: the name of the last stage, None:
    all. `place`: for the walk, which asks what leads on as well. `dressed`: what the page needs to look as it did
    is asked for. `fatal`: by SHA-256, documents that are not to be read again, and why."""

    capture: Capture
    context: Context
    files: Mapping[str, bytes] | None = None
    until: str | None = None
    place: Place | None = None
    fatal: Mapping[str, str] = field(default_factory=dict)
    dressed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The page without its tree, what the walk asked of it, its source where that was wanted, and the addresses of its
    `requisites` where those were."""

    page: Page
    survey: Survey | None = None
    source: str | None = None
    requisites: list[str] = field(default_factory=list)


def answer(question: Question) -> Answer:
    """Read a page. Raises MemoryError, and nothing else: a stage that fails is a problem of the page."""
    place = question.place
    page = derive(question.capture, question.context, question.files, question.fatal, until=question.until)
    if page.kind == "report" and question.until is None:
        page.tokens = tokens_of(page)
    if place is None:
        named = of_page(page.tree, page.capture.url) if question.dressed and page.tree is not None else []
        return Answer(page, requisites=named)
    survey = survey_of(page, place.position, place.why, plan_of(place.profile, place.years, place.wide))
    return Answer(page, survey, page.html if place.with_source and page.tree is not None else None)
