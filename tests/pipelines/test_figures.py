"""Figures as a researcher meets them: in the tables, the panel, `show`, and the queries of the docs."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.records.capture import Capture, Context, Step
from pipelines import derive
from pipelines.statistics.checks import BLANK_AS_0
from tests import ROOT

SITE = "https://www.shenyang.gov.cn"
QUERIES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "figures.md").read_text("utf-8"), re.S)
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
ROWS = (
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "1.属于国家秘密", "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”", "4.保护第三方合法权益", "5.属于三类内部事务信息", "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项", "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确",
    "1.信访举报投诉类申请", "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "3.其他", "（七）总计",
    "四、结转下年度继续办理",
)  # fmt: skip
BLOCKS = {4: ("（三）不予公开", 8), 12: ("（四）无法提供", 3), 15: ("（五）不予处理", 5), 20: ("（六）其他处理", 3)}


def requests(values: dict[int, int | str]) -> str:
    """Section 三 of 2021 with these numbers for natural persons and in total, zeros elsewhere."""
    head = "<tr><td rowspan=2 colspan=3>（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>"
    head += "<td colspan=7>申请人情况</td></tr><tr>" + "".join(f"<td>{name}</td>" for name in COLUMNS) + "</tr>"
    body = ""
    for at, label in enumerate(ROWS):
        first = "<td rowspan=22>三、本年度办理结果</td>" if at == 2 else ""
        if at in BLOCKS:
            first += f"<td rowspan={BLOCKS[at][1]}>{BLOCKS[at][0]}</td>"
        span = 3 if at in (0, 1, 24) else 1 if any(b <= at < b + n for b, (_, n) in BLOCKS.items()) else 2
        value = values.get(at, 0)
        cells = f"<td>{value}</td>" + "<td>0</td>" * 5 + f"<td>{value}</td>"
        body += f"<tr>{first}<td colspan={span}>{label}</td>{cells}</tr>"
    return f"<table>{head}{body}</table>"


def capture(year: int, values: dict[int, int | str], say: str) -> Capture:
    title = f"沈阳市大东区{year}年政府信息公开工作年度报告"
    text = "".join(
        f"<p>{head}</p><p>{'本年度主动公开政府信息，加强组织领导，完善工作机制，统计期限为全年。' * 4}</p>"
        for head in ("二、主动公开政府信息情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")
    )
    body = (
        f'<html><head><meta charset="utf-8"></head><body><h1>{title}</h1><p>发布时间：{year + 1}-03-01 来源：大东区</p>'
        f"<div class=TRS_Editor><p>一、总体情况</p><p>{say}</p>{text}"
        f"<p>三、收到和处理政府信息公开申请情况</p>{requests(values)}</div></body></html>"
    )
    url = f"{SITE}/zwgk/{year}.html"
    steps = (Step("首页", SITE + "/"), Step("年报", SITE + "/nb/"), Step(title, url))
    return Capture(url, 200, [("Content-Type", "text/html")], body.encode(), f"{year + 1}-04-01T00:00:00Z", "x", steps)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years of one district; the second carries in less than the first carried out, and its text says otherwise."""
    path = tmp_path_factory.mktemp("figures") / "archive.db"
    good: dict[int, int | str] = {0: 40, 1: 2, 2: 30, 4: 4, 16: 1, 23: 35, 24: 7}
    bad: dict[int, int | str] = {0: 50, 1: 6, 2: 40, 7: 5, 8: "", 23: 45, 24: 10}
    with Archive.open(path) as opened:
        run = opened.begin_run(["x"])
        context = Context(True, False, "210100")
        opened.store(derive(capture(2022, good, "2022年，全区共收到政府信息公开申请40件。"), context))
        opened.store(derive(capture(2023, bad, "2023年，全区共收到政府信息公开申请58件。"), context))
        opened.settle(run, derive)
        opened.finish_run(run, "finished")
        assert opened.verify(derive, every=True) == []
    return path


@pytest.fixture
def database(archive: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(archive)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def checks(database: sqlite3.Connection, year: int) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = database.execute(
        "select rule, subject, holds, expected, actual from checks join reports on reports.id = report_id"
        " where report_year = ?",
        (year,),
    )
    return {(row[0], row[1]): tuple(row)[2:] for row in rows}


def test_every_cell_is_a_row_with_its_evidence(database: sqlite3.Connection) -> None:
    ((count,),) = database.execute("select count(*) from statistics where report_id = 1 and form = 'f2021'").fetchall()
    assert count == 175
    row = database.execute("select * from statistics where report_id = 1 and code = 'req_granted__total'").fetchone()
    assert (row["value"], row["raw"], row["unit"], row["method"]) == (30, "30", "件", "label+header")
    assert "（一）予以公开" in row["evidence"]
    assert "总计" in row["evidence"]
    blank = database.execute(
        "select value, raw from statistics where report_id = 2 and code = 'req_denied_internal__total'"
    )
    assert tuple(blank.fetchone()) == (None, "")


def test_sums_hold_or_do_not_or_cannot_be_told(database: sqlite3.Connection) -> None:
    told = checks(database, 2022)
    assert told["A1", "total"] == (1, "42", "42")
    assert told["A2", "natural_person"] == (1, "35", "35")
    assert told["A3", "granted"] == (1, "30", "30")
    told = checks(database, 2023)
    assert told["A1", "total"] == (0, "56", "55")
    assert told["A2", "total"][0] is None
    assert told["A2" + BLANK_AS_0, "total"] == (1, "45", "45")


def test_one_year_is_held_against_the_next(database: sqlite3.Connection) -> None:
    told = checks(database, 2023)
    assert told["A5", "total"] == (0, "7", "6")
    assert told["A5", "org_business"] == (1, "0", "0")
    assert told["J1", "req_new_received__total"] == (1, "near 40", "50")


def test_the_panel_takes_the_best_source_and_says_which(database: sqlite3.Connection) -> None:
    rows = {row["report_year"]: row for row in database.execute("select * from panel")}
    assert (rows[2022]["received"], rows[2022]["received_source"], rows[2022]["denied"]) == (40, "f2021", 4)
    assert (rows[2023]["denied"], rows[2023]["carried_out"], rows[2023]["refused"]) == (5, 10, 0)
    assert rows[2022]["reviews"] is None
    assert rows[2022]["reviews_source"] is None


def test_show_prints_figures_evidence_and_failed_checks(archive: Path) -> None:
    done = CliRunner().invoke(cli, ["show", f"{SITE}/zwgk/2023.html", "--archive", str(archive)])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert "  organ: 沈阳市大东区人民政府" in lines
    (granted,) = [line for line in lines if "req_granted__total" in line]
    assert granted.startswith("  req_granted__total = 40件  [label+header] table 1, row ")
    assert "  A1 total: expected 56, the report says 55" in lines
    assert any(line.startswith("f2021: 173 figures, 2 blank") for line in lines)
    told = json.loads(CliRunner().invoke(cli, ["show", "2", "--archive", str(archive), "--json"]).output)
    assert len(told["statistics"]) >= 175
    assert "text" not in told


@pytest.mark.parametrize("query", QUERIES, ids=range(1, len(QUERIES) + 1))
def test_the_queries_of_the_docs_answer(database: sqlite3.Connection, query: str) -> None:
    assert len(QUERIES) == 5
    rows = database.execute(query).fetchall()
    if "deadlines" not in query:
        assert rows, query


def test_text_and_table_that_disagree_are_both_kept(database: sqlite3.Connection) -> None:
    assert checks(database, 2022)["A7", "req_received"] == (1, "40", "40")
    assert checks(database, 2023)["A7", "req_received"] == (0, "50", "58")
    sentence = (
        "select value, evidence from statistics where report_id = 2 and form = 'narrative' and code = 'req_received'"
    )
    assert tuple(database.execute(sentence).fetchone()) == (58, "2023年，全区共收到政府信息公开申请58件。")


def test_extract_tells_the_figures_of_a_saved_page(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_bytes(capture(2022, {0: 75394432, 23: 75394432}, "").body)
    outcome = CliRunner().invoke(cli, ["extract", str(page), "--url", f"{SITE}/a.html", "--json"])
    told = json.loads(outcome.output.splitlines()[-1])
    values = {figure["code"]: figure["value"] for figure in told["statistics"]}
    assert values["req_new_received__total"] == 75394432
    assert {"rule": "A1", "subject": "total", "holds": True, "expected": "75394432", "actual": "75394432"} in told[
        "checks"
    ]
