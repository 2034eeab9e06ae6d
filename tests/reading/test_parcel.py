"""What travels between processes comes back as it went, whatever it is; any other bytes are told to be damaged."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgpack  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.navigation.survey import Survey
from crawler.portals.profile import Profile
from crawler.reading.parcel import (
    DamagedError,
    pack_answer,
    pack_lines,
    pack_question,
    unpack_answer,
    unpack_lines,
    unpack_question,
)
from crawler.reading.question import Answer, Question
from crawler.records.capture import Capture, Context
from crawler.records.page import Page
from crawler.records.problemkinds import PROBLEM_KINDS
from crawler.records.problems import Problem
from crawler.records.report import Figure, Place, Report, Section
from crawler.records.ways import Next, Ways, years_of
from pipelines.marked.document import Line

LEFT = {
    Page: {"html", "tree", "seen", "document", "body", "marked", "documents", "files", "fatal", "links_skipped", "ways",
           "remains", "death", "capture", "context"},
    Profile: {"delay", "allow_private_addresses", "browser", "sample", "at_most", "user_agent", "budget", "requisites",
              "verified", "expect", "former_hosts"},
    Capture: {"sent"},
}  # fmt: skip
"""What does not travel: trees and sources, what only the walk fills, what the question has, how a portal is asked."""
words = st.text(st.characters(), max_size=6)
"""Lone surrogates among them."""
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: words,
    bytes: st.binary(max_size=20),
    bool: st.booleans(),
    int: st.integers(-(1 << 63), (1 << 63) - 1),
    float: st.floats(allow_nan=False) | st.integers(0, 10**6),
    NoneType: st.none(),
    range: st.builds(range, st.integers(0, 3000), st.integers(0, 3000)),
    frozenset[int]: st.frozensets(st.integers(0, 3000), max_size=3).map(years_of),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type of the records."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of(*map(anything, arguments))
    if kind is Place:
        return st.builds(kind, **{name: anything(hint) for name, hint in get_type_hints(kind).items()})
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(anything(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(anything, arguments))
    if origin is list:
        return st.lists(anything(arguments[0]), max_size=2)
    if origin in (dict, Mapping):
        return st.dictionaries(*map(anything, arguments), max_size=2)
    assert is_dataclass(kind), kind
    return records(kind)


def records(kind: Any) -> st.SearchStrategy[Any]:
    """Records of a class, every field of which travels."""
    if kind is Ways:
        return ways
    if kind is Problem:
        return st.builds(Problem, st.sampled_from(sorted(PROBLEM_KINDS)), words, words)
    hints = get_type_hints(kind)
    left = LEFT.get(kind, set())
    return st.builds(kind, **{one.name: anything(hints[one.name]) for one in fields(kind) if one.name not in left})


ways = st.deferred(
    lambda: st.builds(
        Ways,
        next=st.lists(records(Next), max_size=3),
        skipped=st.dictionaries(words, st.integers(0, 99), max_size=2),
        items=st.lists(words, max_size=2),
        stated_total=st.none() | st.integers(0, 10**9),
        stated_pages=st.none() | st.integers(0, 10**9),
        paging_rule=st.none() | words,
        problems=st.lists(st.tuples(st.sampled_from(sorted(PROBLEM_KINDS)), words), max_size=2),
        labels=st.lists(words, max_size=2),
        newest_first=st.booleans().map(lambda told: lambda: told),
        untaken=st.lists(st.tuples(words, words, words), max_size=2),
    )
)
surveys = st.builds(
    Survey,
    ways=st.none() | ways,
    packed=st.none() | st.binary(max_size=9),
    target=st.none() | words,
    account=words,
    says_empty=st.booleans(),
    fault=words,
)
pages = st.builds(
    lambda page, capture, context: replace(page, capture=capture, context=context),
    st.builds(
        Page,
        capture=st.just(Capture("", 0, [], b"", "")),
        **{one.name: anything(get_type_hints(Page)[one.name]) for one in fields(Page) if one.name not in LEFT[Page]},
    ),
    records(Capture),
    records(Context),
)


def shown(found: Ways | None) -> list[Any] | None:
    """Ways so that they can be compared: lists and tuples are one, a question is its answer."""
    if found is None:
        return None
    turns = any(way.why == "paging" for way in found.next)
    rest = [list(map(tuple, found.problems)), list(map(tuple, found.untaken)), turns and found.newest_first()]
    lists = [found.next, found.items, found.labels]
    return [*map(list, lists), found.skipped, found.stated_total, found.stated_pages, found.paging_rule, *rest]


@given(records(Question))
def test_a_question_comes_back_as_it_went(question: Question) -> None:
    found = unpack_question(pack_question(question))
    place, told = found.place, question.place
    assert (place is None) is (told is None)
    if place is not None and told is not None:
        kept = Profile(**{one.name: getattr(told.profile, one.name) for one in fields(Profile)
                          if one.name not in LEFT[Profile]})  # fmt: skip
        assert place == replace(told, profile=kept)
        assert place.profile.allows(told.profile.home) == told.profile.allows(told.profile.home)
    headers = [tuple(header) for header in found.capture.headers]
    assert replace(found.capture, headers=headers) == question.capture
    assert (found.context, found.files, found.until, found.fatal) == (
        question.context, question.files, question.until, question.fatal,
    )  # fmt: skip


@given(pages, st.none() | surveys, st.none() | words, st.booleans())
def test_an_answer_comes_back_as_it_went(page: Page, survey: Survey | None, source: str | None, traced: bool) -> None:
    page.files = {"http://x/f": b"1"}
    question = Question(page.capture, page.context, page.files)
    found = unpack_answer(pack_answer(Answer(page, survey, source), traced=traced), question)
    for one in fields(Page):
        if one.name not in LEFT[Page] - {"capture", "context", "files"}:
            assert getattr(found.page, one.name) == getattr(page, one.name), one.name
    assert found.source == source
    if survey is None or found.survey is None:
        assert found.survey is survey
        return
    if survey.ways is not None and not traced:
        survey.ways.untaken = []
    assert shown(found.survey.ways) == shown(survey.ways)
    assert replace(found.survey, ways=None) == replace(survey, ways=None)


@given(st.integers(1 << 63, 1 << 90) | st.integers(-(1 << 90), -(1 << 63)) | st.just(float("nan")))
def test_a_number_that_no_database_holds_is_one_with_a_point(number: float) -> None:
    page = Page(Capture("http://x/", 200, [], b"", ""))
    page.figures = [Figure("f2021", None, "local", None, number, str(number), None, Place(""), "")]
    (figure,) = unpack_answer(pack_answer(Answer(page)), Question(page.capture, page.context)).page.figures
    assert repr(figure.value) == repr(float(number))


@given(st.lists(records(Line), max_size=3))
def test_lines_come_back_as_they_went(lines: list[Line]) -> None:
    assert unpack_lines(pack_lines(lines)) == lines


WHOLE = Page(Capture("http://x/", 200, [], b"", ""))
WHOLE.problem("charset", "so")
ASKED = Question(WHOLE.capture, WHOLE.context)
SOUND = pack_answer(Answer(WHOLE, Survey(Ways(items=["a"]), b"p", None, "words"), "source"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | words | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=20,
)


def holds(parcel: bytes) -> None:
    """Bytes are an answer of the right types, or are told to be damaged: nothing else may come of them."""
    try:
        found = unpack_answer(parcel, ASKED)
    except DamagedError:
        return
    assert isinstance(found, Answer)
    pack_answer(found)  # what is not of its type could not be written down either


@given(st.binary(max_size=300))
def test_any_bytes_are_damaged_or_an_answer(parcel: bytes) -> None:
    holds(parcel)
    with suppress(DamagedError):
        assert all(isinstance(line, Line) for line in unpack_lines(parcel))


changes_of_bytes = st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=4)


@given(changes_of_bytes, st.integers(0, 9))
def test_a_damaged_answer_is_told(changes: list[tuple[int, int]], cut: int) -> None:
    parcel = bytearray(SOUND)
    for place, value in changes:
        parcel[place] = value
    holds(bytes(parcel[: len(parcel) - cut]))


@given(st.integers(0, 11), values)
def test_a_part_of_another_shape_is_told(place: int, value: Any) -> None:
    parts = list(msgpack.unpackb(SOUND, use_list=False, strict_map_key=False))
    parts[place] = value
    holds(msgpack.packb(parts, unicode_errors="surrogatepass"))


def forged(*path: int, value: Any) -> bytes:
    """The sound answer with another value at a place, given by its numbers."""

    def put(part: Any, place: int, *further: int) -> Any:
        inner = put(part[place], *further) if further else value
        if isinstance(part, dict):
            return {name: inner if number == place else kept for number, (name, kept) in enumerate(part.items())}
        return [inner if number == place else kept for number, kept in enumerate(part)]

    parts = msgpack.unpackb(RICH, use_list=False, strict_map_key=False)
    parcel: bytes = msgpack.packb(put(parts, *path))
    return parcel


RICH_PAGE = Page(Capture("http://x/", 200, [], b"", ""))
RICH_PAGE.report = Report("title")
RICH_PAGE.sections = [Section(0, 1, None, 1, 5), Section(1, 1, None, 1, 5)]
RICH_PAGE.figures = [Figure("f2021", None, "local", None, 1, "1", None, Place(""), "")]
RICH_PAGE.problem("charset", "so")
RICH = pack_answer(Answer(RICH_PAGE, Survey(None, b"p", None, "words"), "source"))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((0, 3), 7),  # the kind
        ((0, 3), "no kind"),
        ((0, 7), 5),  # the text
        ((0, 7), b"words"),
        ((0, 6), "breadcrumb"),
        ((2, 1, 0), "1"),  # a section's position
        ((2, 1, 0), 1 << 63),
        ((2, 1), [0, 1, None]),
        ((3, 1), ["organ"]),
        ((3, 5), 2020.5),  # the report's year
        ((3, 2), "palace"),
        ((6, 0, 4), "1"),  # a figure's value
        ((6, 0, 4), True),
        ((6, 0, 0), "f1999"),
        ((8, 0, 0), "no kind"),
        ((9, 2), "p"),
        ((9, 5), 1),
        ((10,), b"source"),
        ((11,), ["a", "b", "c"]),
    ],
)
def test_a_value_of_another_type_than_its_field_is_told(path: tuple[int, ...], value: Any) -> None:
    unpack_answer(RICH, ASKED)
    with pytest.raises(DamagedError):
        unpack_answer(forged(*path, value=value), ASKED)


def way(page_no: Any = 1, why: str = "item") -> tuple[Any, ...]:
    """A way on, as it travels."""
    return "http://x/", "label", [[], False, None, None, None, None, None, page_no, None, 0, False], why, 1, None


def with_ways(name: str, value: Any) -> bytes:
    """The sound answer with another value among its ways."""
    parts = list(msgpack.unpackb(SOUND, use_list=False, strict_map_key=False))
    parts[9] = [parts[9][0] | {name: value}, *parts[9][1:]]
    parcel: bytes = msgpack.packb(parts)
    return parcel


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("next", [way("1")]),
        ("next", [way(why="whim")]),
        ("skipped", {"seen": "1"}),
        ("items", "abc"),
        ("stated_total", "9"),
        ("problems", [("no kind", "")]),
        ("labels", [1]),
        ("newest_first", 1),
        ("more", 1),
    ],
)  # fmt: skip
def test_ways_of_another_type_are_told(name: str, value: Any) -> None:
    unpack_answer(with_ways("next", [way()]), ASKED)
    with pytest.raises(DamagedError):
        unpack_answer(with_ways(name, value), ASKED)


NO_ANSWERS = (
    b"",
    b"\xc1",
    b"\x90",
    b"\x80",
    b"\x91" * 3000,
    b"\xdd\xff\xff\xff\xff",
    b"\x01",
    SOUND + b"x",
    SOUND[:-1],
)


@pytest.mark.parametrize("parcel", NO_ANSWERS)
def test_what_is_no_answer_at_all_is_told(parcel: bytes) -> None:
    with pytest.raises(DamagedError):
        unpack_answer(parcel, ASKED)


@pytest.mark.parametrize("parcel", [b"", b"\xc1", b"\x91" * 3000, b"\x01", b"\x91\x01", b"\x91\x91\x01", b"\x80"])
def test_what_are_no_lines_is_told(parcel: bytes) -> None:
    with pytest.raises(DamagedError):
        unpack_lines(parcel)
