"""Which sentence states the year's figure: of all scopes only the report's own counts, and what is NULL says why."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from crawler.commands.cli import cli
from crawler.records.capture import Capture
from crawler.records.page import Page
from crawler.records.report import Figure
from crawler.reference.methods import SENTENCE_METHODS
from pipelines import derive
from pipelines.statistics.narrative import AMBIGUOUS, read_narrative
from pipelines.statistics.narrative.numbers import numbers_in
from tests.evaluate import gold_folder
from tests.evaluate.narrative import texts
from tests.support.hostile_pages import report
from tests.support.sentences_made import YEAR, decoys, made, spoken


def told(text: str, code: str, year: int = 2018, organ: str = "") -> tuple[float | None, str]:
    """Value and method of a measure; method `not stated` where there is no figure."""
    found = {figure.code: figure for figure in read_narrative(text, year, organ).figures}
    figure: Figure | None = found.get(code)
    return (None, "not stated") if figure is None else (figure.value, figure.method)


@pytest.mark.parametrize("part", range(8))
def test_no_value_but_the_true_one_comes_out_of_texts_made_of_scopes_and_decoys(part: int) -> None:
    exact = stated = 0
    for seed in range(part * 150, (part + 1) * 150):
        text = made(seed)
        value, method = told(text.text, text.code, YEAR, "某县人民政府")
        assert value in (None, text.truth), (seed, text)
        assert value is not None or method == "not stated" or method in SENTENCE_METHODS
        stated += text.truth is not None
        exact += value is not None
    assert exact >= 0.95 * stated


@pytest.mark.skipif(gold_folder() is None, reason="no folder of real pages (NIANBAO_GOLD)")
@pytest.mark.parametrize("seed", range(6))
def test_decoys_put_into_real_reports_change_no_value_but_to_null(seed: int) -> None:
    folder = gold_folder()
    assert folder is not None
    random = Random(seed)
    for name, text, year, organ in texts(folder):
        code = random.choice(("disc_total", "req_received"))
        noise = decoys(random, code, "市", random.randint(1, 60_000), year)
        lines = text.split("\n")
        for decoy in noise.values():
            lines.insert(random.randint(0, len(lines)), decoy)
        before = {one.code: one.value for one in read_narrative(text, year, organ).figures}
        for one in read_narrative("\n".join(lines), year, organ).figures:
            allowed = (None, before.get(one.code))
            if one.code == "disc_normative_docs" and before.get(one.code) is None:
                continue
            assert one.value in allowed or one.code.startswith("disc_via_"), (name, one, noise)


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        # time
        ("自平台上线以来，累计主动公开政府信息9300条。", "disc_total", (None, "other time")),
        ("近四年来共受理政府信息公开申请88件。", "req_received", (None, "other time")),
        ("“十二五”期间主动公开政府信息51000条。", "disc_total", (None, "other time")),
        ("2015年至2018年共收到政府信息公开申请91件。", "req_received", (None, "other time")),
        ("截至2018年末，累计主动公开政府信息7000条。", "disc_total", (None, "other time")),
        ("2018年前三季度主动公开政府信息120条。", "disc_total", (None, "other time")),
        ("历年累计公开9000条，2018年主动公开政府信息450条。", "disc_total", (450, "sentence")),
        ("累计主动公开政府信息9000条，其中本年新增450条。", "disc_total", (450, "sentence")),
        ("截至12月31日，新增主动公开政府信息77条，累计主动公开政府信息912条。", "disc_total", (77, "sentence")),
        ("2018年1月1日至2018年12月31日主动公开政府信息450条。", "disc_total", (450, "sentence")),
        ("与2017年相比增长两成，主动公开政府信息450条。", "disc_total", (450, "sentence")),
        # whose
        ("本年度各乡镇主动公开政府信息300条，区直部门主动公开政府信息700条。", "disc_total", (None, "other organs")),
        ("各乡镇主动公开政府信息300条，区直部门主动公开政府信息700条，共计1000条。", "disc_total", (1000, "sentence")),
        ("区政府办公室主动公开政府信息40条。\n全区主动公开政府信息900条。", "disc_total", (900, "sentence")),
        ("全市各单位主动公开政府信息700条，各街道主动公开政府信息300条。", "disc_total", (None, "other organs")),
        ("全市各单位主动公开政府信息700条，其中各街道主动公开政府信息300条。", "disc_total", (700, "sentence")),
        # topic, channel, papers
        ("聚焦食品安全，全年发布信息64条。\n我区全年主动公开政府信息801条。", "disc_total", (801, "sentence")),
        ("在养老服务方面，全年公开信息64条。", "disc_total", (None, "other topic")),
        ("通过微博全年共发布信息64条。\n主动公开政府信息801条。", "disc_total", (801, "sentence")),
        ("在区政府网站、政府公报主动公开规范性文件7件。", "disc_via_gazette", (None, "not stated")),
        ("在区政府网站、政府公报主动公开规范性文件7件。", "disc_normative_docs", (7, "sentence")),
        # bounds
        ("各单位每周主动公开政府信息3条。", "disc_total", (None, "other time")),
        ("每个单位主动公开政府信息3条。", "disc_total", (None, "bound")),
        ("力争全年主动公开政府信息500条。", "disc_total", (None, "bound")),
        ("全年主动公开政府信息500条以上。", "disc_total", (None, "bound")),
        # lawsuits of any kind
        ("一、总体情况\n法治有力，审理行政复议案件21件，出庭应诉行政诉讼8件。", "suit_total", (None, "other kind")),
        ("四、信息公开行政复议、行政诉讼情况\n行政复议2件，行政诉讼1件。", "suit_total", (1, "sentence")),
        # staff, mail, exempt
        ("信息公开由3名同志兼职负责。", "org_staff_part_time", (3, "sentence")),
        ("本局政务公开人员6名，均为兼职。", "org_staff_part_time", (6, "sentence")),
        ("信息公开工作人员5人，其中兼职3人。", "org_staff_part_time", (3, "sentence")),
        ("配备信息公开专、兼职人员9人。", "org_staff_part_time", (None, "not stated")),
        ("收到政府信息公开申请9件，其中免于公开4件。", "req_ans_denied", (4, "sentence")),
        ("收到政府信息公开申请9件，其中电子邮件申请4件。", "req_received_letter", (None, "not stated")),
        # the same scope twice
        ("全年主动公开政府信息31条。\n今年共主动公开政府信息47条。", "disc_total", (None, AMBIGUOUS)),
        ("全年主动公开政府信息3千余条。\n今年共主动公开政府信息3047条。", "disc_total", (3047, "sentence")),
    ],
)  # fmt: skip
def test_only_the_reports_own_scope_counts(text: str, code: str, expected: tuple[float | None, str]) -> None:
    assert told(text, code) == expected


def test_where_sentences_disagree_each_is_kept() -> None:
    (figure,) = read_narrative("全年主动公开政府信息31条。\n今年共主动公开政府信息47条。", 2018).figures
    assert figure.raw == "31条 / 47条"
    assert figure.evidence == "全年主动公开政府信息31条。\n今年共主动公开政府信息47条。"


def test_a_bureaus_own_figure_counts_before_that_of_its_city() -> None:
    text = "我局主动公开政府信息55条。\n全市主动公开政府信息9000条。"
    assert told(text, "disc_total", organ="某市水务局") == (55, "sentence")


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        *(("七百三十件", 730), ("两万零五十条", 20050), ("5千余条", 5000), ("百余件", 100), ("1.2亿条", 120_000_000)),
        *(("1 207条", 1207), ("17¹件", 17), ("17[2]件", 17), ("１，２０７条", 1207), ("十二件", 12), ("廿五份", 25)),
        *(
            ("3至5件", None),
            ("三到五件", None),
            ("数百条", None),
            ("几十件", None),
            ("第三条", None),
            ("2018 15件", None),
        ),
        *(("1万2千条", 12000), ("3万5千件", 35000), ("1千2百余条", 1200), ("贰佰叁拾件", 230), ("2千3万条", None)),
    ],
)
def test_numbers_in_every_form(printed: str, value: float | None) -> None:
    assert next((number.value for number in numbers_in("公开" + printed + "。")), None) == value


@pytest.mark.parametrize("number", [1, 10, 18, 105, 1_010, 10_200, 43_001, 100_000, 2_030_050])
def test_spoken_numbers_come_back(number: int) -> None:
    assert [one.value for one in numbers_in(f"公开{spoken(number)}条。")] == [number]


def test_parts_that_add_up_and_a_part_above_its_whole_are_checks() -> None:
    fits = read_narrative("主动公开政府信息9条，其中机构类4条，政策类5条。", 2018).checks
    assert [(one.rule, one.subject, one.holds) for one in fits] == [("T1", "disc_total", True)]
    above = read_narrative("主动公开政府信息9条，其中机构类14条。", 2018).checks
    assert [(one.holds, one.expected, one.actual) for one in above] == [(False, "9", "14")]


def _read(sentence: str) -> Page:
    html = report(f"<p>{sentence}</p>").replace("收到申请5件。", "")
    return derive(Capture("http://www.example.gov.cn/nb/1.html", 200, [], html.encode(), ""))


@pytest.mark.parametrize(
    ("sentence", "kind", "value"),
    [
        ("收到政府信息公开申请31万件。", "figure_implausible", 310_000),
        ("收到政府信息公开申请9件，其中网上申请12件。", "figure_implausible", 9),
        ("全年收到政府信息公开申请9件。</p><p>本年度共收到政府信息公开申请12件。", "figure_ambiguous", None),
    ],
)
def test_what_cannot_be_is_kept_and_told(sentence: str, kind: str, value: float | None) -> None:
    page = _read(sentence)
    assert "req_received" in "".join(one.detail or "" for one in page.problems if one.kind == kind)
    assert [one.value for one in page.figures if one.code == "req_received"] == [value]


def _extract(tmp_path: Path, html: str) -> tuple[list[float | None], list[str]]:
    """The values of disc_total that `nianbao extract` prints, and the kinds of problems."""
    page = tmp_path / "page.html"
    page.write_text(report(html).replace("<p>主动公开政府信息100条。</p>", ""), "utf-8")
    done = CliRunner().invoke(cli, ["extract", str(page), "--url", "http://www.example.gov.cn/nb/1.html", "--json"])
    said = json.loads(done.output.splitlines()[-1])
    values = [one["value"] for one in said["statistics"] if one["code"] == "disc_total"]
    return values, [one["kind"] for one in said["problems"]]


@pytest.mark.parametrize(
    "html",
    [
        "<p>主动公开政府信息3456条。</p><p>综上，全年共主动公开政府信息3465条。</p>",
        "<p>全区主动公开政府信息3456条，其中网站公开2000条。综上，全年共主动公开政府信息3465条。</p>",
        "<p>2018年，全区主动公开政府信息3456条。</p><p>六、结语</p><p>综上，全年共公开政府信息3465条。</p>",
    ],
)
def test_a_total_that_contradicts_itself_has_no_value_and_is_told(tmp_path: Path, html: str) -> None:
    values, kinds = _extract(tmp_path, html)
    assert (values, "figure_ambiguous" in kinds) == ([None], True)


@pytest.mark.parametrize(
    ("html", "value"),
    [
        ("<p>通过网站主动公开政府信息3456条。</p><p>综上，全年共主动公开政府信息3465条。</p>", 3465),
        ("<p>上半年主动公开政府信息1456条。</p><p>全年共主动公开政府信息3465条。</p>", 3465),
        ("<p>全区共主动公开政府信息3465条。</p><p>我办主动公开政府信息30条。</p>", 3465),
    ],
)
def test_a_part_another_period_and_another_organ_contradict_nothing(tmp_path: Path, html: str, value: int) -> None:
    values, kinds = _extract(tmp_path, html)
    assert (values, "figure_ambiguous" in kinds) == ([value], False)


@pytest.mark.parametrize(
    "number",
    [
        *("<del>8</del>26", "<s>8</s>26", "<strike>8</strike>26", '<b style="TEXT-DECORATION: line-through">8</b>26'),
        *('<i style="visibility:hidden">8</i>26', "<i hidden>8</i>26", '<i style="font-size: 0px">8</i>26'),
        *("26<sup>3</sup>", "<ruby>26<rp>(</rp><rt>3</rt></ruby>", "26<sup>[3]</sup>", "<span>2</span><span>6</span>"),
    ],
)
def test_characters_that_are_no_part_of_a_number(number: str) -> None:
    page = _read(f"全年收到政府信息公开申请{number}件。")
    assert [one.value for one in page.figures if one.code == "req_received"] == [26]


@pytest.mark.parametrize(
    ("text", "organ", "value", "method"),
    [
        ("我县教育局收到政府信息公开申请27件。", "岚溪县人民政府", None, "other organs"),
        ("县自然资源局全年收到政府信息公开申请27件。", "岚溪县人民政府", None, "other organs"),
        ("县教育局全年收到政府信息公开申请27件。", "岚溪县教育局", 27, "sentence"),
        ("由县司法局牵头，全县共收到政府信息公开申请27件。", "岚溪县人民政府", 27, "sentence"),
        ("全年收到政府信息公开申请27-30件。", "", None, "not stated"),
        ("全年收到政府信息公开申请10件，较上年减少0件。", "", 10, "sentence"),
        ("全年收到政府信息公开申请1\n27件。", "", None, "not stated"),
    ],
)
def test_whose_and_how_many_where_words_mislead(text: str, organ: str, value: float | None, method: str) -> None:
    assert told(text, "req_received", organ=organ) == (value, method)


@pytest.mark.parametrize(
    ("text", "organ", "expected"),
    [
        ("和平区收到政府信息公开申请30件。", "沈阳市人民政府", (None, "other organs")),
        ("据国务院通报，全国2018年收到政府信息公开申请123456件。", "沈阳市人民政府", (None, "other organs")),
        ("全省各级行政机关收到政府信息公开申请9000件。", "沈阳市和平区人民政府", (None, "other organs")),
        ("全省各级行政机关收到政府信息公开申请9000件。", "辽宁省人民政府", (9000, "sentence")),
        ("全市收到政府信息公开申请90件，其中和平区收到申请30件。", "沈阳市人民政府", (90, "sentence")),
        ("2018年，康平县受理政府信息公开申请8件。", "沈阳市大东区人民政府", (None, "other organs")),
        ("大东区收到政府信息公开申请30件。", "沈阳市大东区人民政府", (30, "sentence")),
        ("我区收到政府信息公开申请30件。", "沈阳市大东区人民政府", (30, "sentence")),
        ("和平区收到政府信息公开申请30件。", "", (30, "sentence")),
    ],
)
def test_a_place_that_is_not_the_organs_counts_for_itself(
    text: str, organ: str, expected: tuple[float | None, str]
) -> None:
    assert told(text, "req_received", 2018, organ) == expected


def test_what_stands_under_the_title_of_another_years_report_is_of_that_year() -> None:
    text = "一、总体情况\n收到政府信息公开申请31件。\n别处县2019年政府信息公开工作年度报告\n主动公开政府信息900条。"
    assert told(text, "req_received") == (31, "sentence")
    assert told(text, "disc_total") == (None, "other time")
    assert told(text + "\n二、主动公开情况\n主动公开政府信息77条。", "disc_total") == (77, "sentence")


def test_the_staff_of_subordinate_bodies_is_not_the_organs() -> None:
    assert told("下属单位共有信息公开专职人员9名。", "org_staff_full_time") == (None, "other organs")
    assert told("各部门共配备信息公开专职人员9名。", "org_staff_full_time") == (9, "sentence")


@pytest.mark.parametrize(
    ("text", "code", "value", "other"),
    [
        ("组织信息公开培训3次，2018年收到政府信息公开申请42件。", "meet_trainings", 3, "req_received"),
        ("召开政务公开工作会议2次，今年收到申请42件。", "meet_meetings", 2, "req_received"),
        ("主动公开政府信息300件，2018年收到政府信息公开申请42件。", "disc_total", 300, "req_received"),
        ("收到政府信息公开申请42件，2018年主动公开政府信息300件。", "req_received", 42, "disc_total"),
    ],
)
def test_a_number_of_the_year_is_no_part_of_another_measure(text: str, code: str, value: int, other: str) -> None:
    assert told(text, code)[0] == value
    assert told(text, other)[0] in (None, 42 if other == "req_received" else 300)


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("按照全国政府信息公开工作统一部署，全年主动公开政府信息450条。", "disc_total", 450),
        ("根据全国政府信息公开工作要点，我局共收到政府信息公开申请30件。", "req_received", 30),
        ("在全国率先公开，全年主动公开政府信息450条。", "disc_total", 450),
        ("我县位居全国第一，2018年主动公开政府信息450条。", "disc_total", 450),
        ("通过全国政务服务平台收到政府信息公开申请30件。", "req_received", 30),
        ("我县按照全省统一部署，收到政府信息公开申请30件。", "req_received", 30),
        ("按照全省政务公开工作会议精神，2018年共受理政府信息公开申请30件。", "req_received", 30),
        ("全省各级政府部门2018年共收到政府信息公开申请30件。", "req_received", None),
        ("全国共收到政府信息公开申请30件。", "req_received", None),
        ("全国范围内收到政府信息公开申请30件。", "req_received", None),
        ("全国各省市收到政府信息公开申请30件。", "req_received", None),
    ],
)
def test_who_acts_by_a_plan_of_the_country_counts_for_itself(text: str, code: str, value: int | None) -> None:
    assert told(text, code, organ="某县人民政府")[0] == value


def test_the_years_part_of_a_longer_count_still_counts() -> None:
    assert told("累计主动公开政府信息900条，其中2018年新增70条。", "disc_total")[0] == 70
    assert told("累计收到政府信息公开申请90件，其中2018年收到30件。", "req_received")[0] == 30
