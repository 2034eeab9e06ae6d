"""Divisions as they stood in a year, and names of places in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reference import divisions, placenames


def test_the_revision_of_the_year() -> None:
    assert divisions.table(2005).revision == "200812"
    assert divisions.table(2012).revision == "201112"
    assert divisions.table(2018).revision == "201801"
    assert divisions.table(2025).revision == divisions.table(None).revision == "201904"


def test_shenyang_has_thirteen_in_2018() -> None:
    names = [region.name for region in divisions.children("210100", 2018)]
    assert len(names) == 13
    assert {"大东区", "辽中区", "新民市"} <= set(names)
    assert divisions.region("210122", 2012) == divisions.Region("210122", "辽中县", "county")
    assert divisions.region("210122", 2018) is None
    assert divisions.latest("210122", 2018) is not None


def test_municipalities_and_counties_right_under_a_province() -> None:
    assert len(divisions.children("110000", 2018)) == 16
    assert "仙桃市" in [region.name for region in divisions.children("420000", 2018)]
    assert divisions.children("210104", 2018) == ()
    assert divisions.full_name("210104", 2018) == "辽宁省沈阳市大东区"
    assert divisions.full_name("429004", 2018) == "湖北省仙桃市"
    assert divisions.full_name("000000", 2018) is None


@pytest.mark.parametrize(
    ("text", "year", "within", "code"),
    [
        ("沈阳市大东区2018年度政府信息公开工作报告", 2018, None, "210104"),
        ("大东区", 2018, None, "210104"),
        ("大东", 2018, "210100", "210104"),
        ("大东", 2018, None, None),
        ("辽宁沈阳大东", 2018, None, "210104"),
        ("湖南镇2018年", 2018, None, None),
        ("南京路街道", 2018, None, None),
        ("重庆大学", 2018, None, None),
        ("鼓楼区", 2018, None, None),
        ("鼓楼区", 2018, "320100", "320106"),
        ("海南州人民政府", 2022, None, "632500"),
        ("内蒙古包头", 2018, None, "150200"),
        ("临夏回族自治州永靖县", 2024, None, "622923"),
        ("道真自治县人社局", 2018, None, "520325"),
        ("永定县", 2009, None, "350822"),
        ("崇明区", 2012, None, None),
        ("2016年西城区展览路街道", 2016, "110000", "110102"),
        ("济宁市市中区", 2012, None, "370802"),
        ("大东区", 2018, "320000", None),
    ],
)
def test_names_in_a_text(text: str, year: int, within: str | None, code: str | None) -> None:
    found = placenames.find(text, year, within)
    assert (found.code if found else None) == code


def test_known_codes_of_any_year() -> None:
    assert divisions.known("210122")
    assert not divisions.known("999999")
    assert not divisions.known("x")


@given(st.text(), st.integers(1900, 2100), st.sampled_from([None, "210100", "999999", ""]))
def test_wild_text_never_raises(text: str, year: int, within: str | None) -> None:
    found = placenames.locate(text, year, within)
    assert found is None or 0 <= found.start < found.end <= len(text)
