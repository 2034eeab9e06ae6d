"""A rebuild gives the same rows, ids among them; another derivation gives other rows and leaves what was observed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.archive.archive import Archive
from crawler.archive.schema import tables
from crawler.archive.write import derivations, panelrows
from crawler.records.capture import Capture, Context
from crawler.records.errors import ArchiveError
from crawler.records.page import Page
from crawler.records.problems import DERIVED_KINDS, Problem
from tests import ROOT
from tests.support.archive_toy import SITE, derive, page


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        opened.begin_run(["somewhere"])
        yield opened


def dump(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, with its rowid where that is not a column."""
    archive.flush()
    panelrows.refresh(archive.connection)  # as the end of a run does
    derivations.tally(archive.connection, [row[0] for row in archive.connection.execute("select id from reports")])
    return {
        name: sorted((tuple(row) for row in archive.connection.execute(f"select * from {name}")), key=repr)
        for name in tables(archive.connection)
        if name != "runs"
    }


def fill(archive: Archive) -> None:
    """All that makes a difference: copies, versions, conflicts, a reused address, one that came back, one gone."""
    steps: list[dict[str, Any]] = [
        {"path": "/", "kind": "home"},
        {"path": "/list.html", "kind": "list", "problems": ["list_incomplete", "charset"]},
        {"path": "/a.html", "text": "一"},
        {"path": "/copy.html", "text": "一"},
        {"path": "/conflict.html", "text": "二", "problems": ["date_implausible"]},
        {"path": "/nb.html", "text": "旧", "year": 2019},
        {"path": "/scan.html", "text": None, "year": 2020, "files": ["a.pdf"]},
    ]
    second: list[dict[str, Any]] = [
        {"path": "/list.html", "kind": "list", "problems": ["list_incomplete", "charset"]},
        {"path": "/a.html", "text": "一改"},
        {"path": "/nb.html", "text": "新", "year": 2021},
        {"path": "/full.html", "text": "全文", "year": 2020, "files": ["b.doc", "c.xls"]},
        {"path": "/copy.html", "kind": "missing", "status": 404},
    ]
    third: list[dict[str, Any]] = [
        {"path": "/a.html", "text": "一"},
        {"path": "/conflict.html", "text": "二", "problems": ["date_implausible"]},
        {"path": "/copy.html", "kind": "missing", "status": 404},
        {"path": "/nb.html", "text": "新", "year": 2021, "context": Context(column_region="210105")},
    ]
    for month, run in enumerate((steps, second, third), 1):
        archive.begin_run(["somewhere"])
        for step in run:
            says = dict(step)
            archive.store(page(says.pop("path"), f"2026-0{month}-01T00:00:00Z", **says))
    archive.problem(1, "somewhere", Problem("year_unknown", SITE, "of no page"))


def test_a_rebuild_gives_the_same_rows(archive: Archive) -> None:
    fill(archive)
    before = dump(archive)
    not_filled = {"statistics", "checks", "dictionaries", "expected", "coverage", "lists", "ways", "ocr", "deaths"}
    not_filled |= {"redactions", "redacted_captures", "arrivals", "figures", "labels", "methods", "panel_waiting"}
    not_filled |= {
        "inquiries",
        "mementos",
        "reviews",
        "sources",
        "merged_ids",
        "request_heads",
        "request_lines",
        "requests",
        "requisites",
        "submissions",
        "criteria",
        "findings",
    }
    assert {name for name, held in before.items() if not held} == not_filled
    assert archive.rebuild(derive) == {"captures": 11, "left": 0, "reports": 5}
    after = dump(archive)
    for name in before:
        assert after[name] == before[name], name
    assert archive.verify() == []


Steps = list[dict[str, Any]]


def steps(years: list[int | None], kinds: list[str], texts: list[str | None]) -> st.SearchStrategy[Steps]:
    """A few runs over three addresses that change what they say."""
    step = st.fixed_dictionaries(
        {
            "path": st.sampled_from(["/a", "/b", "/c"]),
            "kind": st.sampled_from(kinds),
            "text": st.sampled_from(texts),
            "year": st.sampled_from(years),
            "new_run": st.booleans(),
        }
    )
    return st.lists(step, max_size=14)


def walk(archive: Archive, steps: Steps, day: str = "2026-01-01") -> None:
    archive.begin_run(["somewhere"])
    for number, step in enumerate(steps):
        says = dict(step)
        if says.pop("new_run"):
            archive.begin_run(["somewhere"])
        archive.store(page(says.pop("path"), f"{day}T00:00:{number:02}Z", **says))


@given(steps([2018, None], ["report", "report", "list"], ["一", "二", "三"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_walk_met_a_rebuild_gives_the_same(tmp_path: Path, steps: Steps) -> None:
    path = tmp_path / "archive.db"
    path.unlink(missing_ok=True)
    with Archive.open(path) as archive:
        walk(archive, steps)
        before = dump(archive)
        archive.rebuild(derive)
        assert dump(archive) == before
        assert archive.verify() == []


def test_a_copy_that_took_the_lead_is_shown(archive: Archive) -> None:
    archive.store(page("/a.html", text="一"))
    archive.store(page("/copy.html", text="一", title="copy"))
    for month in (2, 3):
        archive.begin_run(["somewhere"])
        archive.store(page("/a.html", f"2026-0{month}-01T00:00:00Z", kind="missing", status=404))
    behind = dump(archive)
    archive.store(page("/copy.html", text="一", title="copy"))
    before = dump(archive)
    assert before["reports"] != behind["reports"]
    archive.rebuild(derive)
    assert dump(archive) == before


@given(steps([2018, 2019, None], ["report", "report", "report", "missing", "list"], [None, "一", "二", "三"]))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_second_rebuild_gives_what_the_first_gave(tmp_path: Path, steps: Steps) -> None:
    """Also where an address goes back and forth between the reports of several years, which is not told twice."""
    path = tmp_path / "archive.db"
    path.unlink(missing_ok=True)
    with Archive.open(path) as archive:
        walk(archive, steps)
        archive.rebuild(derive)
        once = dump(archive)
        archive.rebuild(derive)
        assert dump(archive) == once
        assert archive.verify() == []


def test_another_derivation_changes_what_is_derived_and_nothing_else(archive: Archive) -> None:
    fill(archive)
    before = dump(archive)
    ids = {row["url"]: row["id"] for row in archive.connection.execute("select url, id from reports")}

    def better(capture: Capture, context: Context, *_: object) -> Page:
        derived = derive(capture, context)
        if derived.report is not None:
            derived.report.organ = "更好"
            derived.problems = [one for one in derived.problems if one.kind != "date_implausible"]
            derived.problem("region_unknown", "更好")
        return derived

    archive.rebuild(better)
    after = dump(archive)
    for name in ("blobs", "absences"):
        assert after[name] == before[name]
    assert {row["organ"] for row in archive.connection.execute("select organ from reports")} == {"更好"}
    assert {row["url"]: row["id"] for row in archive.connection.execute("select url, id from reports")} == ids
    kinds = {row[0] for row in archive.connection.execute("select distinct kind from problems")}
    assert kinds == {"list_incomplete", "charset", "region_unknown", "identity_conflict", "year_unknown"}
    assert archive.verify() == []


def test_a_report_that_is_none_any_more_leaves_and_its_id_is_not_used_again(archive: Archive) -> None:
    archive.store(page("/a.html", text="一"))
    archive.store(page("/b.html", text="二", year=2019))

    def stricter(capture: Capture, context: Context, *_: object) -> Page:
        derived = derive(capture, context)
        if capture.url.endswith("/b.html"):
            derived.kind = "article"
        return derived

    assert archive.rebuild(stricter) == {"captures": 2, "left": 0, "reports": 1}
    assert archive.store(page("/c.html", text="三", year=2020)).report_id == 3


def test_a_rebuild_that_fails_changes_nothing(archive: Archive) -> None:
    fill(archive)
    before = dump(archive)

    def failing(capture: Capture, context: Context, *_: object) -> Page:
        if capture.url.endswith("/nb.html"):
            raise ValueError("a bug")
        return derive(capture, context)

    with pytest.raises(ValueError, match="a bug"):
        archive.rebuild(failing)
    assert dump(archive) == before
    archive.connection.execute("update blobs set body = x'00' where rowid = 3")
    with pytest.raises(ArchiveError, match="damaged"):
        archive.rebuild(derive)


def test_a_rebuild_that_would_leave_a_row_without_what_it_refers_to_changes_nothing(archive: Archive) -> None:
    fill(archive)
    before = dump(archive)
    archive.connection.execute(
        "create temp trigger astray after insert on main.report_versions begin"
        " insert or ignore into chapters values (4711, 0, 1, null, null, 1, 1); end"
    )
    with pytest.raises(ArchiveError, match="rows of chapters would refer to what is not there"):
        archive.rebuild(derive)
    assert dump(archive) == before
    assert archive.connection.execute("pragma foreign_keys").fetchone()[0] == 1


def test_a_rebuild_leaves_a_reference_that_was_broken_by_another_hand(archive: Archive) -> None:
    fill(archive)
    archive.flush()
    archive.connection.execute("pragma foreign_keys = off")
    archive.connection.execute("update events set run_id = 4711 where id = 1")
    archive.connection.execute("insert into chapters values (4711, 0, 1, null, null, 1, 1)")
    archive.connection.execute("pragma foreign_keys = on")
    archive.rebuild(derive)
    broken = [row[0] for row in archive.connection.execute("pragma foreign_key_check")]
    assert broken == ["events"]
    with pytest.raises(sqlite3.IntegrityError):
        archive.connection.execute("insert into chapters values (4711, 0, 1, null, null, 1, 1)")


def test_what_a_pure_stage_tells_is_derived() -> None:
    """A kind that a stage tells and the table does not call derived would be doubled by a rebuild, or outlive its
    cause."""
    told = set()
    for path in (ROOT / "pipelines").rglob("*.py"):
        if path.name not in ("store.py", "adapters.py"):
            told |= set(re.findall(r'[pP]roblem\(\s*"(\w+)"', path.read_text("utf-8")))
    assert len(told) > 10
    assert told <= DERIVED_KINDS


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("update blobs set body = zeroblob(9) where rowid = 1", "is damaged"),
        ("update captures set length = 5 where id = 1", "capture 1 says length 5"),
        ("delete from blobs where rowid = 1", "captures row 1 refers to a row of blobs that is not there"),
        ("delete from report_urls where report_id = 1", "report 1 has no address"),
        ("delete from report_versions where report_id = 1", "report 1 has no version"),
        ("update reports set text = ''", "an empty text instead of none"),
        ("insert into dictionaries values (1, 'h', 'x', 'y')", "dictionaries row 1 refers to a row of blobs"),
    ],
)
def test_verify_tells_what_is_wrong(archive: Archive, harm: str, words: str) -> None:
    archive.store(page("/a.html", text="一"))
    archive.flush()
    assert archive.verify() == []
    archive.connection.execute("pragma foreign_keys = off")
    archive.connection.execute(harm)
    assert any(words in told for told in archive.verify())


def test_verify_survives_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with Archive.open(path) as archive:
        archive.begin_run([])
        archive.store(page("/a.html", text="一" * 30_000))
    whole = path.read_bytes()
    keep = len(whole) * 3 // 4
    path.write_bytes(whole[:keep] + b"\xff" * (len(whole) - keep))
    with Archive.read(path) as archive:
        assert archive.verify() != []
