"""Rates: when a quotient may be told, where lines break, and the table of people."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.schema.panel import MEASURES
from crawler.records.errors import NianbaoError
from crawler.reference import breaks, population
from crawler.reference.codes import measure_codes
from crawler.reference.proportions import PARTS, WHOLE, Rate, count, density, share

NUMBERS = st.none() | st.integers(-5, 500) | st.floats(-5, 500)
FORMS = st.none() | st.sampled_from(["narrative", "f2014", "f2019", "f2021"])


@pytest.mark.parametrize(
    ("part", "form", "whole", "whole_form", "expected"),
    [
        (5, "f2021", 20, "f2021", Rate(25.0)),
        (0, "f2021", 20, "f2021", Rate(0.0)),
        (20, "narrative", 20, "narrative", Rate(100.0)),
        (5, "f2014", 20, "narrative", Rate(None, "forms")),
        (0, "f2021", 0, "f2021", Rate(None, "whole_zero")),
        (5, "f2021", 0, "f2021", Rate(None, "whole_zero")),
        (5, "f2021", None, None, Rate(None, "whole_unstated")),
        (None, None, 20, "f2021", Rate(None, "unstated")),
        (21, "f2021", 20, "f2021", Rate(None, "above")),
        (-1, "f2021", 20, "f2021", Rate(None, "above")),
    ],
)
def test_a_share_is_of_one_form_and_never_above_its_whole(
    part: float | None, form: str | None, whole: float | None, whole_form: str | None, expected: Rate
) -> None:
    assert share(part, form, whole, whole_form) == expected


@given(NUMBERS, FORMS, NUMBERS, FORMS)
def test_a_share_is_a_number_from_0_to_100_or_has_its_reason(
    part: float | None, form: str | None, whole: float | None, whole_form: str | None
) -> None:
    told = share(part, form, whole, whole_form)
    assert (told.value is None) is (told.lack is not None)
    assert told.value is None or (0 <= told.value <= 100.0000001 and form == whole_form)


def test_a_density_needs_the_people_of_that_year() -> None:
    assert density(7, 700_000) == Rate(1.0)
    assert density(7, None) == Rate(None, "population")
    assert density(None, 700_000) == Rate(None, "unstated")
    assert count(None) == Rate(None, "unstated")


def test_parts_and_whole_are_columns_of_the_panel_and_series() -> None:
    columns = {measure.name for measure in MEASURES}
    assert columns >= {*PARTS, WHOLE}
    assert set(breaks.by_id()) >= columns
    assert columns.isdisjoint(measure.code for measure in measure_codes())


@pytest.mark.parametrize(
    ("series", "before", "after", "expected"),
    [
        (["denied"], "f2019", "f2019", True),
        (["denied"], "f2019", "f2021", True),
        (["denied"], "f2014", "f2019", False),
        (["received"], "f2014", "f2019", True),
        (["received"], "narrative", "f2019", False),
        (["received"], "narrative", "f2014", False),
        (["granted"], "narrative", "f2014", True),  # one member, narrower than the tables
        (["granted"], "f2014", "f2019", False),
        (["partial"], "f2014", "f2019", True),
        (["partial", "processed"], "f2014", "f2019", False),
        (["processed"], "narrative", "f2014", False),  # they may count something else each
        (["refused"], "f2014", "f2019", False),
    ],
)
def test_a_line_goes_on_where_every_series_asks_the_same(
    series: list[str], before: str, after: str, expected: bool
) -> None:
    assert breaks.goes_on(series, before, after) is expected
    assert breaks.goes_on(series, after, before) is expected


def test_forms_change_in_the_years_that_the_forms_state() -> None:
    assert [(change.year, change.form) for change in breaks.changes()] == [
        (2014, "f2014"), (2019, "f2019"), (2021, "f2021"),
    ]  # fmt: skip


def test_what_is_not_the_same_is_said_with_its_reason() -> None:
    told = [(series.id, member.comparable) for series, member in breaks.reasons(["denied", "processed"], {"f2014"})]
    assert told == [("denied", "other"), ("processed", "other")]
    assert list(breaks.reasons(["denied", "processed"], {"f2019", "f2021"})) == []


def test_a_table_of_people_is_read(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(
        "\ufeffregion_code,name,year,population\n210104,大东区,2020,701000\n\n210104,大东区,2021,699000\n", "utf-8"
    )
    read = population.read(file)
    assert (read.of("210104", 2020), read.of("210104", 2019), read.of("210105", 2020)) == (701000, None, None)
    assert read.name == "people.csv"
    before = read.digest
    file.write_text("region_code,year,population\n210104,2020,701001\n", "utf-8")
    assert population.read(file).digest != before


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("code,year,population\n", "line 1: no column region_code"),
        ("", "line 1: no column region_code"),
        ("region_code,year,population\n2101,2020,5\n", "line 2: region_code '2101'; expected six digits"),
        ("region_code,year,population\n210104,20,5\n", "line 2: year '20'; expected four digits"),
        ("region_code,year,population\n210104,2020,0\n", "line 2: population '0'; expected people as a whole number"),
        ("region_code,year,population\n210104,2020,70.1万\n", "line 2: population '70.1万'"),
        ("region_code,year,population\n210104,2020\n", "line 2: population ''"),
        ("region_code,year,population\n210104,2020,5\n210104,2020,6\n", "line 3: another population of 210104 in 2020"),
    ],
)
def test_a_table_of_people_that_cannot_be_meant_is_said_with_its_line(tmp_path: Path, body: str, told: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(body, "utf-8")
    with pytest.raises(NianbaoError, match=r"people\.csv, ") as caught:
        population.read(file)
    assert told in str(caught.value)


def test_a_table_of_people_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(NianbaoError, match="No such file"):
        population.read(tmp_path / "none.csv")
    (tmp_path / "gbk.csv").write_bytes("地区".encode("gbk"))
    with pytest.raises(NianbaoError, match="no UTF-8"):
        population.read(tmp_path / "gbk.csv")
