"""Which region a report's organ lies in, in every year: after changes of divisions, and by the list of townships."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.reference import deadlines, divisions, history, townships
from pipelines.describe.organs import in_full, kind_of

CHAPTERS = "".join(
    f"<h3>{head}</h3><p>{'全年依法公开政府信息，答复申请。' * 20}</p>" for head in ("一、总体情况", "二、主动公开")
)


def extracted(tmp_path: Path, title: str, region: str, year: int) -> dict[str, str | None]:
    """What `nianbao extract` prints of a report with this title on a portal of the region."""
    page, profile = tmp_path / "page.html", tmp_path / "portal.toml"
    profile.write_text(f'id = "p"\nname = "某地"\nhome = "http://www.p.gov.cn/"\nregion = "{region}"\n', "utf-8")
    page.write_text(
        f"<html><meta charset=utf-8><title>{title}</title><body><h1>{title}</h1><p>发布时间：{year + 1}-03-01</p>"
        f"<div class=TRS_Editor><p>统计期限为{year}年1月1日至12月31日。</p>{CHAPTERS}</div></body></html>",
        "utf-8",
    )
    url = f"http://www.p.gov.cn/nb/{year + 1}03/t{year + 1}0301_1.html"
    done = CliRunner().invoke(cli, ["extract", str(page), "--url", url, "--profile", str(profile), "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, str | None] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("place", "portal", "year", "code"),
    [
        ("钱塘区", "330100", 2021, "330114"),
        ("偃师区", "410300", 2023, "410307"),
        ("白杨市", "650000", 2023, "659012"),
        ("永定县", "350800", 2014, "350822"),
        ("闸北区", "310000", 2015, "310108"),
    ],
)
def test_a_report_has_the_code_of_its_year(tmp_path: Path, place: str, portal: str, year: int, code: str) -> None:
    found = extracted(tmp_path, f"{place}人民政府{year}年政府信息公开工作年度报告", portal, year)
    assert (found["region_code"], found["region"], found["organ_kind"]) == (code, place, "government")


@pytest.mark.parametrize(("place", "portal"), [("闸北区", "310000"), ("桥东区", "130500"), ("吉利区", "410300")])
def test_a_division_of_other_years_is_told_and_no_other_of_the_name(tmp_path: Path, place: str, portal: str) -> None:
    found = extracted(tmp_path, f"{place}2023年政府信息公开工作年度报告", portal, 2023)
    assert (found["region_code"], found["organ"]) == (None, f"{place}人民政府")
    assert "region_unknown" in [problem["kind"] for problem in found["problems"]]  # type: ignore[union-attr, index]


CHANGES = [change for change in history.changes() if change.before and change.before.name != change.after.name]


@pytest.mark.parametrize("year", sorted({change.year for change in CHANGES}))
def test_names_of_both_sides_count_in_the_year_of_any_change(year: int) -> None:
    """For every change of the list: the name after it and the one before, on the portal of what is above.

    But 巢湖市, in 2011 a city of 安徽 and then one of its 合肥: on the province's portal that is no answer.
    """
    wrong = []
    for change in CHANGES:
        for region in filter(None, (change.before, change.after)):
            above = divisions.parent(region.code, year)
            if change.year == year and above is not None and region.code != "341400":
                organ = in_full(f"{region.name}人民政府", above, year, above.code)
                if organ.region is None or organ.region.name != region.name or organ.kind != "government":
                    wrong.append((region, organ))
    assert wrong == []


@pytest.mark.parametrize("year", sorted({change.year for change in CHANGES}))
def test_a_name_of_before_is_not_its_region_two_years_on(year: int) -> None:
    for change in CHANGES:
        before = change.before
        if change.year == year and before is not None and divisions.at(before.code, year + 2) is None:
            above = divisions.region(change.after.code[:4] + "00", year + 2)
            organ = in_full(f"{before.name}人民政府", above, year + 2, above.code if above else None)
            assert organ.region is None or organ.region.code != before.code, change


@pytest.mark.parametrize("year", [2008, 2014, 2019, 2023])
def test_every_division_is_found_by_its_name_with_its_city(year: int) -> None:
    for region in divisions.table(year).regions.values():
        above = divisions.parent(region.code, year)
        if region.level == "county" and above is not None and hash(region.code) % 3 == year % 3:
            organ = in_full(f"{above.name}{region.name}人民政府", None, year, None)
            assert organ.region == region


@pytest.mark.parametrize(
    ("words", "portal", "year", "name", "code"),
    [
        ("沙县区", "350400", 2018, "三明市沙县区人民政府", "350427"),
        ("襄阳市教育局", "420600", 2009, "襄阳市教育局", "420600"),
        ("襄州区", "420600", 2008, "襄樊市襄州区人民政府", "420607"),
        ("横县", "450100", 2023, "横县人民政府", None),
        ("临平区", "330100", 2019, "临平区人民政府", None),
        ("临平区财政局", "330100", 2019, "临平区财政局", None),
        ("莱芜市", "370000", 2022, "莱芜市人民政府", None),
        ("莱城区", "371200", 2019, "莱芜市莱城区人民政府", "371202"),
        ("张家口市桥东区", "130500", 2022, "张家口市桥东区人民政府", "130702"),
        ("两江新区", "500000", 2023, "重庆市两江新区", "500000"),
        ("两江新区", "500000", 2025, "重庆市两江新区人民政府", "500157"),
    ],
)
def test_names_out_of_their_years(words: str, portal: str, year: int, name: str, code: str | None) -> None:
    organ = in_full(words, divisions.latest(portal, year), year, portal)
    assert (organ.name, organ.region.code if organ.region else None) == (name, code)
    assert organ.kind == ("zone" if words.endswith("新区") and year < 2025 else organ.kind)


@pytest.mark.parametrize(
    ("organ", "portal", "year", "name", "code"),
    [
        ("朱剪炉街道办", "210100", 2022, "沈阳市沈河区朱剪炉街道办", "210103"),
        ("沈阳市朱剪炉街道办事处", "210100", 2015, "沈阳市沈河区朱剪炉街道办事处", "210103"),
        ("朱剪炉办事处", "210100", 2022, "沈阳市沈河区朱剪炉办事处", "210103"),
        ("凯旋街道办事处", "330100", 2023, "杭州市上城区凯旋街道办事处", "330102"),
        ("凯旋街道办事处", "330100", 2019, "凯旋街道办事处", None),
        ("城关镇人民政府", "150100", 2022, "城关镇人民政府", None),
        ("城关镇人民政府办公室", "150124", 2022, "清水河县城关镇人民政府办公室", "150124"),
        ("朱剪炉街道", "210000", 2022, "朱剪炉街道", None),
        ("朱剪炉街道", "320100", 2022, "朱剪炉街道", None),
    ],
)
def test_a_township_lies_in_the_one_county_that_has_it(
    organ: str, portal: str, year: int, name: str, code: str | None
) -> None:
    found = in_full(organ, divisions.region(portal, year), year, portal)
    assert (found.name, found.kind, found.region.code if found.region else None) == (name, "township", code)


@pytest.mark.parametrize(
    ("words", "portal", "kind", "code"),
    [
        ("国家统计局安顺调查队", "520400", "department", "520400"),
        ("国家税务总局高台县税务局", "620700", "department", "620724"),
        ("中国（上海）自由贸易试验区临港新片区管理委员会", "310000", "zone", "310000"),
        ("武汉东湖新技术开发区管委会", "420100", "zone", "420100"),
        ("黄山风景区管委会", "341000", "zone", "341000"),
        ("八公山风景名胜区管理处", "340400", "department", "340400"),
        ("扬州经济技术开发区财政局", "321000", "department", "321000"),
        ("雄安新区", "130600", "zone", "130000"),
        ("贵州贵安新区管理委员会", "520100", "zone", "520000"),
    ],
)
def test_the_name_of_a_zone_or_branch_is_kept_as_printed(words: str, portal: str, kind: str, code: str) -> None:
    organ = in_full(words, divisions.region(portal, 2019), 2019, portal)
    assert (organ.name, organ.kind, organ.region.code if organ.region else None) == (words, kind, code)


def test_townships_as_they_are_listed() -> None:
    (found,) = townships.named("朱剪炉街道")
    assert (found.code, found.county, found.abolished) == ("210103013", "210103", False)
    assert [township.abolished for township in townships.named("下社乡") if township.county == "140322"] == [True]
    assert not any(divisions.region(row[0][:6]) is None for row in history.read_table("townships.tsv"))
    assert townships.named("没有的镇") == ()
    assert kind_of("景德镇市人民政府办公室") == "government_office"


def test_who_looks_up_no_township_reads_no_list() -> None:
    """The list of 39,000 is for who meets a township; a fresh process that reads a district's title does not."""
    code = (
        "from crawler.reference import townships; from pipelines.describe.organs import in_full;"
        "in_full('大东区教育局', None, 2020, '210100'); assert townships._by_name.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(alphabet="沙县区江干桥东临平襄樊市街道镇乡办事处人民政府教育局"),
    st.integers(2000, 2030),
    st.sampled_from([None, "330100", "350405", "540500", "999999"]),
)
def test_wild_names_never_raise(words: str, year: int, portal: str | None) -> None:
    organ = in_full(words or "区", None, year, portal)
    assert organ.region is None or divisions.at(organ.region.code, year) is not None


def test_due_are_the_governments_that_stood_at_the_end_of_the_year() -> None:
    def due(region: str, year: int) -> set[str]:
        return {code for _, code, *_ in deadlines.expected("p", region, range(year, year + 1))}

    assert {"330103", "330104"} <= due("330100", 2020)
    assert {"330113", "330114"} <= due("330100", 2021)
    assert not due("330100", 2021) & {"330103", "330104"}
    assert due("350405", 2020) == {"350427"}
    assert {"542200", "542221"} <= due("540500", 2015)
    assert due("371200", 2019) == set()
    assert len(due("110000", 2008)) == 19


def test_what_an_older_list_expected_is_withdrawn_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        archive.expect([("p", "330103", "下城区", 2021, "2022-03-31"), ("p", "371200", "莱芜市", 2019, "2020-03-31")])
        archive.expect([("other", "330103", "下城区", 2021, "2022-03-31")])
        archive.expect(deadlines.expected("p", "330100", range(2020, 2023)), "p", range(2019, 2023))
    done = CliRunner().invoke(cli, ["coverage", "p", "--archive", str(path), "--json"])
    rows = json.loads(done.stdout.splitlines()[-1])["portals"]["p"]["rows"]
    years = {row["report_year"] for row in rows if row["region_code"] == "330103"}
    assert years == {2020}
    assert {row["report_year"] for row in rows if row["region_code"] == "330113"} == {2021, 2022}
    assert not any(row["region_code"] == "371200" for row in rows)
    done = CliRunner().invoke(cli, ["coverage", "other", "--archive", str(path), "--json"])
    assert len(json.loads(done.stdout.splitlines()[-1])["portals"]["other"]["rows"]) == 1
