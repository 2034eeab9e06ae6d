"""The organ where no title names it: signature, opening sentences, foot of a department's site; a sentence is none."""

from __future__ import annotations

import pytest

from crawler.records.capture import Capture, Context
from crawler.records.report import Report
from pipelines import derive
from pipelines.describe.opening import compiler_in
from pipelines.describe.organs import kind_of

TITLE = "2018年政府信息公开工作年度报告"
CHAPTERS = (
    "一、总体情况",
    "认真落实各项要求，公开工作平稳有序，取得了新的成效，群众满意度不断提高。",
    "二、主动公开政府信息情况",
    "全年主动公开政府信息310条。",
    "三、收到和处理政府信息公开申请情况",
    "全年收到政府信息公开申请31件，均已答复。",
    "四、政府信息公开行政复议、行政诉讼情况",
    "全年未发生行政复议和行政诉讼。",
    "五、存在的主要问题及改进情况",
    "公开的内容还不够丰富，下一步将继续加强学习，改进服务。",
)


def told(*lines: str, above: str = "", below: str = "", region: str = "210104") -> tuple[str | None, str | None]:
    """Organ of a report with these lines before its chapters, and the rule that found it."""
    body = "".join(f"<p>{line}</p>" for line in (*lines, *CHAPTERS))
    html = f"<html><body>{above}<h1>{TITLE}</h1><div class=TRS_Editor>{body}</div>{below}</body></html>"
    page = derive(Capture("http://www.example.gov.cn/a/b.html", 200, [], html.encode(), ""), Context(region=region))
    report = page.report or Report()
    return report.organ, page.report_evidence["organ"].rule.split()[0] if report.organ else None


@pytest.mark.parametrize(
    ("sentence", "organ"),
    [
        ("本报告由大东区司法局编制。", "沈阳市大东区司法局"),
        ("本年度报告由大东区司法局负责编写，全文如下。", "沈阳市大东区司法局"),
        ("现将大东区司法局2018年政府信息公开工作情况报告如下。", "沈阳市大东区司法局"),
        ("根据《中华人民共和国政府信息公开条例》的规定，大东区司法局编制本年度报告。", "沈阳市大东区司法局"),
        ("本年报根据《条例》（国务院令第492号）要求，由大东区司法局编制。", "沈阳市大东区司法局"),
        ("大东区司法局根据《条例》要求，编制2018年政府信息公开工作年度报告。", "沈阳市大东区司法局"),
        ("2018年，大东区司法局认真贯彻落实《中华人民共和国政府信息公开条例》，工作有序。", "沈阳市大东区司法局"),
        ("文官街道办事处严格按照《政府信息公开条例》推进工作，各项任务圆满完成。", "沈阳市大东区文官街道办事处"),
    ],
)
def test_the_opening_says_who_made_it(sentence: str, organ: str) -> None:
    assert told(sentence) == (organ, "text")


@pytest.mark.parametrize(
    "sentence",
    [
        "本报告所列数据的统计期限自2018年1月1日至2018年12月31日。",
        "根据国务院办公厅政府信息与政务公开办公室要求，现将我局2018年情况报告如下。",
        "2018年，区政府办公室高度重视，认真贯彻落实《政府信息公开条例》，成立领导小组。",
        "各部门认真贯彻落实《中华人民共和国政府信息公开条例》，取得新的进展和成效。",
        "本报告由总体情况、主动公开政府信息情况等部分组成并编制。",
        "领导小组办公室严格按照《中华人民共和国政府信息公开条例》的要求开展工作。",
        "在市司法局的指导下，认真贯彻落实《中华人民共和国政府信息公开条例》的要求。",
    ],
)
def test_a_sentence_that_names_nobody_gives_no_organ(sentence: str) -> None:
    assert told(sentence) == (None, None)


def test_who_carried_out_the_regulation_counts_in_the_first_sentence_alone() -> None:
    said = "大东区司法局认真贯彻落实《中华人民共和国政府信息公开条例》，工作有序。"
    assert compiler_in(said) == "大东区司法局"
    assert compiler_in(f"一年来，各项工作取得了新的进展，群众满意度不断提高。\n{said}") is None
    assert compiler_in(None) is None


def test_a_signature_comes_before_the_opening_and_that_before_the_publisher() -> None:
    index = "<table><tr><td>索引号：</td><td>发布机构：</td><td>大东区人民政府办公室</td></tr></table>"
    said = "本报告由大东区司法局编制。"
    assert told(said, above=index) == ("沈阳市大东区司法局", "text")
    assert told(above=index) == ("沈阳市大东区人民政府办公室", "publisher")
    assert told("大东区教育局（盖章）", "2019年1月20日", said, above=index) == ("沈阳市大东区教育局", "signature")


def test_a_second_name_in_brackets_is_kept() -> None:
    assert told("大东经开区管委会(汽车城管委会)", "2019年1月20日")[0] == "大东经开区管委会(汽车城管委会)"
    assert kind_of("市档案局（市地方志办公室）") == "department"
    assert kind_of("某县（二〇一八年）") is None


@pytest.mark.parametrize(
    ("foot", "organ"),
    [
        ("主办单位：沈阳市大东区教育局", "沈阳市大东区教育局"),
        ("版权所有：沈阳市大东区教育局　ICP备1号", "沈阳市大东区教育局"),
        ("主办：大东区文官街道办事处", "沈阳市大东区文官街道办事处"),
        ("主办：沈阳市大东区人民政府", None),
        ("主办单位：沈阳市大东区人民政府办公室", None),
        ("主办：沈阳市大数据管理局", None),
    ],
)
def test_the_foot_of_a_departments_site_says_whose_it_is(foot: str, organ: str | None) -> None:
    assert told(below=f"<div class=foot>{foot}</div>") == (organ, "footer" if organ else None)
