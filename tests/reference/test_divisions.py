"""Divisions as they stood in a year, what became of them, and names of places in a text."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.portals import selection
from crawler.reference import divisions, history, placenames

TOTALS = {
    2008: (2859, 333),
    2009: (2858, 333),
    2010: (2856, 333),
    2011: (2853, 332),
    2012: (2852, 333),
    2013: (2853, 333),
    2014: (2854, 333),
    2015: (2850, 334),
    2016: (2851, 334),
    2017: (2851, 334),
    2018: (2851, 334),
    2019: (2846, 333),
    2020: (2844, 333),
    2021: (2843, 333),
    2022: (2844, 333),
    2023: (2844, 333),
    2024: (2846, 333),
    2025: (2845, 333),
    2026: (2847, 333),
}
"""Counties and prefectures at the end of each year. To 2023 the official totals of counties, but for 2022: 白杨市 was
approved in 2022 and is counted from 2023 (2,843)."""

PUBLISHED = {
    2008: "effc670bc7597e25",
    2009: "ac3274c2ff796810",
    2010: "b87e5ff1cbb671a0",
    2012: "c7ae7c3c841d92e2",
    2013: "7cebb18dc456b691",
    2017: "3a74827d1e6e04a9",
    2018: "735e645f71561182",
    2026: "8b44592e900767dd",
}
"""SHA-256, cut, of the lists as they were published (mainland; code and name a line, by code)."""


@pytest.mark.parametrize("year", TOTALS)
def test_the_list_and_its_changes_give_what_stood_in_each_year(year: int) -> None:
    here = divisions.table(year).regions
    levels = [region.level for region in here.values()]
    assert (levels.count("county"), levels.count("prefecture"), levels.count("province")) == (*TOTALS[year], 34)
    if year in PUBLISHED:
        lines = "".join(f"{code}{here[code].name}\n" for code in sorted(here) if code < "70")
        assert hashlib.sha256(lines.encode()).hexdigest()[:16] == PUBLISHED[year]
    for code, region in here.items():
        assert divisions.parent(code, year) is not None or region.level == "province", region


def test_years_out_of_reach_are_those_at_the_ends() -> None:
    assert divisions.table(1999) is divisions.table(2008)
    assert divisions.table(2040) is divisions.table(None) is divisions.table(history.last_year())


def test_the_history_joins_up() -> None:
    """What ends has heirs, no code is two divisions at a time, and both ends know of a change."""
    for code, periods in history.by_code().items():
        for earlier, later in itertools.pairwise(periods):
            assert earlier.until is not None, code
            assert earlier.until < later.since, code
    for division in history.divisions():
        code = division.region.code
        assert division.until is None or (division.successors and division.since <= division.until), code
        for heir in division.successors:
            assert any(code in after.predecessors for after in history.by_code()[heir]), code
        for source in division.predecessors:
            assert any(code in before.successors for before in history.by_code()[source]), code
        if division.origin is not None:
            assert division.origin.until == division.since - 1, code
            assert code in division.origin.successors, code
    for change in history.changes():
        for region in filter(None, (change.before, change.after)):
            assert region in [division.region for division in history.by_code()[region.code]], region
    (gone,) = history.by_code()["330104"]
    assert (gone.since, gone.until, gone.successors) == (2008, 2020, ("330102", "330114"))


@pytest.mark.parametrize(
    ("code", "year", "then"),
    [
        ("350405", 2018, "350427"),
        ("350427", 2021, "350405"),
        ("350427", 2020, "350427"),
        ("540500", 2010, "542200"),
        ("540630", 2013, "542431"),
        ("460400", 2012, "469003"),
        ("420600", 2009, "420600"),
        ("500110", 2010, "500222"),
        ("340210", 2019, "340221"),
        ("370116", 2018, "371202"),
        ("330113", 2020, None),
        ("330104", 2022, None),
        ("320508", 2011, None),
        ("371200", 2019, None),
        ("999999", 2019, None),
    ],
)
def test_what_a_division_was_in_another_year(code: str, year: int, then: str | None) -> None:
    found = divisions.standing(code, year)
    assert (found.code if found else None) == then


def test_a_dissolved_division_is_itself_in_the_year_of_its_end_and_as_it_last_stood_after() -> None:
    assert divisions.at("330104", 2021) == divisions.Region("330104", "江干区", "county")
    assert divisions.at("330104", 2022) is None
    assert divisions.latest("330104", 2025) == divisions.at("330104", 2021)
    assert divisions.parent("371202", 2019) == divisions.region("371200", 2018)


def test_land_of_today_lay_in_one_division_or_in_several() -> None:
    assert history.land("330383", 2018) == {"330327"}
    assert history.land("330102", 2020) == {"330102", "330104"}
    assert history.land("330102", 2021) == {"330102"}
    assert history.land("640303", 2008) == set()


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
        ("临平区", 2021, None, "330113"),
        ("临平区", 2020, "330100", None),
        ("下城区", 2020, None, "330103"),
        ("下城区", 2021, None, "330103"),
        ("下城区", 2022, "330100", None),
        ("沙县", 2021, "350400", "350427"),
        ("沙县区", 2021, "350400", "350405"),
        ("三明市沙县区", 2023, None, "350405"),
        ("弋江区", 2020, "340200", "340209"),
        ("襄樊市襄阳区", 2010, "420000", "420607"),
        ("山南地区乃东区", 2016, "540000", "540502"),
        ("山南市乃东县", 2016, "540500", "542221"),
        ("乃东县", 2014, "540500", "542221"),
        ("大同市平城区", 2018, None, "140213"),
        ("日喀则市桑珠孜区", 2014, None, "540202"),
        ("北屯市", 2012, None, "659005"),
        ("和安县", 2024, None, "653229"),
        ("鄂伦春旗", 2022, "150700", "150723"),
        ("某某自治旗", 2022, "150700", None),
        ("东乡县", 2022, "622900", "622926"),
        ("自治县", 2022, None, None),
        ("洛阳市瀍河区", 2022, None, "410304"),
        ("六枝", 2015, "520200", "520203"),
        ("延边自治州和龙市", 2022, None, "222406"),
    ],
)
def test_names_in_a_text(text: str, year: int, within: str | None, code: str | None) -> None:
    found = placenames.find(text, year, within)
    assert (found.code if found else None) == code


def test_known_codes_of_any_year() -> None:
    assert divisions.known("210122")
    assert not divisions.known("999999")
    assert not divisions.known("x")
    assert divisions.known("330104")
    assert divisions.known("659012")


def test_shipped_profiles_are_of_regions_that_stand_today() -> None:
    found = selection.bundled()
    assert found
    assert {name: one.region for name, one in found.items() if divisions.region(one.region) is None} == {}


@given(st.text(), st.integers(1900, 2100), st.sampled_from([None, "210100", "999999", ""]))
def test_wild_text_never_raises(text: str, year: int, within: str | None) -> None:
    found = placenames.locate(text, year, within)
    assert found is None or 0 <= found.start < found.end <= len(text)
