"""Labels that are a place's own name, and those that only have one in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.navigation.places import place_named

SHENYANG, LIAONING = "210100", "210000"


@pytest.mark.parametrize(
    ("label", "region", "code"),
    [
        ("大东区", SHENYANG, "210104"),
        ("大东", SHENYANG, "210104"),
        ("大东区政府", SHENYANG, "210104"),
        ("大东区人民政府办公室", SHENYANG, "210104"),
        ("大东区政府信息公开工作年度报告", SHENYANG, "210104"),
        ("大东区年报", SHENYANG, "210104"),
        ("新民市", SHENYANG, "210181"),
        # the city before the district, by its full name or the bare one
        ("沈阳市大东区", SHENYANG, "210104"),
        ("沈阳大东区", SHENYANG, "210104"),
        ("沈阳市大东区", LIAONING, "210104"),
        ("沈阳市", LIAONING, "210100"),
        # what lies outside, or around
        ("辽宁省", SHENYANG, None),
        ("鼓楼区", SHENYANG, None),
        ("大东区", "210200", None),
        # places that are part of another name
        ("大东区教育局", SHENYANG, None),
        ("大东区大东街道", SHENYANG, None),
        ("关于大东区", SHENYANG, None),
        # a name that several places of the region have names none of them
        ("铁西区", SHENYANG, "210106"),
        ("铁西区", LIAONING, None),
        ("鼓楼区", "320000", None),
        ("鼓楼区", "320100", "320106"),
        # names of an earlier year, as long as there can be reports under them
        ("东陵区", SHENYANG, "210112"),
        ("崇文区", "110000", "110103"),
        ("通州", "320600", "320612"),  # a city under another code before: the latest year wins
        # one sign is no name,
        ("沈", SHENYANG, None),
        ("", SHENYANG, None),
        ("沈阳市大东区人民政府办公室政府信息公开工作年度报告", SHENYANG, "210104"),
    ],
)
def test_a_label_names_a_place_inside_the_region_and_nothing_else(label: str, region: str, code: str | None) -> None:
    assert place_named(label, region) == code


@given(st.text(min_size=1, max_size=8))
def test_words_behind_a_name_make_it_another(text: str) -> None:
    """Whatever is found lies within the region."""
    found = place_named("大东区" + text, SHENYANG)
    assert found is None or found.startswith("2101")
