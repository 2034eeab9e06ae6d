"""Whether the schedule works, as a machine asks: one line and an exit code, or metrics."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.archive.archive import Archive
from crawler.commands.cli import cli
from crawler.records.problems import Problem

SAMPLE = re.compile(r'nianbao_[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? -?[0-9]+')


def log(archive: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["log", "--archive", str(archive), *options])


def ran(path: Path, status: str = "finished", hours: int = 1, problems: tuple[str, ...] = ()) -> Path:
    """An archive with one more run of portals a and b that ended so many hours ago; problems are b's."""
    with Archive.open(path) as archive:
        number = archive.begin_run(["a", "b"])
        for kind in problems:
            archive.problem(number, "b", Problem(kind, "http://b.gov.cn/", "as told"))
        if status != "running":
            archive.finish_run(number, status, requests=7)
    at = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds").replace("+00:00", "Z")
    connection = sqlite3.connect(path)
    connection.execute("update runs set finished_at = ? where id = ? and finished_at is not null", (at, number))
    connection.commit()
    connection.close()
    return path


def test_fine(tmp_path: Path) -> None:
    told = log(ran(tmp_path / "a.db"), "--check", "36h")
    assert told.exit_code == 0, told.output
    assert re.fullmatch(r"fine: run 1 finished at \S+Z\n", told.output)
    assert json.loads(log(tmp_path / "a.db", "--check", "36h", "--json").output)["fine"] is True


@pytest.mark.parametrize(
    ("status", "hours", "problems", "words"),
    [
        ("finished", 40, (), "no run has finished since"),
        ("interrupted", 1, (), "run 1 is interrupted"),
        ("running", 1, (), "no run has finished yet; run 1 is broken_off"),
        ("finished", 1, ("challenge", "lookalike"), "1 portal want a person: b (challenge)"),
    ],
)
def test_what_is_wrong_is_one_line(
    tmp_path: Path, status: str, hours: int, problems: tuple[str, ...], words: str
) -> None:
    told = log(ran(tmp_path / "a.db", status, hours, problems), "--check", "36h")
    assert told.exit_code == 1
    assert words in told.output
    assert told.output.count("\n") == 1
    assert json.loads(log(tmp_path / "a.db", "--check", "36h", "--json").output)["fine"] is False


def test_a_portal_is_well_again_after_a_good_run(tmp_path: Path) -> None:
    ran(tmp_path / "a.db", problems=("challenge",))
    assert log(ran(tmp_path / "a.db"), "--check", "36h").exit_code == 0


def test_an_archive_without_a_run_is_not_fine(tmp_path: Path) -> None:
    Archive.open(tmp_path / "a.db").close()
    told = log(tmp_path / "a.db", "--check", "2d")
    assert (told.exit_code, told.output) == (1, "no run has finished yet\n")


@pytest.mark.parametrize("age", ["36", "0h", "h", "-1h", "1y"])
def test_an_age_that_is_none_is_said(tmp_path: Path, age: str) -> None:
    told = log(ran(tmp_path / "a.db"), f"--check={age}")
    assert told.exit_code != 0
    assert "expected an age as in 90m, 36h, 2d or 1w" in f"{told.output}{told.exception}"


def test_metrics_are_as_prometheus_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "nianbao.prom"
    archive = ran(ran(tmp_path / "a.db"), problems=("challenge", "lookalike"))
    told = log(archive, "--prometheus", str(file))
    assert (told.exit_code, told.output) == (0, "")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("nianbao.prom")] == ["nianbao.prom"]
    lines = file.read_text("utf-8").splitlines()
    named = [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert len(named) == len(set(named)) == sum(line.startswith("# HELP ") for line in lines)
    samples = [line for line in lines if not line.startswith("#")]
    assert all(SAMPLE.fullmatch(line) for line in samples)
    assert {re.split(r"[{ ]", line)[0] for line in samples} == set(named)
    assert 'nianbao_portal_wants_person{portal="b",kind="challenge"} 1' in samples
    assert 'nianbao_last_run_problems{kind="lookalike"} 1' in samples
    assert "nianbao_last_finished_requests 7" in samples


def test_prometheus_itself_reads_them(tmp_path: Path) -> None:
    parser = pytest.importorskip("prometheus_client.parser")
    file = tmp_path / "nianbao.prom"
    log(ran(tmp_path / "a.db", problems=("challenge",)), "--prometheus", str(file))
    families = list(parser.text_string_to_metric_families(file.read_text("utf-8")))
    assert all(family.documentation and family.type == "gauge" for family in families)
    assert "nianbao_reports" in {family.name for family in families}


def test_a_file_that_cannot_be_written_is_said_before_anything(tmp_path: Path) -> None:
    told = log(ran(tmp_path / "a.db"), "--prometheus", str(tmp_path))
    assert told.exit_code != 0
    assert "is a directory; expected a file" in f"{told.output}{told.exception}"
