"""The forms as data: every measure with its unit and sums, none more."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crawler.reference.measures import TABLE_FORMS, form_of
from tests.evaluate import gold_folder

GOLD = gold_folder()
SHEET = GOLD.parent / "domain" / "indicators.csv" if GOLD else Path("indicators.csv")


def test_every_form_has_its_cells() -> None:
    sizes = {form: len(form_of(form).measures) for form in TABLE_FORMS}
    assert sizes == {"f2014": 58, "f2019": 198, "f2021": 200}


def test_a_cell_of_section_three_has_two_halves() -> None:
    measure = form_of("f2021").measures["req_granted__natural_person"]
    assert (measure.item, measure.applicant, measure.unit) == ("req_granted", "natural_person", "件")


def test_sums_name_measures_or_blocks_of_the_form() -> None:
    for form in map(form_of, TABLE_FORMS):
        names = set(form.measures) | {block.code for block in form.request_blocks}
        sums = {measure.sums_into.removeprefix("⊂") for measure in form.measures.values() if measure.sums_into}
        assert sums <= names


@pytest.mark.skipif(not SHEET.is_file(), reason="no list of indicators with the real pages (NIANBAO_GOLD)")
def test_forms_agree_with_the_list_of_indicators() -> None:
    with SHEET.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for form in TABLE_FORMS:
        sheet = {row["code"]: row for row in rows if row["format"] == form}
        measures = form_of(form).measures
        assert set(measures) == set(sheet)
        for code, row in sheet.items():
            assert (measures[code].sums_into or "") == row["sum_into"], code
            assert measures[code].label == row["label"], code
            if row["unit"]:
                assert measures[code].unit == row["unit"], code
