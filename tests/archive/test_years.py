"""One year against the next: from which size on a measure jumps, and which reports follow one another at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.derive.years import check_across_years
from crawler.records.report import Figure, Form, Place
from tests.support.archive_toy import page

Year = dict[str, float | None]
RECEIVED = "req_new_received__total"


def figures(values: Year, form: Form) -> list[Figure]:
    made = []
    for code, value in values.items():
        item, _, applicant = code.partition("__")
        made.append(Figure(form, code, item, applicant or None, value, None, None, Place(""), ""))
    return made


@pytest.fixture
def archive(tmp_path: Path) -> Any:
    with Archive.open(tmp_path / "archive.db") as opened:
        opened.begin_run(["somewhere"])
        yield opened


def keep(archive: Archive, year: int, values: Year, form: Form = "f2021", **says: Any) -> None:
    got = page(f"/{archive.reports.count()}.html", year=year, text=f"{year}", **says)
    got.figures = figures(values, form)
    archive.store(got)


def told(archive: Archive) -> list[tuple[Any, ...]]:
    check_across_years(archive.connection)
    query = "select rule, subject, holds, expected, actual from checks where rule in ('A5', 'A6', 'J1') order by 1, 2"
    return [tuple(row) for row in archive.connection.execute(query)]


@pytest.mark.parametrize(
    ("before", "now", "holds"),
    [
        (10, 100, 1),
        (10, 101, 0),
        (101, 10, 0),  # a fall is a jump, too
        (100, 10, 1),
        (1, 11, 0),
        (1, 10, 1),  # ten times, not more
        (0.5, 9, 1),  # below ten a count may well grow tenfold
        (0.5, 10, 0),
        (9, 0.5, 1),
        (3, 4, 1),
    ],
)
def test_a_jump_is_more_than_tenfold_and_of_ten_or_more(
    archive: Archive, before: float, now: float, holds: int
) -> None:
    keep(archive, 2021, {RECEIVED: before})
    keep(archive, 2022, {RECEIVED: now})
    assert told(archive) == [("J1", RECEIVED, holds, f"near {float(before)}".replace(".0", ""), f"{now:g}")]


@pytest.mark.parametrize(("before", "now"), [(0, 500), (500, 0), (None, 500), (500, None)])
def test_nothing_is_no_measure_of_a_jump(archive: Archive, before: float | None, now: float | None) -> None:
    keep(archive, 2021, {RECEIVED: before})
    keep(archive, 2022, {RECEIVED: now})
    assert told(archive) == []


@pytest.mark.parametrize(
    "other",
    [
        {"year": 2023},  # a year lies between
        {"year": 2022, "region_code": "210105"},
        {"year": 2022, "organ_kind": "government_office"},
        {"year": 2022, "form": "f2019"},
    ],
)
def test_only_the_same_organ_one_year_later_by_the_same_form(archive: Archive, other: dict[str, Any]) -> None:
    keep(archive, 2021, {RECEIVED: 10})
    keep(archive, values={RECEIVED: 900}, **other)
    assert told(archive) == []


def test_two_reports_on_one_year_are_no_year_before(archive: Archive) -> None:
    years: tuple[Year, ...] = ({RECEIVED: 10}, {RECEIVED: 20})
    for values in years:
        got = page(f"/{values[RECEIVED]}.html", year=2021, text=f"{values}")
        got.figures = figures(values, "f2021")
        archive.store(got)
    keep(archive, 2022, {RECEIVED: 900})
    assert told(archive) == []


def test_carried_in_is_what_was_carried_out(archive: Archive) -> None:
    keep(archive, 2021, {"req_carried_out__total": 5, "req_carried_out__natural_person": 5})
    keep(archive, 2022, {"req_carried_in__total": 5, "req_carried_in__natural_person": 4})
    assert [(row[1], row[2]) for row in told(archive) if row[0] == "A5"] == [("natural_person", 0), ("total", 1)]


@pytest.mark.parametrize(("now", "holds"), [(12, 1), (13, 0)])
def test_in_force_is_what_was_with_what_came_and_without_what_went(archive: Archive, now: float, holds: int) -> None:
    rules = "art20_1_rules"
    keep(archive, 2021, {f"{rules}_in_force": 10})
    issued = {f"{rules}_issued_this_year": 3, f"{rules}_repealed_this_year": 1}
    keep(archive, 2022, {f"{rules}_in_force": now, **issued})
    ((rule, subject, *found),) = told(archive)
    assert (rule, subject, [float(x) for x in found]) == ("A6", rules, [holds, 12, now])
