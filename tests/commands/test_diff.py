"""`nianbao diff`: what changed between versions of a report; the comparison loses nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands.cli import cli
from crawler.records.errors import ArchiveError
from crawler.words.difference import MOST_PAIRS, MOST_PARAGRAPHS, Change, Part, compare
from tests.servers.living import LivingPortal, living, report

TOP = "/nb/a/20200.html"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivingPortal]:
    """A report corrected twice: a figure, then a file and another day of publication."""
    with living(tmp_path_factory.mktemp("diff")) as served:
        served.pages[TOP] = report("和平区", 2020, "全年收到申请12件，同比增长。")
        served.crawl()
        served.pages[TOP] = report("和平区", 2020, "全年收到申请13件，同比增长。")
        served.crawl("--recheck", "all")
        corrected = report("和平区", 2020, '全年收到申请13件，同比增长。<a href="/f/b.xls">附件：更正表.xls</a>')
        served.pages[TOP] = corrected.replace("2021-03-01", "2021-03-09")
        served.crawl("--recheck", "all")
        yield served


def diff(archive: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, ["diff", *arguments, "--archive", str(archive)])
    if done.exception is not None:
        raise done.exception
    return done.output


def test_the_last_two_versions_are_shown(portal: LivingPortal) -> None:
    shown = diff(portal.archive, f"http://{portal.address}{TOP}")
    assert "published_on: [-2021-03-01-] {+2021-03-09+}" in shown
    assert f"attachment {{+附件：更正表.xls http://{portal.address}/f/b.xls+}}" in shown
    assert "paragraphs unchanged" in shown
    assert shown.startswith("--- version 2 of report")


def test_a_corrected_figure_is_marked_in_its_sentence(portal: LivingPortal) -> None:
    ((number,),) = portal.rows("select id from reports where url like ?", "%" + TOP)
    shown = diff(portal.archive, str(number), "--to", "2")
    assert "全年收到申请1[-2-]{+3+}件，同比增长。" in shown
    assert "published_on" not in shown
    told = json.loads(diff(portal.archive, str(number), "--from", "1", "--to", "3", "--json"))
    assert (told["from"]["version"], told["to"]["version"]) == (1, 3)
    ((sha256,),) = portal.rows("select sha256 from captures where id = ?", told["from"]["capture_id"])
    assert told["from"]["sha256"] == sha256
    (changed,) = [line for line in told["text"] if "parts" in line]
    assert [part for part in changed["parts"] if part[0] != "same"][:2] == [["removed", "2"], ["added", "3"]]


def test_one_version_is_one_sentence(portal: LivingPortal) -> None:
    shown = diff(portal.archive, f"http://{portal.address}/nb/a/20201.html")
    assert "there is one version only" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["99999"], "no report '99999'"),
        (["http://nowhere.gov.cn/"], "no report 'http://nowhere.gov.cn/'"),
        (["9" * 40], "no report"),
        (["٣"], "no report"),
    ],
)
def test_what_is_no_report_is_one_sentence(portal: LivingPortal, arguments: list[str], told: str) -> None:
    with pytest.raises(ArchiveError, match=told):
        diff(portal.archive, *arguments)


def test_what_is_no_version_is_one_sentence(portal: LivingPortal) -> None:
    with pytest.raises(ArchiveError, match="no version 7; expected one of 1 to 3"):
        diff(portal.archive, f"http://{portal.address}{TOP}", "--to", "7")


def put_together(changes: list[Change]) -> tuple[str, str]:
    old = [change.old for change in changes if change.old is not None]
    new = [change.new for change in changes if change.new is not None]
    for change in changes:
        if change.parts:
            assert "".join(part.text for part in change.parts if part.kind != "added") == change.old
            assert "".join(part.text for part in change.parts if part.kind != "removed") == change.new
    return "\n".join(old), "\n".join(new)


LINES = st.lists(st.text("收到申请0123456789件，\t", max_size=30), max_size=12).map("\n".join)


@given(LINES, LINES)
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    assert put_together(compare(old, new)) == (old, new)


def test_what_is_too_long_to_compare_is_replaced_whole() -> None:
    side = int(MOST_PAIRS**0.5) + 1
    old, new = "甲乙" * side, "乙丙" * side
    assert compare(old, new) == [Change(old, None), Change(None, new)]
    many = [f"第{n}条" for n in range(MOST_PARAGRAPHS)]
    changes = compare("\n".join(many), "\n".join([*many[:10], "新", *many[11:]]))
    assert [change for change in changes if not change.same] == [Change("第10条", None), Change(None, "新")]


def test_a_long_row_of_a_table_is_compared_cell_by_cell() -> None:
    cells = ["0"] * 3_000
    (change,) = compare("\t".join(cells), "\t".join([*cells[:1_500], "17", *cells[1_501:]]))
    assert [part for part in change.parts if part.kind != "same"] == [Part("removed", "0\t"), Part("added", "17\t")]


def test_a_changed_paragraph_stands_beside_what_it_was() -> None:
    assert compare("一\n收到申请12件\n三", "一\n收到申请13件\n三") == [
        Change("一", "一"),
        Change(
            "收到申请12件",
            "收到申请13件",
            (Part("same", "收到申请1"), Part("removed", "2"), Part("added", "3"), Part("same", "件")),
        ),
        Change("三", "三"),
    ]


@pytest.mark.parametrize("mark", ["\r", "\r\n", " ", "\u3000"])
def test_white_space_that_a_file_leaves_on_an_argument_is_no_part_of_it(portal: LivingPortal, mark: str) -> None:
    ((address, name),) = portal.rows("select url, portal from reports limit 1")
    for command in (
        ["diff", "1"],
        ["diff", address],
        ["show", "1"],
        ["cat", address],
        ["coverage", name, "--years", "2018-2020"],
        ["search", "申请", "--region", "210100", "--year", "2020"],
    ):
        marked = [word if word.startswith("--") or number == 0 else word + mark for number, word in enumerate(command)]
        asked = [CliRunner().invoke(cli, [*words, "--archive", str(portal.archive)]) for words in (command, marked)]
        assert [done.exit_code for done in asked] == [0, 0], command
        assert asked[0].output == asked[1].output, command
