"""The list of codes: each code of the forms once, in two languages, with its sums."""

from __future__ import annotations

import re
import tomllib

import pytest

from crawler.reference.codes import measure_codes
from crawler.reference.measures import TABLE_FORMS, form_of, generations
from tests import ROOT

CODES = {code.code: code for code in measure_codes()}


def test_every_code_of_the_forms_stands_once_and_no_other() -> None:
    printed = [code for form in TABLE_FORMS for code in form_of(form).measures]
    assert list(CODES) == list(dict.fromkeys(printed))
    assert len(measure_codes()) == len(CODES) == 280


def test_a_code_says_the_same_in_every_form() -> None:
    """Unit, item and applicant do not contradict each other; where the printed words differ the newest form's stand."""
    for code, measures in generations().items():
        for facts in ("unit", "item", "applicant"):
            assert len({getattr(measure, facts) for measure in measures}) == 1, (code, facts)
    differing = {code for code, measures in generations().items() if len({m.label for m in measures}) > 1}
    assert differing == {
        "review_total", "review_upheld", "review_corrected", "review_other",
        "art20_5_licence_decisions", "art20_6_penalty_decisions", "art20_6_coercion_decisions",
    }  # fmt: skip


def test_a_code_of_several_forms_has_their_years_and_the_newest_words() -> None:
    code = CODES["review_total"]
    assert (code.forms, code.since, code.until) == (("f2014", "f2019", "f2021"), 2014, None)
    assert (code.section, code.row) == ("四", 1)
    assert (code.label_zh, code.label_en) == ("行政复议 / 总计", "Administrative reviews / Total")


@pytest.mark.parametrize(
    ("code", "section", "row", "since", "until"),
    [
        ("disc_total", "annex", 1, 2014, 2018),
        ("meet_trained_persons", "annex", 58, 2014, 2018),
        ("art20_9_procurement_amount", "二", 8, 2019, 2020),
        ("art20_8_admin_fee_amount_wan", "二", 6, 2021, None),
        ("req_other__total", "三", 21, 2019, 2020),
        ("req_carried_out__total", "三", 25, 2019, None),
        ("suit_after_review_total", "四", 1, 2019, None),
    ],
)
def test_a_code_has_its_place_and_its_years(code: str, section: str, row: int, since: int, until: int | None) -> None:
    found = CODES[code]
    assert (found.section, found.row, found.since, found.until) == (section, row, since, until)


def test_a_whole_has_its_parts() -> None:
    assert CODES["review_total"].sums == (("review_upheld", "review_corrected", "review_other", "review_pending"),)
    assert CODES["org_staff"].sums == (("org_staff_full_time", "org_staff_part_time"),)
    outcomes, applicants = CODES["req_total_processed__total"].sums
    assert (len(applicants), applicants[0]) == (6, "req_total_processed__natural_person")
    assert (len(outcomes), outcomes[0]) == (22, "req_granted__total")
    assert {"req_other__total", "req_other_other__total"} <= set(outcomes)


def test_a_part_among_others_makes_no_sum() -> None:
    assert CODES["disc_total"].sums == ()
    assert CODES["req_granted__natural_person"].sums == ()


def test_parts_are_codes_in_the_unit_of_the_whole() -> None:
    for code in measure_codes():
        for parts in code.sums:
            assert {CODES[part].unit for part in parts} == {code.unit}
            assert code.code not in parts


def labelled() -> list[tuple[str, str]]:
    """Every entry of the forms that has a code, and the caption or group over it, with its English."""
    entries: list[tuple[str, str]] = []

    def walk(form: str, node: object) -> None:
        if isinstance(node, dict):
            if "code" in node and "label" in node:
                entries.append((f"{form} {node['code']} {node['label']}", node.get("english", "")))
            for below in node.values():
                walk(form, below)
        elif isinstance(node, list):
            for below in node:
                walk(form, below)

    for form in TABLE_FORMS:
        walk(form, tomllib.loads((ROOT / "data" / "forms" / f"{form}.toml").read_text("utf-8")))
    return entries


def test_no_word_of_a_form_lacks_its_english() -> None:
    assert len(labelled()) > 150
    assert [entry for entry, english in labelled() if not re.fullmatch(r"[A-Z][\x20-\x7e]+", english)] == []


def test_the_same_words_are_the_same_in_english() -> None:
    by_words: dict[str, set[str]] = {}
    for entry, english in labelled():
        by_words.setdefault(entry.partition(" ")[2], set()).add(english)
    assert {words: english for words, english in by_words.items() if len(english) > 1} == {}


def test_no_two_codes_of_a_form_have_the_same_label() -> None:
    for form in TABLE_FORMS:
        measures = form_of(form).measures.values()
        assert len({measure.english for measure in measures}) == len(measures)


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("req_denied_state_secret__total", "Denied: state secret × Total"),
        ("req_unable_not_held__total", "Unable to provide: information not held × Total"),
        ("req_refused_repeat__natural_person", "Refused: repeated request × Natural persons"),
        ("req_granted__org_other", "Granted × Legal persons and other organisations / Other"),
        ("suit_direct_pending", "Administrative lawsuits / Sued without review / Pending"),
        ("art20_1_rules_in_force", "Article 20 (1) / Rules / In force"),
    ],
)
def test_english_is_put_together_as_the_printed_words_are(code: str, english: str) -> None:
    assert CODES[code].label_en == english
