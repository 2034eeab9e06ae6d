"""The rows of a crawl, an import and a rebuild are the same, whatever the number of readers."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

TIMES = ("_at", "since", "deadline", "trigram", "row_sha256")
"""Ends of the names of columns that say when something was done, or hash what does."""
APART = ("runs", "seals", "events", "lists")
"""Tables of the run itself."""


def nianbao(archive: Path, *arguments: str) -> None:
    line = [sys.executable, "-m", "crawler", *arguments, "--archive", str(archive)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def rows(path: Path) -> dict[str, list[str]]:
    """All rows of all tables, without the times at which things came."""
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        tables = connection.execute(
            "select name from sqlite_master where type = 'table' and name not like '%fts%' and name not like 'sqlite%'"
        )
        return {
            name: sorted(
                str([(key, value) for key, value in dict(row).items() if not key.endswith(TIMES)])
                for row in connection.execute(f"select * from [{name}]")
            )
            for (name,) in tables.fetchall()
            if name not in APART
        }


CRAWLED = (
    "select url, status, sha256, kind, trail, context from captures",
    "select url, title, organ, region_code, report_year, published_on, text_sha256, identity from reports",
    "select reports.url, code, item, applicant, value, raw, statistics.evidence from statistics"
    " join reports on reports.id = report_id",
    "select kind, url, detail from problems",
)
"""What follows from pages, whatever the order in which they were asked: without a delay that is not always one."""


def test_a_crawl_gives_the_same_rows(sample: Path, tmp_path: Path) -> None:
    found = []
    for jobs in ("1", "3"):
        path = tmp_path / f"{jobs}.db"
        nianbao(path, "crawl", "--jobs", jobs, "--profile", str(sample.with_name("sample.toml")))
        with sqlite3.connect(path) as connection:
            found.append([sorted(map(str, connection.execute(query))) for query in CRAWLED])
    assert found[0] == found[1]
    assert len(found[0][1]) == 224


def test_a_rebuild_and_an_import_give_the_same_rows(sample: Path, tmp_path: Path) -> None:
    warc = tmp_path / "sample.warc.gz"
    nianbao(sample, "export", "warc", str(warc))
    profile = ("--profile", str(sample.with_name("sample.toml")))
    rebuilt, imported = [], []
    for jobs in ("1", "3"):
        path = tmp_path / f"{jobs}.db"
        shutil.copy(sample, path)
        nianbao(path, "rebuild", "--all", "--jobs", jobs)
        rebuilt.append(rows(path))
        path = tmp_path / f"{jobs}-imported.db"
        nianbao(path, "import", "--jobs", jobs, "--with-sample", *profile, str(warc))
        imported.append(rows(path))
    assert rebuilt[0] == rebuilt[1] == rows(sample)
    heads = [tables.pop("archive") for tables in imported]
    assert heads[0] != heads[1]  # each archive has a name of its own
    assert imported[0] == imported[1]
    assert len(imported[0]["reports"]) == 224
