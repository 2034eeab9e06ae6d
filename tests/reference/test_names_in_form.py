"""Organs are organs in form; abbreviations, chains, hosts and relative names say the region, or nothing does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.navigation.places import place_named
from crawler.records.capture import Capture, Context
from crawler.reference import divisions, history
from crawler.reference.sitenames import region_of_host
from pipelines import derive
from pipelines.describe.organs import in_full, is_name, kind_of


@pytest.mark.parametrize(
    "words",
    [
        "所使用数据的统计时限为",
        "中各项数据统计截止到",
        "推动全市政务公开工作再上新台",
        "由各乡镇和各部门的办公室",
        "全年没有发生诉讼的局",
        "一、总体情况",
        "我局办公室",
        "2023年1月1日至12月31日止",
    ],
)
def test_a_sentence_is_no_name(words: str) -> None:
    assert not is_name(words)


@pytest.mark.parametrize(
    "words",
    [
        "本溪市民政局",
        "中山市财政局",
        "全州县人民政府",
        "中宁县人民政府",
        "国家统计局岚溪调查队",
        "岚溪县大数据管理局",
        "市委目标督查办公室",
        "县统计局",
        "岚溪县政务公开办公室",
        "经济开发区管委会",
    ],
)
def test_names_of_organs_are_names(words: str) -> None:
    assert is_name(words)
    assert kind_of(words) is not None


@pytest.mark.parametrize(
    "sentence",
    ["本报告中数据统计的时间范围从2021年1月1日起至12月31日。", "报告所用数据的统计期由2021年1月1日到12月31日止。"],
)
def test_no_organ_is_made_of_the_sentence_on_the_period(sentence: str) -> None:
    chapters = "".join(
        f"<p>{mark}、{head}</p><p>{'依照政府信息公开条例公开。' * 9}</p>"
        for mark, head in (
            ("一", "总体情况"),
            ("二", "主动公开政府信息情况"),
            ("三", "行政复议情况"),
            ("四", "存在的问题"),
        )
    )
    title = "2021年政府信息公开工作年度报告"
    head = f"<meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>发布时间：2022-01-18</p>"
    html = f"{head}<p>{sentence}</p>{chapters}"
    report = derive(Capture("http://x.gov.cn/t20220118_1.html", 200, [], html.encode(), "")).report
    assert report is not None
    assert (report.organ, report.region_code) == (None, None)


@pytest.mark.parametrize(
    ("words", "portal", "name", "code"),
    [
        ("喀左县财政局", "211300", "喀左县财政局", "211324"),
        ("巴州教育局", "650000", "巴州教育局", "652800"),
        ("科左后旗", None, "科左后旗人民政府", "150522"),
        ("杜蒙县人民政府办公室", "230600", "杜蒙县人民政府办公室", "230624"),
        ("永宁镇", "411425", None, None),
        ("新街镇", "532326", "大姚县新街镇人民政府", "532326"),
    ],
)
def test_abbreviations_and_towns(words: str, portal: str | None, name: str | None, code: str | None) -> None:
    organ = in_full(words, divisions.latest(portal, 2022) if portal else None, 2022, portal)
    if name is not None:
        assert (organ.name, organ.region.code if organ.region else None) == (name, code)
    assert organ.kind in ("department", "government", "government_office", "township")


def test_an_office_of_the_city_on_a_countys_page_is_the_citys() -> None:
    organ = in_full("市教育局", divisions.region("210104", 2022), 2022, "210100")
    assert (organ.name, organ.region and organ.region.code) == ("沈阳市教育局", "210100")


def test_every_abbreviation_is_of_a_division_that_there_was() -> None:
    rows = history.read_table("short.tsv")
    assert len(rows) > 30
    for code, name in rows:
        assert divisions.known(code), code
        assert in_full(name, None, None, code[:2] + "0000").region is not None, name


@pytest.mark.parametrize(
    ("host", "portal", "code"),
    [
        ("www.jsxishan.gov.cn", "320200", "320205"),
        ("www.wuchang.gov.cn", "420100", "420106"),
        ("xxgk-jyx.cbs.gov.cn", "220600", "220622"),
        ("www.baiyinqu.gov.cn", "620400", "620402"),
        ("www.shenyang.gov.cn", "210100", None),
        ("www.xishan.gov.cn", "210000", None),
        ("www.gov.cn", "320200", None),
        ("", "320200", None),
        ("www.wuchang.gov.cn", "999999", None),
    ],
)
def test_hosts_say_a_county_inside_a_city(host: str, portal: str, code: str | None) -> None:
    region = region_of_host(host, portal, 2020)
    assert (region.code if region else None) == code


def test_a_hosts_county_is_the_reports_only_without_a_better_name() -> None:
    html = "<meta charset=utf-8><h1>{}</h1>" + "".join(
        f"<p>{mark}、{head}</p><p>{'依照政府信息公开条例公开。' * 9}</p>"
        for mark, head in zip(
            "一二三四", ("总体情况", "主动公开政府信息情况", "行政复议情况", "存在的问题"), strict=True
        )
    )
    for title, name in (
        ("公安局2010年政府信息公开年度报告", "靖宇县公安局"),
        ("长白县公安局2010年政府信息公开年度报告", "长白县公安局"),
    ):
        capture = Capture("http://xxgk-jyx.cbs.gov.cn/t20110218_1.html", 200, [], html.format(title).encode(), "")
        report = derive(capture, Context(region="220600")).report
        assert report is not None
        assert report.organ == name


@pytest.mark.parametrize(
    ("label", "region", "code"),
    [
        ("沈阳市铁西区", "210000", "210106"),
        ("鞍山市铁西区人民政府", "210000", "210303"),
        ("铁西区", "210000", None),
        ("辽宁省沈阳市大东区", "210000", "210104"),
        ("沈阳市教育局", "210000", None),
    ],
)
def test_a_label_with_its_city_is_a_place_of_the_province(label: str, region: str, code: str | None) -> None:
    assert place_named(label, region) == code


@given(st.text(alphabet="jsxishanwuchangq.-_0", max_size=40), st.sampled_from(["320200", "110000", "1", "999999"]))
def test_wild_hosts_never_raise(host: str, portal: str) -> None:
    region_of_host(host, portal, 2020)
