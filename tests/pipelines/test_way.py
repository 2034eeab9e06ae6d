"""Reports that do not name their organ: the list that they stand in does, and the site's name never stands for it."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture, Context, Step
from crawler.records.report import Report
from pipelines import derive

HOST = "http://www.shenyang.gov.cn"
TITLE = "2022年政府信息公开工作年度报告"
TEXT = "".join(
    f"<p>{head}</p><p>{'我单位主动公开政府信息，收到申请均已答复，统计期限为2022年1月1日至2022年12月31日。' * 6}</p>"
    for head in (
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、行政复议、行政诉讼情况",
        "五、存在的主要问题",
    )
)


def read(
    *labels: str, title: str = TITLE, sign: str = "", site: str = "沈阳市人民政府", region: str = "210100"
) -> Report:
    """The report of a page that the site's government's name stands on, reached by these labels."""
    page = (
        f"<html><head><meta charset=utf-8><meta name=SiteName content={site}><title>{title}</title></head><body>"
        f"<h1>{title}</h1><p>发布时间：2023-01-20</p><div class=TRS_Editor>{TEXT}{sign}</div></body></html>"
    )
    trail = tuple(Step(label, f"{HOST}/{at}/") for at, label in enumerate(labels))
    capture = Capture(
        f"{HOST}/a/t20230120_1.html", 200, [("Content-Type", "text/html")], page.encode(), "", trail=trail
    )
    report = derive(capture, Context(trusted_host=True, region=region)).report
    assert report is not None
    return report


COLUMN = ("首页", "政务公开", "政府信息公开年报")


@pytest.mark.parametrize(
    ("labels", "organ"),
    [
        ((*COLUMN, "市直部门", "市民政局", TITLE), "沈阳市民政局"),
        ((*COLUMN, "市审计局", TITLE), "沈阳市审计局"),
        ((*COLUMN, "2022年", "市教育局"), "沈阳市教育局"),
        ((*COLUMN, "市直部门", TITLE), None),
        ((*COLUMN, "2022年", "各区县市", TITLE), None),
        ((*COLUMN, "市直部门", "市政府", TITLE), "沈阳市人民政府"),
        ((*COLUMN, "市政府", TITLE), "沈阳市人民政府"),
        ((*COLUMN, TITLE), "沈阳市人民政府"),
        (("首页", "市民政局", "政府信息公开年报", TITLE), "沈阳市人民政府"),
        ((), "沈阳市人民政府"),
    ],
)
def test_the_list_names_the_organ_where_the_report_does_not(labels: tuple[str, ...], organ: str | None) -> None:
    assert read(*labels).organ == organ


def test_what_the_report_says_itself_goes_before_its_list() -> None:
    labels = (*COLUMN, "市直部门", "市民政局", TITLE)
    assert read(*labels, title=f"沈阳市司法局{TITLE}").organ == "沈阳市司法局"
    assert read(*labels, sign="<p>沈阳市司法局</p><p>2023年1月18日</p>").organ == "沈阳市司法局"


@pytest.mark.parametrize("label", ["旧网站", "市政府网站", "本站", "网上办事大厅"])
def test_a_part_of_the_site_is_no_organ(label: str) -> None:
    assert read(*COLUMN, label, TITLE).organ == "沈阳市人民政府"


@pytest.mark.parametrize(
    "label",
    [
        "派出所",
        "村委会",
        "办公室",
        "法规处",
        "市直各局",
        "市属学校",
        "陈书记办公室",
        "主任办公会",
        "国务院办公厅",
        "省民政厅",
    ],
)
def test_a_label_that_ends_as_an_organ_and_names_none_is_neither_that_nor_the_sites(label: str) -> None:
    assert read(*COLUMN, label, TITLE).organ is None
    assert read(*COLUMN, "乡镇街道", label, TITLE).organ is None


@pytest.mark.parametrize(("label", "organ"), [("档案局", "沈阳市档案局"), ("市外事办公室", "沈阳市外事办公室")])
def test_a_list_of_an_organ_by_its_name_is_its_own(label: str, organ: str) -> None:
    assert read(*COLUMN, "市直部门", label, TITLE).organ == organ


def test_on_a_provinces_portal_its_own_organs_are_named_by_the_word() -> None:
    assert read(*COLUMN, "省民政厅", TITLE, site="辽宁省人民政府", region="210000").organ == "辽宁省民政厅"
