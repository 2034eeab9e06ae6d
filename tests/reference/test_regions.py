"""The list of regions' codes: each once, with what it meant last, what it meant before and what became of it."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

from crawler.reference import divisions, history
from crawler.reference.regions import region_codes, township_codes

REGIONS = {region.code: region for region in region_codes()}


def test_every_code_that_held_in_any_year_stands_once() -> None:
    every = {
        code for year in range(history.FIRST_YEAR, history.last_year() + 1) for code in divisions.table(year).regions
    }
    assert REGIONS.keys() == every
    assert len(region_codes()) == len(REGIONS)
    assert list(REGIONS) == sorted(REGIONS)


def test_the_years_of_a_code_are_those_in_which_it_stood() -> None:
    for year in (2008, 2012, 2018, history.last_year()):
        standing = {
            region.code
            for region in region_codes()
            if (region.valid_from or 0) <= year and (region.valid_to is None or year <= region.valid_to)
        }
        assert standing == divisions.table(year).regions.keys()


def test_name_parent_and_full_name_are_those_of_the_last_year_that_the_code_held() -> None:
    for region in region_codes():
        year = region.valid_to or history.last_year()
        assert region.name == divisions.table(year).regions[region.code].name
        assert region.full_name == divisions.full_name(region.code, year)
        assert region.parent == divisions.table(year).parent(region.code)
        assert region.current == (region.valid_to is None)


def test_whatever_a_code_leads_to_is_in_the_list() -> None:
    for region in region_codes():
        others = {*region.predecessors, *region.successors} | ({region.parent} if region.parent else set())
        assert others <= REGIONS.keys(), region.code
        assert region.code not in others


def test_what_one_code_took_the_other_gave() -> None:
    for region in region_codes():
        assert all(region.code in REGIONS[code].successors for code in region.predecessors)
        assert all(region.code in REGIONS[code].predecessors for code in region.successors)


def test_levels_stand_one_under_the_other() -> None:
    dadong, shenyang, liaoning = REGIONS["210104"], REGIONS["210100"], REGIONS["210000"]
    assert (dadong.level, shenyang.level, liaoning.level) == ("county", "prefecture", "province")
    assert (dadong.parent, shenyang.parent, liaoning.parent) == ("210100", "210000", None)
    assert dadong.full_name == "辽宁省沈阳市大东区"


def test_a_county_without_a_prefecture_stands_under_its_province() -> None:
    assert (REGIONS["429004"].parent, REGIONS["429004"].full_name) == ("420000", "湖北省仙桃市")


def test_a_county_renamed_under_its_code_has_its_former_name() -> None:
    hunnan = REGIONS["210112"]
    assert (hunnan.name, hunnan.former_names) == ("浑南区", ("东陵区",))
    assert (hunnan.valid_from, hunnan.valid_to, hunnan.predecessors, hunnan.successors) == (None, None, (), ())


def test_a_code_given_to_another_county_is_one_row_with_the_later_name() -> None:
    """万盛区 and 綦江县 went together in 2011: the new county has the name of the one and the code of the other."""
    qijiang = REGIONS["500110"]
    assert (qijiang.name, qijiang.former_names, qijiang.predecessors) == ("綦江区", ("万盛区",), ("500222",))
    assert (REGIONS["500222"].valid_to, REGIONS["500222"].successors) == (2010, ("500110",))


def test_codes_given_twice_hold_without_a_gap() -> None:
    """Else one row could not tell the years of its code."""
    for divisions_of in history.by_code().values():
        for earlier, later in itertools.pairwise(divisions_of):
            assert earlier.until == later.since - 1


def test_a_county_merged_into_others_names_them() -> None:
    jianggan = REGIONS["330104"]
    assert (jianggan.valid_to, jianggan.successors, jianggan.current) == (2020, ("330102", "330114"), False)
    assert jianggan.full_name == "浙江省杭州市江干区"


def test_a_county_split_stands_on_and_names_the_part() -> None:
    zengdu, suixian = REGIONS["421303"], REGIONS["421321"]
    assert (zengdu.valid_to, zengdu.successors) == (None, ("421321",))
    assert (suixian.valid_from, suixian.predecessors) == (2009, ("421303",))


def test_a_county_given_another_code_leads_from_one_to_the_other() -> None:
    before, after = REGIONS["220381"], REGIONS["220184"]
    assert (before.name, before.full_name) == ("公主岭市", "吉林省四平市公主岭市")
    assert (before.valid_to, before.successors) == (2019, ("220184",))
    assert (after.full_name, after.valid_from, after.predecessors) == ("吉林省长春市公主岭市", 2020, ("220381",))


def test_a_county_of_a_prefecture_that_is_gone_stands_under_it() -> None:
    assert (REGIONS["542121"].parent, REGIONS["542121"].full_name) == ("542100", "西藏自治区昌都地区昌都县")
    assert REGIONS["542100"].valid_to == REGIONS["542121"].valid_to == 2013


def test_a_county_made_a_prefecture_has_another_code() -> None:
    assert (REGIONS["469003"].level, REGIONS["469003"].successors) == ("county", ("460400",))
    assert (REGIONS["460400"].level, REGIONS["460400"].valid_from) == ("prefecture", 2015)


def test_townships_stand_under_their_county() -> None:
    towns = township_codes("210104")
    assert {(town.parent, town.level) for town in towns} == {("210104", "township")}
    assert ("210104002", "大北街道", "辽宁省沈阳市大东区大北街道") in {(t.code, t.name, t.full_name) for t in towns}
    assert [town.code for town in towns] == sorted(town.code for town in towns)


def test_every_township_of_the_list_is_under_a_county() -> None:
    codes = [town.code for county in REGIONS for town in township_codes(county)]
    assert sorted(codes) == [row[0] for row in history.read_table("townships.tsv")]


def test_a_township_abolished_does_not_hold_and_its_name_is_without_the_mark() -> None:
    by_name = {town.name: town for town in township_codes("140322")}
    assert not by_name["下社乡"].current
    assert by_name["下社乡"].valid_to is None, "the list does not say when"
    assert all("（" not in name for name in by_name)


def test_a_township_abolished_in_a_year_that_is_told_held_until_then() -> None:
    town = next(town for town in township_codes("330702") if town.name == "岭上乡")
    assert (town.current, town.valid_to) == (False, 2020)


@pytest.mark.parametrize("code", ["", "999999", "210104002", "330104", "210100"])
def test_a_code_that_the_list_of_townships_lacks_has_none(code: str) -> None:
    assert township_codes(code) == ()


def test_the_module_reads_nothing_before_it_is_asked() -> None:
    script = (
        "import sys; from crawler.reference import history, regions;"
        " assert history.divisions.cache_info().currsize == 0;"
        " regions.region_codes();"
        " assert 'crawler.reference.townships' not in sys.modules;"
        " first = regions.region_codes(); assert first[0] is regions.region_codes()[0]"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
