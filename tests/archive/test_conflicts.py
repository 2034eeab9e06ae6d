"""Two texts that claim one organ, kind, region and year: marked wherever the region and year is shown, and too many of
them in a run want a person."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.commands.reference import reference
from crawler.records.problemkinds import HANDFUL, PROBLEM_KINDS
from crawler.records.problems import ATTENTION_ABOVE, ATTENTION_KINDS, Problem, attention_kinds
from crawler.runs.run import summary
from tests.navigation.test_trails import report
from tests.servers.faults import FaultyServer, reply
from tests.site.test_site import get, served
from tests.support.archive_toy import derive, page
from tests.support.crawling import crawl, portal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three texts for 2018, one for 2019, a government's and its office's for 2020, one with a copy for 2021."""
    place = tmp_path / "archive.db"
    with Archive.open(place) as archive:
        run = archive.begin_run(["somewhere"])
        archive.expect([("somewhere", "210104", "大东区", year, f"{year + 1}-03-31") for year in range(2018, 2023)])
        archive.store(page("/a", text="一", title="甲", published_on="2019-05-01"))
        archive.store(page("/b", text="二", title="乙"))
        archive.store(page("/c", text="三", title="丙"))
        archive.store(page("/d", text="四", year=2019))
        archive.store(page("/e", text="五", year=2020))
        archive.store(page("/f", text="六", year=2020, organ_kind="government_office"))
        archive.store(page("/g", text="七", year=2021))
        archive.store(page("/h", text=" 七 ", year=2021))
        archive.finish_run(run, "finished")
    return place


def column(path: Path, query: str) -> dict[int, Any]:
    with sqlite3.connect(path) as connection:
        found = dict(connection.execute(query).fetchall())
    connection.close()
    return found


def test_panel_and_coverage_count_the_other_texts(path: Path) -> None:
    marks = {2018: 2, 2019: 0, 2020: 0, 2021: 0}
    assert column(path, "select report_year, conflict from panel") == marks
    assert column(path, "select report_year, conflict from coverage") == marks | {2022: None}
    # Which is shown is not another one by that: the first of those that stand on the web.
    assert column(path, "select report_year, report_id from panel where report_year = 2018") == {2018: 1}


def test_a_text_that_is_gone_still_contradicts_and_is_not_the_one_shown(path: Path) -> None:
    with Archive.open(path) as archive:
        for _ in range(2):
            run = archive.begin_run(["somewhere"])
            archive.store(page("/a", kind="missing", status=404))
            archive.finish_run(run, "finished")
    assert column(path, "select report_year, report_id from panel where report_year = 2018") == {2018: 2}
    assert column(path, "select report_year, conflict from panel where report_year = 2018") == {2018: 2}


def test_a_rebuild_keeps_the_marks_and_an_agreement_ends_them(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.rebuild(derive)
        assert archive.verify(derive, every=True) == []
        run = archive.begin_run(["somewhere"])
        archive.store(page("/b", "2026-02-01T00:00:00Z", text="一", title="乙"))
        archive.store(page("/c", "2026-02-01T00:00:00Z", text="一", title="丙"))
        archive.finish_run(run, "finished")
    assert column(path, "select report_year, conflict from panel where report_year = 2018") == {2018: 0}


def test_commands_show_the_mark(path: Path) -> None:
    def nianbao(*arguments: str) -> str:
        return CliRunner().invoke(cli, [*arguments, "--archive", str(path)]).output

    lines = nianbao("coverage").splitlines()
    (row,) = [line for line in lines if "大东区" in line]
    assert row.split()[2:] == ["?", "+", "+", "+", "-"]
    assert "4 archived, 1 missing; 1 late; 1 claimed by another text" in lines
    assert any(line.startswith("? archived, and another text claims") for line in lines)
    shown = nianbao("show", "1").splitlines()
    assert [line.split(": ")[1].split(" at ")[0] for line in shown if "another text claims" in line] == [
        "report 2",
        "report 3",
    ]
    assert "another text" not in nianbao("show", "4")
    assert [other["id"] for other in json.loads(nianbao("show", "2", "--json"))["conflicts"]] == [1, 3]


def test_the_site_shows_the_mark(path: Path) -> None:
    keys = column(path, "select id, key from reports")
    with served(path) as address:
        grid = get(address + "/province/210000")[1]
        assert grid.count('class="archived conflict"') == 1
        assert "大东区 2018: 已存, 逾期 31 天, 另有不同文本" in grid
        region = get(address + "/region/210104")[1]
        assert f'<a href="/report/{keys[1]}">2018</a> <strong' in region
        assert region.count("<strong title=") == 2  # its row of measures, and of the years
        first = get(f"{address}/report/{keys[1]}")[1]
        assert [f'href="/report/{keys[number]}"' in first for number in (2, 3, 4)] == [True, True, False]
        for number, claimed in ((1, True), (4, False)):
            assert ("another text claims" in get(f"{address}/report/{keys[number]}?lang=en")[1]) is claimed


@pytest.mark.parametrize("count", [HANDFUL, HANDFUL + 1])
def test_more_than_a_handful_in_a_run_wants_a_person(tmp_path: Path, count: int) -> None:
    """The same title over so many different texts, as where a list's links all name the city."""
    title = "沈阳市大东区2018年政府信息公开工作年度报告"
    pages = {
        f"n{number}": reply(200, report("大东区", 2018).replace("，大东区。", f"，大东区。第{number}稿。").encode())
        for number in range(count + 1)
    }
    acts = portal(count + 1, **pages)
    with FaultyServer(acts).serve() as server:
        told = crawl(tmp_path, [f"http://127.0.0.1:{server.port}/"])
    assert title in report("大东区", 2018)
    assert told.kinds().count("identity_conflict") == count
    said = f"wants a person: {count} identity_conflict, more than {HANDFUL} in a run"
    assert told.code == told.summary["exit_code"] == (1 if count > HANDFUL else 0)
    assert (said in told.said) is (count > HANDFUL)
    told_later = CliRunner().invoke(cli, ["log", "--archive", str(tmp_path / "a.db")]).output
    assert f"{count} identity_conflict" in told_later
    assert ("    wants a person: identity_conflict" in told_later.splitlines()) is (count > HANDFUL)
    assert ("anything that wants a person: never" in told_later) is (count > HANDFUL)


def test_the_last_good_run_and_the_exit_code_follow_from_the_one_table(tmp_path: Path) -> None:
    """Counted over the run; told of the portals that have a share in it."""
    with Archive.open(tmp_path / "a.db") as archive:

        def finished(**counts: int) -> tuple[int, dict[str, bool]]:
            run = archive.begin_run(["x", "y", "z"])
            for name, count in counts.items():
                owner, kind = name.split("_", 1)
                for number in range(count):
                    archive.problem(run, owner, Problem(kind, f"http://{owner}/{number}", ""))
            archive.finish_run(run, "finished")
            archive.connection.execute("update runs set finished_at = ? where id = ?", (str(run), run))
            good = archive.runs.last_good()
            return summary(tmp_path / "a.db", run)["exit_code"], {name: at == str(run) for name, at in good.items()}

        fine = {"x": True, "y": True, "z": True}
        assert finished() == (0, fine)
        assert finished(x_identity_conflict=3, y_identity_conflict=2) == (0, fine)
        assert finished(x_identity_conflict=3, y_identity_conflict=3) == (1, {"x": False, "y": False, "z": True})
        assert finished(z_challenge=1, x_identity_conflict=5) == (1, {"x": True, "y": True, "z": False})
        assert finished(x_dead_link=50) == (0, fine)


def test_a_file_that_was_imported_is_no_portal_whose_last_good_run_is_told(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        for portals in (["living"], ["import:old.warc.gz"]):
            archive.finish_run(archive.begin_run(portals), "finished")
    told = CliRunner().invoke(cli, ["log", "--archive", str(tmp_path / "a.db")]).output
    assert "living: last run without anything that wants a person" in told
    assert "old.warc.gz: last run" not in told
    assert "import:old.warc.gz" in told, "the run itself is told"


def test_what_wants_a_person_is_said_in_one_place() -> None:
    assert attention_kinds({}) == []
    assert attention_kinds({"identity_conflict": HANDFUL, "dead_link": 99, "unheard_of": 1}) == []
    assert attention_kinds({"identity_conflict": HANDFUL + 1, "challenge": 1}) == ["challenge", "identity_conflict"]
    assert set(ATTENTION_ABOVE) == {name for name, kind in PROBLEM_KINDS.items() if kind.attention}
    assert set(ATTENTION_ABOVE) - ATTENTION_KINDS == {"identity_conflict", "empty_answer", "several_reports"}
    page_of_problems = reference()
    assert f"| `identity_conflict`* > {HANDFUL} |" in page_of_problems
    assert "| `challenge`* |" in page_of_problems
    assert "| `dead_link` |" in page_of_problems
