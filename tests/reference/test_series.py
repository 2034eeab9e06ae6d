"""Series: one question over the years, and how far its answers can be compared."""

from __future__ import annotations

import re
import tomllib

import pytest

from crawler.archive.schema.panel import MEASURES, Measure
from crawler.reference.codes import measure_codes
from crawler.reference.measures import TABLE_FORMS, form_of
from crawler.reference.series import every_series, series_of
from pipelines.statistics.narrative.rules import RULES
from tests import ROOT

SERIES = {series.id: series for series in every_series()}
CODES = {code.code: code for code in measure_codes()}


def test_no_two_series_share_an_id() -> None:
    assert len(SERIES) == len(every_series())


def test_every_code_has_a_series_of_which_it_is_a_member() -> None:
    for code in measure_codes():
        series = SERIES[code.series]
        forms = {form for member in series.members if code.code in member.codes for form in member.forms}
        assert forms - {"narrative"} == set(code.forms), code.code


def test_members_are_codes_of_their_forms_in_the_unit_of_the_series() -> None:
    for series in every_series():
        forms = [form for member in series.members for form in member.forms]
        assert len(forms) == len(set(forms)), "a form answers once"
        for member in series.members:
            assert member.comparable in ("same", "broader", "narrower", "other")
            for form in member.forms:
                assert set(member.codes) <= form_of("f2014" if form == "narrative" else form).measures.keys()
            assert {CODES[code].unit for code in member.codes} <= {None, series.unit}
            assert len(member.codes) == len(set(member.codes))


def test_the_newest_form_that_asks_defines_the_series() -> None:
    for series in every_series():
        rank = {form: place for place, form in enumerate(("narrative", *TABLE_FORMS))}
        newest = max(series.members, key=lambda member: max(rank[form] for form in member.forms))
        assert newest.comparable == "same"


def test_every_member_says_why_in_two_languages() -> None:
    for series in every_series():
        for member in series.members:
            assert re.fullmatch(r"[^\n]*[\u4e00-\u9fff][^\n]*。", member.why_zh)
            assert re.fullmatch(r"[A-Z«][^\n\u4e00-\u9fff]*\.", member.why_en)
        assert re.search("[\u4e00-\u9fff]", series.label_zh)
        assert re.fullmatch(r"[A-Z][^\u4e00-\u9fff]*", series.label_en)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_each_column_of_the_panel_is_a_series_with_the_same_members(measure: Measure) -> None:
    series = SERIES[measure.name]
    by_form = {form: member.codes for member in series.members for form in member.forms}
    tables = {*by_form.get("f2019", ()), *by_form.get("f2021", ())}
    assert tables == {f"req_{row}__total" for row in measure.rows} | set(measure.cells)
    annex = (measure.annex,) if measure.annex else ()
    assert by_form.get("f2014", ()) == by_form.get("narrative", ()) == annex
    assert series.unit == measure.unit


def test_codes_that_stand_in_a_column_of_the_panel_are_of_that_series_first() -> None:
    assert series_of("req_denied_state_secret__total").id == "denied"
    assert series_of("req_denied_state_secret").id == "denied_state_secret"
    assert series_of("suit_direct_total").id == series_of("suit_total").id == "lawsuits"


def test_a_code_without_a_counterpart_is_a_series_of_its_own() -> None:
    series = series_of("complaint_total")
    assert (series.id, series.label_en, len(series.members)) == (
        "complaint_total",
        "Complaints and reports of misconduct",
        1,
    )
    assert CODES["complaint_total"].comparable == "same"


def test_applicants_have_series_of_their_own() -> None:
    series = series_of("req_other_fee_unpaid__org_business")
    assert series.id == "other__org_business"
    assert series.label_en == "Requests processed otherwise × Businesses"
    assert series_of("req_other__org_business") is series


def test_a_code_that_compares_in_one_form_and_not_in_another_is_not_called_the_same() -> None:
    assert CODES["review_total"].comparable == "narrower"
    assert CODES["review_other"].comparable == "other"
    assert CODES["review_corrected"].comparable == "same"


def test_sentences_do_not_make_a_code_of_a_table_less_comparable() -> None:
    """«Received» of a sentence is often more than the row of 2014 is."""
    assert CODES["req_received"].comparable == "same"
    assert [m.comparable for m in SERIES["received"].members if "narrative" in m.forms] == ["broader"]


def test_sentences_state_codes_of_the_annex_and_answer_where_a_rule_reads_them() -> None:
    read = {rule.code for rule in RULES}
    assert read <= form_of("f2014").measures.keys()
    for series in every_series():
        if series.id not in CODES and (annex := series.member("f2014")) is not None:
            answer = series.member("narrative")
            assert (answer.codes if answer else ()) == tuple(code for code in annex.codes if code in read), series.id


def test_the_file_has_no_key_that_nobody_reads() -> None:
    entries = tomllib.loads((ROOT / "data" / "forms" / "series.toml").read_text("utf-8"))["series"]
    assert {key for entry in entries for key in entry} == {"id", "label", "english", "unit", "members"}
    members = [member for entry in entries for member in entry["members"]]
    assert {key for member in members for key in member} == {"forms", "codes", "comparable", "why_zh", "why_en"}
