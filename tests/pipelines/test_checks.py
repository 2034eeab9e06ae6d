"""The checks of a report's figures: where a rule just holds, where it just does not, and where it cannot be told."""

from __future__ import annotations

import pytest

from crawler.records.report import Figure, Form, Place
from crawler.reference.measures import form_of
from pipelines.statistics.checks import BLANK_AS_0, check_figures

Told = dict[tuple[str, str], tuple[bool | None, str | None, str | None]]
NARRATIVE: Form = "narrative"
REVIEW = tuple(f"review_{result.code}" for result in form_of("f2021").results if result.code != "total")
"""The outcomes of reviews; review_total is their sum (A4)."""


def figures(form: Form, values: dict[str, float | None]) -> list[Figure]:
    return [Figure(form, code, code, None, value, None, None, Place(""), "") for code, value in values.items()]


def told(*of: list[Figure]) -> Told:
    checks = check_figures([figure for one in of for figure in one])
    return {(check.rule, check.subject): (check.holds, check.expected, check.actual) for check in checks}


@pytest.mark.parametrize(("part", "holds"), [(0, True), (6, True), (7, True), (7.5, False), (8, False)])
@pytest.mark.parametrize(
    ("rule", "subject", "code", "whole"),
    [
        ("F2", "disc_normative_docs", "disc_normative_docs", "disc_total"),
        ("F2", "resp_press_conf_by_head", "resp_press_conf_by_head", "resp_press_conf"),
        ("F3", "gazette", "disc_via_gazette", "disc_total"),
        ("F3", "other", "disc_via_other", "disc_total"),
    ],
)
def test_a_part_may_be_all_of_its_whole_but_not_more(
    rule: str, subject: str, code: str, whole: str, part: float, holds: bool
) -> None:
    found = told(figures("f2014", {code: part, whole: 7}))
    assert found[rule, subject] == (holds, "at most 7", f"{part:g}")


@pytest.mark.parametrize("values", [{"disc_via_gazette": 9, "disc_total": None}, {"disc_via_gazette": 9}])
def test_a_part_of_an_unknown_whole_says_nothing(values: dict[str, float | None]) -> None:
    assert told(figures("f2014", values)) == {}


@pytest.mark.parametrize(
    ("stated", "holds", "expected"),
    [
        (40, True, "40"),  # new requests
        (42, True, "42"),  # new and carried in
        (41, False, "40"),
        (2, False, "40"),
    ],
)
def test_a_sentence_may_mean_any_of_its_meanings(stated: float, holds: bool, expected: str) -> None:
    table = figures("f2021", {"req_new_received__total": 40, "req_carried_in__total": 2})
    found = told(table, figures(NARRATIVE, {"req_received": stated}))
    assert found["A7", "req_received"] == (holds, expected, f"{stated:g}")


def test_a_meaning_of_which_a_cell_is_missing_is_none() -> None:
    table = figures("f2021", {"req_new_received__total": 40, "req_carried_in__total": None})
    assert told(table, figures(NARRATIVE, {"req_received": 40}))["A7", "req_received"] == (True, "40", "40")
    assert told(table, figures(NARRATIVE, {"req_received": 42}))["A7", "req_received"] == (False, "40", "42")
    nothing = figures("f2021", {"req_carried_in__total": 2})
    assert not any(rule == "A7" for rule, _ in told(nothing, figures(NARRATIVE, {"req_received": 2})))


def test_lawsuits_are_both_kinds_together() -> None:
    table = figures("f2021", {"suit_direct_total": 2, "suit_after_review_total": 3})
    assert told(table, figures(NARRATIVE, {"suit_total": 5}))["A7", "suit_total"][0] is True
    assert told(table, figures(NARRATIVE, {"suit_total": 2}))["A7", "suit_total"][0] is False


def test_the_annex_goes_before_the_table_for_a_sentence() -> None:
    table, annex = figures("f2021", {"req_new_received__total": 40}), figures("f2014", {"req_received": 6})
    assert told(table, annex, figures(NARRATIVE, {"req_received": 6}))["A7", "req_received"] == (True, "6", "6")


@pytest.mark.parametrize("total", [6, 7])
def test_a_whole_sum_holds_or_does_not(total: float) -> None:
    found = told(figures("f2021", {**dict.fromkeys(REVIEW, 0), REVIEW[0]: 6, "review_total": total}))
    assert found["A4", "review"] == (total == 6, "6", f"{total:g}")
    assert ("A4" + BLANK_AS_0, "review") not in found


@pytest.mark.parametrize(("total", "as_zero"), [(6, True), (7, False)])
@pytest.mark.parametrize("missing", ["blank", "absent"])
def test_a_sum_of_which_a_part_is_missing_is_not_told(missing: str, total: float, as_zero: bool) -> None:
    values: dict[str, float | None] = {**dict.fromkeys(REVIEW, 0), REVIEW[0]: 6, "review_total": total}
    if missing == "blank":
        values[REVIEW[1]] = None
    else:
        del values[REVIEW[1]]
    found = told(figures("f2021", values))
    assert found["A4", "review"][0] is None
    assert found["A4" + BLANK_AS_0, "review"][0] is as_zero


@pytest.mark.parametrize(
    "values",
    [
        {"review_total": 5},  # none of the parts stands there
        dict.fromkeys(REVIEW, 1),  # the whole does not
        {**dict.fromkeys(REVIEW), "review_total": None},  # all blank
    ],
)
def test_a_side_that_is_not_there_is_no_sum(values: dict[str, float | None]) -> None:
    assert not any(rule.startswith("A4") for rule, _ in told(figures("f2021", values)))


@pytest.mark.parametrize(
    ("online", "as_zero"),
    [(2, None), (5, True), (6, False)],  # what a sentence does not say is not a blank: less than the whole says nothing
)
def test_parts_that_sentences_leave_out_are_not_nothing(online: float, as_zero: bool | None) -> None:
    found = told(figures(NARRATIVE, {"req_received": 5, "req_received_online": online}))
    assert found["F1", "req_received"][0] is None
    assert found["F1" + BLANK_AS_0, "req_received"][0] is as_zero


def test_the_same_parts_of_an_annex_are_blanks() -> None:
    found = told(figures("f2014", {"req_received": 5, "req_received_online": 2}))
    assert found["F1" + BLANK_AS_0, "req_received"][0] is False


def test_a_hair_of_rounding_is_no_difference() -> None:
    fees: dict[str, float | None] = {**dict.fromkeys(REVIEW, 0), REVIEW[0]: 0.1, REVIEW[1]: 0.2, "review_total": 0.3}
    assert told(figures("f2021", fees))["A4", "review"][0] is True
    assert told(figures("f2021", {**fees, "review_total": 0.301}))["A4", "review"][0] is False
