"""What this very program derived is not derived again, unless another hand changed it, or somebody asks."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.archive.file import program
from crawler.archive.write import derivations
from tests.support.program import run

OLDER = "0.1.0+000000000000"


@pytest.fixture
def archive(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample portal's archive, as its crawl left it."""
    return Path(shutil.copy(sample, tmp_path / "a.db"))


def rebuilt(archive: Path, *options: str) -> dict[str, Any]:
    """What `nianbao rebuild` says of an archive."""
    done = run("rebuild", "--json", "--archive", str(archive), *options)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def rows(archive: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What is derived, and by whom."""
    tables = ("reports", "figures", "checks", "report_versions", "problems", "derivations", "tallies", "panel")
    with closing(sqlite3.connect(archive)) as connection:
        return {name: connection.execute(f"select * from {name} order by 1, 2").fetchall() for name in tables}


def count(archive: Path, query: str) -> int:
    with closing(sqlite3.connect(archive)) as connection:
        return int(connection.execute(query).fetchone()[0])


def test_nothing_is_read_where_the_program_is_the_one_that_derived_all(archive: Path) -> None:
    before, captures = rows(archive), count(archive, "select count(*) from captures")
    assert rebuilt(archive) == {
        "archive": str(archive), "captures": 0, "left": captures, "reports": len(before["reports"]),
    }  # fmt: skip
    assert rows(archive) == before
    assert rebuilt(archive, "--all")["captures"] == captures
    assert rows(archive) == before
    said = run("rebuild", "--archive", str(archive)).stderr
    assert "0 captures read" in said
    assert f"{captures:,} captures left as this program derived them; --all reads them, too" in said


def test_what_another_program_derived_is_read_and_reports_with_it(archive: Path) -> None:
    with Archive.open(archive) as opened:
        opened.connection.execute("insert into programs (name, since) values (?, '2026-01-01T00:00:00Z')", (OLDER,))
        opened.connection.execute(
            "update derivations set program_id = (select id from programs where name = ?) where capture_id % 5 = 0",
            (OLDER,),
        )
    read = count(archive, "select count(*) from captures where kind = 'report' or id % 5 = 0")
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("update captures set title = 'older' where id % 5 = 0 and kind <> 'report'")
        connection.commit()
    found = rebuilt(archive)
    assert (found["captures"], found["left"]) == (read, count(archive, "select count(*) from captures") - read)
    assert found["left"] > 0
    assert count(archive, "select count(*) from captures where title = 'older'") == 0
    assert rebuilt(archive)["captures"] == 0
    assert run("verify", "--all", "--archive", str(archive)).returncode == 0


def test_an_update_reads_all(archive: Path) -> None:
    with Archive.open(archive) as opened:
        for table, column in (("programs", "name"), ("archive", "program")):
            opened.connection.execute(f"update {table} set {column} = ?", (OLDER,))
    assert rebuilt(archive)["left"] == 0
    assert count(archive, "select count(*) from programs") == 2
    assert rebuilt(archive)["captures"] == 0


@pytest.mark.parametrize(
    "change",
    [
        "delete from figures where report_id = 3 and position = 2",
        "update figures set value = value + 1 where report_id = 3 and position = 2",
        "delete from findings where report_id = (select min(report_id) from checks where rule = 'A1')"
        " and criterion in (select id from criteria where rule = 'A1')",
        "update reports set text = text || '。' where id = 3",
        "update reports set organ = '某某人民政府' where id = 3",
        "delete from report_versions where report_id = 3",
        "delete from problems where id = (select min(id) from problems)",
        "update captures set headers = '[]' where id = 2",
        "delete from tallies where report_id = 3",
        "update runs set status = 'broken_off'",
    ],
)
def test_all_is_derived_where_another_hand_changed_rows(archive: Path, change: str) -> None:
    with closing(sqlite3.connect(archive)) as connection:
        assert connection.execute(change).rowcount
        connection.commit()
    with Archive.open(archive) as opened:
        assert derivations.outdated(opened.connection) is None


def test_lost_rows_come_back(archive: Path) -> None:
    before = rows(archive)
    with closing(sqlite3.connect(archive)) as connection:
        connection.execute("delete from figures where report_id = 3")
        connection.commit()
    assert rebuilt(archive)["left"] == 0
    assert rows(archive) == before


def test_a_run_that_was_interrupted_leaves_something_to_derive(archive: Path) -> None:
    with Archive.open(archive) as opened:
        opened.connection.execute("update runs set status = 'interrupted'")
        assert derivations.outdated(opened.connection)


def test_a_program_is_told_by_its_sources_its_data_and_what_reads_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {name for _, name in program._files()}
    assert {"pipelines/stages.py", "crawler/words/text.py"} <= names
    assert any(name.startswith("crawler/data/") for name in names)
    assert not any(name.startswith(("crawler/site/", "crawler/commands/")) or "__pycache__" in name for name in names)
    source = tmp_path / "stage.py"
    told = []
    monkeypatch.setattr(program, "_files", lambda: iter([(source, "pipelines/stage.py")]))
    for words, version in (("a", "1"), ("b", "1"), ("b", None)):
        source.write_text(words)
        monkeypatch.setattr(program, "_version", lambda library, version=version: version)
        told.append(program.program_name.__wrapped__())
    assert len(set(told)) == 3
