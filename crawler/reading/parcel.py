"""Questions and answers as they travel between processes: lists, strings, numbers and bytes, by MessagePack.

Both ends are the same program on the same machine, and a parcel is never kept. What a reader sends back is not
believed to be harmless, for a stranger's page may have taken it over: MessagePack makes nothing but plain values out of
it (`pickle` runs what it is sent, `marshal` may crash over it), and what has another shape, or values of other types,
is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, TypeVar, get_type_hints

import msgpack  # type: ignore[import-untyped]

from crawler.navigation.serialization import (
    plain,
    plain_position,
    plain_trail,
    restored,
    restored_position,
    restored_trail,
)
from crawler.navigation.survey import Survey
from crawler.portals.profile import Profile
from crawler.reading.question import Answer, Place, Question
from crawler.reading.shapes import WHOLE, fits, row
from crawler.records.capture import Capture, Context, Evidence
from crawler.records.page import Page
from crawler.records.problemkinds import PROBLEM_KINDS
from crawler.records.problems import Problem
from crawler.records.report import Attachment, Check, Figure, Report, Section
from crawler.records.report import Place as FigurePlace
from crawler.records.ways import Position, Why, years_of
from pipelines.marked.document import Line

Record = TypeVar("Record")


class DamagedError(Exception):
    """Bytes that are no parcel of this program."""


def _values(record: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What makes a tuple of a record's fields."""
    return attrgetter(*(field.name for field in fields(record)))


_context, _evidence, _figure, _check, _section = map(_values, (Context, Evidence, Figure, Check, Section))
_attachment, _report, _problem, _line = map(_values, (Attachment, Report, Problem, Line))
_profile = attrgetter("id", "name", "home", "region", "trail", "hosts")
_NAMES = ("media_type", "charset_declared", "charset", "kind", "lookalike", "title", "breadcrumb", "text")
_page = attrgetter(*_NAMES)
_PAGE = get_type_hints(Page)
"""Types of its fields, by name."""
_VALUES = row(*(_PAGE[name] for name in _NAMES))
_PARTS = row(
    Any, _PAGE["evidence"], _PAGE["sections"], _PAGE["report"], list[tuple[str, Evidence]], _PAGE["attachments"],
    _PAGE["figures"], _PAGE["checks"], _PAGE["problems"],
    tuple[dict[str, Any] | None, list[tuple[str, str, str]], bytes | None, str | None, str, bool, str] | None,
    str | None, _PAGE["tokens"], list[str],
)  # fmt: skip
"""What an answer's parts are; the first are the values of _NAMES."""
_LINES = fits(list[Line])
_WAYS = {
    "next": list[tuple[str, str, Position, Why, int, str | None]],
    "forms": dict[str, dict[str, str]],
    "skipped": dict[str, int],
    "items": list[str],
    "stated_total": int | None,
    "stated_pages": int | None,
    "paging_rule": str | None,
    "problems": list[tuple[str, str]],
    "labels": list[str],
    "newest_first": bool,
}
"""What navigation.serialization makes of the ways, by key."""


def pack_question(question: Question) -> bytes:
    """A question as bytes."""
    capture, place = question.capture, question.place
    return _pack(
        (
            (
                capture.url, capture.status, capture.headers, capture.body, capture.fetched_at, capture.portal,
                plain_trail(capture.trail), capture.rendered, capture.source,
            ),
            _context(question.context),
            None if question.files is None else dict(question.files),
            question.until,
            None if place is None else (
                plain_position(place.position), place.why, _profile(place.profile),
                list(place.years), place.wide, place.with_source, place.traced,
            ),
            dict(question.fatal),
            question.dressed,
        )
    )  # fmt: skip


def unpack_question(parcel: bytes) -> Question:
    """The question that `pack_question` wrote."""
    (url, status, headers, body, at, portal, trail, rendered, source), context, files, until, place, *rest = _unpack(
        parcel
    )
    capture = Capture(url, status, headers, body, at, portal, restored_trail(trail), rendered, source=source)
    where = None
    if place is not None:
        position, why, profile, years, *wishes = place
        where = Place(restored_position(position), why, Profile(*profile), years_of(years), *wishes)
    return Question(capture, Context(*context), files, until, where, *rest)


def pack_answer(answer: Answer, *, traced: bool = False) -> bytes:
    """An answer as bytes; `traced`: with the links that were not taken."""
    page, survey = answer.page, answer.survey
    ways = None if survey is None else survey.ways
    return _pack(
        (
            _page(page),
            list(map(_evidence, page.evidence)),
            list(map(_section, page.sections)),
            None if page.report is None else _report(page.report),
            [(name, _evidence(evidence)) for name, evidence in page.report_evidence.items()],
            list(map(_attachment, page.attachments)),
            [_figure(figure if abs(figure.value or 0) < WHOLE else replace(figure, value=float(figure.value or 0)))
             for figure in page.figures],
            list(map(_check, page.checks)),
            list(map(_problem, page.problems)),
            None if survey is None else (
                None if ways is None else plain(ways), ways.untaken if ways is not None and traced else [],
                survey.packed, survey.target, survey.account, survey.says_empty, survey.fault,
            ),
            answer.source,
            page.tokens,
            answer.requisites,
        )
    )  # fmt: skip


def unpack_answer(parcel: bytes, question: Question) -> Answer:
    """The answer to `question` that `pack_answer` wrote. Raises DamagedError for any other bytes."""
    try:
        return _unpacked(_unpack(parcel), question)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedError(f"{type(error).__name__}: {error}") from error


def _examine(parcel: Any) -> None:
    """Raises TypeError for what no stage could have made."""
    if not _PARTS([parcel]) or not _VALUES(parcel[:1]):
        raise TypeError("a part is of another type")
    problems, survey = parcel[8:10]
    ways = None if survey is None else survey[0]
    if ways is not None and (ways.keys() != _WAYS.keys() or not all(fits(_WAYS[name])([ways[name]]) for name in ways)):
        raise TypeError("the ways are of another type")
    kinds = {kind for kind, *_ in (*problems, *(() if ways is None else ways["problems"]))}
    if not kinds <= PROBLEM_KINDS.keys():
        raise TypeError("a problem is of no kind")


def _unpacked(parcel: Any, question: Question) -> Answer:
    _examine(parcel)
    values, evidence, sections, report, reasons, attachments, figures, checks, problems, *others = parcel
    surveyed, source, tokens, requisites = others
    page = Page(question.capture, question.context)
    for name, value in zip(_NAMES, values, strict=True):
        setattr(page, name, value)
    page.evidence = _records(Evidence, evidence)
    page.sections = _records(Section, sections)
    page.report = None if report is None else Report(*report)
    page.breadcrumb = list(page.breadcrumb)
    page.report_evidence = {name: Evidence(*row) for name, row in reasons}
    page.attachments = _records(Attachment, attachments)
    page.figures = _records(Figure, figures)
    for figure in page.figures:
        figure.place = FigurePlace(*figure.place)
    page.checks = _records(Check, checks)
    page.problems = _records(Problem, problems)
    page.tokens = tokens
    page.files = question.files or {}
    survey = None
    if surveyed is not None:
        plain_ways, untaken, *rest = surveyed
        ways = None if plain_ways is None else restored(plain_ways)
        if ways is not None:
            ways.untaken = list(untaken)
        survey = Survey(ways, *rest)
    return Answer(page, survey, source, list(requisites))


def _records(record: type[Record], rows: Iterable[tuple[Any, ...]]) -> list[Record]:
    return [record(*row) for row in rows]


def _pack(value: Any) -> bytes:
    # Half of a surrogate pair, out of a script's escapes, is in many a page.
    packed: bytes = msgpack.packb(value, unicode_errors="surrogatepass")
    return packed


def _unpack(parcel: bytes) -> Any:
    return msgpack.unpackb(parcel, unicode_errors="surrogatepass", use_list=False, strict_map_key=False)


def pack_lines(lines: Iterable[Line]) -> bytes:
    """Lines that OCR made out, as bytes."""
    return _pack(list(map(_line, lines)))


def unpack_lines(parcel: bytes) -> list[Line]:
    """The lines that `pack_lines` wrote. Raises DamagedError for any other bytes."""
    try:
        rows = _unpack(parcel)
        if not _LINES([rows]):
            raise TypeError("no lines")
        return _records(Line, rows)
    except (ValueError, TypeError) as error:
        raise DamagedError(f"{type(error).__name__}: {error}") from error
