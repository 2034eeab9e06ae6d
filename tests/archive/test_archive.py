"""What the archive makes of pages: captures, reports, versions, absences, problems, runs, coverage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.archive import Archive
from crawler.records.capture import Context
from crawler.records.errors import ArchiveError
from crawler.records.page import Page, SeenAgain
from crawler.records.problems import Problem
from crawler.records.report import Figure, Place
from tests.support.archive_toy import SITE, derive, page


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        opened.begin_run(["somewhere"])
        yield opened
        assert opened.verify() == []


def rows(archive: Archive, query: str, *values: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in archive.connection.execute(query, values)]


def again(archive: Archive) -> int:
    return archive.begin_run(["somewhere"])


def test_a_page_gives_all_its_rows(archive: Archive) -> None:
    stored = archive.store(page("/a.html", title="大东区年报", text="一、概述\n二、其他", files=["表.xls"]))
    assert (stored.new, stored.changed) == (True, False)
    assert stored.report_id is not None
    report = archive.reports.get(stored.report_id)
    assert report is not None
    assert report["title"] == "大东区年报"
    assert report["text"] == "一、概述\n二、其他"
    assert report["trail"] == [{"label": "首页", "url": SITE + "/"}, {"label": "年报", "url": SITE + "/a.html"}]
    assert [part["text"] for part in report["sections"]] == ["一、概述", "二、其他"]
    assert [file["label"] for file in report["attachments"]] == ["表.xls"]
    assert [address["url"] for address in report["urls"]] == [SITE + "/a.html"]
    assert [version["version"] for version in report["versions"]] == [1]
    (captured,) = archive.captures.rows()
    assert captured["headers"] == [["Content-Type", "text/html"]]
    assert captured["context"]["region"] == "210100"
    assert captured["evidence"] == [["toy", "says so"]]


def test_bytes_seen_before_make_no_new_capture(archive: Archive) -> None:
    first = archive.store(page("/a.html", text="字"))
    run = again(archive)
    second = archive.store(page("/a.html", "2026-02-01T00:00:00Z", text="字"))
    assert second == type(second)(first.capture_id, first.report_id, new=False, changed=False)
    assert rows(archive, "select run_id, last_run_id, fetched_at, last_seen_at from captures") == [
        (run - 1, run, "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    ]
    assert rows(archive, "select first_seen_at, last_seen_at from reports") == [
        ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    ]


def test_what_is_seen_again_makes_no_row(archive: Archive) -> None:
    first = archive.store(page("/a.html", text="字"))
    again(archive)
    archive.seen_again(SeenAgain(first.capture_id, SITE + "/a.html", "2026-02-01T00:00:00Z", "somewhere"))
    assert rows(archive, "select count(*) from captures") == [(1,)]
    assert rows(archive, "select last_seen_at, last_run_id from captures") == [("2026-02-01T00:00:00Z", 2)]
    assert rows(archive, "select last_seen_at from reports") == [("2026-02-01T00:00:00Z",)]
    assert rows(archive, "select kind from events") == [("new",)]


def test_what_a_run_found_is_told_as_events(archive: Archive) -> None:
    archive.store(page("/a.html", text="字"))
    archive.store(page("/copy.html", text="字"))
    again(archive)
    archive.store(page("/a.html", "2026-02-01T00:00:00Z", text="字句"))
    archive.store(page("/b.html", "2026-02-01T00:00:00Z", text="字句"))
    for month in (3, 4, 5):
        again(archive)
        for path in ("/a.html", "/copy.html", "/b.html"):
            archive.store(page(path, f"2026-0{month}-01T00:00:00Z", kind="missing", status=404))
    again(archive)
    archive.store(page("/b.html", "2026-06-01T00:00:00Z", text="字句"))
    archive.flush()
    assert rows(archive, "select run_id, at, kind, url from events") == [
        (1, "2026-01-01T00:00:00Z", "new", SITE + "/a.html"),
        (2, "2026-02-01T00:00:00Z", "changed", SITE + "/a.html"),
        (2, "2026-02-01T00:00:00Z", "moved", SITE + "/b.html"),
        (4, "2026-04-01T00:00:00Z", "gone", SITE + "/b.html"),
        (6, "2026-06-01T00:00:00Z", "returned", SITE + "/b.html"),
    ]
    assert rows(archive, "select reports_gone from runs where id in (3, 4, 5)") == [(0,), (1,), (0,)]


def test_the_same_body_under_another_status_or_target_is_another_capture(archive: Archive) -> None:
    archive.store(page("/a", kind="redirect", status=302, body=b"", headers=[("Location", "/b")]))
    archive.store(page("/a", kind="redirect", status=302, body=b"", headers=[("Location", "/c")]))
    archive.store(page("/a", kind="redirect", status=302, body=b"", headers=[("location", "/c")]))
    archive.store(page("/a", kind="missing", status=404, body=b""))
    assert rows(archive, "select count(*) from captures") == [(3,)]
    assert rows(archive, "select count(*) from blobs") == [(1,)]


def test_a_new_version_only_when_text_or_files_change(archive: Archive) -> None:
    archive.store(page("/a.html", text="收到申请3件", counter=1))
    assert not archive.store(page("/a.html", text="收到申请3件", counter=2)).changed
    assert not archive.store(page("/a.html", text="收到 申请\u200b3件", counter=2)).changed
    assert archive.store(page("/a.html", text="收到申请4件")).changed
    assert archive.store(page("/a.html", text="收到申请4件", files=["表.xls"])).changed
    assert rows(archive, "select version, capture_id from report_versions") == [(1, 1), (2, 4), (3, 5)]
    assert rows(archive, "select text, capture_id from reports") == [("收到申请4件", 5)]
    assert rows(archive, "select label from attachments") == [("表.xls",)]


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("甲" * 100, "甲" * 99, False),  # any loss is no alarm
        ("甲" * 100, "甲" * 50, False),  # half is the limit
        ("甲" * 100, "甲" * 49, True),
        ("甲" * 3, "乙", True),
        ("甲" * 2, "乙", False),
        ("甲" * 100, "乙" * 300, False),
    ],
)
def test_a_text_less_than_half_as_long_is_told(archive: Archive, before: str, now: str, told: bool) -> None:
    archive.store(page("/a.html", text=before))
    again(archive)
    assert archive.store(page("/a.html", "2026-02-01T00:00:00Z", text=now)).changed
    kinds = [kind for (kind,) in rows(archive, "select kind from problems")]
    assert kinds == ["text_shrank"] * told
    assert archive.store(page("/a.html", "2026-02-02T00:00:00Z", text=now)).changed is False
    assert [kind for (kind,) in rows(archive, "select kind from problems")] == ["text_shrank"] * told


def test_a_text_that_went_into_a_file_did_not_shrink(archive: Archive) -> None:
    archive.store(page("/a.html", text="甲" * 100))
    again(archive)
    archive.store(page("/a.html", "2026-02-01T00:00:00Z", files=["a.pdf"]))
    assert rows(archive, "select kind from problems") == []
    again(archive)
    archive.store(page("/b.html", text="甲" * 100, year=2019))
    again(archive)
    archive.store(page("/b.html", "2026-02-01T00:00:00Z", year=2019))
    assert rows(archive, "select kind from problems") == [("text_shrank",)]


def test_a_text_that_comes_back_is_shown_again_without_a_version(archive: Archive) -> None:
    archive.store(page("/a.html", text="一"))
    again(archive)
    archive.store(page("/a.html", text="二"))
    again(archive)
    archive.store(page("/a.html", text="一"))
    assert rows(archive, "select text, capture_id from reports") == [("一", 1)]
    assert rows(archive, "select text from sections") == [("一",)]
    assert rows(archive, "select version, capture_id from report_versions") == [(1, 1), (2, 2)]
    assert rows(archive, "select count(*) from captures") == [(2,)]
    assert archive.captures.body(SITE + "/a.html") == page("/a.html", text="一").capture.body


def test_a_later_program_that_reads_old_bytes_otherwise_makes_no_version(archive: Archive) -> None:
    archive.store(page("/a.html", text="一"))
    again(archive)
    other = page("/a.html", text="一")
    other.text = "一 和 二"
    assert not archive.store(other).changed
    assert rows(archive, "select count(*), text from report_versions, reports") == [(1, "一")]


def test_copies_are_one_report_with_several_addresses(archive: Archive) -> None:
    first = archive.store(page("/a.html", text="同 文", organ="大东区"))
    copy = archive.store(page("/copy.html", text="同文", organ="沈阳市大东区人民政府"))
    assert (copy.report_id, copy.new, copy.changed) == (first.report_id, False, False)
    assert rows(archive, "select url from report_urls") == [(SITE + "/a.html",), (SITE + "/copy.html",)]
    assert rows(archive, "select url, capture_id from reports") == [(SITE + "/a.html", first.capture_id)]


def test_a_text_joins_the_report_that_had_none(archive: Archive) -> None:
    first = archive.store(page("/scan.html", text=None, files=["a.pdf"]))
    second = archive.store(page("/a.html", text="字"))
    third = archive.store(page("/other-scan.html", text=None, files=["b.pdf"]))
    assert first.report_id == second.report_id == third.report_id
    assert second.changed
    assert not third.changed
    assert rows(archive, "select url, text from reports") == [(SITE + "/a.html", "字")]
    assert rows(archive, "select label from attachments") == []


def test_different_texts_of_one_identity_stay_apart_and_are_told(archive: Archive) -> None:
    first = archive.store(page("/a.html", text="一"))
    second = archive.store(page("/b.html", text="二"))
    assert first.report_id != second.report_id
    assert second.new
    assert rows(archive, "select kind, url, capture_id from problems") == [
        ("identity_conflict", SITE + "/b.html", second.capture_id)
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"year": 2019},
        {"region_code": "210105"},
        {"organ_kind": "government_office"},
        {"organ_kind": "department", "organ": "大东区教育局"},
    ],
)
def test_another_identity_is_another_report(archive: Archive, other: dict[str, Any]) -> None:
    archive.store(page("/a.html", text="同"))
    assert archive.store(page("/b.html", text="同", **other)).new
    assert archive.reports.count() == 2
    assert rows(archive, "select * from problems") == []


def test_what_states_too_little_is_nobodys_copy(archive: Archive) -> None:
    archive.store(page("/a.html", text="同", year=None))
    assert archive.store(page("/b.html", text="同", year=None)).new
    again(archive)
    assert not archive.store(page("/a.html", text="改", year=2018)).new
    assert rows(archive, "select report_year, text from reports where id = 1") == [(2018, "改")]


def test_an_address_overwritten_every_year_holds_two_reports(archive: Archive) -> None:
    archive.store(page("/nb.html", text="旧", year=2018))
    stored = archive.store(page("/nb.html", "2027-01-01T00:00:00Z", text="新", year=2019))
    assert stored.new
    assert rows(archive, "select report_year, text, gone_at from reports order by id") == [
        (2018, "旧", "2026-01-01T00:00:00Z"),
        (2019, "新", None),
    ]
    again(archive)
    archive.store(page("/nb.html", "2028-01-01T00:00:00Z", text="旧", year=2018))
    assert rows(archive, "select report_year, gone_at from reports order by id") == [
        (2018, None),
        (2019, "2027-01-01T00:00:00Z"),
    ]


def test_gone_is_told_by_two_runs_and_for_every_address(archive: Archive) -> None:
    archive.store(page("/a.html", text="字"))
    archive.store(page("/copy.html", text="字"))
    missing = {"kind": "missing", "status": 404}
    for month in (2, 3):
        run = again(archive)
        archive.store(page("/a.html", f"2026-0{month}-01T00:00:00Z", **missing))
        archive.store(page("/a.html", f"2026-0{month}-01T00:00:00Z", **missing))
    assert rows(archive, "select gone_at, url from reports") == [(None, SITE + "/copy.html")]
    for month in (4, 5):
        run = again(archive)
        archive.store(page("/copy.html", f"2026-0{month}-01T00:00:00Z", **missing))
        archive.flush()
        assert archive.runs.get(run)["reports_gone"] == (month == 5)
    assert rows(archive, "select gone_at from reports") == [("2026-04-01T00:00:00Z",)]
    archive.store(page("/a.html", "2026-06-01T00:00:00Z", text="字"))
    assert rows(archive, "select gone_at, url from reports") == [(None, SITE + "/a.html")]


def test_a_challenge_or_an_error_is_not_gone(archive: Archive) -> None:
    archive.store(page("/a.html", text="字"))
    for status, kind in ((521, "challenge"), (503, "other"), (302, "redirect")):
        again(archive)
        archive.store(page("/a.html", kind=kind, status=status))
    assert rows(archive, "select gone_at from reports") == [(None,)]


def test_a_profile_that_says_otherwise_is_applied_to_known_bytes(archive: Archive) -> None:
    archive.store(page("/a.html", text="字"))
    again(archive)
    archive.store(page("/a.html", text="字", context=Context(column_region="210106")))
    assert rows(archive, "select region_code from reports") == [("210106",)]
    assert rows(archive, "select count(*), json_extract(context, '$.column_region') from captures") == [(1, "210106")]


def test_problems_are_told_by_every_run_that_meets_them(archive: Archive) -> None:
    for _ in range(2):
        archive.store(page("/list.html", kind="list", problems=["list_incomplete"]))
        run = again(archive)
    archive.problem(run, "somewhere", Problem("unreachable", SITE + "/x", "no answer"))
    assert [archive.runs.problem_kinds(number) for number in (1, 2, 3)] == [
        {"list_incomplete": 1}, {"list_incomplete": 1}, {"unreachable": 1},
    ]  # fmt: skip
    assert archive.runs.problems(run)[0]["capture_id"] is None


def test_a_page_that_fails_leaves_nothing_and_the_others_stay(archive: Archive) -> None:
    archive.store(page("/a.html", text="一"))
    broken = page("/b.html", text="二", year=2019)
    broken.title = object()  # type: ignore[assignment]
    with pytest.raises(Exception, match="type 'object' is not supported"):
        archive.store(broken)
    archive.store(page("/c.html", text="三", year=2020))
    assert rows(archive, "select report_year from reports") == [(2018,), (2020,)]
    assert rows(archive, "select count(*) from blobs") == [(2,)]
    archive.flush()
    assert archive.runs.get(1)["reports_new"] == 2


def test_half_a_surrogate_pair_is_replaced_not_refused(archive: Archive) -> None:
    taken = page("/a.html", text="字")
    taken.text = "字\ud800字"
    taken.problem("charset", "\udfff")
    archive.store(taken)
    assert rows(archive, "select text, detail from reports, problems") == [("字?字", "?")]


def test_a_run_has_its_row(archive: Archive) -> None:
    run = again(archive)
    archive.store(page("/a.html", text="一"))
    archive.store(page("/a.html", text="二"))
    archive.finish_run(run, "finished", requests=3, not_modified=1, bytes=99)
    row = archive.runs.get(run)
    assert row["finished_at"] >= row["started_at"]
    assert row["portals"] == ["somewhere"]
    names = (
        "status",
        "requests",
        "not_modified",
        "bytes",
        "reports_new",
        "reports_changed",
        "reports_gone",
        "problems",
    )
    assert [row[name] for name in names] == ["finished", 3, 1, 99, 1, 1, 0, 0]
    assert archive.runs.page_kinds(run) == {"report": 2}
    assert archive.runs.get(1)["status"] == "broken_off"
    with pytest.raises(KeyError):
        archive.runs.get(99)


def test_nothing_is_stored_without_a_run(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive, pytest.raises(ArchiveError, match="before the run began"):
        archive.store(page("/a.html", text="一"))


def test_coverage_tells_each_case_apart(archive: Archive) -> None:
    future = (date.today() + timedelta(days=2)).isoformat()
    cases = [
        (2014, "2015-03-31"), (2015, "2016-03-31"), (2016, "2017-03-31"), (2017, "2018-03-31"), (2018, "2019-03-31"),
        (2019, future),
    ]  # fmt: skip
    archive.expect([("somewhere", "210104", "大东区", year, due) for year, due in cases])
    archive.expect([("blocked", "210105", "皇姑区", 2014, "2015-03-31")])
    archive.store(page("/2014.html", text="一", year=2014, published_on="2015-04-02"))
    archive.store(page("/2015.html", text="一", year=2015, organ_kind="government_office", published_on="2016-01-02"))
    archive.store(page("/2016.html", text="一", year=2016, organ_kind="department"))
    archive.store(page("/2017.html", text="一", year=2017, published_on=None))
    for _ in range(2):
        run = archive.begin_run(["somewhere", "blocked"])
        archive.store(page("/2017.html", kind="missing", status=404))
    archive.problem(run, "blocked", Problem("challenge", SITE, "521"))
    told = {
        (row["region_code"], row["report_year"]): (row["status"], row["days_late"]) for row in archive.coverage.rows()
    }
    assert told == {
        ("210104", 2014): ("archived", 2),
        ("210104", 2015): ("archived", 0),
        ("210104", 2016): ("missing", None),
        ("210104", 2017): ("gone", None),
        ("210104", 2018): ("missing", None),
        ("210104", 2019): ("not_due", None),
        ("210105", 2014): ("blocked", None),
    }
    archive.begin_run(["blocked"])
    assert rows(archive, "select status from coverage where portal = 'blocked'") == [("missing",)]


def test_expecting_twice_keeps_the_later_word(archive: Archive) -> None:
    archive.expect([("somewhere", "210104", "大东区", 2014, "2015-03-31")])
    archive.expect([("somewhere", "210104", "大东", 2014, "2015-04-01")])
    assert rows(archive, "select region, due_on from expected") == [("大东", "2015-04-01")]


def test_reports_per_year(archive: Archive) -> None:
    for year, name in ((2018, "一"), (2018, "二"), (2019, "三"), (None, "四")):
        archive.store(page(f"/{name}.html", text=name, year=year, organ_kind="department", organ=name))
    assert archive.reports.per_year("somewhere") == {2018: 2, 2019: 1}
    assert archive.reports.per_year("elsewhere") == {}


def carrying(year: int, *, pending: int | None = None, region: str = "210100") -> Page:
    """A report that says how many requests it carried in and out, by default as many as nobody else."""
    told = page(f"/{year}.html", year=year, text="x")
    told.context = Context(region=region)
    number = year % 7 if pending is None else pending
    told.figures = [
        Figure("f2021", f"{item}__total", item, "total", number, None, None, Place("x"), "toy")
        for item in ("req_carried_in", "req_carried_out")
    ]
    return told


def carried(archive: Archive) -> list[int]:
    return [row[0] for row in archive.connection.execute("select holds from checks where rule = 'A5'")]


def settled(path: Path, *pages: Page) -> list[int]:
    """One run that stores these pages and comes to its end; what the checks over years say then."""
    with Archive.open(path) as archive:
        run = archive.begin_run(["somewhere"])
        for told in pages:
            archive.store(told)
        archive.settle(run, derive)
        archive.finish_run(run, "finished")
        return carried(archive)


def broken_off(path: Path, *pages: Page) -> None:
    with Archive.open(path) as archive:
        archive.begin_run(["somewhere"])
        for told in pages:
            archive.store(told)


def test_what_only_a_whole_run_shows_is_made_up_for_after_one_that_was_broken_off(tmp_path: Path) -> None:
    """Its pages were committed, its checks over years were not made, and the next run finds nothing new."""
    broken_off(tmp_path / "a.db", carrying(2021), carrying(2022))
    assert settled(tmp_path / "a.db") == [0]


def test_what_a_run_left_is_made_up_for_after_several_that_were_broken_off(tmp_path: Path) -> None:
    broken_off(tmp_path / "a.db", carrying(2021), carrying(2022))
    broken_off(tmp_path / "a.db")
    assert settled(tmp_path / "a.db") == [0]


def test_what_a_run_left_is_made_up_for_though_the_next_one_met_the_same_pages(tmp_path: Path) -> None:
    """The first of them says something else of old bytes, and adds no capture; the next one sees them as they are."""
    assert settled(tmp_path / "a.db", carrying(2021), carrying(2022)) == [0]
    broken_off(tmp_path / "a.db", carrying(2022, pending=2021 % 7, region="210104"))
    with Archive.open(tmp_path / "a.db") as archive:
        assert carried(archive) == [], "the row was written anew, its check is not made yet"
    assert settled(tmp_path / "a.db", carrying(2022, pending=2021 % 7, region="210104")) == [1]


@pytest.mark.parametrize(("pages", "anew"), [((), 0), ((carrying(2023),), 1)], ids=["met nothing", "met a page"])
def test_years_are_checked_anew_only_after_a_run_that_left_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: tuple[Page, ...], anew: int
) -> None:
    assert settled(tmp_path / "a.db", carrying(2021), carrying(2022)) == [0]
    broken_off(tmp_path / "a.db", *pages)
    checked = []
    monkeypatch.setattr("crawler.archive.derive.conclusion.check_across_years", checked.append)
    settled(tmp_path / "a.db")
    assert len(checked) == anew


def test_settling_holds_no_transaction_while_a_report_is_derived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first run may have thousands of reports to put together with their files."""
    monkeypatch.setattr("crawler.archive.write.ledger.PAGES_A_COMMIT", 1)
    with Archive.open(tmp_path / "a.db") as archive:
        run = archive.begin_run(["somewhere"])
        for n in range(5):
            archive.store(page(f"/{n}.html", text="x", year=2015 + n, files=[f"{n}.xls"]))
            archive.store(page(f"/{n}.xls", kind="attachment", n=n))
        held = []

        def derived(*given: Any) -> Page:
            held.append(archive.connection.in_transaction)
            return derive(*given[:2])

        archive.settle(run, derived)
    assert held == [False] * 5
